// Which device a rank computes on.
#include <gtest/gtest.h>

#include "host/run/rank_walk.hpp"

namespace gridqueue {
namespace {

TEST(RankDevices, EachRankOfAMachineHasTheDeviceOfItsNumber) {
  for (int rank = 0; rank < 4; ++rank) EXPECT_EQ(device_of_rank(rank, 4), std::vector<int>{rank});
}
TEST(RankDevices, MoreRanksThanDevicesShareThem) {
  EXPECT_EQ(device_of_rank(4, 4), std::vector<int>{0});
  EXPECT_EQ(device_of_rank(5, 2), std::vector<int>{1});
}
TEST(RankDevices, WhereThereAreNoneNoneIsNamed) { EXPECT_TRUE(device_of_rank(3, 0).empty()); }

}  // namespace
}  // namespace gridqueue
