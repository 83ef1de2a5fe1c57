// Who of several ranks evaluates what.
#include "host/run/rank_deal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace gridqueue {
namespace {

std::map<std::uint32_t, std::size_t> counts(const std::vector<std::uint32_t>& ranks) {
  std::map<std::uint32_t, std::size_t> all;
  for (const std::uint32_t r : ranks) ++all[r];
  return all;
}

TEST(RankDeal, WholeVectorsToWhoHadLeast) {
  RankDeal deal(3);
  deal.lanes(16);
  EXPECT_EQ(counts(deal.deal(40)), (std::map<std::uint32_t, std::size_t>{{0, 16}, {1, 16}, {2, 8}}));
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(deal.rank_of(i), i / 16);
  // small batches go round: each costs a vector
  std::vector<std::uint32_t> turn;
  for (int i = 0; i < 6; ++i) turn.push_back(deal.deal(1).front());
  EXPECT_EQ(turn, (std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2}));
  EXPECT_TRUE(deal.deal(0).empty());
}

TEST(RankDeal, OneByOneWithoutVectors) {
  RankDeal deal(4);
  EXPECT_EQ(deal.deal(6), (std::vector<std::uint32_t>{0, 1, 2, 3, 0, 1}));
  EXPECT_EQ(deal.deal(3), (std::vector<std::uint32_t>{2, 3, 0}));
}

//! As many as there are ranks and the file's work leave: all are done at once.
TEST(RankDeal, WhoDoesMoreBesideGetsLess) {
  RankDeal deal(4);
  deal.lanes(16);
  std::map<std::uint32_t, std::size_t> all;
  std::vector<std::uint64_t> spent(4);
  for (int batch = 0; batch < 400; ++batch) {
    for (const auto& [rank, states] : counts(deal.deal(1000))) {
      all[rank] += states;
      spent[rank] += 10 * states;
    }
    spent[0] += 100;  // of 2,500
    deal.tell_spent(spent);
  }
  EXPECT_LT(all[0], all[1]);
  const auto [least, most] = std::minmax_element(spent.begin(), spent.end());
  EXPECT_LT(static_cast<double>(*most), 1.005 * static_cast<double>(*least));
}

//! A slow processor, or one that others work on, changes shares by a tenth at most.
TEST(RankDeal, NobodyGetsMuchLess) {
  RankDeal deal(2);
  std::map<std::uint32_t, std::size_t> all;
  std::vector<std::uint64_t> spent(2);
  for (int batch = 0; batch < 100; ++batch) {
    for (const auto& [rank, states] : counts(deal.deal(1000))) all[rank] += states, spent[rank] += states;
    spent[0] += 1000;
    deal.tell_spent(spent);
  }
  EXPECT_NEAR(static_cast<double>(all[0]) / static_cast<double>(all[1]), 1 / 1.1, 0.001);
}

}  // namespace
}  // namespace gridqueue
