// How evaluations are spread over devices and their memory; pure functions of sizes, tested without a GPU.
#pragma once
#include <cstddef>

#include "kernels/device/backend_choice.hpp"

namespace gridqueue {

//! Evaluations that one of `slots` buffers may hold, all within half of the free memory; 0 = does not fit.
std::size_t plan_capacity(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t slots);

//! Evaluations per batch: small enough that every device gets work and that copies overlap with computing, large enough
//! to fill a device (`wave` = evaluations it runs at once), never above `capacity`.
std::size_t plan_batch(std::size_t evaluations, std::size_t devices, std::size_t wave, std::size_t capacity);

//! How teams of lanes (one evaluation each) lie on a multiprocessor.
struct TeamLaunch {
  int teams_per_block = 0;
  std::size_t shared_bytes = 0;   //!< of a team
  std::size_t teams_at_once = 0;  //!< on the device
};
//! `numbers` of shared memory per team, of `bytes_per_number`. Warps come four to a block. Throws Error(unavailable)
//! where a team does not fit.
TeamLaunch plan_team_launch(int lanes, int numbers, std::size_t bytes_per_number, const DeviceInfo& info);

}  // namespace gridqueue
