// A device whose teams are emulated on the CPU: the same source as a GPU's warp or block, for tests.
#pragma once
#include <memory>

#include "kernels/device/device_day.hpp"
#include "kernels/team/emulated_team.hpp"

namespace gridqueue {

//! `lanes` = 0: as many as a GPU would take.
template <class Real>
std::unique_ptr<DeviceDay<Real>> make_emulated_team_day(const CompiledFeeder<Real>& feeder, int lanes,
                                                        LaneOrder order = LaneOrder::forward);

}  // namespace gridqueue
