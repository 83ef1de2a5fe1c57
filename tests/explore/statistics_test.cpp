#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "host/statistics/random.hpp"
#include "host/statistics/tally.hpp"

namespace gridqueue {
namespace {

double uniform(std::uint64_t repetition, std::uint32_t draw) {
  return random_unit(random_bits(11, Purpose::verification, repetition, draw));
}

//! What a unit pays, in caricature: often nothing, else one of a few sums or a spread one; from u in [0, 1), falling in
//! u so that u and 1 - u are antithetic.
double bill(double u) {
  if (u > 0.6) return 0;
  return u > 0.3 ? 500.0 : 1000.0 + 2000 * (0.3 - u);
}
constexpr double kBillMean = 0.3 * 500 + 0.3 * (1000 + 300);

std::vector<double> bills(std::uint64_t repetition, std::size_t n, Sampling s) {
  std::vector<double> x;
  for (std::uint32_t k = 0; k < n; ++k) {
    const double u = uniform(repetition, k / static_cast<std::uint32_t>(cluster_size(s)));
    x.push_back(bill(s == Sampling::antithetic && k % 2 ? 1 - u : u));
  }
  return x;
}

template <class Interval>
double coverage(double truth, std::uint64_t repetitions, Interval interval) {
  double inside = 0;
  for (std::uint64_t r = 0; r < repetitions; ++r) {
    const Estimate e = interval(r);
    inside += e.low <= truth && truth <= e.high;
  }
  return inside / static_cast<double>(repetitions);
}

Estimate of(const std::vector<double>& x, Sampling s, Estimate (RunningMean::*what)() const) {
  RunningMean m(s);
  for (double v : x) m.add(v);
  return (m.*what)();
}

Estimate quantile_estimate(std::span<const double> x, double p, Sampling s) {
  Tally t(s);
  for (double v : x) t.add(v);
  return t.quantile(p);
}

TEST(Student, MeetsTables) {
  EXPECT_NEAR(student95(1), 12.7062, 1e-4);
  EXPECT_NEAR(student95(2), 4.30265, 1e-5);
  EXPECT_NEAR(student95(3), 3.18245, 0.002 * 3.18);
  EXPECT_NEAR(student95(10), 2.22814, 1e-4);
  EXPECT_NEAR(student95(30), 2.04227, 1e-5);
  EXPECT_NEAR(student95(1'000'000'000), kNormal95, 1e-8);
}

TEST(RunningMean, IsTheTextbookFormulaOnClusters) {
  const std::vector<double> x{1, 5, 2, 2, 7, 1, 0, 4};
  RunningMean one(Sampling::independent), two(Sampling::antithetic);
  for (double v : x) one.add(v), two.add(v);
  EXPECT_DOUBLE_EQ(one.mean().value, 2.75);
  EXPECT_NEAR(one.mean().standard_error, std::sqrt(39.5 / 7 / 8), 1e-14);
  // pairs: 3, 2, 4, 2
  EXPECT_EQ(two.clusters(), 4u);
  EXPECT_DOUBLE_EQ(two.mean().value, 2.75);
  EXPECT_NEAR(two.mean().standard_error, std::sqrt(2.75 / 3 / 4), 1e-14);
  two.add(100);  // its partner has not come
  EXPECT_DOUBLE_EQ(two.mean().value, 2.75);
}

TEST(RunningMean, AdmitsThatOneClusterTellsNothing) {
  RunningMean m(Sampling::antithetic);
  m.add(1), m.add(0);
  EXPECT_TRUE(std::isnan(m.mean().standard_error));
  EXPECT_TRUE(std::isinf(m.mean().half_width()));
  EXPECT_EQ(m.probability().low, 0);
  EXPECT_EQ(m.probability().high, 1);
}

// 1,000 repetitions of a true 95 % interval cover between 92.2 and 97.8 % (four standard errors of 0.69 %-points):
// each expectation fails by chance once in 16,000 seeds; the seed is fixed.
TEST(Coverage, OfMeans) {
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    const double c =
        coverage(kBillMean, 1000, [&](std::uint64_t r) { return of(bills(r, 200, s), s, &RunningMean::mean); });
    EXPECT_NEAR(c, 0.95, 0.028);
  }
}

// Wilson covers on average over p, not at each p: 200 orders at p = 0.6 swing by about 1 %-point beside the 4 s.e.
TEST(Coverage, OfProbabilities) {
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    const double c = coverage(0.6, 1000, [&](std::uint64_t r) {
      std::vector<double> paid = bills(r, 200, s);
      for (double& x : paid) x = x > 0;
      return of(paid, s, &RunningMean::probability);
    });
    EXPECT_NEAR(c, 0.95, 0.038);
  }
}

TEST(Coverage, OfQuantiles) {
  // p85 lies in the spread part: bill(0.15) = 1300; the outward-rounded ranks may only cover more
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    const double c =
        coverage(1300, 1000, [&](std::uint64_t r) { return quantile_estimate(bills(r, 400, s), 0.85, s); });
    EXPECT_GT(c, 0.95 - 0.028);
    EXPECT_LT(c, 0.99);
    // the median is the atom at 500
    EXPECT_GT(coverage(500, 1000, [&](std::uint64_t r) { return quantile_estimate(bills(r, 400, s), 0.5, s); }),
              0.95 - 0.028);
  }
}

TEST(Coverage, OfBootstrappedDeviations) {
  double truth = 0.3 * 250000 - kBillMean * kBillMean;
  truth = std::sqrt(truth + 0.3 * (1300.0 * 1300 + 600.0 * 600 / 12));
  const auto sd = [](std::span<const double> x) {
    const double n = static_cast<double>(x.size()), mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    double squares = 0;
    for (double v : x) squares += (v - mean) * (v - mean);
    return std::sqrt(squares / (n - 1));
  };
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    const double c =
        coverage(truth, 400, [&](std::uint64_t r) { return bootstrap_estimate(bills(r, 200, s), s, sd, r, 200); });
    EXPECT_NEAR(c, 0.94, 0.045);  // 400 repetitions: 4 s.e. = 4.4 %-points; the percentile interval is a little short
  }
}

TEST(Probability, IsNeverCertainFromASample) {
  RunningMean never(Sampling::independent), opposed(Sampling::antithetic);
  for (int k = 0; k < 100; ++k) never.add(0), opposed.add(1), opposed.add(0);
  const double z2 = kNormal95 * kNormal95;
  EXPECT_EQ(never.probability().low, 0);
  EXPECT_NEAR(never.probability().high, z2 / (100 + z2), 1e-12);
  const Estimate e = opposed.probability();  // every pair has one trigger
  EXPECT_EQ(e.value, 0.5);
  EXPECT_LT(e.half_width(), 0.02);
  EXPECT_GT(e.half_width(), 0.01);
}

TEST(Quantile, AtomsHaveNarrowIntervals) {
  std::vector<double> x(1000, 7);
  std::fill(x.begin(), x.begin() + 300, 0.0);
  const Estimate median = quantile_estimate(x, 0.5, Sampling::independent);
  EXPECT_EQ(median.value, 7);
  EXPECT_EQ(median.low, 7);
  EXPECT_EQ(median.high, 7);
  EXPECT_EQ(quantile_estimate(x, 0.3, Sampling::independent).value, 0);
  EXPECT_TRUE(std::isinf(quantile_estimate(std::span(x).first(10), 0.99, Sampling::independent).high));
}

TEST(NestedVariance, TellsOrderFromQueueAndTakesNoiseOff) {
  const std::vector<QueueMoments> exact{{1, 4, 0}, {3, 6, 0}, {5, 8, 0}};
  EXPECT_DOUBLE_EQ(nested_variance(exact).within, 6);
  EXPECT_DOUBLE_EQ(nested_variance(exact).between, 4);
  std::vector<QueueMoments> sampled = exact;
  for (auto& q : sampled) q.standard_error = 1;
  EXPECT_DOUBLE_EQ(nested_variance(sampled).between, 3);
}

//! Counting values is the same as keeping them all.
TEST(Tally, IsTheSampleItCounted) {
  const std::vector<double> x = bills(3, 1000, Sampling::antithetic);
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    Tally t(s);
    for (double v : x) t.add(v);
    const Estimate kept = of(x, s, &RunningMean::mean), counted = t.mean();
    EXPECT_NEAR(counted.value, kept.value, 1e-12 * kept.value);
    EXPECT_NEAR(counted.standard_error, kept.standard_error, 1e-12 * kept.standard_error);
    double squares = 0;
    for (double v : x) squares += (v - kept.value) * (v - kept.value);
    EXPECT_NEAR(t.sd(), std::sqrt(squares / 999), 1e-9 * t.sd());
    std::vector<double> rising = x;
    std::sort(rising.begin(), rising.end());
    for (double p : {0.05, 0.5, 0.95})
      EXPECT_EQ(t.quantile(p).value, rising[static_cast<std::size_t>(std::ceil(1000 * p)) - 1]);
    std::uint64_t orders = 0;
    for (const Tally::Count& c : t.values()) orders += c.orders;
    EXPECT_EQ(orders, 1000u);
  }
}

TEST(ShareTally, IsTheMeanOfZerosAndOnes) {
  for (Sampling s : {Sampling::independent, Sampling::antithetic}) {
    ShareTally share(s);
    RunningMean mean(s);
    for (std::uint32_t k = 0; k < 300; ++k) share.add(uniform(1, k) < 0.2), mean.add(uniform(1, k) < 0.2);
    EXPECT_NEAR(share.probability().value, mean.probability().value, 1e-14);
    EXPECT_NEAR(share.probability().high, mean.probability().high, 1e-13);
  }
}

}  // namespace
}  // namespace gridqueue
