// Estimates from sampled orders, with their errors.
//
// Clusters of orders (pairs when antithetic) are independent and of one size, so a cluster's mean is one independent
// observation, whatever the correlation inside it:
//   mean         Student's t on the m cluster means, m - 1 degrees of freedom
//   probability  Wilson's score interval (Wilson, JASA 1927) at the effective sample size n = p (1 - p) / se^2
//   quantile     order statistics at ranks n p -+ z sqrt(n p (1 - p) d), d = variance of clusters over that of
//                independent orders (Woodruff, JASA 1952); needs no density, so atoms (many orders pay the same) do no
//                harm
//   anything     percentile bootstrap that draws whole clusters
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <span>

#include "host/statistics/sampling.hpp"

namespace gridqueue {

//! 97.5 % quantile of the normal distribution: two-sided 95 % intervals.
constexpr double kNormal95 = 1.959963984540054;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
//! The same of Student's t.
double student95(std::uint64_t degrees_of_freedom);

struct Estimate {
  double value = 0;
  double standard_error = 0;  //!< NaN where too few orders tell
  double low = 0, high = 0;   //!< 95 % interval; infinite where too few orders tell
  [[nodiscard]] double half_width() const { return 0.5 * (high - low); }
};

//! Mean of values that come order by order; where batches begin changes no bit. An order whose partner has not come
//! yet does not count.
class RunningMean {
 public:
  explicit RunningMean(Sampling sampling) : size_(cluster_size(sampling)) {}

  void add(double x);
  void add_clusters(double cluster_mean, std::uint64_t count);  //!< whole clusters at once, all of this mean
  [[nodiscard]] std::uint64_t clusters() const { return clusters_; }
  [[nodiscard]] Estimate mean() const;
  [[nodiscard]] Estimate probability() const;  //!< of values that are 0 or 1

 private:
  std::size_t size_;
  std::size_t open_ = 0;  //!< values in the cluster that is not full yet
  double open_sum_ = 0;
  std::uint64_t clusters_ = 0;
  double mean_ = 0, squares_ = 0;  //!< squares_ = sum of (cluster mean - mean)^2, updated as Welford does
};

//! A statistic of the values, its bootstrap standard error and percentile interval; the same for any number of threads.
Estimate bootstrap_estimate(std::span<const double> values, Sampling sampling,
                            const std::function<double(std::span<const double>)>& statistic, std::uint64_t seed,
                            std::size_t resamples = 1000);

//! Law of total variance over many queues: what is order and what is queue.
struct NestedVariance {
  double within = 0;   //!< mean over queues of the variance over orders
  double between = 0;  //!< variance over queues of the mean over orders, noise of sampled means taken off
};
struct QueueMoments {
  double mean = 0, variance = 0;  //!< over the orders of one queue
  double standard_error = 0;      //!< of the mean; 0 = all orders, exact
};
NestedVariance nested_variance(std::span<const QueueMoments> queues);

}  // namespace gridqueue
