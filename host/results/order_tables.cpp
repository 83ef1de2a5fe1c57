#include "host/results/order_tables.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/outcome/observed.hpp"
#include "host/results/damage.hpp"
#include "host/results/row_counts.hpp"

namespace gridqueue {

using namespace layout;

namespace {

//! Lists of upgrades, one per row.
std::vector<Upgrades> read_lists(const h5::File& f, const std::string& group, std::size_t rows, std::size_t entries) {
  const auto offset = f.read_rows<std::int64_t>(group + "/line_offset", 0, rows);
  const auto count = f.read_rows<std::int32_t>(group + "/line_count", 0, rows);
  const Upgrades all = layout::read_entries(f, group, 0, entries);
  std::vector<Upgrades> lists(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    check_list(f, group, offset[i], count[i], all.size());
    lists[i].assign(all.begin() + offset[i], all.begin() + offset[i] + count[i]);
  }
  return lists;
}

//! Rows made at once: of states and steps a few megabytes with their quantities, in whole chunks of the file.
constexpr std::size_t kOrders = 20'000, kFound = 16'384;

}  // namespace

OrderTables::OrderTables(const Network& network, std::size_t num_units, Kept keep)
    : nodes_(network), num_units_(num_units), words_((num_units + 63) / 64), areas_(area_names(network).size()),
      keep_(keep) {}

void OrderTables::create(h5::File& file) const {
  set_.create<UpgradeSetRow>(file, "set of upgraded lines", [](auto& io) { upgrade_set_columns(io); });
  if (keep_ == Kept::summary) return;
  write_dimension(file, "state", "word", words_, "word of a set of units");
  state_.create<StateRow>(file, "state of the feeder: units considered, units in, lines upgraded", [&](auto& io) {
    state_columns(io, words_);
    quantity_columns(io, nodes_, areas_);
  });
  step_.create<StepRow>(file, "one unit considered in one state", [&](auto& io) {
    step_columns(io);
    quantity_columns(io, nodes_, areas_);
  });
  write_dimension(file, "order", "position", num_units_, "position in the order");
  order_.create<OrderRow>(file, "order of the queue", [&](auto& io) { order_columns(io, num_units_); });
}

void OrderTables::append_sets(const RowSink& sink, std::span<const Upgrades> sets) {
  std::vector<UpgradeSetRow> rows;
  for (const Upgrades& set : sets) rows.push_back({set_.list(set), usd_of(set)});
  set_.append(sink, rows, [](auto& io) { upgrade_set_columns(io); });
}

void OrderTables::append_states(const RowSink& sink, const Walker& walker, std::size_t last) {
  std::vector<StateRow> rows;
  for (std::size_t i = state_.rows(); i < last; ++i) {
    const State& state = walker.states()[i];
    rows.push_back({state, walker.evaluations()[state.evaluation.index()]});
  }
  state_.append(sink, rows, [&](auto& io) {
    state_columns(io, words_);
    quantity_columns(io, nodes_, areas_);
  });
}

void OrderTables::append_steps(const RowSink& sink, const Walker& walker, std::size_t last) {
  std::vector<StepRow> rows;
  for (std::size_t i = step_.rows(); i < last; ++i) {
    const Step& step = walker.steps()[i];
    rows.push_back(
        {step, step_.list(step.built), walker.evaluations_of(StepId(i)), walker.evaluations()[step.added.index()]});
  }
  step_.append(sink, rows, [&](auto& io) {
    step_columns(io);
    quantity_columns(io, nodes_, areas_);
  });
}

void OrderTables::append_orders(const RowSink& sink, const Walker& walker, std::span<const StepId> ids) {
  std::vector<const Step*> taken;
  taken.reserve(ids.size());
  for (StepId id : ids) taken.push_back(&walker.steps()[id.index()]);
  std::vector<OrderRow> rows;
  for (std::size_t first = 0; first < ids.size(); first += num_units_)
    rows.push_back({taken.data() + first, ids.data() + first, num_units_});
  order_.append(sink, rows, [&](auto& io) { order_columns(io, num_units_); });
}

void OrderTables::append(const RowSink& sink, const Walker& walker, const Trajectories& orders) {
  GQ_EXPECT(orders.num_units == num_units_);
  orders_ += orders.count();
  if (keep_ == Kept::summary) return;
  append_sets(sink, std::span<const Upgrades>(walker.upgrade_sets()).subspan(set_.rows()));
  for (const std::size_t all = walker.states().size(); state_.rows() < all;)
    append_states(sink, walker, std::min(all, state_.rows() + kFound));
  for (const std::size_t all = walker.steps().size(); step_.rows() < all;)
    append_steps(sink, walker, std::min(all, step_.rows() + kFound));
  if (keep_ == Kept::states) return;
  const std::span<const StepId> ids(orders.step);
  for (std::size_t first = 0; first < ids.size(); first += kOrders * num_units_)
    append_orders(sink, walker, ids.subspan(first, std::min(kOrders * num_units_, ids.size() - first)));
}

std::vector<Upgrades> read_upgrade_sets(const h5::File& file) {
  const RowCounts rows = read_row_counts(file);
  return read_lists(file, "upgrade_set", static_cast<std::size_t>(rows.at("upgrade_set")),
                    static_cast<std::size_t>(rows.at("upgrade_line")));
}

void OrderTables::tell(RowCounts& counts) const {
  set_.tell(counts);
  if (keep_ == Kept::summary) return;
  for (const GrowingTable* t : {&state_, &step_, &order_}) t->tell(counts);
}

}  // namespace gridqueue
