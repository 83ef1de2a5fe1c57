#include "host/walk/unique_pairs.hpp"

#include <thrust/binary_search.h>
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>
#include <thrust/sort.h>
#include <thrust/unique.h>

namespace gridqueue {
namespace {

//! The vectors' memory says where Thrust runs: host_vector = this thread, device_vector = all threads, or the GPU.
template <class Keys, class Places>
UniquePairs unique_in(const std::vector<std::uint64_t>& packed) {
  const Keys all(packed.begin(), packed.end());
  Keys key = all;
  thrust::sort(key.begin(), key.end());
  key.resize(static_cast<std::size_t>(thrust::unique(key.begin(), key.end()) - key.begin()));
  Places place(all.size());
  thrust::lower_bound(key.begin(), key.end(), all.begin(), all.end(), place.begin());
  UniquePairs u;
  u.key.resize(key.size());
  u.place.resize(place.size());
  thrust::copy(key.begin(), key.end(), u.key.begin());
  thrust::copy(place.begin(), place.end(), u.place.begin());
  return u;
}

}  // namespace

UniquePairs unique_pairs(std::span<const StateUnit> pairs) {
  std::vector<std::uint64_t> packed;
  packed.reserve(pairs.size());
  for (StateUnit p : pairs) packed.push_back(pack_pair(p));
  if (packed.size() < kParallelPairs)
    return unique_in<thrust::host_vector<std::uint64_t>, thrust::host_vector<std::uint32_t>>(packed);
  return unique_in<thrust::device_vector<std::uint64_t>, thrust::device_vector<std::uint32_t>>(packed);
}

}  // namespace gridqueue
