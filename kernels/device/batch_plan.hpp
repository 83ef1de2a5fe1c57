// How evaluations are spread over devices and their memory; pure functions of sizes, tested without a GPU.
#pragma once
#include <cstddef>
#include <functional>

#include "kernels/device/backend_choice.hpp"

namespace gridqueue {

//! Evaluations that one of `slots` buffers may hold, all within half of the free memory; 0 = does not fit.
std::size_t plan_capacity(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t slots);

//! Evaluations per batch: small enough that every device gets work and that copies overlap with computing, large enough
//! to fill a device (`wave` = evaluations it runs at once), never above `capacity`.
std::size_t plan_batch(std::size_t evaluations, std::size_t devices, std::size_t wave, std::size_t capacity);

//! Evaluations that a device runs at once: at least those of one block on each multiprocessor, which then take turns.
std::size_t plan_wave(int multiprocessors, int blocks_per_multiprocessor, int evaluations_per_block);

//! What a block asks for beside its kernel's registers.
struct BlockShape {
  int threads = 0;
  std::size_t shared_bytes = 0;  //!< that the launch asks for
};
//! Such blocks of a kernel that one multiprocessor holds, by registers, threads and shared memory, with what the driver
//! reserves of that for each block; 0 where the kernel cannot be launched so. The CUDA runtime knows (launch.cuh).
using BlocksThatFit = std::function<int(const BlockShape&)>;

//! Threads of a team at most: what a multiprocessor's registers hold of 128 (float) or 255 (double) each.
template <class Real>
constexpr int kMostTeamLanes = sizeof(Real) == 4 ? 512 : 256;

//! How teams of lanes (one evaluation each) lie on a multiprocessor.
struct TeamLaunch {
  int teams_per_block = 0;
  std::size_t shared_bytes = 0;   //!< of a team
  std::size_t teams_at_once = 0;  //!< on the device
};
//! `numbers` of shared memory per team, of `bytes_per_number`. Warps come up to four to a block: as many as leave most
//! teams on a multiprocessor, and of equal numbers the largest, which makes the fewest blocks. Throws
//! Error(unavailable) where a team does not fit.
TeamLaunch plan_team_launch(int lanes, int numbers, std::size_t bytes_per_number, const DeviceInfo& info,
                            const BlocksThatFit& fits);

}  // namespace gridqueue
