#include "host/outcome/sample_statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "host/policy/upgrade_policy.hpp"
#include "host/walk/lattice.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();
constexpr std::size_t kUnits = 7;

Queue some_queue() {
  Queue q;
  for (std::size_t u = 0; u < kUnits; ++u)
    q.units.push_back({BusId(static_cast<std::int32_t>(1 + (u * u * 3 + u + 2) % 6)),
                       60.0 + static_cast<double>((u * 71 + 30) % 200)});
  return q;
}

struct SampleTest : testing::Test {
  FakeEvaluator fake{kTree};
  Walker walker{fake, some_queue(), upgrade_policy(fake), HostingCapacityMode::none};

  SampleStatistics sample(std::uint64_t seed, std::size_t orders, Sampling s, std::size_t batch = 100000) {
    SampleStatistics stats(kUnits, s);
    for (std::size_t first = 0; first < orders; first += batch)
      stats.append(walker, walk_orders(walker, random_orders(kUnits, seed, first, std::min(batch, orders - first), s)));
    return stats;
  }
};

TEST(AntitheticOrders, ComeInPairsOfReversesWhateverTheBatch) {
  const Orders all = random_orders(9, 3, 0, 20, Sampling::antithetic), plain = random_orders(9, 3, 0, 10);
  const Orders odd = random_orders(9, 3, 7, 6, Sampling::antithetic);
  for (std::size_t k = 0; k < 20; ++k)
    for (std::size_t p = 0; p < 9; ++p) {
      const std::size_t at = k % 2 ? 8 - p : p;
      EXPECT_EQ(all.unit[k * 9 + p], plain.unit[k / 2 * 9 + at]);
      if (k >= 7 && k < 13) {
        EXPECT_EQ(odd.unit[(k - 7) * 9 + p], all.unit[k * 9 + p]);
      }
    }
}

TEST_F(SampleTest, BatchesChangeNoBit) {
  const SampleStatistics whole = sample(5, 500, Sampling::antithetic), parts = sample(5, 500, Sampling::antithetic, 77);
  for (std::size_t u = 0; u < kUnits; ++u) {
    EXPECT_EQ(whole.cost_usd(UnitId(u)).mean().value, parts.cost_usd(UnitId(u)).mean().value);
    EXPECT_EQ(whole.cost_usd(UnitId(u)).mean().high, parts.cost_usd(UnitId(u)).mean().high);
    EXPECT_EQ(whole.trigger_probability(UnitId(u)).low, parts.trigger_probability(UnitId(u)).low);
  }
  EXPECT_EQ(whole.total_usd().mean().standard_error, parts.total_usd().mean().standard_error);
}

// 400 repetitions: 4 standard errors of the coverage are 4.4 %-points, so each unit's expectation fails by chance once
// in 16,000 seeds; the seeds are fixed. Units that never pay are left out: their interval is the point 0.
TEST_F(SampleTest, IntervalsCoverTheExactMeans) {
  const OrderDistribution exact = enumerate_orders(walker);
  int payers = 0;
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    std::vector<int> inside(kUnits, 0), inside_trigger(kUnits, 0);
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      const SampleStatistics stats = sample(seed, 400, s);
      for (std::size_t u = 0; u < kUnits; ++u) {
        const Estimate e = stats.cost_usd(UnitId(u)).mean(), t = stats.trigger_probability(UnitId(u));
        inside[u] += e.low <= exact.units[u].mean_usd && exact.units[u].mean_usd <= e.high;
        inside_trigger[u] +=
            t.low <= exact.units[u].trigger_probability && exact.units[u].trigger_probability <= t.high;
      }
    }
    for (std::size_t u = 0; u < kUnits; ++u) {
      if (exact.units[u].sd_usd > 0) {
        EXPECT_NEAR(inside[u] / 400.0, 0.95, 0.044) << "unit " << u;
        ++payers;
      }
      EXPECT_GT(inside_trigger[u] / 400.0, 0.95 - 0.054)
          << "unit " << u;  // Wilson: 1 %-point more, see Coverage.OfProbabilities
    }
  }
  EXPECT_GE(payers, 6);
}

TEST_F(SampleTest, StopsWhereTheIntervalIsNarrowEnough) {
  const StoppingRule rule{StopStatistic::mean, 0, 2000, 200, 100000};
  SampleStatistics stats(kUnits, Sampling::antithetic);
  int looks = 0;
  for (std::uint64_t goal; (goal = orders_needed(stats, rule)) > stats.orders(); ++looks)
    stats.append(walker, walk_orders(walker, random_orders(kUnits, 1, stats.orders(), goal - stats.orders(),
                                                           Sampling::antithetic)));
  EXPECT_LE(widest_half_width(stats, rule), rule.half_width);
  EXPECT_LT(stats.orders(), rule.max_orders);
  EXPECT_GT(stats.orders(), rule.min_orders);
  EXPECT_EQ(stats.orders() % 2, 0u);
  EXPECT_LT(looks, 15);
}

TEST_F(SampleTest, StopsAtTheMostOrders) {
  SampleStatistics stats(kUnits, Sampling::antithetic);
  const StoppingRule rule{StopStatistic::total_mean, 0, 1e-6, 100, 301};
  for (std::uint64_t goal; (goal = orders_needed(stats, rule)) > stats.orders();)
    stats.append(walker, walk_orders(walker, random_orders(kUnits, 1, stats.orders(), goal - stats.orders(),
                                                           Sampling::antithetic)));
  EXPECT_EQ(stats.orders(), 300u);  // whole pairs
}

//! Every statistic a rule may name stops before the most orders, at the width asked for.
TEST_F(SampleTest, StopsOnQuantilesAndProbabilities) {
  for (const StoppingRule& rule : {StoppingRule{StopStatistic::quantile, 0.9, 20000, 200, 1u << 17},
                                   StoppingRule{StopStatistic::total_quantile, 0.25, 5000, 200, 1u << 17},
                                   StoppingRule{StopStatistic::trigger_probability, 0, 0.02, 200, 1u << 17}}) {
    SampleStatistics stats(kUnits, Sampling::independent);
    for (std::uint64_t goal; (goal = orders_needed(stats, rule)) > stats.orders();)
      stats.append(walker, walk_orders(walker, random_orders(kUnits, 1, stats.orders(), goal - stats.orders())));
    EXPECT_LE(widest_half_width(stats, rule), rule.half_width) << rule.text();
    EXPECT_LT(stats.orders(), rule.max_orders) << rule.text();
  }
}

}  // namespace
}  // namespace gridqueue
