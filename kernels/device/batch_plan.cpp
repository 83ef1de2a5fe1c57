#include "kernels/device/batch_plan.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 18;  // two waves of an H100's 132 x 1024 threads
constexpr std::size_t kBatchesPerDevice = 4;            // one running, one on the host, and some to even out the end

std::size_t share(std::size_t total, std::size_t parts) { return (total + parts - 1) / parts; }

}  // namespace

std::size_t plan_capacity(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t slots) {
  const std::size_t fits =
      free_bytes / 2 / std::max<std::size_t>(1, slots) / std::max<std::size_t>(1, bytes_per_evaluation);
  return std::min(fits, kLargest);
}

std::size_t plan_batch(std::size_t evaluations, std::size_t devices, std::size_t wave, std::size_t capacity) {
  const std::size_t fair = share(evaluations, std::max<std::size_t>(1, devices));
  return std::min({capacity, fair, std::max(wave, share(fair, kBatchesPerDevice))});
}

std::size_t plan_wave(int multiprocessors, int blocks_per_multiprocessor, int evaluations_per_block) {
  return static_cast<std::size_t>(std::max(1, multiprocessors)) *
         static_cast<std::size_t>(std::max(1, blocks_per_multiprocessor)) *
         static_cast<std::size_t>(std::max(1, evaluations_per_block));
}

TeamLaunch plan_team_launch(int lanes, int numbers, std::size_t bytes_per_number, const DeviceInfo& info,
                            const BlocksThatFit& fits) {
  constexpr int warp = 32, warps_per_block = 4;
  TeamLaunch plan;
  plan.shared_bytes = static_cast<std::size_t>(numbers) * bytes_per_number;
  int most = 0, blocks_of_most = 0;
  for (int teams = lanes > warp ? 1 : warps_per_block; teams > 0; --teams) {
    const BlockShape block{lanes * teams, plan.shared_bytes * static_cast<std::size_t>(teams)};
    const int blocks = block.shared_bytes > info.shared_per_block ? 0 : fits(block);
    if (blocks * teams > most) most = blocks * teams, blocks_of_most = blocks, plan.teams_per_block = teams;
  }
  if (most == 0)
    fail(ExitCode::unavailable,
         "the feeder is too large for a team of threads (its {} threads and {} bytes of shared memory do not fit a "
         "multiprocessor of '{}', whose blocks have at most {} bytes); use Mapping::lanes",
         lanes, plan.shared_bytes, info.name, info.shared_per_block);
  plan.teams_at_once = plan_wave(info.multiprocessors, blocks_of_most, plan.teams_per_block);
  return plan;
}

}  // namespace gridqueue
