#include "host/outcome/queue_outcome.hpp"

#include <cmath>
#include <map>

namespace gridqueue {
namespace {

//! What masses say of a unit or a total, but for its quantiles.
void take_masses(auto& to, const std::map<double, double>& distribution) {
  const Moments m = moments_of(distribution);
  to.distribution.assign(distribution.begin(), distribution.end());
  to.mean_usd = m.mean, to.sd_usd = m.sd;
  to.min_usd = to.distribution.front().first, to.max_usd = to.distribution.back().first;
  for (const auto& [usd, p] : distribution) to.deviation_usd += std::abs(usd - to.mean_usd) * p;
}

//! What a sample knows better: errors, and the standard deviation of all orders.
void take_errors(auto& to, const Tally& tally) {
  const Estimate mean = tally.mean();
  to.mean_usd = mean.value, to.mean_se_usd = mean.standard_error, to.sd_usd = tally.sd();
}

QueueUnit unit_of(const Unit& unit, const UnitDistribution& d) {
  QueueUnit u;
  u.site = unit.site, u.kw = unit.kw;
  take_masses(u, d.distribution);
  u.median_usd = d.quantile(0.5), u.p95_usd = d.quantile(0.95);
  u.trigger_probability = d.trigger_probability, u.reject_probability = d.reject_probability;
  return u;
}

void take_sample(QueueOutcome& q, const SampleStatistics& sample) {
  q.orders = sample.orders();
  for (std::size_t i = 0; i < q.units.size(); ++i) {
    take_errors(q.units[i], sample.cost_usd(UnitId(i)));
    q.units[i].trigger_se = sample.trigger_probability(UnitId(i)).standard_error;
  }
  take_errors(q.total, sample.total_usd());
}

void take_upgrades(QueueOutcome& q, const WalkView& walk, const std::map<UpgradeSetId, double>& sets) {
  for (const auto& [id, p] : sets) {
    if (p > q.upgrades_probability) q.upgrades = walk.upgrade_sets[id.index()], q.upgrades_probability = p;
  }
}

}  // namespace

QueueCosts QueueOutcome::costs() const {
  QueueCosts c;
  for (const QueueUnit& u : units) c.unit.push_back({u.mean_usd, u.sd_usd * u.sd_usd, u.mean_se_usd});
  c.total = {total.mean_usd, total.sd_usd * total.sd_usd, total.mean_se_usd};
  return c;
}

namespace {

QueueOutcome outcome_of(const WalkView& walk, const OrderDistribution& orders) {
  QueueOutcome q;
  for (std::size_t i = 0; i < walk.units.size(); ++i) q.units.push_back(unit_of(walk.units[i], orders.units[i]));
  take_masses(q.total, orders.total);
  q.total.order_gap_usd = largest_order_gap(walk);
  take_upgrades(q, walk, orders.upgrades);
  q.ends = likely_ends(walk, orders);
  return q;
}

}  // namespace

std::vector<Upgrades> number_final_sets(OrderDistribution& orders, const std::vector<Upgrades>& of_walk) {
  std::vector<Upgrades> sets;
  std::map<UpgradeSetId, double> numbered;
  for (const auto& [id, p] : orders.upgrades) {
    numbered[UpgradeSetId(sets.size())] = p;
    sets.push_back(of_walk[id.index()]);
  }
  orders.upgrades = std::move(numbered);
  return sets;
}

QueueSums sum_up(const WalkView& walk, OrderDistribution orders) {
  QueueOutcome outcome = outcome_of(walk, orders);
  return {std::move(outcome), std::move(orders), {}};
}

QueueSums sum_up(const WalkView& walk, const SampleStatistics& sample, bool random) {
  QueueSums sums = sum_up(walk, sample.distribution(walk));
  take_sample(sums.outcome, sample);
  if (random) sums.estimates = estimate(sample);
  return sums;
}

}  // namespace gridqueue
