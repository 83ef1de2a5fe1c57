#include "host/walk/lattice.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/outcome/sample_statistics.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "tests/explore/brute_force.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

TEST(Lattice, IsBruteForceOverAllOrders) {
  double rejections = 0, sets = 0;
  for (std::size_t n : {1, 2, 3, 4, 5, 6, 7}) {
    FakeEvaluator fake(kTree);
    Walker walker(fake, queue_of(n, n), upgrade_policy(fake), HostingCapacityMode::none);
    const OrderDistribution exact = enumerate_orders(walker);
    test::expect_same(exact, test::brute_force(walker));
    for (const UnitDistribution& u : exact.units) rejections += u.reject_probability;
    sets += static_cast<double>(exact.upgrades.size());
  }
  EXPECT_GT(rejections, 0);  // the queues do reject and do end differently
  EXPECT_GT(sets, 7);
}

//! Shapley's axioms on the real thing: means add up to the mean total, twins pay alike, a unit that changes nothing
//! pays nothing.
TEST(Lattice, MeansAreShapleyValues) {
  FakeEvaluator fake(kTree);
  Queue q = queue_of(5, 2);
  q.units.push_back(q.units[1]);
  q.units.push_back({BusId(0), 1});  // at the source: below no line
  Walker walker(fake, q, upgrade_policy(fake), HostingCapacityMode::none);
  const OrderDistribution exact = enumerate_orders(walker);
  double sum = 0, total = 0;
  for (const UnitDistribution& u : exact.units) sum += u.mean_usd;
  for (const auto& [usd, p] : exact.total) total += usd * p;
  EXPECT_NEAR(sum, total, 1e-9 * total);
  EXPECT_NEAR(exact.units[1].mean_usd, exact.units[5].mean_usd, 1e-9 * total);
  EXPECT_EQ(exact.units[6].mean_usd, 0);
}

//! Larger queues against a sample with its own standard error: five of them are exceeded by chance once in 1.7e6
//! numbers.
TEST(Lattice, AgreesWithSampling) {
  for (std::size_t n : {9, 12}) {
    FakeEvaluator fake(kTree);
    Walker walker(fake, queue_of(n, 4), upgrade_policy(fake), HostingCapacityMode::none);
    const OrderDistribution exact = enumerate_orders(walker);
    SampleStatistics sample(n, Sampling::independent);
    sample.append(walker, walk_orders(walker, random_orders(n, 1, 0, 20000)));
    int compared = 0;
    for (std::size_t u = 0; u < n; ++u) {
      const Estimate mean = sample.cost_usd(UnitId(u)).mean(), trigger = sample.trigger_probability(UnitId(u));
      EXPECT_NEAR(mean.value, exact.units[u].mean_usd, 5 * mean.standard_error + 1e-9);
      EXPECT_NEAR(trigger.value, exact.units[u].trigger_probability, 5 * trigger.standard_error + 1e-9);
      compared += mean.standard_error > 0;
    }
    EXPECT_GT(compared, 5);
  }
}

TEST(Lattice, RefusesWhatIsTooLarge) {
  FakeEvaluator fake(kTree);
  Walker walker(fake, queue_of(40, 1), upgrade_policy(fake), HostingCapacityMode::none);
  EXPECT_THROW(enumerate_orders(walker), Error);
  // upgrades make more than 2^N states
  Walker counted(fake, queue_of(7, 1), upgrade_policy(fake), HostingCapacityMode::none),
      bounded(fake, queue_of(7, 1), upgrade_policy(fake), HostingCapacityMode::none);
  enumerate_orders(counted);
  const std::size_t states = counted.states().size();
  ASSERT_GT(states, 128u);
  EXPECT_THROW(enumerate_orders(bounded, {states - 1}), Error);
}

}  // namespace
}  // namespace gridqueue
