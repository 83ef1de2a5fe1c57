#include "host/walk/order_distribution.hpp"

#include <cmath>
#include <limits>

namespace gridqueue {

double UnitDistribution::quantile(double p) const {
  double sum = 0;
  for (const auto& [usd, probability] : distribution)
    if ((sum += probability) >= p * (1 - 1e-12)) return usd;
  return distribution.empty() ? 0 : distribution.rbegin()->first;
}

Moments moments_of(const std::map<double, double>& distribution) {
  Moments m;
  double variance = 0;
  for (const auto& [value, p] : distribution) m.mean += value * p;
  for (const auto& [value, p] : distribution) variance += (value - m.mean) * (value - m.mean) * p;
  m.sd = std::sqrt(variance);
  return m;
}

OrderSum::OrderSum(std::size_t num_units, bool all) : n_(num_units), all_(all) {
  sum_.units.resize(n_);
  for (UnitDistribution& u : sum_.units)
    u.mean_by_position = u.trigger_by_position = u.mean_after = std::vector<double>(n_, 0.0);
  if (!all) position_weight_ = after_weight_ = std::vector(n_, std::vector<double>(n_, 0.0));
}

void OrderSum::add(const Step& step, const UnitSet& considered, double weight) {
  const std::size_t i = step.unit.index(), position = static_cast<std::size_t>(considered.count());
  UnitDistribution& u = sum_.units[i];
  u.distribution[step.cost_usd] += weight;
  if (step.limits) u.trigger_probability += weight, u.trigger_by_position[position] += weight;
  if (step.decision == Decision::reject) u.reject_probability += weight;
  if (!all_) position_weight_[i][position] += weight;
  if (all_ && step.cost_usd == 0) return;
  u.mean_by_position[position] += weight * step.cost_usd;
  for (std::size_t j = 0; j < n_; ++j) {
    if (!considered.has(UnitId(j))) continue;
    u.mean_after[j] += weight * step.cost_usd;
    if (!all_) after_weight_[i][j] += weight;
  }
}

void OrderSum::end(StateId id, const State& state, double usd, double weight) {
  sum_.total[std::round(usd * 100) / 100] += weight;
  sum_.upgrades[state.upgrades] += weight;
  sum_.ends[id] += weight;
  UnitSet rejected;
  for (std::size_t w = 0; w < rejected.word.size(); ++w)
    rejected.word[w] = state.considered.word[w] & ~state.in.word[w];
  sum_.rejected[rejected] += weight;
}

namespace {

template <class Key>
void divide(std::map<Key, double>& weights, double whole) {
  for (auto& [key, w] : weights) w /= whole;
}

}  // namespace

UnitDistribution OrderSum::unit(std::size_t i, double whole) const {
  UnitDistribution u = sum_.units[i];
  divide(u.distribution, whole);
  u.trigger_probability /= whole, u.reject_probability /= whole;
  const Moments m = moments_of(u.distribution);
  u.mean_usd = m.mean, u.sd_usd = m.sd;
  for (std::size_t k = 0; k < n_; ++k) {
    const double at = all_ ? whole / static_cast<double>(n_) : position_weight_[i][k],
                 after = all_ ? 0.5 * whole : after_weight_[i][k];
    u.mean_by_position[k] /= at;
    u.trigger_by_position[k] /= at;
    u.mean_after[k] /= after;
  }
  u.mean_after[i] = std::numeric_limits<double>::quiet_NaN();
  return u;
}

OrderDistribution OrderSum::distribution(std::vector<double> triggers, double whole) const {
  OrderDistribution d = sum_;
  for (std::size_t i = 0; i < n_; ++i) d.units[i] = unit(i, whole);
  divide(d.total, whole), divide(d.upgrades, whole), divide(d.rejected, whole), divide(d.ends, whole);
  d.triggers = std::move(triggers);
  for (double& t : d.triggers) t /= whole;
  return d;
}

}  // namespace gridqueue
