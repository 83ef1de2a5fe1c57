#include "host/results/resume.hpp"

#include "gridqueue/contracts.hpp"
#include "host/results/order_columns.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

using layout::RowCounts;

namespace {

using layout::NodeRows;

constexpr const char *kTables = "committed_tables", *kRows = "committed_rows";

//! The limit quantities of rows 0 .. count - 1 of a group.
class QuantityRows {
 public:
  QuantityRows(const h5::File& f, const std::string& group, std::size_t count, const Network& network)
      : all_(count), group_(group), f_(f) {
    const NodeRows nodes(network);
    fill<std::uint8_t>("converged", [](Quantities& q, std::uint8_t x) { q.converged = x != 0; });
    fill<std::uint8_t>("linear", [](Quantities& q, std::uint8_t x) { q.linear = x != 0; });
    fill<std::uint32_t>("violations", [](Quantities& q, std::uint32_t x) { q.violations = x; });
    for (const LimitInfo& l : kLimits)
      if (l.value) limit(l, nodes);
    fill<std::int32_t>("taps_min", [](Quantities& q, std::int32_t x) { q.taps_min = x; });
    fill<std::int32_t>("taps_max", [](Quantities& q, std::int32_t x) { q.taps_max = x; });
    flow("p_min_kw", &AreaFlow::p, &FlowRange::min);
    flow("p_max_kw", &AreaFlow::p, &FlowRange::max);
    flow("p_min_abs_kw", &AreaFlow::p, &FlowRange::min_abs);
    flow("q_min_kvar", &AreaFlow::q, &FlowRange::min);
    flow("q_max_kvar", &AreaFlow::q, &FlowRange::max);
    flow("q_min_abs_kvar", &AreaFlow::q, &FlowRange::min_abs);
  }
  std::vector<Quantities> take() { return std::move(all_); }

 private:
  template <class T>
  void fill(const char* column, auto set) {
    const auto values = f_.read_rows<T>(group_ + "/" + column, 0, all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) set(all_[i], values[i]);
  }
  void limit(const LimitInfo& l, const NodeRows& nodes) {
    const auto code = [&nodes, kind = l.kind](std::int32_t row) {
      return kind == PlaceKind::node ? nodes.code(row) : row;
    };
    fill<double>(l.value, [bit = l.bit](Quantities& q, double x) { q[bit].value = x; });
    fill<std::int32_t>(l.place, [code, bit = l.bit](Quantities& q, std::int32_t x) { q[bit].place = code(x); });
    if (l.step) fill<std::int32_t>(l.step, [bit = l.bit](Quantities& q, std::int32_t x) { q[bit].step = x; });
    fill<double>(l.excess, [bit = l.bit](Quantities& q, double x) { q[bit].excess.value = x; });
    fill<std::int32_t>(l.excess_place,
                       [code, bit = l.bit](Quantities& q, std::int32_t x) { q[bit].excess.place = code(x); });
  }
  void flow(const char* column, FlowRange AreaFlow::*which, double FlowRange::*value) {
    const std::string path = group_ + "/" + column;
    if (!f_.exists(path) || all_.empty()) return;
    const auto values = f_.read_rows<double>(path, 0, all_.size());
    const std::size_t areas = values.size() / all_.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      Quantities& q = all_[i / areas];
      q.areas.resize(areas);
      q.areas[i % areas].*which.*value = values[i];
    }
  }
  std::vector<Quantities> all_;
  std::string group_;
  const h5::File& f_;
};

//! Lists of upgrades, one per row.
std::vector<Upgrades> read_lists(const h5::File& f, const std::string& group, std::size_t rows, std::size_t entries) {
  const auto offset = f.read_rows<std::int64_t>(group + "/line_offset", 0, rows);
  const auto count = f.read_rows<std::int32_t>(group + "/line_count", 0, rows);
  const Upgrades all = layout::read_entries(f, group, 0, entries);
  std::vector<Upgrades> lists(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    GQ_EXPECT(offset[i] + count[i] <= static_cast<std::int64_t>(all.size()));
    lists[i].assign(all.begin() + offset[i], all.begin() + offset[i] + count[i]);
  }
  return lists;
}

void read_states(const h5::File& f, std::size_t rows, WalkRecord& record) {
  const auto considered = f.read_rows<std::uint64_t>("state/considered", 0, rows),
             in = f.read_rows<std::uint64_t>("state/in", 0, rows);
  const auto set = f.read_rows<std::int32_t>("state/upgrade_set", 0, rows);
  const std::size_t words = considered.size() / rows;
  for (std::size_t i = 0; i < rows; ++i) {
    State s;
    for (std::size_t w = 0; w < words; ++w)
      s.considered.word[w] = considered[i * words + w], s.in.word[w] = in[i * words + w];
    s.upgrades = UpgradeSetId(set[i]);
    s.evaluation = EvaluationId(i);
    record.states.push_back(s);
  }
}

void read_steps(const h5::File& f, std::size_t rows, std::size_t lines, WalkRecord& record) {
  auto lists = read_lists(f, "step", rows, lines);
  const auto from = f.read_rows<std::int32_t>("step/from", 0, rows), to = f.read_rows<std::int32_t>("step/to", 0, rows);
  const auto unit = f.read_rows<std::int32_t>("step/unit", 0, rows);
  const auto decision = f.read_rows<std::uint8_t>("step/decision", 0, rows);
  const auto limits = f.read_rows<std::uint32_t>("step/limit", 0, rows);
  const auto cost = f.read_rows<double>("step/cost_usd", 0, rows),
             hosting = f.read_rows<double>("step/hosting_kw", 0, rows);
  record.step_evaluations = f.read_rows<std::uint32_t>("step/evaluations", 0, rows);
  for (std::size_t i = 0; i < rows; ++i)
    record.steps.push_back({StateId(from[i]),
                            StateId(to[i]),
                            UnitId(unit[i]),
                            static_cast<Decision>(decision[i]),
                            limits[i],
                            cost[i],
                            hosting[i],
                            {},
                            std::move(lists[i])});
}

//! Of states, and of steps with their unit in full.
void read_quantities(const h5::File& f, const Network& network, WalkRecord& record) {
  record.evaluations = QuantityRows(f, "state", record.states.size(), network).take();
  auto added = QuantityRows(f, "step", record.steps.size(), network).take();
  for (std::size_t i = 0; i < record.steps.size(); ++i) {
    Step& s = record.steps[i];
    s.added = record.states[s.to.index()].evaluation;
    if (s.decision == Decision::accept) continue;
    s.added = EvaluationId(record.evaluations.size());
    record.evaluations.push_back(std::move(added[i]));
  }
}

template <class T>
void need_same(const h5::File& file, const char* what, const T& then, const T& now) {
  if (then == now) return;
  fail_input(
      "'{}' cannot be resumed: its {} differs (a resumed run would not end as an uninterrupted one); run it anew, or "
      "choose another --out",
      file.path(), what);
}

}  // namespace

RowCounts committed_rows(const h5::File& file) {
  const auto tables = file.read_attribute<std::vector<std::string>>("", kTables);
  const auto rows = file.read_attribute<std::vector<std::int64_t>>("", kRows);
  RowCounts counts;
  for (std::size_t i = 0; i < tables.size(); ++i) counts[tables[i]] = rows.at(i);
  return counts;
}

void write_committed_rows(h5::File& file, const RowCounts& counts) {
  std::vector<std::string> tables;
  std::vector<std::int64_t> rows;
  for (const auto& [table, count] : counts) tables.push_back(table), rows.push_back(count);
  if (!file.has_attribute("", kTables)) file.attribute("", kTables, tables);
  file.attribute("", kRows, rows);
}

void check_same_run(const h5::File& file, const Provenance& now) {
  const Provenance then = read_provenance(file);
  need_same(file, "study", then.study, now.study);
  need_same(file, "feeder", then.feeder_checksum, now.feeder_checksum);
  need_same(file, "model", then.model, now.model);
  need_same(file, "precision", then.precision, now.precision);
  need_same(file, "backend", then.backend, now.backend);
  need_same(file, "seed", then.seed, now.seed);
  need_same(file, "number of orders", then.orders, now.orders);
}

void check_resumable(const h5::File& file, const Provenance& now, const Queue& queue, const Network& network) {
  check_same_run(file, now);
  std::vector<std::string> bus;
  std::vector<std::uint8_t> phases;
  std::vector<double> kw;
  for (const Unit& u : queue.units) {
    bus.push_back(network.buses[u.site.bus.index()].name);
    phases.push_back(u.site.phases), kw.push_back(u.kw);
  }
  need_same(file, "queue", file.read<std::string>("unit/bus"), bus);
  need_same(file, "queue", file.read<std::uint8_t>("unit/phases"), phases);
  need_same(file, "queue", file.read<double>("unit/kw"), kw);
}

namespace {

//! `network`: none = without the limit quantities.
WalkRecord read_record(const h5::File& file, const Network* network) {
  const RowCounts committed = committed_rows(file);
  const auto rows = [&](const char* table) { return static_cast<std::size_t>(committed.at(table)); };
  WalkRecord record;
  if (rows("state") == 0) return record;  // killed in the first batch
  record.upgrade_sets = read_upgrade_sets(file);
  read_states(file, rows("state"), record);
  read_steps(file, rows("step"), rows("step_line"), record);
  if (network) read_quantities(file, *network, record);
  return record;
}

}  // namespace

WalkRecord read_walk(const h5::File& file, const Network& network) {
  WalkRecord record = read_record(file, &network);
  if (record.states.empty()) return record;
  record.counters.evaluations = static_cast<std::uint64_t>(file.read_attribute<std::int64_t>("", "evaluations"));
  record.counters.requests = static_cast<std::uint64_t>(file.read_attribute<std::int64_t>("", "evaluations_asked"));
  record.counters.evaluate_seconds = file.read_attribute<double>("", "seconds_evaluate");
  return record;
}

std::vector<Upgrades> read_upgrade_sets(const h5::File& file) {
  const RowCounts rows = committed_rows(file);
  return read_lists(file, "upgrade_set", static_cast<std::size_t>(rows.at("upgrade_set")),
                    static_cast<std::size_t>(rows.at("upgrade_line")));
}

WalkRecord read_decisions(const h5::File& file) { return read_record(file, nullptr); }

Trajectories read_trajectories(const h5::File& file, std::uint64_t first, std::uint64_t count) {
  Trajectories t{file.shape("unit/unit").at(0), {}};
  for (const std::int32_t s : file.read_rows<std::int32_t>("order/step", first, count)) t.step.emplace_back(s);
  return t;
}

}  // namespace gridqueue
