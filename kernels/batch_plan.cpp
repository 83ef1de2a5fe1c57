#include "kernels/batch_plan.hpp"

#include <algorithm>

namespace gridqueue {

std::size_t plan_batch(std::size_t free_bytes, std::size_t bytes_per_evaluation, std::size_t wanted) {
  constexpr std::size_t kLargest = std::size_t{1} << 18;  // two waves of an H100's 132 x 1024 threads
  const std::size_t fits = free_bytes / 2 / std::max<std::size_t>(1, bytes_per_evaluation);
  return std::min({wanted, fits, kLargest});
}

}  // namespace gridqueue
