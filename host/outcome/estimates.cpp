#include "host/outcome/estimates.hpp"

#include <algorithm>

namespace gridqueue {
namespace {

CostEstimates estimate(const Tally& tally) {
  CostEstimates e;
  e.mean = tally.mean();
  const auto quantiles = tally.quantiles({kQuantiles.begin(), kQuantiles.end()});
  std::copy(quantiles.begin(), quantiles.end(), e.quantile.begin());
  return e;
}

}  // namespace

OrderEstimates estimate(const SampleStatistics& sample) {
  OrderEstimates e;
  e.orders = sample.orders();
  for (std::size_t i = 0; i < sample.num_units(); ++i) {
    const UnitId u(i);
    e.units.push_back({sample.trigger_probability(u), sample.reject_probability(u), estimate(sample.cost_usd(u))});
  }
  e.total = estimate(sample.total_usd());
  e.convergence = sample.convergence();
  if (!e.convergence.empty() && e.convergence.back().orders < e.orders) {
    e.convergence.push_back({e.orders, {}});
    for (const UnitEstimates& u : e.units) e.convergence.back().mean_usd.push_back(u.pays.mean);
  }
  return e;
}

}  // namespace gridqueue
