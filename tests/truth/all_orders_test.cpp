// All orders at once on the radial feeder: against brute force, and against a sample with its own standard error.
#include <gtest/gtest.h>

#include "host/outcome/sample_statistics.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/queue/random_queue.hpp"
#include "tests/explore/brute_force.hpp"
#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

Queue big_units(Evaluator& evaluator, std::size_t count, std::uint64_t seed) {
  RandomQueueSpec spec;
  spec.sites = sites_of_kind(radial(), SiteKind::three_phase);
  spec.kw_min = 200;
  spec.kw_max = 1200;
  spec.seed = seed;
  spec.count = count;
  return draw_random_queue(evaluator, spec);
}

TEST(AllOrders, AreBruteForceOnTheFeeder) {
  const auto evaluator = radial_evaluator(Precision::single);
  std::size_t costs = 0;
  for (const auto& [n, seed] : std::vector<std::pair<std::size_t, std::uint64_t>>{{3, 6}, {5, 3}, {7, 2}}) {
    Walker walker(*evaluator, big_units(*evaluator, n, seed), upgrade_policy(*evaluator), HostingCapacityMode::none);
    const OrderDistribution exact = enumerate_orders(walker);
    test::expect_same(exact, test::brute_force(walker));
    for (const UnitDistribution& u : exact.units) costs += u.distribution.size();
  }
  EXPECT_GT(costs, 20u);  // there is something to compare
}

//! Five standard errors are exceeded by chance once in 1.7e6 numbers.
TEST(AllOrders, AgreeWithASampleOnTheFeeder) {
  constexpr std::size_t n = 10;
  const auto evaluator = radial_evaluator(Precision::single);
  Walker walker(*evaluator, big_units(*evaluator, n, 6), upgrade_policy(*evaluator), HostingCapacityMode::none);
  const OrderDistribution exact = enumerate_orders(walker);
  SampleStatistics sample(n, Sampling::antithetic);
  sample.append(walker, walk_orders(walker, random_orders(n, 1, 0, 20000, Sampling::antithetic)));
  int compared = 0;
  for (std::size_t u = 0; u < n; ++u) {
    const Estimate mean = sample.cost_usd(UnitId(u)).mean(), trigger = sample.trigger_probability(UnitId(u));
    EXPECT_NEAR(mean.value, exact.units[u].mean_usd, 5 * mean.standard_error + 1e-9) << u;
    EXPECT_NEAR(trigger.value, exact.units[u].trigger_probability, 5 * trigger.standard_error + 1e-9) << u;
    compared += mean.standard_error > 0;
  }
  EXPECT_GT(compared, 7);
}

}  // namespace
}  // namespace gridqueue
