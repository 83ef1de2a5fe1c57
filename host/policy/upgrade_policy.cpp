#include "host/policy/upgrade_policy.hpp"

#include <algorithm>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

class UpgradePolicy final : public Policy {
 public:
  UpgradePolicy(const Network& network, const MonitorSet& monitors, const UpgradeRules& rules);

  [[nodiscard]] Upgrades measures(const Trouble& t) const override;
  [[nodiscard]] double usd(const Upgrade& u) const override {
    const Branch& b = network_.buses[u.element.index()].branch;
    if (Network::lacks_cost(b))
      fail_input(
          "'{}' would be upgraded, but its length has no unit, so that its cost is not known (import the feeder again "
          "with --length-unit)",
          b.name);
    return known_usd(u);
  }

 private:
  [[nodiscard]] double known_usd(const Upgrade& u) const {
    const Branch& b = network_.buses[u.element.index()].branch;
    if (Network::lacks_cost(b)) return std::numeric_limits<double>::quiet_NaN();
    return b.length_ft * (b.underground ? rules_.underground_usd_per_ft : rules_.overhead_usd_per_ft);
  }
  [[nodiscard]] bool can_upgrade(BusId branch, const Upgrades& built) const;
  [[nodiscard]] Upgrades path(BusId from, const Upgrades& built) const;
  [[nodiscard]] std::size_t rank(BusId bus, const Trouble& t) const;
  [[nodiscard]] Upgrades lines_for_vdiff(const Trouble& t) const;
  [[nodiscard]] Upgrades lines_for_loadings(const Trouble& t) const;

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

Upgrades UpgradePolicy::measures(const Trouble& t) const {
  const std::uint32_t v = t.quantities.violations;
  if (v & (limit_island | limit_convergence | limit_reverse_power | limit_unbalance)) return {};
  if (v & limit_vdiff) return rules_.cure_vdiff ? lines_for_vdiff(t) : Upgrades();
  if (v & (limit_emergency | limit_normal_hours)) return rules_.cure_thermal ? lines_for_loadings(t) : Upgrades();
  if (!rules_.cure_voltage) return {};
  constexpr LimitBit kVoltages[] = {limit_vmax, limit_vmin, limit_lv_vmax, limit_lv_vmin};
  const LimitBit first = *std::ranges::find_if(kVoltages, [v](LimitBit bit) { return (v & bit) != 0; });
  return path(NodeId(t.quantities[first].excess.place).bus(), t.built);
}

bool UpgradePolicy::can_upgrade(BusId branch, const Upgrades& built) const {
  return network_.buses[branch.index()].branch.upgradable &&
         !std::binary_search(built.begin(), built.end(), Upgrade(branch));
}

Upgrades UpgradePolicy::path(BusId from, const Upgrades& built) const {
  Upgrades lines;
  for (BusId b = from; b.valid(); b = network_.buses[b.index()].parent)
    if (can_upgrade(b, built)) lines.push_back({b, known_usd(b)});
  return lines;
}

std::size_t UpgradePolicy::rank(BusId bus, const Trouble& t) const {
  for (std::size_t u = 0; u < t.queue.units.size(); ++u)
    if (t.queue.units[u].site.bus == bus && t.in.has(UnitId(u))) return u;
  return t.queue.units.size() + place_[bus.index()];
}

Upgrades UpgradePolicy::lines_for_vdiff(const Trouble& t) const {
  std::vector<BusId> buses = t.quantities.vdiff_buses;
  std::stable_sort(buses.begin(), buses.end(), [&](BusId a, BusId b) {
    return std::pair(-depth_[a.index()], rank(a, t)) < std::pair(-depth_[b.index()], rank(b, t));
  });
  for (BusId b : buses)
    if (auto lines = path(b, t.built); !lines.empty()) return lines;
  return {};
}

Upgrades UpgradePolicy::lines_for_loadings(const Trouble& t) const {
  Upgrades lines;
  for (BusId b : t.quantities.overloaded_branches)
    if (can_upgrade(b, t.built)) lines.push_back({b, known_usd(b)});
  std::sort(lines.begin(), lines.end(), [&](const Upgrade& a, const Upgrade& b) {
    const auto key = [&](const Upgrade& u) {
      return std::pair(-depth_[u.element.index()], std::string_view(network_.buses[u.element.index()].branch.name));
    };
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
