// The rules over many queues, in print and JSON.
#include <algorithm>
#include <cmath>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/allocate/rule_distance.hpp"
#include "host/core/text.hpp"
#include "host/present/gap_report.hpp"
#include "host/present/json_number.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {
namespace {

using nlohmann::ordered_json;

std::string percent(double x) { return std::isfinite(x) ? fmt::format("{:.1f} %", 100 * x) : "-"; }

//! Queues without an answer, and why the first of them has none.
struct Missing {
  std::size_t queues = 0, first = 0;
  std::string why;
};
Missing missing(const std::vector<StudySharing>& queues, std::size_t rule) {
  Missing m;
  for (std::size_t q = 0; q < queues.size(); ++q) {
    const RuleShares& r = queues[q].table.rules[rule];
    if (r.available()) continue;
    if (m.queues++ == 0) m.first = q, m.why = r.missing;
  }
  return m;
}

std::vector<OrderGap> gaps_of(const std::vector<StudySharing>& queues) {
  std::vector<OrderGap> gaps;
  for (const StudySharing& s : queues) gaps.push_back(s.table.gap);
  return gaps;
}

}  // namespace

void print_sharing(const std::vector<StudySharing>& queues, std::ostream& out) {
  const auto rules = rules_over_queues(queues);
  const OrderGap gap = common_gap(queues);
  const MeanWords mean = mean_words(gap.shapley());
  out << fmt::format("\nWho should pay, over {} queues: how far each rule is from {}\n", queues.size(), mean.value);
  TextTable table(
      {"rule", "queues", mean.distance, "+-", "median", "95 %", "rms $ of a unit", "closest in", "negative shares in"});
  for (const RuleOverQueues& r : rules)
    table.add({rule_name(r.rule, gap), fmt::format("{}", r.answers), percent(r.distance.value),
               percent(r.distance.half_width()), percent(r.median), percent(r.p95), usd_text(r.rms_usd),
               fmt::format("{}", r.closest), fmt::format("{}", r.negative)});
  table.print(out);
  out << fmt::format(
      "{}: the part of the bill that would have to change hands, mean over the queues in which something is to be "
      "paid\n"
      "(trigger: of one order's bill, mean over orders); +- is half of the 95 % interval over queues.\n{}",
      mean.distance, order_gaps_text(gaps_of(queues)));
  for (std::size_t r = 0; r < rules.size(); ++r)
    if (const Missing m = missing(queues, r); m.queues > 0)
      out << fmt::format("{}: no answer in {} queues (queue {}: {})\n", rule_name(rules[r].rule, gap), m.queues,
                         m.first, m.why);
}

ordered_json sharing_json(const std::vector<StudySharing>& queues) {
  const auto over = rules_over_queues(queues);
  ordered_json rules = ordered_json::object();
  for (std::size_t r = 0; r < over.size(); ++r) {
    const RuleOverQueues& o = over[r];
    const Missing none = missing(queues, r);
    rules[rule_name(o.rule)] = {{"queues", o.answers},
                                {"distance_from_shapley",
                                 {{"mean", o.distance.value},
                                  {"interval", {json_number(o.distance.low), json_number(o.distance.high)}},
                                  {"median", o.median},
                                  {"p95", o.p95}}},
                                {"rms_usd", o.rms_usd},
                                {"closest", o.closest},
                                {"negative", o.negative},
                                {"no_answer",
                                 {{"queues", none.queues},
                                  {"first", none.queues ? ordered_json(none.first) : ordered_json(nullptr)},
                                  {"why", none.why}}}};
  }
  if (const char* named = rule_name(SharingRule::shapley, common_gap(queues)); rules.contains("shapley"))
    rules[named] = rules["shapley"];  // also under its right name
  return {{"queues", queues.size()}, {"order_gap", order_gaps_json(gaps_of(queues))}, {"rules", std::move(rules)}};
}

}  // namespace gridqueue
