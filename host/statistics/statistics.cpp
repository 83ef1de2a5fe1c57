#include "host/statistics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gridqueue/contracts.hpp"
#include "host/statistics/random.hpp"

namespace gridqueue {
namespace {

//! Fewer are drawn before a team of threads has met (milliseconds on a busy machine).
constexpr std::size_t kParallelDraws = 1'000'000;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

//! 1-based rank -> value, clamped to the sample.
double at_rank(const std::vector<double>& rising, double rank) {
  const double last = static_cast<double>(rising.size());
  return rising[static_cast<std::size_t>(std::clamp(rank, 1.0, last)) - 1];
}

}  // namespace

// Abramowitz & Stegun 26.7.5, an expansion in 1 / degrees of freedom: within 0.2 % from 3 on, 1e-6 from 20 on.
double student95(std::uint64_t degrees_of_freedom) {
  if (degrees_of_freedom == 0) return kInfinity;
  if (degrees_of_freedom == 1) return 12.706204736;
  if (degrees_of_freedom == 2) return 4.302652730;
  const double z = kNormal95, z2 = z * z, n = static_cast<double>(degrees_of_freedom);
  const double g1 = z * (z2 + 1) / 4;
  const double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

void RunningMean::add(double x) {
  open_sum_ += x;
  if (++open_ < size_) return;
  add_clusters(open_sum_ / static_cast<double>(size_), 1);
  open_ = 0;
  open_sum_ = 0;
}

void RunningMean::add_clusters(double cluster_mean, std::uint64_t count) {
  if (count == 0) return;
  clusters_ += count;
  const double off = cluster_mean - mean_, weight = static_cast<double>(count);
  mean_ += off * weight / static_cast<double>(clusters_);
  squares_ += weight * off * (cluster_mean - mean_);
}

Estimate RunningMean::mean() const {
  if (clusters_ < 2) return {mean_, kNaN, -kInfinity, kInfinity};
  const double m = static_cast<double>(clusters_);
  const double se = std::sqrt(std::max(0.0, squares_) / (m - 1) / m);  // rounding may leave less than none
  const double half = student95(clusters_ - 1) * se;
  return {mean_, se, mean_ - half, mean_ + half};
}

Estimate RunningMean::probability() const {
  Estimate e = mean();
  e.low = 0, e.high = 1;
  if (clusters_ < 2) return e;
  const double p = e.value, m = static_cast<double>(clusters_), bernoulli = p * (1 - p);
  // Without spread among the m clusters the effective size is unknown. Always 0 or always 1: m is safe. In between,
  // where partners cancel: fewer than 3 / m of the clusters may still differ, by half, which makes it at most m^2 / 3.
  const double most = std::max(m, m * m / 3);
  const double n = bernoulli <= 0         ? m
                   : e.standard_error > 0 ? std::min(bernoulli / (e.standard_error * e.standard_error), most)
                                          : most;
  const double z2n = kNormal95 * kNormal95 / n;
  const double centre = (p + z2n / 2) / (1 + z2n);
  const double half = std::sqrt(z2n * (bernoulli + z2n / 4)) / (1 + z2n);
  e.low = std::max(0.0, std::min(p, centre - half));
  e.high = std::min(1.0, std::max(p, centre + half));
  return e;
}

Estimate bootstrap_estimate(std::span<const double> values, Sampling sampling,
                            const std::function<double(std::span<const double>)>& statistic, std::uint64_t seed,
                            std::size_t resamples) {
  const std::size_t size = cluster_size(sampling), clusters = values.size() / size;
  GQ_EXPECT(clusters > 0 && resamples > 1);
  std::vector<double> found(resamples);
#pragma omp parallel for if (resamples * clusters > kParallelDraws)
  for (std::size_t b = 0; b < resamples; ++b) {
    std::vector<double> drawn;
    drawn.reserve(clusters * size);
    for (std::size_t c = 0; c < clusters; ++c) {
      const double u = random_unit(random_bits(seed, Purpose::bootstrap, b, static_cast<std::uint32_t>(c)));
      const auto from = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(u * static_cast<double>(clusters)) * size);
      drawn.insert(drawn.end(), values.begin() + from, values.begin() + from + static_cast<std::ptrdiff_t>(size));
    }
    found[b] = statistic(drawn);
  }
  RunningMean spread(Sampling::independent);
  for (double x : found) spread.add(x);
  std::sort(found.begin(), found.end());
  const double r = static_cast<double>(resamples);
  return {statistic(values.first(clusters * size)), spread.mean().standard_error * std::sqrt(r),
          at_rank(found, std::floor(0.025 * (r + 1))), at_rank(found, std::ceil(0.975 * (r + 1)))};
}

NestedVariance nested_variance(std::span<const QueueMoments> queues) {
  GQ_EXPECT(queues.size() > 1);
  RunningMean mean(Sampling::independent);
  double within = 0, noise = 0;
  const double n = static_cast<double>(queues.size());
  for (const QueueMoments& q : queues) {
    mean.add(q.mean);
    within += q.variance / n;
    noise += q.standard_error * q.standard_error / n;
  }
  const double se = mean.mean().standard_error;
  return {within, std::max(0.0, se * se * n - noise)};
}

}  // namespace gridqueue
