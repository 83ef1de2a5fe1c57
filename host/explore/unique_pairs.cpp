#include "host/explore/unique_pairs.hpp"

#include <thrust/binary_search.h>
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/reduce.h>
#include <thrust/sort.h>

namespace gridqueue {
namespace {

//! The vectors' memory says where Thrust runs: host_vector = this thread, device_vector = all threads, or the GPU.
template <class Keys, class Counts>
UniquePairs unique_in(const std::vector<std::uint64_t>& packed) {
  const Keys all(packed.begin(), packed.end());
  Keys sorted = all, key(all.size());
  thrust::sort(sorted.begin(), sorted.end());
  Counts count(all.size()), place(all.size());
  const auto ends = thrust::reduce_by_key(sorted.begin(), sorted.end(), thrust::make_constant_iterator(std::uint32_t{1}),
                                          key.begin(), count.begin());
  key.resize(static_cast<std::size_t>(ends.first - key.begin()));
  count.resize(key.size());
  thrust::lower_bound(key.begin(), key.end(), all.begin(), all.end(), place.begin());
  UniquePairs u;
  u.key.resize(key.size());
  u.count.resize(key.size());
  u.place.resize(place.size());
  thrust::copy(key.begin(), key.end(), u.key.begin());
  thrust::copy(count.begin(), count.end(), u.count.begin());
  thrust::copy(place.begin(), place.end(), u.place.begin());
  return u;
}

}  // namespace

UniquePairs unique_pairs(std::span<const StateUnit> pairs) {
  std::vector<std::uint64_t> packed;
  packed.reserve(pairs.size());
  for (StateUnit p : pairs) packed.push_back(pack_pair(p));
  if (packed.size() < kParallelPairs) return unique_in<thrust::host_vector<std::uint64_t>, thrust::host_vector<std::uint32_t>>(packed);
  return unique_in<thrust::device_vector<std::uint64_t>, thrust::device_vector<std::uint32_t>>(packed);
}

}  // namespace gridqueue
