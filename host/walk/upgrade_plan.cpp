#include "host/walk/upgrade_plan.hpp"

#include <algorithm>
#include <limits>

namespace gridqueue {

UpgradePlanner::UpgradePlanner(const Network& network, const EvaluatorOptions& options, const Queue& queue,
                               const UpgradeRules& rules)
    : network_(network), queue_(queue), rules_(rules),
      place_(network.buses.size(), std::numeric_limits<std::size_t>::max()) {
  for (std::size_t i = 0; i < network.buses.size(); ++i) depth_.push_back(network.depth(BusId(i)));
  std::size_t next = 0;
  const auto add = [&](BusId b) {
    if (place_[b.index()] == std::numeric_limits<std::size_t>::max()) place_[b.index()] = next++;
  };
  for (const Recloser& r : network.reclosers) add(r.bus);
  for (BusId b : options.monitors.buses) add(b);
}

std::vector<BusId> UpgradePlanner::plan(const Quantities& q, const UnitSet& in,
                                        const std::vector<BusId>& upgraded) const {
  const std::uint32_t v = q.violations;
  if (v & (limit_island | limit_convergence)) return {};
  if (v & limit_vdiff) return rules_.cure_vdiff ? plan_vdiff(q, in, upgraded) : std::vector<BusId>();
  if (v & (limit_emergency | limit_normal_hours))
    return rules_.cure_thermal ? plan_thermal(q, upgraded) : std::vector<BusId>();
  if (!rules_.cure_voltage) return {};
  const int node = q[(v & limit_vmax) ? limit_vmax : limit_vmin].excess.place;
  return path(BusId(node / kMaxNodesPerBus), upgraded);
}

bool UpgradePlanner::can_upgrade(BusId branch, const std::vector<BusId>& upgraded) const {
  return network_.buses[branch.index()].branch.upgradable &&
         !std::binary_search(upgraded.begin(), upgraded.end(), branch);
}

std::vector<BusId> UpgradePlanner::path(BusId from, const std::vector<BusId>& upgraded) const {
  std::vector<BusId> lines;
  for (BusId b = from; b.valid(); b = network_.buses[b.index()].parent)
    if (can_upgrade(b, upgraded)) lines.push_back(b);
  return lines;
}

//! Breaks ties between equally deep buses: units in their order, recloser buses, monitors in order.
std::size_t UpgradePlanner::rank(BusId bus, const UnitSet& in) const {
  for (std::size_t u = 0; u < queue_.units.size(); ++u)
    if (queue_.units[u].bus == bus && in.has(UnitId(u))) return u;
  return queue_.units.size() + place_[bus.index()];
}

std::vector<BusId> UpgradePlanner::plan_vdiff(const Quantities& q, const UnitSet& in,
                                              const std::vector<BusId>& upgraded) const {
  std::vector<BusId> buses = q.vdiff_buses;
  std::stable_sort(buses.begin(), buses.end(), [&](BusId a, BusId b) {
    return std::pair(-depth_[a.index()], rank(a, in)) < std::pair(-depth_[b.index()], rank(b, in));
  });
  for (BusId b : buses)
    if (auto lines = path(b, upgraded); !lines.empty()) return lines;
  return {};
}

std::vector<BusId> UpgradePlanner::plan_thermal(const Quantities& q, const std::vector<BusId>& upgraded) const {
  std::vector<BusId> lines;
  for (BusId b : q.overloaded_branches)
    if (can_upgrade(b, upgraded)) lines.push_back(b);
  std::sort(lines.begin(), lines.end(), [&](BusId a, BusId b) {
    const auto key = [&](BusId x) { return std::pair(-depth_[x.index()], network_.buses[x.index()].branch.name); };
    return key(a) < key(b);
  });
  return lines;
}

}  // namespace gridqueue
