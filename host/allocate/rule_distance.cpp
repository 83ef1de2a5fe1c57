#include "host/allocate/rule_distance.hpp"

#include <algorithm>
#include <cmath>

#include "host/statistics/tally.hpp"

namespace gridqueue {
namespace {

//! Mean over orders (trigger) or the value of (share - Shapley value)^2.
double square(const SharingUnit& unit, const RuleShares& rule, std::size_t i) {
  if (rule.rule == SharingRule::trigger) return unit.trigger.sd * unit.trigger.sd;
  const double x = rule.shares[i].usd - shapley_usd(unit);
  return x * x;
}

//! The rule closest to Shapley, shapley itself aside; as many as there are rules where none has an answer.
std::size_t closest(const SharingTable& t) {
  std::size_t best = t.rules.size();
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < t.rules.size(); ++r) {
    const double x = t.rules[r].rule == SharingRule::shapley ? kNotKnown : distance_from_shapley(t, t.rules[r]);
    if (x < least) least = x, best = r;
  }
  return best;
}

RuleOverQueues over_queues(const std::vector<StudySharing>& queues, std::size_t r) {
  RuleOverQueues o;
  o.rule = queues.front().table.rules[r].rule;
  Tally distances(Sampling::independent);
  double squares = 0;
  std::size_t units = 0;
  for (const StudySharing& q : queues) {
    const RuleShares& rule = q.table.rules[r];
    const double x = distance_from_shapley(q.table, rule);
    if (std::isnan(x)) continue;
    distances.add(x);
    o.closest += closest(q.table) == r;
    o.negative += std::any_of(rule.shares.begin(), rule.shares.end(), [](const Share& s) { return s.negative(); });
    units += q.table.units.size();
    for (std::size_t u = 0; u < q.table.units.size(); ++u) squares += square(q.table.units[u], rule, u);
  }
  o.answers = distances.orders();
  if (o.answers == 0) return o;
  const auto quantiles = distances.quantiles({0.5, 0.95});
  o.distance = distances.mean();
  o.median = quantiles[0].value, o.p95 = quantiles[1].value;
  o.rms_usd = std::sqrt(squares / static_cast<double>(units));
  return o;
}

}  // namespace

double shapley_usd(const SharingUnit& unit) { return unit.shapley ? unit.shapley->mean : unit.trigger.mean; }

double distance_from_shapley(const SharingTable& table, const RuleShares& rule) {
  if (!rule.available() || !(table.total.mean > 0)) return kNotKnown;
  double moved = 0;
  for (std::size_t u = 0; u < table.units.size(); ++u)
    moved += rule.rule == SharingRule::trigger ? table.units[u].trigger.deviation
                                               : std::abs(rule.shares[u].usd - shapley_usd(table.units[u]));
  return 0.5 * moved / table.total.mean;
}

std::vector<RuleOverQueues> rules_over_queues(const std::vector<StudySharing>& queues) {
  std::vector<RuleOverQueues> all;
  if (queues.empty()) return all;
  for (std::size_t r = 0; r < queues.front().table.rules.size(); ++r) all.push_back(over_queues(queues, r));
  return all;
}

}  // namespace gridqueue
