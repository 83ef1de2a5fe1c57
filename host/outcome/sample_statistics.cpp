#include "host/outcome/sample_statistics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

SampleStatistics::SampleStatistics(std::size_t num_units, Sampling sampling)
    : sampling_(sampling), cost_(num_units, Tally(sampling)), trigger_(num_units, ShareTally(sampling)),
      reject_(trigger_), total_(sampling), triggers_(num_units + 1, 0.0) {}

SampleStatistics::StepOutcome SampleStatistics::outcome(const Step& s) {
  return {cost_[s.unit.index()].code_of(s.cost_usd), static_cast<std::uint8_t>(s.unit.index()), s.limits != 0,
          s.decision == Decision::reject};
}

//! A step's cost is looked up once, however many orders take it - unless the walk has learned more steps than they
//! take.
void SampleStatistics::append(std::span<const Step> steps, const Trajectories& orders) {
  GQ_EXPECT(orders.num_units == num_units());
  const bool once = steps.size() - step_.size() <= orders.step.size();
  for (std::size_t i = step_.size(); once && i < steps.size(); ++i) step_.push_back(outcome(steps[i]));
  taken_.resize(steps.size());
  std::size_t left = orders.num_units;  // of the order at hand
  for (const StepId id : orders.step) {
    const std::size_t step = id.index();
    ++taken_[step];
    take(step < step_.size() ? step_[step] : outcome(steps[step]));
    if (--left > 0) continue;
    finish_order();
    left = orders.num_units;
  }
}

void SampleStatistics::take(const StepOutcome& s) {
  cost_[s.unit].add_code(s.cost);
  trigger_[s.unit].add(s.triggered);
  reject_[s.unit].add(s.rejected);
  open_total_ += cost_[s.unit].value(s.cost);
  open_triggers_ += s.triggered;
}

void SampleStatistics::finish_order() {
  total_.add(std::round(open_total_ * 100) / 100);
  ++triggers_[open_triggers_];
  open_total_ = 0, open_triggers_ = 0;
  ++orders_;
  if (static_cast<double>(orders_) >= next_point_ * static_cast<double>(cluster_size(sampling_))) keep_point();
}

void SampleStatistics::keep_point() {
  ConvergencePoint point{orders_, {}};
  for (const Tally& t : cost_) point.mean_usd.push_back(t.mean());
  convergence_.push_back(std::move(point));
  next_point_ = std::ceil(next_point_ * kPointFactor);
}

OrderDistribution SampleStatistics::distribution(const WalkView& walk) const {
  OrderSum sum(num_units(), false);
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    if (taken_[i] == 0) continue;
    const Step& step = walk.steps[i];
    const auto orders = static_cast<double>(taken_[i]);
    sum.add(step, walk.states[step.from.index()].considered, orders);
    const State& to = walk.states[step.to.index()];
    if (static_cast<std::size_t>(to.considered.count()) == num_units())
      sum.end(step.to, to, walk.set_usd[to.upgrades.index()], orders);
  }
  OrderDistribution d = sum.distribution(triggers_, static_cast<double>(orders_));
  for (std::size_t u = 0; u < num_units(); ++u)
    d.units[u].mean_usd = cost_[u].mean().value, d.units[u].sd_usd = cost_[u].sd();
  return d;
}

std::string StoppingRule::text() const {
  const std::string p = fmt::format("p{:g}", 100 * probability);
  switch (statistic) {
    case StopStatistic::mean: return fmt::format("mean within {:g} USD", half_width);
    case StopStatistic::total_mean: return fmt::format("total_mean within {:g} USD", half_width);
    case StopStatistic::quantile: return fmt::format("{} within {:g} USD", p, half_width);
    case StopStatistic::total_quantile: return fmt::format("total_{} within {:g} USD", p, half_width);
    case StopStatistic::trigger_probability: break;
  }
  return fmt::format("probability within {:g}", half_width);
}

double widest_half_width(const SampleStatistics& sample, const StoppingRule& rule) {
  if (sample.orders() < 2 * cluster_size(sample.sampling())) return std::numeric_limits<double>::infinity();
  if (rule.statistic == StopStatistic::total_mean) return sample.total_usd().mean().half_width();
  if (rule.statistic == StopStatistic::total_quantile)
    return sample.total_usd().quantile(rule.probability).half_width();
  const auto of = [&](UnitId u) {
    if (rule.statistic == StopStatistic::mean) return sample.cost_usd(u).mean();
    return rule.statistic == StopStatistic::quantile ? sample.cost_usd(u).quantile(rule.probability)
                                                     : sample.trigger_probability(u);
  };
  double widest = 0;
  for (std::size_t u = 0; u < sample.num_units(); ++u) widest = std::max(widest, of(UnitId(u)).half_width());
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
