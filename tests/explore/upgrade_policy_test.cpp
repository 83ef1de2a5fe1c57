// What is built for a limit that is violated, and what nothing is built for.
#include "host/policy/upgrade_policy.hpp"

#include <gtest/gtest.h>

#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

//! Lines asked for where the violations are these; every excess is at node 2 of bus c.
Upgrades asked(std::uint32_t violations, const UpgradeRules& rules = {}) {
  const Network tree = small_tree();
  Quantities q;
  q.violations = violations;
  for (const LimitInfo& l : kLimits)
    if (l.kind == PlaceKind::node) q[l.bit].excess.place = NodeId(BusId(3), 1).value;
  const Queue queue{{{BusId(3), 100}}};
  return upgrade_policy(tree, monitor_set(tree, "all"), rules)->measures({q, queue, {}, {}});
}

TEST(UpgradePolicy, EveryVoltageLimitAsksForThePathToTheSource) {
  const Upgrades path{BusId(3), BusId(2), BusId(1)};
  for (LimitBit bit : {limit_vmax, limit_vmin, limit_lv_vmax, limit_lv_vmin}) {
    EXPECT_EQ(asked(bit), path) << limit_info(bit).name;
    UpgradeRules rules;
    rules.cure_voltage = false;
    EXPECT_EQ(asked(bit, rules), Upgrades()) << limit_info(bit).name;
  }
  EXPECT_EQ(asked(limit_lv_vmin | limit_lv_vmax), path);
}

TEST(UpgradePolicy, NoLineCuresThese) {
  for (LimitBit bit : {limit_island, limit_convergence, limit_reverse_power, limit_unbalance}) {
    EXPECT_EQ(asked(bit), Upgrades()) << limit_info(bit).name;
    EXPECT_EQ(asked(bit | limit_lv_vmax), Upgrades()) << limit_info(bit).name;
  }
}

}  // namespace
}  // namespace gridqueue
