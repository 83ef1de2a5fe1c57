#include "host/dss/load_neutrals.hpp"

#include <fmt/core.h>

#include <set>

namespace gridqueue {
namespace {

using Node = std::pair<std::string, int>;  //!< bus, phase

std::set<Node> held_nodes(const DssModel& model) {
  std::set<Node> held;
  for (int node : model.source_node) held.insert({model.source_bus, node});
  for (const DssShunt& s : model.shunts)
    for (int node : s.node) held.insert({s.bus, node});
  for (const DssBranch& b : model.branches)
    for (std::size_t t = 0; t < 2; ++t)
      for (int node : b.node[t]) held.insert({b.bus[t], node});
  return held;
}

}  // namespace

void check_load_neutrals(const std::vector<DssLoad>& loads, DssModel& model, Obstacles& obstacles) {
  const std::set<Node> held = held_nodes(model);
  const auto check = [&](const DssLoad& load, int node) {
    if (node == 0 || held.count({load.bus, node}) > 0) return;
    obstacles.add(load.injection.name, fmt::format("node {} of '{}' is held by nothing but loads (a neutral that is "
                                                   "grounded, or a reactor from it to ground, can be represented)",
                                                   node, load.bus));
    if (const auto bus = model.bus.find(load.bus); bus != model.bus.end()) std::erase(bus->second.node, node);
  };
  for (const DssLoad& load : loads)
    for (const auto& [one, two] : load.phase) check(load, one), check(load, two);
}

}  // namespace gridqueue
