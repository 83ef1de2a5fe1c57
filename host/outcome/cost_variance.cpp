#include "host/outcome/cost_variance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kMostGroups = 100;

//! A queue's average unit: mean over its units; variance = place and size; error of the mean as the total's tells.
QueueMoments average_unit(const QueueCosts& q) {
  const double n = static_cast<double>(q.unit.size());
  QueueMoments m;
  double noise = 0;
  for (const QueueMoments& u : q.unit) m.mean += u.mean / n;
  for (const QueueMoments& u : q.unit) {
    m.variance += (u.mean - m.mean) * (u.mean - m.mean) / n;
    noise += u.standard_error * u.standard_error / n;
  }
  m.standard_error = q.total.standard_error / n;
  m.variance -= noise - m.standard_error * m.standard_error;
  return m;
}

double order_variance(const QueueCosts& q) {
  double sum = 0;
  for (const QueueMoments& u : q.unit) sum += u.variance;
  return sum / static_cast<double>(q.unit.size());
}

CostVariance without(std::span<const QueueCosts> queues, std::size_t group, std::size_t groups) {
  std::vector<QueueCosts> some;
  for (std::size_t k = 0; k < queues.size(); ++k)
    if (k * groups / queues.size() != group) some.push_back(queues[k]);
  return cost_variance(some);
}

//! Delete-a-group jackknife around the value of the whole sample.
Estimate jackknife(double value, const std::vector<double>& without_group) {
  const double g = static_cast<double>(without_group.size());
  double mean = 0, squares = 0;
  for (double x : without_group) mean += x / g;
  for (double x : without_group) squares += (x - mean) * (x - mean);
  const double error = std::sqrt(squares * (g - 1) / g), half = student95(without_group.size() - 1) * error;
  return {value, error, std::max(0.0, value - half), std::min(1.0, value + half)};
}

}  // namespace

CostVariance cost_variance(std::span<const QueueCosts> queues) {
  GQ_EXPECT(queues.size() > 1);
  CostVariance v;
  std::vector<QueueMoments> average;
  for (const QueueCosts& q : queues) {
    v.order += order_variance(q) / static_cast<double>(queues.size());
    average.push_back(average_unit(q));
  }
  const NestedVariance units = nested_variance(average);
  v.unit = std::max(0.0, units.within);
  v.queue = units.between;
  return v;
}

CostShares cost_shares(std::span<const QueueCosts> queues) {
  const CostVariance all = cost_variance(queues);
  if (!(all.sum() > 0)) return {};  // nobody pays
  const std::size_t groups = std::min(kMostGroups, queues.size());
  std::vector<double> order, unit, queue;
  for (std::size_t g = 0; groups > 2 && g < groups; ++g) {
    const CostVariance v = without(queues, g, groups);
    const double sum = v.sum() > 0 ? v.sum() : 1;
    order.push_back(v.order / sum), unit.push_back(v.unit / sum), queue.push_back(v.queue / sum);
  }
  const auto estimate = [&](double value, const std::vector<double>& parts) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    return parts.empty() ? Estimate{value, unknown, 0, 1} : jackknife(value, parts);
  };
  return {estimate(all.order / all.sum(), order), estimate(all.unit / all.sum(), unit),
          estimate(all.queue / all.sum(), queue)};
}

}  // namespace gridqueue
