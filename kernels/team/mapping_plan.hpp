// Which mapping a feeder takes on a device: a team of threads (a warp or a block) for an evaluation, or one thread.
// Pure, tested without a GPU.
#pragma once
#include <string>

#include "kernels/device/backend_choice.hpp"
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

struct MappingPlan {
  Mapping mapping = Mapping::lanes;  //!< lanes or team
  std::string reason;                //!< in words, for the log
};

//! A team wherever it can take the feeder: its branches and controls, its buses (128 a warp, 2,048 a block in float and
//! 1,024 in double), and its scratch in the shared memory of every device. `devices`: at least one.
template <class Real>
MappingPlan plan_mapping(const CompiledFeeder<Real>& feeder, const std::vector<DeviceInfo>& devices);

}  // namespace gridqueue
