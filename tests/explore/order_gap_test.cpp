// Totals that depend on the order, and such that do not.
#include "host/outcome/order_gap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "host/policy/upgrade_policy.hpp"
#include "host/walk/lattice.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

UnitSet set_of(std::initializer_list<int> units) {
  UnitSet s;
  for (int u : units) s.add(UnitId(u));
  return s;
}

TEST(OrderGap, IsBetweenOrdersOfTheSameUnitsOnly) {
  EXPECT_EQ(largest_order_gap(std::vector<SetTotal>{}), 0);
  EXPECT_EQ(largest_order_gap({{set_of({0}), 10}, {set_of({1}), 70}, {set_of({0, 1}), 300}, {set_of({0}), 10}}), 0);
  EXPECT_EQ(largest_order_gap({{set_of({1}), 70}, {set_of({0}), 25}, {set_of({1}), 71.5}, {set_of({0}), 10}}), 15);
  EXPECT_EQ(largest_order_gap({{set_of({0}), 10.001}, {set_of({0}), 9.999}}), 0);  // less than a cent is rounding
}

TEST(OrderGap, GivenOrdersHaveNoShapleyValues) {
  EXPECT_TRUE((OrderGap{OrderSource::all, 5, 5, 5, 0}.shapley()));
  EXPECT_TRUE((OrderGap{OrderSource::random, 5, 5, 5, 0}.shapley()));
  EXPECT_FALSE((OrderGap{OrderSource::given, 5, 5, 5, 0}.shapley()));
  EXPECT_FALSE((OrderGap{OrderSource::all, 5, 5, 5, 1}.shapley()));  // a part of the units suffices
}

//! Every order walked by itself: what each set of units costs in it.
double brute_force_gap(Walker& walker) {
  const std::size_t n = walker.queue().units.size();
  std::map<UnitSet, std::pair<double, double>> range;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    StateId state = walker.root();
    UnitSet considered;
    double total = 0;
    for (std::size_t u : order) {
      const StateUnit pair{state, UnitId(u)};
      const Step& step = walker.steps()[walker.consider({&pair, 1}).front().index()];
      state = step.to, total += step.cost_usd;
      considered.add(UnitId(u));
      auto& r = range.try_emplace(considered, total, total).first->second;
      r = {std::min(r.first, total), std::max(r.second, total)};
    }
  } while (std::next_permutation(order.begin(), order.end()));
  double largest = 0;
  for (const auto& [set, r] : range) largest = std::max(largest, r.second - r.first);
  return largest;
}

TEST(OrderGap, OfAWalkIsBruteForceOverAllOrders) {
  int with = 0, without = 0;
  for (std::uint64_t k = 0; k < 12; ++k)
    for (std::size_t n : {1, 3, 5}) {
      FakeEvaluator fake(kTree);
      Walker walker(fake, queue_of(n, k), upgrade_policy(fake), HostingCapacityMode::none);
      enumerate_orders(walker);
      const double gap = largest_order_gap(view_of(walker));
      EXPECT_NEAR(gap, brute_force_gap(walker), 0.01) << "queue " << k << " of " << n;
      ++(gap > 0 ? with : without);
    }
  EXPECT_GT(with, 3);  // queues of both sides
  EXPECT_GT(without, 12);
}

}  // namespace
}  // namespace gridqueue
