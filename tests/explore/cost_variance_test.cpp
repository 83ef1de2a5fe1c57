#include "host/outcome/cost_variance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

double normal(std::uint64_t seed, std::uint64_t realization, std::uint32_t unit) {
  double sum = -6;  // Irwin-Hall: variance 1
  for (std::uint32_t d = 0; d < 12; ++d)
    sum += random_unit(random_bits(seed, Purpose::verification, realization, unit, d));
  return sum;
}

//! By hand: queues (1, 3) and (5, 7) with variances over orders 2, 4, 6, 8.
TEST(CostVariance, ThreeParts) {
  const std::vector<QueueCosts> queues{{{{1, 2, 0}, {3, 4, 0}}, {4, 0, 0}}, {{{5, 6, 0}, {7, 8, 0}}, {12, 0, 0}}};
  const CostVariance v = cost_variance(queues);
  EXPECT_DOUBLE_EQ(v.order, 5);
  EXPECT_DOUBLE_EQ(v.unit, 1);
  EXPECT_DOUBLE_EQ(v.queue, 8);  // means 2 and 6
  EXPECT_DOUBLE_EQ(cost_shares(queues).order.value, 5.0 / 14);
}

//! Invented costs = queue + unit + order with variances 4, 9, 16: recovered from few orders per queue, and the error
//! stated covers the truth (three shares at 4 standard errors: fails by chance once in 5,000).
TEST(CostVariance, FewOrdersDoNotBias) {
  constexpr std::size_t kQueues = 2000, kUnits = 6, kOrders = 4;
  std::vector<QueueCosts> queues;
  for (std::size_t q = 0; q < kQueues; ++q) {
    QueueCosts costs;
    RunningMean total(Sampling::independent);
    std::vector<RunningMean> unit(kUnits, RunningMean(Sampling::independent));
    for (std::size_t o = 0; o < kOrders; ++o) {
      double sum = 0;
      for (std::size_t u = 0; u < kUnits; ++u) {
        const double x = 2 * normal(1, q, 0) + 3 * normal(2, q, static_cast<std::uint32_t>(u)) +
                         4 * normal(3, q * kOrders + o, static_cast<std::uint32_t>(u));
        unit[u].add(x);
        sum += x;
      }
      total.add(sum);
    }
    const auto moments = [](const RunningMean& m) {
      const Estimate e = m.mean();
      return QueueMoments{e.value, e.standard_error * e.standard_error * kOrders, e.standard_error};
    };
    for (const RunningMean& m : unit) costs.unit.push_back(moments(m));
    costs.total = moments(total);
    queues.push_back(costs);
  }
  const CostShares s = cost_shares(queues);
  const double unit_variance = 9 * (1 - 1.0 / kUnits), queue_variance = 4 + 9.0 / kUnits, sum = 16 + 9 + 4;
  EXPECT_NEAR(s.order.value, 16 / sum, 4 * s.order.standard_error);
  EXPECT_NEAR(s.unit.value, unit_variance / sum, 4 * s.unit.standard_error);
  EXPECT_NEAR(s.queue.value, queue_variance / sum, 4 * s.queue.standard_error);
  EXPECT_LT(s.order.standard_error, 0.02);
  EXPECT_NEAR(s.order.value + s.unit.value + s.queue.value, 1, 1e-12);
}

TEST(CostVariance, NobodyPays) {
  const std::vector<QueueCosts> queues(3, QueueCosts{{{0, 0, 0}}, {0, 0, 0}});
  EXPECT_EQ(cost_variance(queues).sum(), 0);
  EXPECT_EQ(cost_shares(queues).order.value, 0);
}

}  // namespace
}  // namespace gridqueue
