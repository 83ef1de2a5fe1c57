#include "host/explore/sample_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

SampleStatistics::SampleStatistics(std::size_t num_units, Sampling sampling)
    : sampling_(sampling), cost_(num_units, RunningMean(sampling)), trigger_(cost_), reject_(cost_), total_(sampling) {}

void SampleStatistics::append(const Walker& walker, const Trajectories& orders) {
  GQ_EXPECT(orders.num_units == num_units());
  for (std::size_t k = 0; k < orders.count(); ++k) {
    double total = 0;
    for (std::size_t p = 0; p < orders.num_units; ++p) {
      const Step& step = walker.steps()[orders.step[k * orders.num_units + p].index()];
      const std::size_t u = step.unit.index();
      cost_[u].add(step.cost_usd);
      trigger_[u].add(step.limits != 0 ? 1 : 0);
      reject_[u].add(step.decision == Decision::reject ? 1 : 0);
      total += step.cost_usd;
    }
    total_.add(total);
    ++orders_;
  }
}

double widest_half_width(const SampleStatistics& sample, const StoppingRule& rule) {
  if (rule.statistic == StopStatistic::total) return sample.mean_total_usd().half_width();
  double widest = 0;
  for (std::size_t u = 0; u < sample.num_units(); ++u) {
    const Estimate e = rule.statistic == StopStatistic::mean ? sample.mean_usd(UnitId(u)) : sample.trigger_probability(UnitId(u));
    widest = std::max(widest, e.half_width());
  }
  return widest;
}

std::uint64_t orders_needed(const SampleStatistics& sample, const StoppingRule& rule) {
  const std::uint64_t now = sample.orders(), whole = cluster_size(sample.sampling());
  const std::uint64_t most = rule.max_orders - rule.max_orders % whole;
  if (now >= most) return now;
  if (now < rule.min_orders) return std::min(most, rule.min_orders + rule.min_orders % whole);
  const double factor = widest_half_width(sample, rule) / rule.half_width;
  if (factor <= 1) return now;
  // The half width falls with the square root; 5 % more, lest the next look comes just short.
  const double needed = static_cast<double>(now) * std::clamp(1.05 * factor * factor, 1.1, 2.0);
  const auto orders = static_cast<std::uint64_t>(std::ceil(needed));
  return std::min(most, orders + orders % whole);
}

}  // namespace gridqueue
