#include "host/allocate/order_outcome.hpp"

#include <cmath>
#include <limits>
#include <map>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

OrderCost exact_cost(const std::map<double, double>& distribution) {
  OrderCost c;
  if (distribution.empty()) return c;
  for (const auto& [usd, p] : distribution) c.mean += usd * p;
  for (const auto& [usd, p] : distribution)
    c.sd += (usd - c.mean) * (usd - c.mean) * p, c.deviation += std::abs(usd - c.mean) * p;
  c.sd = std::sqrt(c.sd);
  c.min = distribution.begin()->first;
  c.max = distribution.rbegin()->first;
  return c;
}

OrderCost sampled_cost(const Tally& tally, OrderSource source) {
  const auto values = tally.values();
  if (values.empty()) return {};
  const double half =
      source == OrderSource::random ? tally.mean().half_width() : std::numeric_limits<double>::quiet_NaN();
  OrderCost c{tally.mean().value, values.size() == 1 ? 0 : tally.sd(), values.front().value, values.back().value, half};
  for (const Tally::Count& v : values)
    c.deviation += std::abs(v.value - c.mean) * static_cast<double>(v.orders) / static_cast<double>(tally.orders());
  return c;
}

//! Of equally frequent sets the smallest.
void choose_lines(OrderOutcome& o) {
  std::map<std::vector<BusId>, double> probability;
  for (const FinalState& end : o.ends) probability[end.lines] += end.probability;
  for (const auto& [lines, p] : probability)
    if (p > o.lines_probability) o.lines = lines, o.lines_probability = p;
}

//! The total's mean is the units' to the last bit, not only to the rounding of two sums over many orders.
void tie_total(OrderOutcome& o) {
  double sum = 0;
  for (const OrderCost& c : o.unit) sum += c.mean;
  GQ_ENSURE(std::abs(sum - o.total.mean) <= 0.01 + 1e-9 * std::abs(sum));
  o.total.mean = sum;
}

}  // namespace

OrderOutcome outcome_of(const ExactDistribution& exact, std::vector<FinalState> ends, double order_gap_usd) {
  OrderOutcome o{OrderSource::all, {}, {}, exact_cost(exact.total), std::move(ends)};
  for (const ExactUnit& u : exact.units) {
    o.unit.push_back(exact_cost(u.distribution));
    o.accepted.push_back(1 - u.reject_probability);
  }
  tie_total(o);
  choose_lines(o);
  o.order_gap_usd = order_gap_usd;
  return o;
}

OrderOutcome outcome_of(const SampleStatistics& sample, OrderSource source, std::vector<FinalState> ends,
                        double order_gap_usd) {
  OrderOutcome o{source, {}, {}, sampled_cost(sample.total_usd(), source), std::move(ends)};
  for (std::size_t u = 0; u < sample.num_units(); ++u) {
    o.unit.push_back(sampled_cost(sample.cost_usd(UnitId(u)), source));
    o.accepted.push_back(1 - sample.reject_probability(UnitId(u)).value);
  }
  tie_total(o);
  choose_lines(o);
  o.order_gap_usd = order_gap_usd;
  return o;
}

}  // namespace gridqueue
