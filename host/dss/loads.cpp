#include "host/dss/loads.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

void refuse_load_unless(bool ok, const std::string& load, const std::string& why) {
  if (!ok) fail_input("'{}' {}", load, why);
}

std::vector<int> phases_of(DssEngine& dss, const std::string& name) {
  dss.select_element(name);
  std::vector<int> nodes = dss.element_nodes().front();
  const auto phases = static_cast<std::size_t>(dss.number(name, "phases"));
  const bool grounded = nodes.size() == phases + 1 && nodes.back() == 0;
  refuse_load_unless(grounded, name, "is not connected between phases and ground (cannot be represented)");
  nodes.pop_back();
  refuse_load_unless(std::find(nodes.begin(), nodes.end(), 0) == nodes.end(), name,
                     "has a grounded phase (cannot be represented)");
  return nodes;
}

void check(DssEngine& dss, const std::string& name) {
  const auto law = static_cast<int>(dss.number(name, "model"));
  refuse_load_unless(law == 5, name,
                     fmt::format("is of load model {} (model 5, constant current, can be represented)", law));
  refuse_load_unless(dss.property(name, "conn") == "wye", name, "is connected in delta (wye can be represented)");
  const std::string status = dss.property(name, "status");
  refuse_load_unless(status == "variable", name,
                     fmt::format("does not vary with its shape (status '{}' cannot be represented)", status));
}

int node_of(const Bus& bus, int phase) {
  const auto begin = bus.phase.begin(), end = begin + bus.num_nodes;
  const auto found = std::find(begin, end, phase);
  GQ_EXPECT(found != end);
  return static_cast<int>(found - begin);
}

void add_load(DssEngine& dss, const std::string& name, Network& net) {
  check(dss, name);
  const std::vector<int> phases = phases_of(dss, name);
  const auto bus = net.find_bus(dss.element_buses().front());
  GQ_EXPECT(bus);
  const auto count = static_cast<double>(phases.size());
  Load load;
  load.name = name;
  load.bus = *bus;
  load.kw = dss.number(name, "kw") / count;
  load.kvar = dss.number(name, "kvar") / count;
  load.kv =
      dss.number(name, "kv") / (phases.size() > 1 ? std::sqrt(3.0) : 1.0);  // OpenDSS: line-to-line from two phases on
  load.vmin_pu = dss.number(name, "vminpu");
  load.vmax_pu = dss.number(name, "vmaxpu");
  load.vlow_pu = dss.number(name, "vlowpu");
  for (int phase : phases) {
    load.node = node_of(net.buses[bus->index()], phase);
    net.loads.push_back(load);
  }
  net.buses[bus->index()].has_load = true;
}

}  // namespace

void add_loads(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& name : model.loads) add_load(dss, name, net);
  std::stable_sort(net.loads.begin(), net.loads.end(),
                   [](const Load& a, const Load& b) { return std::pair(a.bus, a.node) < std::pair(b.bus, b.node); });
}

std::string common_load_shape(DssEngine& dss, const DssModel& model, const std::string& default_shape) {
  std::string common;
  for (const auto& name : model.loads) {
    const std::string shape = dss.property(name, "daily");
    if (&name == &model.loads.front()) common = shape;
    refuse_load_unless(
        shape == common, name,
        fmt::format("follows the daily shape '{}', '{}' the shape '{}' (one common shape can be represented)", shape,
                    model.loads.front(), common));
  }
  return common.empty() ? default_shape : common;
}

}  // namespace gridqueue
