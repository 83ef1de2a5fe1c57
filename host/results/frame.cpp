#include "host/results/frame.hpp"

#include <fmt/ranges.h>

#include "host/outcome/observed.hpp"
#include "host/results/order_columns.hpp"

namespace gridqueue {

using namespace layout;

void write_seconds(h5::File& f, const RunSeconds& s) {
  f.attribute<double>("", "seconds_total", s.total);
  f.attribute<double>("", "seconds_evaluate", s.evaluate);
  f.attribute<double>("", "seconds_explore", s.explore);
  f.attribute<double>("", "seconds_write", s.write);
}

namespace {

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
  f.attribute<std::string>("", "feeder_digest", p.feeder_digest);
  f.attribute<std::string>("", "feeder_file", p.feeder_file);
  f.attribute<std::string>("", "backend", p.backend);
  f.attribute<std::string>("", "device", p.device);
  f.attribute<std::string>("", "model", p.model);
  f.attribute<std::string>("", "precision", p.precision);
  f.attribute<std::string>("", "order_method", p.order_method);
  f.attribute<std::int64_t>("", "seed", static_cast<std::int64_t>(p.seed));
  f.attribute<std::int64_t>("", "orders", static_cast<std::int64_t>(p.orders));
  f.attribute<std::int64_t>("", "antithetic", p.antithetic);
  f.attribute<std::string>("", "until", p.until);
  f.attribute<std::string>("", "keep", kept_name(p.keep));
  f.attribute<std::string>("", "answers", p.answers);
  f.attribute<std::int64_t>("", "complete", 0);
}

//! Tables that the study names: what is needed beside its text to read it again.
void write_study_tables(h5::File& f, const std::map<std::string, std::string>& tables) {
  if (tables.empty()) return;
  std::vector<std::string> names, texts;
  for (const auto& [name, text] : tables) names.push_back(name), texts.push_back(text);
  write_dimension(f, "study_table", "study_table", names.size(), "table that the study names");
  write_column(f, "study_table", "study_table", {"name", "", "its file, as the study names it"}, names);
  write_column(f, "study_table", "study_table", {"text", "", "what stands in it"}, texts);
}

void write_units(h5::File& f, const Queue& queue, const Network& net) {
  std::vector<std::string> bus, name;
  std::vector<std::uint8_t> phases;
  std::vector<double> kw;
  for (const Unit& unit : queue.units) {
    bus.push_back(net.buses[unit.site.bus.index()].name);
    phases.push_back(unit.site.phases), kw.push_back(unit.kw), name.push_back(unit.name);
  }
  write_dimension(f, "unit", "unit", bus.size(), "unit of the queue");
  write_column(f, "unit", "unit", {"name", "", "name of the project; empty where the study gives none"}, name);
  write_column(f, "unit", "unit", {"bus", "", "bus the unit stands at"}, bus);
  write_column(f, "unit", "unit", {"phases", "", kPhasesMeaning}, phases);
  write_column(f, "unit", "unit", {"kw", "kW", "PV power at the shape's value 1, over its phases"}, kw);
}

//! Buses, nodes, elements, and what a line's upgrade costs.
void write_places(h5::File& f, const Network& net, const Policy& policy) {
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
    cost.push_back(b.branch.upgradable && !Network::lacks_cost(b.branch) ? policy.usd(BusId(i)) : unknown);
    for (int n = 0; n < b.num_nodes; ++n) node.push_back(node_name(net, NodeId(BusId(i), n)));
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
  write_column(f, "element", "element",
               {"upgrade_usd", "USD", "cost of the line's upgrade; NaN = cannot be upgraded, or not known"}, cost);
}

//! When the steps of a day are.
void write_days(h5::File& f, const Network& net) {
  std::vector<std::int32_t> first;
  std::vector<double> hour;
  for (const Day& day : net.days) first.push_back(day.first_step), hour.push_back(day.start_hour);
  f.attribute<double>("", "step_s", net.step_s);
  write_dimension(f, "day", "day", first.size(), "day that an evaluation covers");
  write_column(f, "day", "day", {"first_step", "", "first of its steps of the day"}, first);
  write_column(f, "day", "day", {"start_hour", "h", "hour of the shapes in which it begins"}, hour);
}

void write_areas(h5::File& f, const std::vector<std::string>& names, Kept keep) {
  if (names.empty()) return;
  write_dimension(f, "area", "area", names.size(), "area cut out by the reclosers");
  write_column(f, "area", "area", {"name", "", "recloser it lies behind"}, names);
  if (keep == Kept::summary) return;
  for (const std::string group : {"state", "step"})
    write_dimension(f, group, "area", names.size(), "area cut out by the reclosers, row of /area");
}

void write_regulators(h5::File& f, const std::vector<std::string>& names) {
  write_dimension(f, "regulator", "regulator", names.size(), "what reverse power is judged at");
  write_column(f, "regulator", "regulator", {"name", "", "the source, then each regulator's transformer"}, names);
}

}  // namespace

void write_frame(h5::File& file, const NewResults& about) {
  write_provenance(file, about.provenance);
  write_study_tables(file, about.provenance.tables);
  file.attribute<std::int64_t>("", "queues", static_cast<std::int64_t>(about.queues));
  file.attribute<std::int64_t>("", "first_queue", static_cast<std::int64_t>(about.first_queue));
  write_places(file, about.network, about.policy);
  write_days(file, about.network);
  if (!about.queue) return;
  write_units(file, *about.queue, about.network);
  write_areas(file, area_names(about.network), about.provenance.keep);
  write_regulators(file, power_meter_names(about.network));
}

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

}  // namespace gridqueue
