#include "host/policy/upgrade_policy.hpp"

#include <algorithm>
#include <limits>

namespace gridqueue {
namespace {

class UpgradePolicy final : public Policy {
 public:
  UpgradePolicy(const Network& network, const MonitorSet& monitors, const UpgradeRules& rules);

  [[nodiscard]] std::vector<BusId> lines(const Trouble& t) const override;
  [[nodiscard]] double line_usd(BusId line) const override {
    const Branch& b = network_.buses[line.index()].branch;
    return b.length_ft * (b.underground ? rules_.underground_usd_per_ft : rules_.overhead_usd_per_ft);
  }

 private:
  [[nodiscard]] bool can_upgrade(BusId branch, const std::vector<BusId>& upgraded) const;
  [[nodiscard]] std::vector<BusId> path(BusId from, const std::vector<BusId>& upgraded) const;
  [[nodiscard]] std::size_t rank(BusId bus, const Trouble& t) const;
  [[nodiscard]] std::vector<BusId> lines_for_vdiff(const Trouble& t) const;
  [[nodiscard]] std::vector<BusId> lines_for_loadings(const Trouble& t) const;

  const Network& network_;
  UpgradeRules rules_;
  std::vector<int> depth_;          //!< branches to the source, by bus
  std::vector<std::size_t> place_;  //!< among recloser buses, then monitors; by bus
};

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

UpgradePolicy::UpgradePolicy(const Network& network, const MonitorSet& monitors, const UpgradeRules& rules)
    : network_(network), rules_(rules), place_(network.buses.size(), kNowhere) {
  for (std::size_t i = 0; i < network.buses.size(); ++i) depth_.push_back(network.depth(BusId(i)));
  std::size_t next = 0;
  const auto add = [&](BusId b) {
    if (place_[b.index()] == kNowhere) place_[b.index()] = next++;
  };
  for (const Recloser& r : network.reclosers) add(r.bus);
  for (BusId b : monitors.buses) add(b);
}

std::vector<BusId> UpgradePolicy::lines(const Trouble& t) const {
  const std::uint32_t v = t.quantities.violations;
  if (v & (limit_island | limit_convergence)) return {};
  if (v & limit_vdiff) return rules_.cure_vdiff ? lines_for_vdiff(t) : std::vector<BusId>();
  if (v & (limit_emergency | limit_normal_hours))
    return rules_.cure_thermal ? lines_for_loadings(t) : std::vector<BusId>();
  if (!rules_.cure_voltage) return {};
  const int node = t.quantities[(v & limit_vmax) ? limit_vmax : limit_vmin].excess.place;
  return path(BusId(node / kMaxNodesPerBus), t.upgraded);
}

bool UpgradePolicy::can_upgrade(BusId branch, const std::vector<BusId>& upgraded) const {
  return network_.buses[branch.index()].branch.upgradable &&
         !std::binary_search(upgraded.begin(), upgraded.end(), branch);
}

std::vector<BusId> UpgradePolicy::path(BusId from, const std::vector<BusId>& upgraded) const {
  std::vector<BusId> lines;
  for (BusId b = from; b.valid(); b = network_.buses[b.index()].parent)
    if (can_upgrade(b, upgraded)) lines.push_back(b);
  return lines;
}

std::size_t UpgradePolicy::rank(BusId bus, const Trouble& t) const {
  for (std::size_t u = 0; u < t.queue.units.size(); ++u)
    if (t.queue.units[u].bus == bus && t.in.has(UnitId(u))) return u;
  return t.queue.units.size() + place_[bus.index()];
}

std::vector<BusId> UpgradePolicy::lines_for_vdiff(const Trouble& t) const {
  std::vector<BusId> buses = t.quantities.vdiff_buses;
  std::stable_sort(buses.begin(), buses.end(), [&](BusId a, BusId b) {
    return std::pair(-depth_[a.index()], rank(a, t)) < std::pair(-depth_[b.index()], rank(b, t));
  });
  for (BusId b : buses)
    if (auto lines = path(b, t.upgraded); !lines.empty()) return lines;
  return {};
}

std::vector<BusId> UpgradePolicy::lines_for_loadings(const Trouble& t) const {
  std::vector<BusId> lines;
  for (BusId b : t.quantities.overloaded_branches)
    if (can_upgrade(b, t.upgraded)) lines.push_back(b);
  std::sort(lines.begin(), lines.end(), [&](BusId a, BusId b) {
    const auto key = [&](BusId x) { return std::pair(-depth_[x.index()], network_.buses[x.index()].branch.name); };
    return key(a) < key(b);
  });
  return lines;
}

}  // namespace

std::shared_ptr<const Policy> upgrade_policy(const Network& network, const MonitorSet& monitors,
                                             const UpgradeRules& rules) {
  return std::make_shared<const UpgradePolicy>(network, monitors, rules);
}

std::shared_ptr<const Policy> upgrade_policy(const Evaluator& evaluator, const UpgradeRules& rules) {
  return upgrade_policy(evaluator.network(), evaluator.options().monitors, rules);
}

}  // namespace gridqueue
