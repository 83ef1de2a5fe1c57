#include "host/allocate/rules.hpp"

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

//! Weights that add up to less than this of their sizes have no sign of their own: nothing to divide by.
constexpr double kCancelled = 1e-9;
constexpr const char* kMeanOverOrders = "mean-over-orders";

RuleShares no_answer(SharingRule rule, std::string why) { return {rule, {}, std::move(why)}; }

//! total * weight / sum of weights.
RuleShares in_proportion(SharingRule rule, const std::vector<double>& weight, double total, const char* weights_name) {
  double sum = 0, size = 0;
  for (double w : weight) sum += w, size += std::abs(w);
  if (total != 0 && !(std::abs(sum) > kCancelled * size))
    return no_answer(rule, fmt::format("the sum of {} is {:.3g}: there is nothing to divide {} by", weights_name, sum,
                                       money_text(total)));
  RuleShares r{rule, {}, ""};
  for (double w : weight) r.shares.push_back({total == 0 ? 0 : total * w / sum, kNotKnown, kNotKnown});
  return r;
}

//! Means over orders come with their own total; they are taken as they are.
RuleShares over_orders(SharingRule rule, const std::vector<SharingUnit>& units) {
  RuleShares r{rule, {}, ""};
  for (const SharingUnit& u : units) {
    const bool trigger = rule == SharingRule::trigger;
    const OrderCost& c = !trigger && u.shapley ? *u.shapley : u.trigger;
    r.shares.push_back({c.mean, trigger ? c.min : c.mean - c.half_width, trigger ? c.max : c.mean + c.half_width});
  }
  return r;
}

RuleShares pro_rata(const std::vector<SharingUnit>& units, double total) {
  std::vector<double> weight;
  for (const SharingUnit& u : units) weight.push_back(u.kw * u.accepted);
  return in_proportion(SharingRule::pro_rata_kw, weight, total, "accepted kW");
}

//! w_i = P_i (HC1_i - HC0_i) / HC0_i: kW that the upgrades make room for, relative to the room there was.
RuleShares delta_hosting(const std::vector<SharingUnit>& units, double total) {
  const SharingRule rule = SharingRule::delta_hosting_capacity;
  std::vector<double> weight;
  for (const SharingUnit& u : units) {
    if (total != 0 && u.accepted > 0 && (std::isnan(u.hc0) || std::isnan(u.hc1)))
      return no_answer(rule, fmt::format("the hosting capacities at {} were not searched", u.name));
    if (total != 0 && u.accepted > 0 && u.hc0 <= 0)
      return no_answer(
          rule,
          fmt::format("the hosting capacity at {} was 0 before the upgrades: its change relative to that has no value",
                      u.name));
    weight.push_back(total != 0 && u.accepted > 0 ? u.kw * u.accepted * (u.hc1 - u.hc0) / u.hc0 : 0);
  }
  return in_proportion(rule, weight, total, "P (HC1 - HC0) / HC0");
}

//! The limits' and bounds' columns are spread in proportion to what the units' rows induce.
RuleShares constraint_columns(const std::vector<SharingUnit>& units, double total) {
  const SharingRule rule = SharingRule::constraint_matrix;
  std::vector<double> weight;
  for (const SharingUnit& u : units) {
    if (total != 0 && std::isnan(u.induced_usd))
      return no_answer(rule, fmt::format("the feeder's linear program says nothing about {}", u.name));
    weight.push_back(total != 0 ? u.balanced_usd.value_or(u.induced_usd) : 0);
  }
  return in_proportion(rule, weight, total, "the costs induced by the units");
}

void check_balance(const RuleShares& r, double total) {
  double sum = 0, size = std::abs(total);
  for (const Share& s : r.shares) sum += s.usd, size += std::abs(s.usd);
  if (std::abs(sum - total) > 1e-9 * size)
    fail(ExitCode::internal,
         "rule {} shares out {:.10g} $ of {:.10g} $ (the units' means and the total's do not come "
         "from the same orders)",
         rule_name(r.rule), sum, total);
}

}  // namespace

const char* rule_name(SharingRule rule) {
  switch (rule) {
    case SharingRule::trigger: return "trigger";
    case SharingRule::shapley: return "shapley";
    case SharingRule::pro_rata_kw: return "pro-rata-kw";
    case SharingRule::delta_hosting_capacity: return "delta-hosting-capacity";
    case SharingRule::constraint_matrix: return "constraint-matrix";
  }
  contract_failed("precondition", "rule is a SharingRule", __FILE__, __LINE__);
}

const char* rule_name(SharingRule rule, const OrderGap& gap) {
  return rule == SharingRule::shapley && !gap.shapley() ? kMeanOverOrders : rule_name(rule);
}

std::vector<std::pair<std::string, SharingRule>> rule_words() {
  std::vector<std::pair<std::string, SharingRule>> words;
  for (SharingRule rule : kSharingRules) {
    words.emplace_back(rule_name(rule), rule);
    if (rule == SharingRule::shapley) words.emplace_back(kMeanOverOrders, rule);
  }
  return words;
}

SharingRule rule_of_name(const std::string& name) {
  std::vector<std::string> known;
  std::string list;
  for (const auto& [word, rule] : rule_words()) {
    if (name == word) return rule;
    known.push_back(word);
    list += (list.empty() ? "" : ", ") + word;
  }
  const std::string close = closest_name(name, known);
  fail_input("unknown sharing rule '{}' (known: {}){}", name, list,
             close.empty() ? "" : "; did you mean '" + close + "'?");
}

RuleShares share_by(SharingRule rule, const std::vector<SharingUnit>& units, const OrderCost& total) {
  switch (rule) {
    case SharingRule::trigger:
    case SharingRule::shapley: return over_orders(rule, units);
    case SharingRule::pro_rata_kw: return pro_rata(units, total.mean);
    case SharingRule::delta_hosting_capacity: return delta_hosting(units, total.mean);
    case SharingRule::constraint_matrix: return constraint_columns(units, total.mean);
  }
  contract_failed("precondition", "rule is a SharingRule", __FILE__, __LINE__);
}

SharingTable share_costs(std::vector<SharingUnit> units, const OrderCost& total,
                         const std::vector<SharingRule>& rules) {
  SharingTable table{std::move(units), total, {}};
  for (SharingRule rule : rules) {
    table.rules.push_back(share_by(rule, table.units, total));
    if (table.rules.back().available()) check_balance(table.rules.back(), total.mean);
  }
  return table;
}

}  // namespace gridqueue
