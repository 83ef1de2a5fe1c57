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

TeamLaunch plan_team_launch(int lanes, int numbers, std::size_t bytes_per_number, const DeviceInfo& info) {
  constexpr int warp = 32, warps_per_block = 4;
  const int most_lanes =
      bytes_per_number == sizeof(float) ? 512 : 256;  // a multiprocessor's registers at 128 / 255 each
  TeamLaunch plan;
  plan.shared_bytes = static_cast<std::size_t>(numbers) * bytes_per_number;
  if (lanes > most_lanes || plan.shared_bytes > info.shared_per_block)
    fail(ExitCode::unavailable,
         "the feeder is too large for a team of threads (it takes {} threads and {} bytes of shared memory, "
         "the device has {} and {}); use Mapping::lanes",
         lanes, plan.shared_bytes, most_lanes, info.shared_per_block);
  const auto fits = static_cast<int>(info.shared_per_block / plan.shared_bytes);
  plan.teams_per_block = lanes > warp ? 1 : std::min(warps_per_block, fits);
  const auto by_registers = static_cast<std::size_t>(most_lanes / lanes);
  const std::size_t at_once = std::min(by_registers, info.shared_per_multiprocessor / plan.shared_bytes);
  plan.teams_at_once = std::max<std::size_t>(1, at_once) * static_cast<std::size_t>(std::max(1, info.multiprocessors));
  return plan;
}

}  // namespace gridqueue
