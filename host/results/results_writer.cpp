#include "host/results/results_writer.hpp"

#include <fmt/ranges.h>

#include <filesystem>

#include "host/results/columns.hpp"
#include "host/results/distribution.hpp"
#include "host/results/estimates.hpp"
#include "host/results/observed.hpp"

namespace gridqueue {
namespace {

using namespace layout;

//! A wrong --out must not cost anyone a file.
void check_replaceable(const std::string& path) {
  namespace fs = std::filesystem;
  if (!fs::exists(path)) return;
  bool ours = false;
  try {
    const auto old = h5::File::open(path);
    ours = old.has_attribute("", "file_type") && old.read_attribute<std::string>("", "file_type") == kFileType;
  } catch (const Error&) {
  }
  if (!ours)
    fail_input("'{}' exists and is no readable results file of gridqueue; remove it or choose another name", path);
}

h5::File create_file(const std::string& path) {
  check_replaceable(path);
  return h5::File::create(path);
}

void write_provenance(h5::File& f, const Provenance& p) {
  f.attribute<std::string>("", "file_type", kFileType);
  f.attribute<std::int64_t>("", "version", kVersion);
  f.attribute<std::string>("", "Conventions", "CF-1.10");
  f.attribute<std::string>("", "title", "Orders of an interconnection queue walked on a distribution feeder");
  f.attribute<std::string>("", "program_version", p.program_version);
  f.attribute<std::string>("", "commit", p.commit);
  f.attribute<std::string>("", "command_line", p.command_line);
  f.attribute<std::string>("", "study", p.study);
  f.attribute<std::string>("", "feeder", p.feeder);
  f.attribute<std::string>("", "feeder_checksum", p.feeder_checksum);
  f.attribute<std::string>("", "backend", p.backend);
  f.attribute<std::string>("", "device", p.device);
  f.attribute<std::string>("", "model", p.model);
  f.attribute<std::string>("", "precision", p.precision);
  f.attribute<std::string>("", "order_method", p.order_method);
  f.attribute<std::int64_t>("", "seed", static_cast<std::int64_t>(p.seed));
  f.attribute<std::int64_t>("", "orders", static_cast<std::int64_t>(p.orders));
  f.attribute<std::int64_t>("", "antithetic", p.antithetic);
  f.attribute<std::string>("", "until", p.until);
  f.attribute<std::int64_t>("", "complete", 0);
}

void write_seconds(h5::File& f, const RunSeconds& s) {
  f.attribute<double>("", "seconds_total", s.total);
  f.attribute<double>("", "seconds_evaluate", s.evaluate);
  f.attribute<double>("", "seconds_explore", s.explore);
  f.attribute<double>("", "seconds_write", s.write);
}

void write_units(h5::File& f, const Queue& queue, const Network& net) {
  std::vector<std::string> bus;
  std::vector<double> kw;
  for (const Unit& unit : queue.units) bus.push_back(net.buses[unit.bus.index()].name), kw.push_back(unit.kw);
  write_dimension(f, "unit", "unit", bus.size(), "unit of the queue");
  write_column(f, "unit", "unit", {"bus", "", "bus the unit stands at"}, bus);
  write_column(f, "unit", "unit", {"kw", "kW", "PV power at the shape's value 1, over three phases"}, kw);
}

void write_places(h5::File& f, const Walker& walker) {
  const Network& net = walker.network();
  std::vector<std::string> bus, element, node;
  std::vector<std::int32_t> parent;
  std::vector<std::uint8_t> upgradable;
  std::vector<double> x, y, cost;
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    bus.push_back(b.name);
    parent.push_back(index_of(b.parent));
    x.push_back(b.has_coordinates ? b.x : unknown), y.push_back(b.has_coordinates ? b.y : unknown);
    element.push_back(b.branch.name);
    upgradable.push_back(b.branch.upgradable);
    cost.push_back(b.branch.upgradable ? walker.line_cost(BusId(i)) : unknown);
    for (int n = 0; n < b.num_nodes; ++n) node.push_back(node_name(net, static_cast<int>(i) * kMaxNodesPerBus + n));
  }
  write_dimension(f, "bus", "bus", bus.size(), "bus of the feeder, depth-first");
  write_column(f, "bus", "bus", {"name", "", "name of the bus"}, bus);
  write_column(f, "bus", "bus", {"parent", "", "next bus towards the source, row of /bus; -1 at the source"}, parent);
  write_column(f, "bus", "bus", {"x", "", "coordinate of the drawing, in the feeder's own units; NaN = unknown"}, x);
  write_column(f, "bus", "bus", {"y", "", "coordinate of the drawing, in the feeder's own units; NaN = unknown"}, y);
  write_dimension(f, "node", "node", node.size(), "node of the feeder, in bus order");
  write_column(f, "node", "node", {"name", "", "name of the node, bus.phase"}, node);
  write_dimension(f, "element", "element", element.size(), "element between a bus and its parent, row as in /bus");
  write_column(f, "element", "element", {"name", "", "name of the element; empty at the source"}, element);
  write_column(f, "element", "element", {"upgradable", "", "1 for a line that can be upgraded"}, upgradable);
  write_column(f, "element", "element", {"upgrade_usd", "USD", "cost of the line's upgrade; NaN = cannot be upgraded"},
               cost);
}

void write_areas(h5::File& f, const std::vector<std::string>& names) {
  if (names.empty()) return;
  write_dimension(f, "area", "area", names.size(), "area cut out by the reclosers");
  write_column(f, "area", "area", {"name", "", "recloser it lies behind"}, names);
  for (const std::string group : {"state", "step"})
    write_dimension(f, group, "area", names.size(), "area cut out by the reclosers, row of /area");
}

//! The meaning of flags, as CF spells it.
void describe_flags(h5::File& f) {
  const std::string names = fmt::format("{}", fmt::join(limit_names((1u << kNumLimits) - 1), " "));
  std::vector<std::int64_t> masks;
  for (int bit = 0; bit < kNumLimits; ++bit) masks.push_back(std::int64_t{1} << bit);
  for (const std::string dataset : {"order/limit", "step/limit", "step/violations", "state/violations"}) {
    f.attribute(dataset, "flag_masks", masks);
    f.attribute(dataset, "flag_meanings", names);
  }
  for (const std::string dataset : {"order/decision", "step/decision"}) {
    f.attribute(dataset, "flag_values", std::vector<std::int64_t>{0, 1, 2});
    f.attribute<std::string>(dataset, "flag_meanings", "accept upgrade reject");
  }
}

//! Appends the rows of a dimension that has `size` rows in the end.
void grow_dimension(h5::File& f, const std::string& dataset, std::size_t first, std::size_t size) {
  std::vector<std::int64_t> index;
  for (std::size_t i = first; i < size; ++i) index.push_back(static_cast<std::int64_t>(i));
  f.append<std::int64_t>(dataset, index);
}

}  // namespace

struct ResultsWriter::Impl {
  h5::File file;
  NodeRows nodes;
  std::size_t num_units, words, areas;
  std::size_t orders = 0, states = 0, steps = 0, sets = 0;  //!< rows in the file
  std::int64_t step_lines = 0, set_lines = 0;

  Impl(const std::string& path, const Walker& walker)
      : file(create_file(path)),
        nodes(walker.network()),
        num_units(walker.queue().units.size()),
        words((num_units + 63) / 64),
        areas(area_names(walker.network()).size()) {}

  void create_tables();
  void append_sets(const Walker& walker);
  void append_states(const Walker& walker);
  void append_steps(const Walker& walker);
  void append_orders(const Walker& walker, const Trajectories& orders);
  void commit(const WalkCounters& counters, const RunSeconds& seconds);
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
  Appender<UpgradeSetRow> io(file, "upgrade_set", rows, 0);
  upgrade_set_columns(io);
  grow_dimension(file, "upgrade_set/upgrade_set", sets, sets + rows.size());
  file.append<std::int32_t>("upgrade_set/line", lines);
  const auto old = static_cast<std::size_t>(set_lines);
  grow_dimension(file, "upgrade_set/upgrade_line", old, old + lines.size());
  sets += rows.size();
  set_lines += static_cast<std::int64_t>(lines.size());
}

void ResultsWriter::Impl::append_states(const Walker& walker) {
  Appender<State> io(file, "state", walker.states(), states);
  state_columns(io, words);
  quantity_columns(io, nodes, areas, of_state(walker.evaluations()));
  grow_dimension(file, "state/state", states, walker.states().size());
  states = walker.states().size();
}

void ResultsWriter::Impl::append_steps(const Walker& walker) {
  std::vector<StepRow> rows;
  std::vector<std::int32_t> lines;
  for (std::size_t i = steps; i < walker.steps().size(); ++i) {
    const Step& step = walker.steps()[i];
    rows.push_back(
        {step, {step_lines + static_cast<std::int64_t>(lines.size()), static_cast<std::int32_t>(step.lines.size())}});
    for (BusId line : step.lines) lines.push_back(line.value);
  }
  Appender<StepRow> io(file, "step", rows, 0);
  step_columns(io);
  quantity_columns(io, nodes, areas, of_step(walker.evaluations()));
  grow_dimension(file, "step/step", steps, steps + rows.size());
  file.append<std::int32_t>("step/line", lines);
  const auto old = static_cast<std::size_t>(step_lines);
  grow_dimension(file, "step/step_line", old, old + lines.size());
  steps += rows.size();
  step_lines += static_cast<std::int64_t>(lines.size());
}

void ResultsWriter::Impl::append_orders(const Walker& walker, const Trajectories& batch) {
  GQ_EXPECT(batch.num_units == num_units);
  std::vector<const Step*> taken;
  for (StepId id : batch.step) taken.push_back(&walker.steps()[id.index()]);
  std::vector<OrderRow> rows;
  for (std::size_t r = 0; r < batch.count(); ++r)
    rows.push_back({taken.data() + r * num_units, batch.step.data() + r * num_units, num_units});
  Appender<OrderRow> io(file, "order", rows, 0);
  order_columns(io, num_units);
  grow_dimension(file, "order/realization", orders, orders + rows.size());
  orders += rows.size();
}

void ResultsWriter::Impl::commit(const WalkCounters& counters, const RunSeconds& seconds) {
  file.flush();
  write_seconds(file, seconds);
  file.attribute<std::int64_t>("", "evaluations", static_cast<std::int64_t>(counters.evaluations));
  file.attribute<std::int64_t>("", "evaluations_asked", static_cast<std::int64_t>(counters.requests));
  file.attribute<std::int64_t>("", "committed", static_cast<std::int64_t>(orders));
  file.flush();
}

ResultsWriter::ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker)
    : impl_(std::make_unique<Impl>(path, walker)) {
  write_provenance(impl_->file, provenance);
  write_units(impl_->file, walker.queue(), walker.network());
  write_places(impl_->file, walker);
  write_areas(impl_->file, area_names(walker.network()));
  impl_->create_tables();
  describe_flags(impl_->file);
  impl_->commit(walker.counters(), {});
}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::append(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds) {
  impl_->append_sets(walker);
  impl_->append_states(walker);
  impl_->append_steps(walker);
  impl_->append_orders(walker, orders);
  impl_->commit(walker.counters(), seconds);
}

void ResultsWriter::finish(const Summary* estimates, const RunSeconds& seconds, bool complete) {
  if (estimates) write_estimates(impl_->file, *estimates);
  write_seconds(impl_->file, seconds);
  impl_->file.attribute<std::int64_t>("", "complete", complete);
  impl_->file.flush();
}

void ResultsWriter::distribution(const ExactDistribution& exact) { write_distribution(impl_->file, exact); }

void ResultsWriter::half_width(double widest) { impl_->file.attribute<double>("", "half_width", widest); }

std::uint64_t ResultsWriter::committed() const { return impl_->orders; }

}  // namespace gridqueue
