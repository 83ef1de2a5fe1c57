#include "host/dss/dead_snapshot.hpp"

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <set>

namespace gridqueue {
namespace {

constexpr double kLeast = 1e-3;     //!< [pu] below it a source's bus is dead
constexpr double kNothing = 1e-11;  //!< [S] what a node hangs on is more

bool source_is_dead(DssEngine& dss, const DssModel& model) {
  double largest = 0;
  for (int node : model.source_node)
    if (const auto v = model.voltage.find(fmt::format("{}.{}", model.source_bus, node)); v != model.voltage.end())
      largest = std::max(largest, std::abs(v->second));
  const double volts = 1e3 * dss.number(model.source, "basekv") * dss.number(model.source, "pu");
  return volts > 0 && largest < kLeast * volts;
}

struct Hold {
  double admittance = 0;  //!< [S] of all elements
  std::vector<std::string> elements;
};

//! By "node N of 'BUS'".
std::map<std::string, Hold> nodes_and_their_hold(DssEngine& dss) {
  std::map<std::string, Hold> nodes;
  const auto names = dss.element_names();
  for (std::size_t e = 0; e < names.size(); ++e) {
    dss.select_element(e);
    if (!dss.enabled()) continue;
    const auto buses = dss.element_buses();
    const auto conductors = dss.element_nodes();
    const auto y = dss.yprim();
    std::size_t row = 0, order = 0;
    for (const auto& terminal : conductors) order += terminal.size();
    if (y.size() != order * order) continue;  // a control
    for (std::size_t t = 0; t < conductors.size(); ++t)
      for (int node : conductors[t]) {
        const double own = std::abs(y[row * order + row]);
        ++row;
        if (node == 0) continue;
        Hold& hold = nodes[fmt::format("node {} of '{}'", node, buses[t])];
        hold.admittance += own;
        if (hold.elements.empty() || hold.elements.back() != names[e]) hold.elements.push_back(names[e]);
      }
  }
  return nodes;
}

}  // namespace

void check_snapshot(DssEngine& dss, const DssModel& model, Obstacles& obstacles) {
  const bool dead = !model.source_node.empty() && source_is_dead(dss, model);
  std::set<std::string> switched;  // by a control: OpenDSS keeps a trace of what was in service
  for (const auto& control : model.capacitor_controls)
    switched.insert("capacitor." + dss.property(control, "capacitor"));
  bool found = false;
  for (const auto& [node, hold] : nodes_and_their_hold(dss)) {
    // Without a solution OpenDSS gives what was in memory, which need not be 0 V.
    if (hold.admittance > (dead ? kNothing : 0)) continue;
    for (const auto& element : hold.elements) {
      if (!dead && switched.count(element) > 0) continue;
      obstacles.add(element, fmt::format("leaves {} hanging on nothing (no step of it in service? open?): OpenDSS's "
                                         "equations have no solution then, and it says nothing",
                                         node));
      found = true;
    }
  }
  if (!found && dead)
    obstacles.add(model.source,
                  "its bus has no voltage after a snapshot (something hangs on nothing, such as a star "
                  "point or a side of a transformer without a path to ground; OpenDSS's equations have "
                  "no solution then)");
}

}  // namespace gridqueue
