// Every order of a queue walked one by one, and what that says of all orders: what the lattice must say without it.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "host/walk/lattice.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue::test {

inline Orders every_order(std::size_t n) {
  Orders all{n, {}};
  std::vector<std::int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  do all.unit.insert(all.unit.end(), order.begin(), order.end());
  while (std::next_permutation(order.begin(), order.end()));
  return all;
}

//! Adds one order, of weight `each`.
inline void count_order(const Walker& walker, std::span<const StepId> taken, double each, OrderDistribution& x) {
  const std::size_t n = taken.size();
  double total = 0;
  std::size_t triggers = 0;
  UnitSet rejected;
  for (std::size_t p = 0; p < n; ++p) {
    const Step& s = walker.steps()[taken[p].index()];
    UnitDistribution& u = x.units[s.unit.index()];
    u.distribution[s.cost_usd] += each;
    u.mean_usd += each * s.cost_usd;
    u.trigger_probability += s.limits ? each : 0;
    u.reject_probability += s.decision == Decision::reject ? each : 0;
    u.mean_by_position[p] += each * s.cost_usd * static_cast<double>(n);
    u.trigger_by_position[p] += s.limits ? each * static_cast<double>(n) : 0;
    for (std::size_t q = 0; q < p; ++q)
      u.mean_after[walker.steps()[taken[q].index()].unit.index()] += 2 * each * s.cost_usd;
    total += s.cost_usd;
    triggers += s.limits != 0;
    if (s.decision == Decision::reject) rejected = rejected.with(s.unit);
  }
  const StateId end = walker.steps()[taken.back().index()].to;
  x.total[std::round(total * 100) / 100] += each;
  x.triggers[triggers] += each;
  x.upgrades[walker.states()[end.index()].upgrades] += each;
  x.rejected[rejected] += each;
  x.ends[end] += each;
}

inline OrderDistribution brute_force(Walker& walker) {
  const std::size_t n = walker.queue().units.size();
  OrderDistribution x;
  x.units.resize(n);
  x.triggers.assign(n + 1, 0.0);
  for (UnitDistribution& u : x.units)
    u.mean_by_position = u.trigger_by_position = u.mean_after = std::vector<double>(n, 0.0);
  const Orders orders = every_order(n);
  const Trajectories t = walk_orders(walker, orders);
  for (std::size_t k = 0; k < orders.count(); ++k)
    count_order(walker, std::span(t.step).subspan(k * n, n), 1 / static_cast<double>(orders.count()), x);
  for (UnitDistribution& u : x.units) {
    double variance = 0;
    for (const auto& [usd, p] : u.distribution) variance += p * (usd - u.mean_usd) * (usd - u.mean_usd);
    u.sd_usd = std::sqrt(variance);
  }
  return x;
}

inline void expect_close(double a, double b) { EXPECT_NEAR(a, b, 1e-12 * std::max(1.0, std::abs(b))); }

template <class Key>
void expect_close(const std::map<Key, double>& a, const std::map<Key, double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j) {
    EXPECT_TRUE(i->first == j->first);
    expect_close(i->second, j->second);
  }
}

inline void expect_close(const std::vector<double>& a, const std::vector<double>& b,
                         std::size_t except = std::numeric_limits<std::size_t>::max()) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (i != except) expect_close(a[i], b[i]);
}

//! All that both say, to 1e-12 of the larger of the value and 1.
inline void expect_same(const OrderDistribution& exact, const OrderDistribution& brute) {
  ASSERT_EQ(exact.units.size(), brute.units.size());
  for (std::size_t u = 0; u < brute.units.size(); ++u) {
    const UnitDistribution &a = exact.units[u], &b = brute.units[u];
    expect_close(a.distribution, b.distribution);
    expect_close(a.mean_usd, b.mean_usd);
    expect_close(a.sd_usd, b.sd_usd);
    expect_close(a.trigger_probability, b.trigger_probability);
    expect_close(a.reject_probability, b.reject_probability);
    expect_close(a.mean_by_position, b.mean_by_position);
    expect_close(a.trigger_by_position, b.trigger_by_position);
    expect_close(a.mean_after, b.mean_after, u);
    EXPECT_TRUE(std::isnan(a.mean_after[u]));
  }
  expect_close(exact.total, brute.total);
  expect_close(exact.triggers, brute.triggers);
  expect_close(exact.upgrades, brute.upgrades);
  expect_close(exact.rejected, brute.rejected);
  expect_close(exact.ends, brute.ends);
}

}  // namespace gridqueue::test
