// What orders come to against numbers worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "host/outcome/estimates.hpp"
#include "host/outcome/queue_outcome.hpp"
#include "host/present/queue_report.hpp"
#include "host/walk/lattice.hpp"
#include "tests/results/fake_walk.hpp"

namespace gridqueue {
namespace {

Step step_of(std::size_t unit, double usd, bool triggers, bool rejects) {
  Step s;
  s.unit = UnitId(unit);
  s.cost_usd = usd;
  if (triggers) s.limits = limit_vdiff;
  s.decision = rejects ? Decision::reject : usd > 0 ? Decision::upgrade : Decision::accept;
  return s;
}

//! One step for every entry.
SampleStatistics sample_of(std::size_t units, const std::vector<Step>& steps) {
  SampleStatistics sample(units, Sampling::independent);
  Trajectories orders{units, {}};
  for (std::size_t i = 0; i < steps.size(); ++i) orders.step.emplace_back(i);
  sample.append(steps, orders);
  return sample;
}

TEST(Summary, OfFourOrders) {
  std::vector<Step> steps;
  const double first[] = {0, 10, 0, 30}, second[] = {5, 0, 5, 0};
  for (int r = 0; r < 4; ++r) {
    steps.push_back(step_of(1, second[r], second[r] > 0, false));
    steps.push_back(step_of(0, first[r], true, r == 0 || r == 2));
  }
  const SampleStatistics sample = sample_of(2, steps);
  const OrderEstimates e = estimate(sample);
  EXPECT_EQ(e.orders, 4u);
  EXPECT_EQ(e.units[0].trigger_probability.value, 1);
  EXPECT_EQ(e.units[0].reject_probability.value, 0.5);
  EXPECT_EQ(e.units[1].trigger_probability.value, 0.5);
  EXPECT_EQ(e.units[0].pays.mean.value, 10);
  EXPECT_DOUBLE_EQ(sample.cost_usd(UnitId(0)).sd(), std::sqrt((100 + 0 + 100 + 400) / 3.0));
  EXPECT_EQ(e.units[0].pays.quantile[2].value, 0);  // half of the orders pay nothing
  EXPECT_EQ(e.units[0].pays.quantile[5].value, 30);
  EXPECT_DOUBLE_EQ(e.units[0].pays.mean.standard_error, std::sqrt((100 + 0 + 100 + 400) / 3.0 / 4));
  EXPECT_EQ(e.total.mean.value, 12.5);
  const auto totals = sample.total_usd().values();  // 5 twice, 10, 30
  ASSERT_EQ(totals.size(), 3u);
  EXPECT_EQ(totals[0].orders, 2u);
  EXPECT_EQ(totals[2].value, 30);
}

TEST(Summary, ManyTotalsShareBinsAndNoneIsLost) {
  Masses totals;
  for (int r = 0; r < 1000; ++r) totals.emplace_back(r, 0.001);
  const auto bins = histogram(totals);
  double all = 0;
  for (const HistogramBin& bin : bins) all += bin.share;
  EXPECT_NEAR(all, 1, 1e-12);
  EXPECT_EQ(bins.size(), 12u);
  EXPECT_EQ(bins.back().high, 999);
}

TEST(Summary, OfOneOrder) {
  const SampleStatistics sample = sample_of(1, {step_of(0, 7, true, false)});
  EXPECT_EQ(sample.cost_usd(UnitId(0)).sd(), 0);
  EXPECT_EQ(estimate(sample).units[0].pays.quantile[5].value, 7);
}

TEST(Summary, TakesAWalk) {
  test::FakeWalk walk;
  SampleStatistics sample(3, Sampling::independent);
  sample.append(walk.walker, walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0}}));
  EXPECT_EQ(sample.orders(), 2u);
  EXPECT_EQ(sample.cost_usd(UnitId(1)).values().back().value,
            392000);  // the second unit of the first order builds two lines
  EXPECT_EQ(sample.cost_usd(UnitId(1)).values().back().orders, 1u);
  EXPECT_EQ(sample.total_usd().values().front().value, 392000);
  EXPECT_EQ(sample.reject_probability(UnitId(2)).value, 0.5);  // and the third cannot be cured there
}

//! The first unit pays in no order, the second 392,000 $ behind it; the third is rejected there.
TEST(Summary, OrdersComeToMassesPlacesAndEnds) {
  test::FakeWalk walk;
  SampleStatistics sample(3, Sampling::independent);
  sample.append(walk.walker, walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0}}));
  const QueueSums sums = sum_up(view_of(walk.walker), sample, true);
  EXPECT_EQ(sums.outcome.orders, 2u);
  ASSERT_EQ(sums.outcome.units[1].distribution.size(), 2u);
  EXPECT_EQ(sums.outcome.units[1].distribution[1], (std::pair<double, double>(392000, 0.5)));
  const UnitDistribution& second = sums.orders.units[1];
  EXPECT_EQ(second.mean_by_position[1], second.mean_usd);  // it stands there in both orders
  EXPECT_TRUE(std::isnan(second.mean_by_position[0]));
  EXPECT_EQ(second.mean_after[0], 392000);
  double ends = 0, totals = 0;
  for (const FinalState& end : sums.outcome.ends) ends += end.probability;
  for (const auto& [usd, p] : sums.outcome.total.distribution) totals += p;
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(totals, 1);
  ASSERT_TRUE(sums.estimates);
  EXPECT_EQ(sums.estimates->orders, 2u);
}

//! Over all orders a sample of every order says what the lattice says.
TEST(Summary, EveryOrderWalkedIsTheLattice) {
  test::FakeWalk one, other;
  SampleStatistics sample(3, Sampling::independent);
  sample.append(one.walker, walk_orders(one.walker, Orders{3, {0, 1, 2, 0, 2, 1, 1, 0, 2, 1, 2, 0, 2, 0, 1, 2, 1, 0}}));
  const OrderDistribution walked = sample.distribution(view_of(one.walker)), exact = enumerate_orders(other.walker);
  for (std::size_t u = 0; u < 3; ++u) {
    ASSERT_EQ(walked.units[u].distribution.size(), exact.units[u].distribution.size());
    for (const auto& [usd, p] : exact.units[u].distribution)
      EXPECT_NEAR(walked.units[u].distribution.at(usd), p, 1e-12);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(walked.units[u].mean_by_position[k], exact.units[u].mean_by_position[k], 1e-6);
      EXPECT_NEAR(walked.units[u].trigger_by_position[k], exact.units[u].trigger_by_position[k], 1e-12);
      if (k != u) {
        EXPECT_NEAR(walked.units[u].mean_after[k], exact.units[u].mean_after[k], 1e-6);
      }
    }
  }
  for (std::size_t t = 0; t < 4; ++t) EXPECT_NEAR(walked.triggers[t], exact.triggers[t], 1e-12);
  EXPECT_EQ(walked.total.size(), exact.total.size());
  EXPECT_EQ(walked.rejected.size(), exact.rejected.size());
}

}  // namespace
}  // namespace gridqueue
