#include "host/allocate/rules_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using nlohmann::ordered_json;
constexpr int kColumn = 22;  // of the longest rule name

ordered_json number(double x) { return !std::isfinite(x) ? ordered_json(nullptr) : ordered_json(x); }

double per_kw(double usd, double kw) { return kw > 0 ? usd / kw : 0; }

//! A negative share carries a mark that survives copying into a spreadsheet.
std::string cell(const RuleShares& rule, std::size_t unit, double divisor, const char* none) {
  if (!rule.available()) return none;
  const Share& s = rule.shares[unit];
  const double half = rule.rule == SharingRule::shapley ? 0.5 * (s.high - s.low) : 0;
  const std::string error = half > 0 && std::isfinite(half) ? fmt::format(" +- {:.{}f}", per_kw(half, divisor), divisor == 1 ? 0 : 2) : "";
  return fmt::format("{:.2f}{}{}", per_kw(s.usd, divisor), error, s.negative() ? " (-)" : "");
}

void print_block(const SharingTable& t, std::ostream& out, const char* title, bool relative) {
  std::size_t w = 8;
  for (const SharingUnit& u : t.units) w = std::max(w, u.name.size());
  out << fmt::format("{:<{}} {:>9}", title, w, "kW");
  for (const RuleShares& r : t.rules) out << fmt::format(" {:>{}}", rule_name(r.rule), kColumn);
  out << fmt::format(" {:>14} {:>27}\n", "sd over orders", "range over orders");
  for (std::size_t i = 0; i < t.units.size(); ++i) {
    const SharingUnit& u = t.units[i];
    const double divisor = relative ? u.kw : 1;
    out << fmt::format("{:<{}} {:>9.1f}", u.name, w, u.kw);
    for (const RuleShares& r : t.rules) out << fmt::format(" {:>{}}", cell(r, i, divisor, "-"), kColumn);
    out << fmt::format(" {:>14.2f} {:>27}\n", per_kw(u.trigger.sd, divisor), fmt::format("{:.2f} .. {:.2f}", per_kw(u.trigger.min, divisor), per_kw(u.trigger.max, divisor)));
  }
}

ordered_json unit_json(const SharingTable& t, std::size_t i) {
  const SharingUnit& u = t.units[i];
  ordered_json shares = ordered_json::object();
  for (const RuleShares& r : t.rules) {
    if (!r.available()) continue;
    const Share& s = r.shares[i];
    shares[rule_name(r.rule)] = {{"usd", s.usd}, {"usd_per_kw", per_kw(s.usd, u.kw)}, {"low", number(s.low)},
                                 {"high", number(s.high)}, {"negative", s.negative()}};
  }
  return {{"name", u.name}, {"kw", u.kw}, {"accepted", u.accepted},
          {"orders", {{"mean", u.trigger.mean}, {"sd", u.trigger.sd}, {"min", u.trigger.min}, {"max", u.trigger.max}}},
          {"hc0_kw", number(u.hc0)}, {"hc1_kw", number(u.hc1)}, {"induced_usd", number(u.induced_usd)},
          {"spread_usd", number(u.balanced_usd.value_or(kNotKnown))},
          {"shares", std::move(shares)}};
}

}  // namespace

void print_sharing(const SharingTable& t, std::ostream& out) {
  out << fmt::format("total {:.2f} $ (mean over orders; sd {:.2f}, range {:.2f} .. {:.2f})\n\n", t.total.mean, t.total.sd,
                     t.total.min, t.total.max);
  print_block(t, out, "$", false);
  out << '\n';
  print_block(t, out, "$/kW", true);
  for (const RuleShares& r : t.rules)
    if (!r.available()) out << fmt::format("{}: no answer ({})\n", rule_name(r.rule), r.missing);
  const bool negative = std::any_of(t.rules.begin(), t.rules.end(), [](const RuleShares& r) {
    return std::any_of(r.shares.begin(), r.shares.end(), [](const Share& s) { return s.negative(); });
  });
  if (negative) out << "(-) a negative share: the unit is paid; it is kept, the others pay for it\n";
}

ordered_json sharing_json(const SharingTable& t) {
  ordered_json units = ordered_json::array(), missing = ordered_json::object();
  for (std::size_t i = 0; i < t.units.size(); ++i) units.push_back(unit_json(t, i));
  for (const RuleShares& r : t.rules)
    if (!r.available()) missing[rule_name(r.rule)] = r.missing;
  return {{"total", {{"mean", t.total.mean}, {"sd", t.total.sd}, {"min", t.total.min}, {"max", t.total.max}}},
          {"units", std::move(units)}, {"no_answer", std::move(missing)}};
}

}  // namespace gridqueue
