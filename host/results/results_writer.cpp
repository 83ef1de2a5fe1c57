#include "host/results/results_writer.hpp"

#include <algorithm>

#include "host/outcome/observed.hpp"
#include "host/results/columns.hpp"
#include "host/results/distribution.hpp"
#include "host/results/estimates.hpp"
#include "host/results/frame.hpp"
#include "host/results/resume.hpp"

namespace gridqueue {
using namespace layout;

namespace {

constexpr std::size_t kBehindBytes = 128 << 20;            //!< rows that wait to be written
constexpr std::size_t kOrders = 20'000, kSteps = 200'000;  //!< rows made at once

}  // namespace

struct ResultsWriter::Impl {
  h5::File file;
  NodeRows nodes;
  std::size_t num_units, words, areas;
  std::size_t orders = 0, states = 0, steps = 0, sets = 0;  //!< rows in the file
  std::int64_t step_lines = 0, set_lines = 0;
  WriteBehind behind{kBehindBytes};  //!< alone touches the file until wait()
  RowSink sink{file, &behind};

  Impl(h5::File opened, const Walker& walker)
      : file(std::move(opened)), nodes(walker.network()), num_units(walker.queue().units.size()),
        words((num_units + 63) / 64), areas(area_names(walker.network()).size()) {}

  void create_tables();
  void append_sets(const Walker& walker);
  void append_states(const Walker& walker);
  void append_steps(const Walker& walker);
  void append_orders(const Walker& walker, std::span<const StepId> taken);
  void append_all(const Walker& walker, const Trajectories& batch, std::uint64_t requests, const RunSeconds& seconds);
  void commit(std::uint64_t evaluations, std::uint64_t requests, const RunSeconds& seconds);
  void cut(const CommittedRows& rows);
  void append_steps(const Walker& walker, std::size_t last);
  void create_line_list(const std::string& group, const std::string& dimension);

  //! Quantities of an evaluation for quantity_columns.
  static auto of_state(const std::vector<Quantities>& all) {
    return [&all](const State& s) -> const Quantities& { return all[s.evaluation.index()]; };
  }
  static auto of_step(const std::vector<Quantities>& all) {
    return [&all](const StepRow& r) -> const Quantities& { return all[r.step.added.index()]; };
  }
};

void ResultsWriter::Impl::create_line_list(const std::string& group, const std::string& dimension) {
  create_dimension(file, group, dimension, "entry of the lists");
  Creator<std::int32_t>(file, group, dimension)
      .column({"line", "", "line, row of /element"}, [](const std::int32_t& line) { return line; });
}

void ResultsWriter::Impl::create_tables() {
  const std::vector<Quantities> none;
  create_dimension(file, "upgrade_set", "upgrade_set", "set of upgraded lines");
  Creator<UpgradeSetRow> sets_io(file, "upgrade_set", "upgrade_set");
  upgrade_set_columns(sets_io);
  create_line_list("upgrade_set", "upgrade_line");

  create_dimension(file, "state", "state", "state of the feeder: units considered, units in, lines upgraded");
  write_dimension(file, "state", "word", words, "word of a set of units");
  Creator<State> state_io(file, "state", "state");
  state_columns(state_io, words);
  quantity_columns(state_io, nodes, areas, of_state(none));

  create_dimension(file, "step", "step", "one unit considered in one state");
  Creator<StepRow> step_io(file, "step", "step");
  step_columns(step_io);
  quantity_columns(step_io, nodes, areas, of_step(none));
  create_line_list("step", "step_line");

  create_dimension(file, "order", "realization", "order of the queue");
  write_dimension(file, "order", "position", num_units, "position in the order");
  Creator<OrderRow> order_io(file, "order", "realization");
  order_columns(order_io, num_units);
}

void ResultsWriter::Impl::append_sets(const Walker& walker) {
  std::vector<UpgradeSetRow> rows;
  std::vector<std::int32_t> lines;
  for (std::size_t i = sets; i < walker.upgrade_sets().size(); ++i) {
    const auto& set = walker.upgrade_sets()[i];
    UpgradeSetRow row{{set_lines + static_cast<std::int64_t>(lines.size()), static_cast<std::int32_t>(set.size())}, 0};
    for (BusId line : set) lines.push_back(line.value), row.cost_usd += walker.line_cost(line);
    rows.push_back(row);
  }
  Appender<UpgradeSetRow> io(sink, "upgrade_set", rows, 0);
  upgrade_set_columns(io);
  grow_dimension(sink, "upgrade_set/upgrade_set", sets, sets + rows.size());
  const auto old = static_cast<std::size_t>(set_lines);
  grow_dimension(sink, "upgrade_set/upgrade_line", old, old + lines.size());
  sets += rows.size();
  set_lines += static_cast<std::int64_t>(lines.size());
  sink.append("upgrade_set/line", std::move(lines));
}

void ResultsWriter::Impl::append_states(const Walker& walker) {
  Appender<State> io(sink, "state", walker.states(), states);
  state_columns(io, words);
  quantity_columns(io, nodes, areas, of_state(walker.evaluations()));
  grow_dimension(sink, "state/state", states, walker.states().size());
  states = walker.states().size();
}

void ResultsWriter::Impl::append_steps(const Walker& walker, std::size_t last) {
  std::vector<StepRow> rows;
  std::vector<std::int32_t> lines;
  for (std::size_t i = steps; i < last; ++i) {
    const Step& step = walker.steps()[i];
    rows.push_back(
        {step,
         {step_lines + static_cast<std::int64_t>(lines.size()), static_cast<std::int32_t>(step.lines.size())},
         walker.evaluations_of(StepId(i))});
    for (BusId line : step.lines) lines.push_back(line.value);
  }
  Appender<StepRow> io(sink, "step", rows, 0);
  step_columns(io);
  quantity_columns(io, nodes, areas, of_step(walker.evaluations()));
  grow_dimension(sink, "step/step", steps, steps + rows.size());
  const auto old = static_cast<std::size_t>(step_lines);
  grow_dimension(sink, "step/step_line", old, old + lines.size());
  steps += rows.size();
  step_lines += static_cast<std::int64_t>(lines.size());
  sink.append("step/line", std::move(lines));
}

//! A lattice's level has millions of steps: their rows are made by and by.
void ResultsWriter::Impl::append_steps(const Walker& walker) {
  while (steps < walker.steps().size()) append_steps(walker, std::min(walker.steps().size(), steps + kSteps));
}

//! Takes away what was written after the last commit.
void ResultsWriter::Impl::cut(const CommittedRows& rows) {
  const auto cut_group = [&](const std::string& group, const std::string& dimension, std::int64_t to,
                             const std::string& entry, std::int64_t entries) {
    for (const std::string& dataset : file.children(group)) {
      const std::string path = group + "/" + dataset;
      if (dataset == "line" || dataset == entry) file.cut(path, static_cast<std::size_t>(entries));
      else if (file.grows(path)) file.cut(path, static_cast<std::size_t>(to));
    }
    GQ_EXPECT(file.shape(group + "/" + dimension).at(0) == static_cast<std::size_t>(to));
  };
  cut_group("order", "realization", rows.orders, "", 0);
  cut_group("state", "state", rows.states, "", 0);
  cut_group("step", "step", rows.steps, "step_line", rows.step_lines);
  cut_group("upgrade_set", "upgrade_set", rows.sets, "upgrade_line", rows.set_lines);
  orders = static_cast<std::size_t>(rows.orders);
  states = static_cast<std::size_t>(rows.states);
  steps = static_cast<std::size_t>(rows.steps);
  sets = static_cast<std::size_t>(rows.sets);
  step_lines = rows.step_lines;
  set_lines = rows.set_lines;
}

void ResultsWriter::Impl::append_orders(const Walker& walker, std::span<const StepId> ids) {
  std::vector<const Step*> taken;
  taken.reserve(ids.size());
  for (StepId id : ids) taken.push_back(&walker.steps()[id.index()]);
  std::vector<OrderRow> rows;
  for (std::size_t first = 0; first < ids.size(); first += num_units)
    rows.push_back({taken.data() + first, ids.data() + first, num_units});
  Appender<OrderRow> io(sink, "order", rows, 0);
  order_columns(io, num_units);
  grow_dimension(sink, "order/realization", orders, orders + rows.size());
  orders += rows.size();
}

void ResultsWriter::Impl::append_all(const Walker& walker, const Trajectories& batch, std::uint64_t requests,
                                     const RunSeconds& seconds) {
  GQ_EXPECT(batch.num_units == num_units);
  append_sets(walker);
  append_states(walker);
  append_steps(walker);
  const std::span<const StepId> ids(batch.step);
  for (std::size_t first = 0; first < ids.size(); first += kOrders * num_units)
    append_orders(walker, ids.subspan(first, std::min(kOrders * num_units, ids.size() - first)));
  commit(walker.counters().evaluations, requests, seconds);
}

void ResultsWriter::Impl::commit(std::uint64_t evaluations, std::uint64_t requests, const RunSeconds& seconds) {
  const auto rows = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  const CommittedRows committed{rows(orders), rows(states), rows(steps), step_lines, rows(sets), set_lines};
  behind.post(0, [=, this] {
    file.flush();
    write_seconds(file, seconds);
    file.attribute<std::int64_t>("", "evaluations", static_cast<std::int64_t>(evaluations));
    file.attribute<std::int64_t>("", "evaluations_asked", static_cast<std::int64_t>(requests));
    write_committed_rows(file, committed);
    file.attribute<std::int64_t>("", "committed", committed.orders);
    file.flush();
  });
}

ResultsWriter::ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker)
    : impl_(std::make_unique<Impl>(create_results_file(path), walker)) {
  write_frame(impl_->file, provenance, walker);
  impl_->create_tables();
  describe_flags(impl_->file);
  impl_->commit(walker.counters().evaluations, walker.counters().requests, {});
  wait();
}

ResultsWriter::ResultsWriter(const std::string& path, const Walker& walker)
    : impl_(std::make_unique<Impl>(h5::File::open(path, true), walker)) {
  impl_->cut(committed_rows(impl_->file));
  forget_allocation(impl_->file);
}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::append_behind(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds) {
  impl_->append_all(walker, orders, walker.counters().requests, seconds);
}

void ResultsWriter::append(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds) {
  append_behind(walker, orders, seconds);
  wait();
}

bool ResultsWriter::known_to(const Walker& walker) const {
  return walker.states().size() >= impl_->states && walker.steps().size() >= impl_->steps;
}

void ResultsWriter::learned_behind(const Walker& walker, std::uint64_t requests, const RunSeconds& seconds) {
  if (!known_to(walker)) return;
  impl_->append_all(walker, {impl_->num_units, {}}, requests, seconds);
}

void ResultsWriter::wait() { impl_->behind.wait(); }

void ResultsWriter::finish(const Summary* estimates, const RunSeconds& seconds, bool complete) {
  wait();
  if (estimates) write_estimates(impl_->file, *estimates);
  write_seconds(impl_->file, seconds);
  impl_->file.attribute<std::int64_t>("", "complete", complete);
  impl_->file.flush();
}

void ResultsWriter::distribution(const ExactDistribution& exact) {
  wait();
  write_distribution(impl_->file, exact);
}

void ResultsWriter::model(const ModelReport& report) {
  wait();
  write_model(impl_->file, report);
}

void ResultsWriter::half_width(double widest) {
  wait();
  impl_->file.attribute<double>("", "half_width", widest);
}

Trajectories ResultsWriter::trajectories(std::uint64_t first, std::uint64_t count) {
  wait();
  return read_trajectories(impl_->file, first, count);
}

std::uint64_t ResultsWriter::committed() const { return impl_->orders; }

}  // namespace gridqueue
