#include "kernels/team/mapping_plan.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "kernels/device/batch_plan.hpp"
#include "kernels/team/team_feeder.hpp"

namespace gridqueue {
namespace {

MappingPlan one_thread(const std::string& why) { return {Mapping::lanes, "thread = evaluation: " + why}; }

//! [bytes] of an evaluation; throws Error(input) with what a team cannot add up.
template <class Real>
std::size_t team_scratch_bytes(const CompiledFeeder<Real>& feeder, int lanes) {
  const int exchange = lanes > kWarp ? kBlockExchange : 0;
  return sizeof(Real) * static_cast<std::size_t>(make_team_feeder(feeder, lanes).scratch.size + exchange);
}

}  // namespace

template <class Real>
MappingPlan plan_mapping(const CompiledFeeder<Real>& feeder, const std::vector<DeviceInfo>& devices) {
  GQ_EXPECT(!devices.empty());
  const int buses = feeder.shape.num_buses, lanes = team_lanes(buses);
  if (lanes > kMostTeamLanes<Real>)
    return one_thread(
        fmt::format("{} buses are more than the {} of a block", buses, kMostTeamLanes<Real> * kTeamBuses));
  std::size_t bytes = 0;
  try {
    bytes = team_scratch_bytes(feeder, lanes);
  } catch (const Error& e) {
    return one_thread(e.what());
  }
  const auto least = std::min_element(devices.begin(), devices.end(), [](const DeviceInfo& a, const DeviceInfo& b) {
    return a.shared_per_block < b.shared_per_block;
  });
  if (bytes > least->shared_per_block)
    return one_thread(fmt::format("its {} bytes of scratch are more than the shared memory of a block on {} ({} bytes)",
                                  bytes, least->name, least->shared_per_block));
  return {Mapping::team, fmt::format("{} of {} lanes = evaluation: {} buses, {} bytes of shared memory",
                                     lanes > kWarp ? "block" : "warp", lanes, buses, bytes)};
}
template MappingPlan plan_mapping(const CompiledFeeder<float>&, const std::vector<DeviceInfo>&);
template MappingPlan plan_mapping(const CompiledFeeder<double>&, const std::vector<DeviceInfo>&);

}  // namespace gridqueue
