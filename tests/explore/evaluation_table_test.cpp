// What a walk remembers: packed evaluations, and ids found by keys that stand elsewhere.
#include "host/walk/evaluation_table.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "host/walk/id_index.hpp"

namespace gridqueue {
namespace {

Quantities numbered(std::size_t i) {
  Quantities q;
  q.converged = true;
  q.violations = static_cast<std::uint32_t>(i);
  q[limit_vdiff] = {0.1 * static_cast<double>(i), static_cast<int>(i % 90), 7, {1, static_cast<int>(i % 7)}};
  q.vdiff_buses.assign(i % 300, BusId(i % 1000));
  return q;
}

TEST(EvaluationTable, GivesBackWhatCameWhereverItLies) {
  EvaluationTable table;
  constexpr std::size_t kCount = 20'000;  // some chunks of the largest size
  for (std::size_t i = 0; i < kCount; ++i) table.push_back(numbered(i));
  ASSERT_EQ(table.size(), kCount);
  for (std::size_t i = 0; i < kCount; i += 7) {
    const Quantities q = table[i], expected = numbered(i);
    EXPECT_EQ(table.violations(i), i);
    EXPECT_EQ(q[limit_vdiff].value, expected[limit_vdiff].value);
    EXPECT_EQ(q[limit_vdiff].excess.place, expected[limit_vdiff].excess.place);
    EXPECT_EQ(q.vdiff_buses, expected.vdiff_buses);
  }
}

//! Larger than any chunk.
TEST(EvaluationTable, TakesWhatIsLargerThanAChunk) {
  EvaluationTable table;
  Quantities large = numbered(1);
  large.vdiff_buses.assign(2'000'000, BusId(std::size_t{99}));
  table.push_back(numbered(5)), table.push_back(large), table.push_back(numbered(6));
  EXPECT_EQ(table[1].vdiff_buses, large.vdiff_buses);
  EXPECT_EQ(table.violations(0), 5u);
  EXPECT_EQ(table.violations(2), 6u);
}

//! Against a map, with hashes that collide.
TEST(IdIndex, FindsWhatWasAdded) {
  std::vector<std::uint64_t> key;
  IdIndex index;
  std::unordered_map<std::uint64_t, std::int32_t> known;
  const auto hash = [](std::uint64_t k) { return static_cast<std::size_t>(k % 37); };
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t k = random() % 1000;
    const auto is = [&](std::int32_t id) { return key[static_cast<std::size_t>(id)] == k; };
    const auto hash_of = [&](std::int32_t id) { return hash(key[static_cast<std::size_t>(id)]); };
    const auto next = static_cast<std::int32_t>(key.size());
    EXPECT_EQ(index.find(hash(k), is), known.contains(k) ? known[k] : -1);
    const auto [at, is_new] = known.try_emplace(k, next);
    EXPECT_EQ(index.find_or_add(hash(k), next, is, hash_of), at->second);
    if (is_new) key.push_back(k);
  }
  EXPECT_GT(key.size(), 900u);
}

}  // namespace
}  // namespace gridqueue
