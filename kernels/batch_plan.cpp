#include "kernels/batch_plan.hpp"

#include <algorithm>

namespace gridqueue {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 18;  // two waves of an H100's 132 x 1024 threads
constexpr std::size_t kBatchesPerDevice = 4;            // one running, one on the host, and some to even out the end

std::size_t share(std::size_t total, std::size_t parts) { return (total + parts - 1) / parts; }

}  // namespace

std::size_t plan_capacity(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t slots) {
  const std::size_t fits = free_bytes / 2 / std::max<std::size_t>(1, slots) / std::max<std::size_t>(1, bytes_per_evaluation);
  return std::min(fits, kLargest);
}

std::size_t plan_batch(std::size_t evaluations, std::size_t devices, std::size_t wave, std::size_t capacity) {
  const std::size_t fair = share(evaluations, std::max<std::size_t>(1, devices));
  return std::min({capacity, fair, std::max(wave, share(fair, kBatchesPerDevice))});
}

}  // namespace gridqueue
