// Memory for temporaries of Thrust's algorithms, kept from one call to the next: cudaMalloc and cudaFree each wait
// until the device is idle.
#pragma once
#include <algorithm>
#include <bit>
#include <map>

#include "kernels/cuda/device_array.cuh"

namespace gridqueue {

//! What Thrust wants of an allocator. What is given back may be handed out at once: so for one stream alone, in which
//! the next user comes after the last.
class TemporaryPool {
 public:
  using value_type = char;

  char* allocate(std::ptrdiff_t bytes) {
    const std::size_t size = std::bit_ceil(static_cast<std::size_t>(std::max<std::ptrdiff_t>(bytes, kSmallest)));
    const auto found = free_.find(size);
    DeviceArray<char> piece = found == free_.end() ? DeviceArray<char>(size) : std::move(found->second);
    if (found != free_.end()) free_.erase(found);
    char* const at = piece.data();
    used_.emplace(at, std::move(piece));
    return at;
  }
  void deallocate(char* at, std::size_t) {
    const auto found = used_.find(at);
    free_.emplace(found->second.size(), std::move(found->second));
    used_.erase(found);
  }

 private:
  static constexpr std::ptrdiff_t kSmallest = 256;
  std::multimap<std::size_t, DeviceArray<char>> free_;  //!< by size, a power of two
  std::map<char*, DeviceArray<char>> used_;
};

}  // namespace gridqueue
