// What `gridqueue run` prints of all orders at once.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "host/cli/run_report.hpp"

namespace gridqueue {
namespace {

nlohmann::ordered_json pairs(const std::map<double, double>& distribution) {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const auto& [usd, p] : distribution) list.push_back({usd, p});
  return list;
}

struct Moments {
  double mean = 0, sd = 0;
};
Moments moments(const std::map<double, double>& distribution) {
  Moments m;
  double square = 0;
  for (const auto& [usd, p] : distribution) m.mean += usd * p;
  for (const auto& [usd, p] : distribution) square += (usd - m.mean) * (usd - m.mean) * p;
  m.sd = std::sqrt(square);
  return m;
}

}  // namespace

void print_json(const ExactReport& r) {
  nlohmann::ordered_json units = nlohmann::json::array();
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) {
    const ExactUnit& u = r.exact.units[i];
    units.push_back({{"bus", r.info.unit_bus[i]}, {"kw", r.info.unit_kw[i]}, {"trigger_probability", u.trigger_probability},
                     {"reject_probability", u.reject_probability}, {"mean_usd", u.mean_usd}, {"sd_usd", u.sd_usd},
                     {"median_usd", u.quantile(0.5)}, {"p95_usd", u.quantile(0.95)}, {"max_usd", u.quantile(1)},
                     {"distribution", pairs(u.distribution)}, {"mean_by_position", u.mean_by_position}});
  }
  const Moments total = moments(r.exact.total);
  const nlohmann::ordered_json json{
      {"orders", std::tgamma(static_cast<double>(r.info.unit_bus.size()) + 1)}, {"evaluations", r.info.evaluations},
      {"evaluations_saved", evaluations_saved(r.info)}, {"seconds", effort_json(r.info)}, {"units", units},
      {"total", {{"mean_usd", total.mean}, {"sd_usd", total.sd}, {"min_usd", r.exact.total.begin()->first}, {"max_usd", r.exact.total.rbegin()->first}}},
      {"total_distribution", pairs(r.exact.total)}, {"triggers", r.exact.triggers}, {"states", r.exact.states}, {"file", r.file}};
  fmt::print("{}\n", json.dump(2));
}

void print_table(const ExactReport& r) {
  fmt::print("all {:.4g} orders of {} units, exactly\n\n", std::tgamma(static_cast<double>(r.info.unit_bus.size()) + 1), r.info.unit_bus.size());
  fmt::print("{:<12} {:>7} {:>9} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "unit at", "kW", "triggers", "rejected",
             "mean $", "sd $", "median $", "95 % $", "max $");
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) {
    const ExactUnit& u = r.exact.units[i];
    fmt::print("{:<12} {:>7.0f} {:>7.2f} % {:>7.2f} % {:>12} {:>12} {:>12} {:>12} {:>12}\n", r.info.unit_bus[i], r.info.unit_kw[i],
               100 * u.trigger_probability, 100 * u.reject_probability, usd_text(u.mean_usd), usd_text(u.sd_usd),
               usd_text(u.quantile(0.5)), usd_text(u.quantile(0.95)), usd_text(u.quantile(1)));
  }
  const Moments total = moments(r.exact.total);
  fmt::print("\nTotal upgrade cost: mean {} $, sd {} $, {} distinct totals from {} to {} $\n", usd_text(total.mean), usd_text(total.sd),
             r.exact.total.size(), usd_text(r.exact.total.begin()->first), usd_text(r.exact.total.rbegin()->first));
  fmt::print("Triggers per order:");
  for (std::size_t t = 0; t < r.exact.triggers.size(); ++t)
    if (r.exact.triggers[t] > 0) fmt::print("  {}: {:.2f} %", t, 100 * r.exact.triggers[t]);
  fmt::print("\n");
  print_effort(r.info);
  fmt::print("{} states. The means are Shapley values of the ordered game; all distributions are in '{}' (/distribution).\n", r.exact.states, r.file);
}

}  // namespace gridqueue
