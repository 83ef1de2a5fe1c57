#include "host/outcome/queue_outcome.hpp"

#include <algorithm>
#include <cmath>

#include "host/outcome/order_gap.hpp"

namespace gridqueue {
namespace {

QueueOutcome frame(const Walker& walker) {
  QueueOutcome q;
  for (const Unit& unit : walker.queue().units) {
    QueueUnit u;
    u.bus = unit.bus;
    u.kw = unit.kw;
    q.units.push_back(std::move(u));
  }
  q.evaluations = walker.counters().evaluations;
  q.total.order_gap_usd = largest_order_gap(walker);
  return q;
}

//! From the distribution.
void take_spread(QueueUnit& u) {
  u.min_usd = u.distribution.front().first, u.max_usd = u.distribution.back().first;
  for (const auto& [usd, p] : u.distribution) u.deviation_usd += std::abs(usd - u.mean_usd) * p;
}

void take_ends(QueueOutcome& q, std::vector<FinalState> ends) {
  q.ends = likely_ends(std::move(ends));
  for (std::size_t i = 0; i < q.ends.size(); ++i) q.ends[i].state = StateId(i), q.ends[i].upgrades = UpgradeSetId(i);
}

//! The first of the most probable sets.
void take_lines(QueueOutcome& q, const Walker& walker, const std::map<UpgradeSetId, double>& sets) {
  const auto most =
      std::max_element(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  q.lines = walker.upgrade_sets()[most->first.index()];
  q.lines_probability = most->second;
}

//! Standard deviation over all orders as the sample tells it; median and the like as in a summary of one queue.
void take_tally(QueueUnit& u, const Tally& tally) {
  const Estimate mean = tally.mean();
  const auto values = tally.values();
  const auto quantiles = tally.quantiles({0.5, 0.95});
  u.mean_usd = mean.value, u.mean_se_usd = mean.standard_error, u.sd_usd = tally.sd();
  u.median_usd = quantiles[0].value, u.p95_usd = quantiles[1].value;
  for (const Tally::Count& c : values)
    u.distribution.emplace_back(c.value, static_cast<double>(c.orders) / static_cast<double>(tally.orders()));
  take_spread(u);
}

}  // namespace

QueueCosts QueueOutcome::costs() const {
  QueueCosts c;
  for (const QueueUnit& u : units) c.unit.push_back({u.mean_usd, u.sd_usd * u.sd_usd, u.mean_se_usd});
  c.total = {total.mean_usd, total.sd_usd * total.sd_usd, total.mean_se_usd};
  return c;
}

QueueOutcome queue_outcome(const Walker& walker, const ExactDistribution& exact) {
  QueueOutcome q = frame(walker);
  for (std::size_t i = 0; i < q.units.size(); ++i) {
    QueueUnit& u = q.units[i];
    const ExactUnit& x = exact.units[i];
    u.mean_usd = x.mean_usd, u.sd_usd = x.sd_usd;
    u.median_usd = x.quantile(0.5), u.p95_usd = x.quantile(0.95);
    u.trigger_probability = x.trigger_probability, u.reject_probability = x.reject_probability;
    u.distribution.assign(x.distribution.begin(), x.distribution.end());
    take_spread(u);
  }
  double squares = 0;
  for (const auto& [usd, p] : exact.total) q.total.mean_usd += usd * p;
  for (const auto& [usd, p] : exact.total) squares += (usd - q.total.mean_usd) * (usd - q.total.mean_usd) * p;
  q.total.sd_usd = std::sqrt(squares);
  q.total.min_usd = exact.total.begin()->first, q.total.max_usd = exact.total.rbegin()->first;
  take_lines(q, walker, exact.upgrades);
  take_ends(q, final_states(walker, exact));
  return q;
}

QueueOutcome queue_outcome(const Walker& walker, const Trajectories& orders, Sampling sampling) {
  QueueOutcome q = frame(walker);
  SampleStatistics sample(q.units.size(), sampling);
  sample.append(walker, orders);
  for (std::size_t i = 0; i < q.units.size(); ++i) {
    const Estimate trigger = sample.trigger_probability(UnitId(i));
    take_tally(q.units[i], sample.cost_usd(UnitId(i)));
    q.units[i].trigger_probability = trigger.value, q.units[i].trigger_se = trigger.standard_error;
    q.units[i].reject_probability = sample.reject_probability(UnitId(i)).value;
  }
  const Estimate total = sample.total_usd().mean();
  const auto totals = sample.total_usd().values();
  q.total.mean_usd = total.value, q.total.mean_se_usd = total.standard_error;
  q.total.sd_usd = sample.total_usd().sd();
  q.total.min_usd = totals.front().value, q.total.max_usd = totals.back().value;
  auto ends = final_states(walker, orders);
  std::map<UpgradeSetId, double> sets;
  for (const FinalState& end : ends) sets[end.upgrades] += end.probability;
  take_lines(q, walker, sets);
  take_ends(q, std::move(ends));
  return q;
}

}  // namespace gridqueue
