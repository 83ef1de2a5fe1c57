#include "host/cli/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gridqueue {

std::string usd_text(double x) {
  std::string digits = fmt::format("{:.0f}", x);
  for (std::size_t i = digits.size(); i > 3 && digits[i - 4] != '-'; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

namespace {

std::uint64_t saved(const WalkCounters& c) { return c.requests > c.evaluations ? c.requests - c.evaluations : 0; }

void print_distribution(const Summary& s) {
  const Spread& t = s.total;
  fmt::print("\nTotal upgrade cost per order: mean {} $, sd {} $, from {} to {} $\n", usd_text(t.mean), usd_text(t.sd), usd_text(t.min), usd_text(t.max));
  std::uint64_t most = 1;
  for (const HistogramBin& bin : s.histogram) most = std::max(most, bin.orders);
  for (const HistogramBin& bin : s.histogram) {
    const std::string range = bin.low == bin.high ? usd_text(bin.low) : fmt::format("{} - {}", usd_text(bin.low), usd_text(bin.high));
    fmt::print("  {:>24} $ {:6.2f} %  {}\n", range, 100.0 * static_cast<double>(bin.orders) / static_cast<double>(s.orders),
               std::string(static_cast<std::size_t>(40 * bin.orders / most), '#'));
  }
}

}  // namespace

void print_json(const RunReport& r) {
  nlohmann::ordered_json units = nlohmann::json::array();
  for (std::size_t i = 0; i < r.units.size(); ++i) {
    const UnitSummary& u = r.summary.units[i];
    units.push_back({{"bus", r.units[i].first}, {"kw", r.units[i].second}, {"trigger_probability", u.trigger_probability},
                     {"reject_probability", u.reject_probability}, {"mean_usd", u.pays.mean}, {"sd_usd", u.pays.sd},
                     {"median_usd", u.pays.median}, {"p95_usd", u.pays.p95}, {"max_usd", u.pays.max}});
  }
  nlohmann::ordered_json seconds;
  for (const auto& [stage, s] : r.seconds) seconds[stage] = s;
  const Spread& t = r.summary.total;
  const nlohmann::ordered_json json{
      {"orders", r.summary.orders}, {"evaluations", r.counters.evaluations}, {"evaluations_saved", saved(r.counters)},
      {"seconds", seconds}, {"units", units},
      {"total", {{"mean_usd", t.mean}, {"sd_usd", t.sd}, {"min_usd", t.min}, {"max_usd", t.max}}},
      {"file", r.file}};
  fmt::print("{}\n", json.dump(2));
}

void print_table(const RunReport& r) {
  fmt::print("{} orders of {} units\n\n", r.summary.orders, r.units.size());
  fmt::print("{:<12} {:>7} {:>9} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "unit at", "kW", "triggers", "rejected",
             "mean $", "sd $", "median $", "95 % $", "max $");
  for (std::size_t i = 0; i < r.units.size(); ++i) {
    const UnitSummary& u = r.summary.units[i];
    fmt::print("{:<12} {:>7.0f} {:>7.2f} % {:>7.2f} % {:>12} {:>12} {:>12} {:>12} {:>12}\n", r.units[i].first, r.units[i].second,
               100 * u.trigger_probability, 100 * u.reject_probability, usd_text(u.pays.mean), usd_text(u.pays.sd), usd_text(u.pays.median),
               usd_text(u.pays.p95), usd_text(u.pays.max));
  }
  print_distribution(r.summary);
  fmt::print("\n{} daily power flows solved, {} saved by sharing equal states between orders.\n", r.counters.evaluations, saved(r.counters));
  std::string stages;
  for (const auto& [stage, s] : r.seconds) stages += fmt::format("{}{} {:.2f} s", stages.empty() ? "" : ", ", stage, s);
  fmt::print("Time: {}.\nEvery trajectory is in '{}' (gridqueue show {} --order 0).\n", stages, r.file, r.file);
}

}  // namespace gridqueue
