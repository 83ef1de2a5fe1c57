#include "host/walk/unique_pairs.hpp"

#include <gtest/gtest.h>

#include <set>

#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

//! Both ways of running it, on either side of the size that separates them, against an ordered set.
TEST(UniquePairs, AreAMapsKeys) {
  for (std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{1000}, kParallelPairs - 1, kParallelPairs, 3 * kParallelPairs}) {
    std::vector<StateUnit> pairs;
    std::set<std::uint64_t> expected;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t bits = random_bits(1, Purpose::verification, n, static_cast<std::uint32_t>(i));
      pairs.push_back({StateId(static_cast<std::int32_t>(bits % 500)),
                       UnitId(static_cast<std::int32_t>((bits >> 32) % kMaxUnits))});
      expected.insert(pack_pair(pairs.back()));
    }
    const UniquePairs u = unique_pairs(pairs);
    ASSERT_EQ(u.key.size(), expected.size());
    std::size_t i = 0;
    for (const std::uint64_t key : expected) EXPECT_EQ(u.key[i++], key);
    for (std::size_t k = 0; k < n; ++k) {
      ASSERT_EQ(u.key[u.place[k]], pack_pair(pairs[k]));
      EXPECT_EQ(unpack_pair(pack_pair(pairs[k])).unit, pairs[k].unit);
    }
  }
}

}  // namespace
}  // namespace gridqueue
