#include "host/walk/lattice_forecast.hpp"

#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/lattice.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

//! Queues with 1.6 to 8 times as many states as sets of units: foreseen within a third, and the bound holds.
TEST(LatticeForecast, ForeseesWhatIsWalked) {
  for (std::uint64_t k = 1; k <= 8; ++k) {
    FakeEvaluator fake(kTree);
    Walker tried(fake, queue_of(10, k), upgrade_policy(fake), HostingCapacityMode::none),
        walked(fake, queue_of(10, k), upgrade_policy(fake), HostingCapacityMode::none);
    const LatticeForecast f = forecast_lattice(tried);
    const OrderDistribution exact = enumerate_orders(walked);
    const auto states = static_cast<double>(walked.states().size());
    EXPECT_NEAR(f.states(), states, states / 3) << "queue " << k;
    EXPECT_GE(f.most_states() * 1.05, states) << "queue " << k;
    ASSERT_EQ(f.expected.size(), 11u);
    EXPECT_GT(f.most_bytes(), f.bytes() * 0.99);
  }
}

TEST(LatticeForecast, OfUnitsThatNeverTriggerIsExact) {
  FakeEvaluator fake(kTree);
  Queue q;
  for (int u = 0; u < 9; ++u) q.units.push_back({BusId(0), 1});
  Walker walker(fake, q, upgrade_policy(fake), HostingCapacityMode::none);
  const LatticeForecast f = forecast_lattice(walker);
  EXPECT_EQ(f.states(), 512);
  EXPECT_EQ(f.expected[4], 126);
}

//! The trial is part of the walk: evaluating it first costs nothing.
TEST(LatticeForecast, TriesOnlyWhatIsWalkedAnyway) {
  FakeEvaluator with(kTree), without(kTree);
  Walker a(with, queue_of(9, 3), upgrade_policy(with), HostingCapacityMode::none),
      b(without, queue_of(9, 3), upgrade_policy(with), HostingCapacityMode::none);
  (void)forecast_lattice(a);
  const OrderDistribution x = enumerate_orders(a), y = enumerate_orders(b);
  EXPECT_EQ(with.evaluations, without.evaluations);
  EXPECT_EQ(a.states().size(), b.states().size());
  EXPECT_EQ(x.level_states, y.level_states);
  for (std::size_t u = 0; u < 9; ++u)
    EXPECT_NEAR(x.units[u].mean_usd, y.units[u].mean_usd, 1e-9 * (1 + y.units[u].mean_usd));
}

TEST(LatticeForecast, RefusesWithAdvice) {
  FakeEvaluator fake(kTree);
  Walker walker(fake, queue_of(8, 1), upgrade_policy(fake), HostingCapacityMode::none);
  const LatticeForecast f = forecast_lattice(walker);
  check_forecast(f, 1'000'000, 1e12);
  for (const auto& [states, memory] : std::vector<std::pair<std::size_t, double>>{{100, 1e12}, {1'000'000, 1e6}}) {
    try {
      check_forecast(f, states, memory);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      EXPECT_NE(std::string(e.what()).find("sample instead"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace gridqueue
