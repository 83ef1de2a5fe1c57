// Which feeders go to teams of threads on a device, and what is said of those that do not.
#include "kernels/team/mapping_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/feeder/feeder_file.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

DeviceInfo device(const std::string& name, std::size_t shared) {
  DeviceInfo info;
  info.name = name, info.shared_per_block = shared;
  return info;
}
const std::vector<DeviceInfo> kH100 = {device("H100", 232448)};

template <class Real>
MappingPlan plan(const Network& network, const std::vector<DeviceInfo>& devices = kH100) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = sizeof(Real) == 4 ? Precision::single : Precision::dual;
  return plan_mapping(compile_feeder<Real>(network, options), devices);
}

TEST(MappingPlan, AWarpTakesFewBusesAndABlockMore) {
  const MappingPlan warp = plan<float>(radial());
  EXPECT_EQ(warp.mapping, Mapping::team);
  EXPECT_THAT(warp.reason, HasSubstr("warp of 32 lanes = evaluation: 107 buses, "));
  const MappingPlan block = plan<float>(SyntheticFeeder(129, 5).network());
  EXPECT_EQ(block.mapping, Mapping::team);
  EXPECT_THAT(block.reason, HasSubstr("block of 64 lanes = evaluation: 129 buses, "));
}

TEST(MappingPlan, ABlockHasHalfAsManyBusesInDouble) {
  const SyntheticFeeder middle(1100, 5), large(2100, 5);
  EXPECT_EQ(plan<float>(middle.network()).mapping, Mapping::team);
  const MappingPlan in_double = plan<double>(middle.network());
  EXPECT_EQ(in_double.mapping, Mapping::lanes);
  EXPECT_EQ(in_double.reason, "thread = evaluation: 1100 buses are more than the 1024 of a block");
  EXPECT_EQ(plan<float>(large.network()).reason, "thread = evaluation: 2100 buses are more than the 2048 of a block");
}

TEST(MappingPlan, TheDeviceWithTheLeastSharedMemoryDecides) {
  const MappingPlan some = plan<float>(radial(), {kH100.front(), device("small", 1000)});
  EXPECT_EQ(some.mapping, Mapping::lanes);
  EXPECT_THAT(some.reason, HasSubstr("more than the shared memory of a block on small (1000 bytes)"));
}

TEST(MappingPlan, WhatATeamCannotAddUpIsNamed) {
  const Network delta = read_feeder(source_folder() + "/data/ieee123.h5");
  const MappingPlan p = plan<float>(delta);
  EXPECT_EQ(p.mapping, Mapping::lanes);
  EXPECT_THAT(p.reason, testing::MatchesRegex("thread = evaluation: .*not representable for a team of lanes.*"));
}

}  // namespace
}  // namespace gridqueue
