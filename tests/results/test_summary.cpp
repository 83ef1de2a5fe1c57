// The summary against numbers worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "host/outcome/summary.hpp"
#include "tests/results/fake_walk.hpp"

namespace gridqueue {
namespace {

TEST(Summary, OfFourOrders) {
  SampleStatistics outcomes(2, Sampling::independent);
  const double first[] = {0, 10, 0, 30}, second[] = {5, 0, 5, 0};
  for (int r = 0; r < 4; ++r) {
    outcomes.add(UnitId(1), second[r], second[r] > 0, false);
    outcomes.add(UnitId(0), first[r], true, r == 0 || r == 2);
    outcomes.finish_order();
  }
  const Summary s = summarize(outcomes);
  EXPECT_EQ(s.orders, 4u);
  EXPECT_EQ(s.units[0].trigger_probability.value, 1);
  EXPECT_EQ(s.units[0].reject_probability.value, 0.5);
  EXPECT_EQ(s.units[1].trigger_probability.value, 0.5);
  EXPECT_EQ(s.units[0].pays.mean.value, 10);
  EXPECT_DOUBLE_EQ(s.units[0].pays.sd, std::sqrt((100 + 0 + 100 + 400) / 3.0));
  EXPECT_EQ(s.units[0].pays.median().value, 0);  // half of the orders pay nothing
  EXPECT_EQ(s.units[0].pays.p95().value, 30);
  EXPECT_DOUBLE_EQ(s.units[0].pays.mean.standard_error, std::sqrt((100 + 0 + 100 + 400) / 3.0 / 4));
  EXPECT_EQ(s.units[0].pays.max, 30);
  EXPECT_EQ(s.total.mean.value, 12.5);
  EXPECT_EQ(s.total.min, 5);
  EXPECT_EQ(s.total.max, 30);
  ASSERT_EQ(s.histogram.size(), 3u);  // 5 twice, 10, 30
  EXPECT_EQ(s.histogram[0].share, 0.5);
  EXPECT_EQ(s.histogram[2].low, 30);
}

TEST(Summary, ManyTotalsShareBinsAndNoneIsLost) {
  SampleStatistics outcomes(1, Sampling::independent);
  for (int r = 0; r < 1000; ++r) {
    outcomes.add(UnitId(0), (r * 37) % 1000, true, false);
    outcomes.finish_order();
  }
  const Summary s = summarize(outcomes);
  double all = 0;
  for (const HistogramBin& bin : s.histogram) all += bin.share;
  EXPECT_NEAR(all, 1, 1e-12);
  EXPECT_EQ(s.histogram.size(), 12u);
  EXPECT_EQ(s.histogram.back().high, 999);
  EXPECT_EQ(s.total.mean.value, 499.5);
}

TEST(Summary, OneOrderAndNone) {
  SampleStatistics outcomes(1, Sampling::independent);
  EXPECT_EQ(summarize(outcomes).orders, 0u);
  outcomes.add(UnitId(0), 7, true, false);
  outcomes.finish_order();
  const Summary s = summarize(outcomes);
  EXPECT_EQ(s.units[0].pays.sd, 0);
  EXPECT_EQ(s.units[0].pays.p95().value, 7);
}

TEST(Summary, TakesAWalk) {
  test::FakeWalk walk;
  SampleStatistics outcomes(3, Sampling::independent);
  outcomes.append(walk.walker, walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0}}));
  EXPECT_EQ(outcomes.orders(), 2u);
  EXPECT_EQ(outcomes.cost_usd(UnitId(1)).values().back().value,
            392000);  // the second unit of the first order builds two lines
  EXPECT_EQ(outcomes.cost_usd(UnitId(1)).values().back().orders, 1u);
  EXPECT_EQ(outcomes.total_usd().values().front().value, 392000);
  EXPECT_EQ(outcomes.reject_probability(UnitId(2)).value, 0.5);  // and the third cannot be cured there
}

}  // namespace
}  // namespace gridqueue
