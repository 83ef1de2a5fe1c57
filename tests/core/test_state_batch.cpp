// States of a batch, copied from one to another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;

TEST(StateBatch, AStateOfAnotherBatch) {
  StateBatch all;
  all.upgrade_sets.push_back({BusId(5)});
  all.add_der(BusId(1), 10);
  all.finish_state(UpgradeSetId(0));
  all.add_der(BusId(2), 20);
  all.add_der(BusId(3), 30);
  all.finish_state(UpgradeSetId(1));
  all.finish_state(UpgradeSetId(0));
  StateBatch some;
  some.upgrade_sets = all.upgrade_sets;
  for (std::size_t i : {2u, 1u, 1u}) some.add_state_of(all, i);
  EXPECT_EQ(some.size(), 3u);
  EXPECT_THAT(some.der_offset, ElementsAre(0, 0, 2, 4));
  EXPECT_THAT(some.der_site,
              ElementsAre(UnitSite(BusId(2)), UnitSite(BusId(3)), UnitSite(BusId(2)), UnitSite(BusId(3))));
  EXPECT_THAT(some.der_kw, ElementsAre(20, 30, 20, 30));
  EXPECT_THAT(some.upgrade_set, ElementsAre(UpgradeSetId(0), UpgradeSetId(1), UpgradeSetId(1)));
}

//! As copied one by one, but for sets that none of them has.
TEST(StateBatch, APartHasItsOwnUpgradeSets) {
  StateBatch all;
  all.upgrade_sets = {{}, {BusId(5)}, {BusId(6), BusId(7)}, {BusId(8)}};
  for (const std::size_t set : {0u, 3u, 2u, 3u}) {
    all.add_der(BusId(set), 10.0 * static_cast<double>(set));
    all.finish_state(UpgradeSetId(set));
  }
  const std::vector<std::size_t> which{3, 1, 2};
  const StateBatch some = all.part(which);
  EXPECT_THAT(some.upgrade_sets, ElementsAre(Upgrades{BusId(8)}, Upgrades{BusId(6), BusId(7)}));
  EXPECT_THAT(some.upgrade_set, ElementsAre(UpgradeSetId(0), UpgradeSetId(0), UpgradeSetId(1)));
  EXPECT_THAT(some.der_offset, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(some.der_kw, ElementsAre(30, 30, 20));
  EXPECT_EQ(all.part({}).size(), 0u);
}

}  // namespace
}  // namespace gridqueue
