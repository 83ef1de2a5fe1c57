#include "host/allocate/order_outcome.hpp"

#include <cmath>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

OrderOutcome outcome_of(const QueueOutcome& q, OrderSource source, Sampling sampling) {
  const std::uint64_t clusters = q.orders / cluster_size(sampling);
  const auto half_width = [&](double standard_error) {
    if (source == OrderSource::all) return 0.0;
    if (source == OrderSource::given) return std::numeric_limits<double>::quiet_NaN();
    return clusters < 2 ? kInfinity : student95(clusters - 1) * standard_error;
  };
  const auto cost = [&](const auto& x) {
    return OrderCost{x.mean_usd, x.sd_usd, x.min_usd, x.max_usd, half_width(x.mean_se_usd), x.deviation_usd};
  };
  OrderOutcome o{source, {}, {}, cost(q.total), q.ends, q.upgrades, q.upgrades_probability, q.total.order_gap_usd};
  double sum = 0;
  for (const QueueUnit& u : q.units) {
    o.unit.push_back(cost(u));
    o.accepted.push_back(1 - u.reject_probability);
    sum += u.mean_usd;
  }
  GQ_ENSURE(std::abs(sum - o.total.mean) <= 0.01 + 1e-9 * std::abs(sum));
  o.total.mean = sum;  // the units' to the last bit, not only to the rounding of two sums over many orders
  return o;
}

}  // namespace gridqueue
