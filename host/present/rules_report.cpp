#include "host/present/rules_report.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/allocate/rule_distance.hpp"
#include "host/core/text.hpp"
#include "host/present/gap_report.hpp"
#include "host/present/json_number.hpp"

namespace gridqueue {
namespace {

using nlohmann::ordered_json;

double per_kw(double usd, double kw) { return kw > 0 ? usd / kw : 0; }

//! How far each rule is from the mean over orders.
std::vector<std::string> distances(const SharingTable& t) {
  std::vector<std::string> row{mean_words(t.gap.shapley()).distance, ""};
  for (const RuleShares& r : t.rules) {
    const double x = distance_from_shapley(t, r);
    row.push_back(std::isnan(x) ? "-" : fmt::format("{:.1f} %", 100 * x));
  }
  return row;
}

//! Whole dollars, or dollars per kW to the cent.
std::string money(double usd, double divisor) {
  return divisor == 1 ? usd_text(usd) : fmt::format("{:.2f}", per_kw(usd, divisor));
}

//! A negative share carries a mark that survives copying into a spreadsheet.
std::string cell(const RuleShares& rule, std::size_t unit, double divisor) {
  if (!rule.available()) return "-";
  const Share& s = rule.shares[unit];
  const double half = rule.rule == SharingRule::shapley ? 0.5 * (s.high - s.low) : 0;
  const std::string error = half > 0 && std::isfinite(half) ? " +- " + money(half, divisor) : "";
  return money(s.usd, divisor) + error + (s.negative() ? " (-)" : "");
}

void print_block(const SharingTable& t, std::ostream& out, const char* title, bool relative) {
  std::vector<std::string> head{title, "kW"};
  for (const RuleShares& r : t.rules) head.emplace_back(rule_name(r.rule, t.gap));
  head.insert(head.end(), {"sd over orders", "range over orders"});
  TextTable table(std::move(head));
  for (std::size_t i = 0; i < t.units.size(); ++i) {
    const SharingUnit& u = t.units[i];
    const double divisor = relative ? u.kw : 1;
    std::vector<std::string> row{u.name, fmt::format("{:.0f}", u.kw)};
    for (const RuleShares& r : t.rules) row.push_back(cell(r, i, divisor));
    row.insert(row.end(),
               {money(u.trigger.sd, divisor), money(u.trigger.min, divisor) + " .. " + money(u.trigger.max, divisor)});
    table.add(std::move(row));
  }
  if (!relative) table.add(distances(t));
  table.print(out);
}

ordered_json unit_json(const SharingTable& t, std::size_t i) {
  const SharingUnit& u = t.units[i];
  ordered_json shares = ordered_json::object();
  for (const RuleShares& r : t.rules) {
    if (!r.available()) continue;
    const Share& s = r.shares[i];
    shares[rule_name(r.rule)] = {{"usd", s.usd},
                                 {"usd_per_kw", per_kw(s.usd, u.kw)},
                                 {"low", json_number(s.low)},
                                 {"high", json_number(s.high)},
                                 {"negative", s.negative()}};
    shares[rule_name(r.rule, t.gap)] = shares[rule_name(r.rule)];  // also under its right name
  }
  return {{"name", u.name},
          {"kw", u.kw},
          {"accepted", u.accepted},
          {"orders", {{"mean", u.trigger.mean}, {"sd", u.trigger.sd}, {"min", u.trigger.min}, {"max", u.trigger.max}}},
          {"hc0_kw", json_number(u.hc0)},
          {"hc1_kw", json_number(u.hc1)},
          {"induced_usd", json_number(u.induced_usd)},
          {"spread_usd", json_number(u.balanced_usd.value_or(kNotKnown))},
          {"shares", std::move(shares)}};
}

}  // namespace

void print_sharing(const SharingTable& t, std::ostream& out) {
  out << fmt::format("total {} (mean over orders; sd {}, from {} to {})\n{}\n", money_text(t.total.mean),
                     money_text(t.total.sd), usd_text(t.total.min), money_text(t.total.max), order_gap_text(t.gap));
  print_block(t, out, "$", false);
  out << '\n';
  print_block(t, out, "$/kW", true);
  for (const RuleShares& r : t.rules)
    if (!r.available()) out << fmt::format("{}: no answer ({})\n", rule_name(r.rule, t.gap), r.missing);
  const bool negative = std::any_of(t.rules.begin(), t.rules.end(), [](const RuleShares& r) {
    return std::any_of(r.shares.begin(), r.shares.end(), [](const Share& s) { return s.negative(); });
  });
  out << fmt::format(
      "{}: the part of the bill that would have to change hands; trigger: of one order's bill, mean over orders\n",
      mean_words(t.gap.shapley()).distance);
  if (negative) out << "(-) a negative share: the unit is paid; it is kept, the others pay for it\n";
}

ordered_json sharing_json(const SharingTable& t) {
  ordered_json units = ordered_json::array(), missing = ordered_json::object(), distance = ordered_json::object();
  for (std::size_t i = 0; i < t.units.size(); ++i) units.push_back(unit_json(t, i));
  for (const RuleShares& r : t.rules) {
    if (!r.available()) missing[rule_name(r.rule)] = r.missing;
    distance[rule_name(r.rule)] = json_number(distance_from_shapley(t, r));
    distance[rule_name(r.rule, t.gap)] = distance[rule_name(r.rule)];
  }
  return {{"total", {{"mean", t.total.mean}, {"sd", t.total.sd}, {"min", t.total.min}, {"max", t.total.max}}},
          {"order_gap", order_gap_json(t.gap)},
          {"units", std::move(units)},
          {"distance_from_shapley", std::move(distance)},
          {"no_answer", std::move(missing)}};
}

void print_sharing(const FileSharing& sharing, std::ostream& out) {
  sharing.many ? print_sharing(sharing.queues, out) : print_sharing(sharing.queues.front(), out);
}

nlohmann::ordered_json sharing_json(const FileSharing& sharing) {
  return sharing.many ? sharing_json(sharing.queues) : sharing_json(sharing.queues.front());
}

std::string sharing_text(const FileSharing& sharing, const std::string& file) {
  ordered_json json = sharing_json(sharing);
  json["file"] = file;
  return json_text(json);
}

}  // namespace gridqueue
