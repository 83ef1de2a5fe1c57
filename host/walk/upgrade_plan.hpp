// Which lines are upgraded next, from what is violated (docs/evaluation.md, "A queue, walked unit by unit").
#pragma once
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

class UpgradePlanner {
 public:
  UpgradePlanner(const Network& network, const EvaluatorOptions& options, const Queue& queue,
                 const UpgradeRules& rules);

  //! Lines to upgrade one by one, by child bus; empty = nothing cures what is violated.
  [[nodiscard]] std::vector<BusId> plan(const Quantities& q, const UnitSet& in,
                                        const std::vector<BusId>& upgraded) const;

 private:
  [[nodiscard]] bool can_upgrade(BusId branch, const std::vector<BusId>& upgraded) const;
  [[nodiscard]] std::vector<BusId> path(BusId from, const std::vector<BusId>& upgraded) const;
  [[nodiscard]] std::size_t rank(BusId bus, const UnitSet& in) const;
  [[nodiscard]] std::vector<BusId> plan_vdiff(const Quantities& q, const UnitSet& in,
                                              const std::vector<BusId>& upgraded) const;
  [[nodiscard]] std::vector<BusId> plan_thermal(const Quantities& q, const std::vector<BusId>& upgraded) const;

  const Network& network_;
  const Queue& queue_;
  UpgradeRules rules_;
  std::vector<int> depth_;          //!< branches to the source, by bus
  std::vector<std::size_t> place_;  //!< among recloser buses, then monitors; by bus
};

}  // namespace gridqueue
