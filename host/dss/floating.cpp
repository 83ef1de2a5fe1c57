#include "host/dss/floating.hpp"

#include <cmath>
#include <map>

#include "host/dss/dead_nodes.hpp"

namespace gridqueue {
namespace {

constexpr double kPath = 1e-2;  //!< of the artificial path to ground

//! Whether the branch passes on what all nodes of the parent have in common.
bool passes_common_mode(const Bus& bus) {
  double common = 0, all = 0;
  for (const auto& row : bus.branch.a) {
    Complex sum = 0;
    for (Complex a : row) sum += a, all += std::abs(a);
    common += std::abs(sum);
  }
  return common > 1e-2 * all;
}

double common_mode(const NodeMatrix& y) {
  Complex sum = 0;
  for (const auto& row : y)
    for (Complex entry : row) sum += entry;
  return std::abs(sum);
}

}  // namespace

bool is_grounded_beside(const Bus& bus, double artificial) { return common_mode(bus.y_shunt) > kPath * artificial; }

void spread_floating(const std::vector<Complex>& grounding, Network& net, Obstacles& obstacles) {
  std::vector<double> path(net.buses.size());  // [S at the bus's voltage] that holds its common mode
  for (std::size_t i = 1; i < net.buses.size(); ++i) {
    Bus& bus = net.buses[i];
    const std::size_t p = bus.parent.index();
    path[i] = std::abs(grounding[i]);
    if (!bus.floating && net.buses[p].floating && passes_common_mode(bus)) {
      const double ratio = net.buses[p].kv_base / bus.kv_base;
      bus.floating = true;
      path[i] = path[p] * ratio * ratio;
    }
    if (bus.floating && is_grounded_beside(bus, path[i]))
      obstacles.add(bus.name, "a path to ground beyond an ungrounded winding's own bus (cannot be represented)");
  }
}

namespace {

//! Buses above an end of a branch that closes a ring: what they hang on is more than the tree has. [bus]
std::vector<bool> above_rings(const DssModel& model, const Network& net) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < net.buses.size(); ++i) index[net.buses[i].name] = i;
  std::vector<bool> above(net.buses.size());
  for (const DssBranch& b : model.branches) {
    const std::size_t one = index.at(b.bus[0]), two = index.at(b.bus[1]);
    if (net.buses[one].parent == BusId(two) || net.buses[two].parent == BusId(one)) continue;
    for (std::size_t at : {one, two})
      for (; at > 0 && !above[at]; at = net.buses[at].parent.index()) above[at] = true;
  }
  return above;
}

//! The first bus down from the source that floats as this one does.
BusId root_of_floating(const Network& net, BusId at) {
  while (net.buses[net.buses[at.index()].parent.index()].floating) at = net.buses[at.index()].parent;
  return at;
}

//! The transformer with an open conductor behind which a bus floats; "" where there is none.
std::string opened_above(const DssModel& model, const Network& net, BusId at) {
  at = root_of_floating(net, at);
  const std::string &here = net.buses[at.index()].name, &above = net.buses[net.buses[at.index()].parent.index()].name;
  for (const DssBranch& b : model.branches) {
    if (b.kind != "transformer" ||
        !((b.bus[0] == here && b.bus[1] == above) || (b.bus[1] == here && b.bus[0] == above)))
      continue;
    for (std::size_t end = 0; end < 2; ++end)
      for (std::size_t i = 0; i < b.node[end].size(); ++i)
        if (is_open(b, end, i)) return b.name;
  }
  return {};
}

}  // namespace

void check_floating_loads(const std::vector<DssLoad>& loads, const DssModel& model, const Network& net,
                          Obstacles& obstacles) {
  std::map<std::pair<std::string, int>, BusId> floats;  // by bus of the model and node
  for (std::size_t i = 1; i < net.buses.size(); ++i)
    for (std::size_t n = 0; n < static_cast<std::size_t>(net.buses[i].num_nodes) && net.buses[i].floating; ++n)
      floats[{net.buses[i].model_name(), net.buses[i].phase[n]}] = BusId(i);
  const std::vector<bool> in_ring = floats.empty() ? std::vector<bool>() : above_rings(model, net);
  for (const DssLoad& load : loads)
    for (const auto& [one, two] : load.phase) {
      const auto at = floats.find({load.bus, one});
      if (two != 0 || at == floats.end() || in_ring[root_of_floating(net, at->second).index()]) continue;
      const std::string opened = opened_above(model, net, at->second);
      if (opened.empty())
        obstacles.add(load.injection.name,
                      "a load to ground behind an ungrounded winding (one between phases can be represented)");
      else
        obstacles.add(opened,
                      "an open conductor, which leaves loads to ground behind it without a path to ground (cannot be "
                      "represented)");
    }
}

}  // namespace gridqueue
