#include "host/dss/floating.hpp"

#include <cmath>

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
    if (bus.floating && common_mode(bus.y_shunt) > kPath * path[i])
      obstacles.add(bus.name, "a path to ground beyond an ungrounded winding's own bus (cannot be represented)");
  }
}

void check_floating_loads(const Network& net, Obstacles& obstacles) {
  for (const Load& load : net.loads)
    if (net.buses[load.bus.index()].floating && load.to_node < 0)
      obstacles.add(load.name, "a load to ground behind an ungrounded winding (one between phases can be represented)");
}

}  // namespace gridqueue
