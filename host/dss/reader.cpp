#include "host/dss/reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

const std::set<std::string> kIgnored{"energymeter", "monitor", "sensor", "swtcontrol", "relay"};
const std::set<std::string> kBranches{"line", "transformer", "reactor", "capacitor"};
const std::set<std::string> kGenerators{"generator", "storage", "pvsystem", "windgen"};

//! Rows of the ungrounded conductors, per terminal.
struct Conductors {
  std::vector<std::size_t> row[2];
  std::vector<int> node[2];
};

Conductors ungrounded(const std::vector<std::vector<int>>& nodes) {
  Conductors c;
  std::size_t row = 0;
  for (std::size_t t = 0; t < nodes.size(); ++t)
    for (int n : nodes[t]) {
      if (n > 0) c.row[t].push_back(row), c.node[t].push_back(n);
      ++row;
    }
  return c;
}

//! `yprim` is column-major, as OpenDSS keeps it.
MatrixC block(const std::vector<Complex>& yprim, const std::vector<std::size_t>& rows,
              const std::vector<std::size_t>& columns) {
  const auto order = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(yprim.size()))));
  MatrixC b = zeros<Complex>(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) b(i, j) = yprim[columns[j] * order + rows[i]];
  return b;
}

void read_branch(DssEngine& dss, const std::string& name, const std::string& kind, DssModel& model) {
  const auto nodes = dss.element_nodes();
  const auto buses = dss.element_buses();
  if (nodes.size() > 2) fail_input("'{}' has {} terminals (two can be represented)", name, nodes.size());
  const Conductors c = ungrounded(nodes);
  const auto yprim = dss.yprim();
  if (nodes.size() == 1 || c.node[1].empty() || buses[0] == buses[1]) {
    if (nodes.size() == 2 && !c.node[1].empty())
      fail_input("'{}' connects a bus with itself (not representable)", name);
    model.shunts.push_back({name, buses[0], c.node[0], block(yprim, c.row[0], c.row[0])});
    return;
  }
  DssBranch b;
  b.name = name;
  b.kind = kind;
  for (std::size_t t = 0; t < 2; ++t) {
    b.bus[t] = buses[t];
    b.node[t] = c.node[t];
    for (std::size_t u = 0; u < 2; ++u) b.y[t][u] = block(yprim, c.row[t], c.row[u]);
  }
  const std::vector<Complex>& through = b.y[0][1].values;
  if (std::all_of(through.begin(), through.end(),
                  [](Complex y) { return y == 0.0; })) {  // open at one end: only its charging is left
    for (std::size_t t = 0; t < 2; ++t) model.shunts.push_back({name, b.bus[t], b.node[t], b.y[t][t]});
    return;
  }
  b.normal_amps = dss.normal_amps();
  b.emergency_amps = dss.emergency_amps();
  model.branches.push_back(std::move(b));
}

void read_source(DssEngine& dss, const std::string& name, DssModel& model) {
  if (!model.source.empty()) fail_input("'{}' is a second source (one can be represented)", name);
  model.source = name;
  model.source_bus = dss.element_buses()[0];
  const Conductors c = ungrounded(dss.element_nodes());
  model.source_y = block(dss.yprim(), c.row[0], c.row[0]);
}

void read_element(DssEngine& dss, const std::string& name, DssModel& model) {
  const std::string kind = name.substr(0, name.find('.'));
  dss.select_element(name);
  if (kGenerators.count(kind)) {
    if (dss.enabled()) fail_input("'{}' is an enabled generator (only loads can be represented; disable it)", name);
    model.generators.push_back(name);
    return;
  }
  if (kIgnored.count(kind) || !dss.enabled()) return;
  if (kind == "vsource") return read_source(dss, name, model);
  if (kind == "load") return void(model.loads.push_back(name));
  if (kind == "regcontrol") return void(model.regulators.push_back(name));
  if (kind == "recloser") return void(model.reclosers.push_back(name));
  if (kind == "fuse") return void(model.fuses.push_back(name));
  if (!kBranches.count(kind)) fail_input("'{}' is of class {} (cannot be represented)", name, kind);
  if (kind == "capacitor") model.capacitors.push_back(name);
  read_branch(dss, name, kind, model);
}

}  // namespace

DssModel read_dss_model(DssEngine& dss) {
  DssModel model;
  for (const auto& name : dss.element_names()) read_element(dss, name, model);
  if (model.source.empty()) fail_input("the circuit has no voltage source");
  for (const auto& name : dss.bus_names()) {
    dss.select_bus(name);
    if (dss.bus_nodes().empty()) continue;  // only disabled elements are there
    model.bus_order.push_back(name);
    model.bus[name] = {dss.bus_nodes(), dss.bus_kv_base(), dss.bus_x(), dss.bus_y(), dss.bus_has_coordinates()};
    std::sort(model.bus[name].node.begin(), model.bus[name].node.end());
  }
  const auto names = dss.node_names();
  const auto volts = dss.node_voltages();
  for (std::size_t i = 0; i < names.size(); ++i) model.voltage[names[i]] = volts[i];
  return model;
}

}  // namespace gridqueue
