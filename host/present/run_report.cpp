#include "host/present/run_report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "host/present/gap_report.hpp"
#include "host/present/model_text.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {

std::uint64_t evaluations_saved(const ResultsInfo& i) {
  return i.evaluations_asked > i.evaluations ? i.evaluations_asked - i.evaluations : 0;
}

void print_effort(const ResultsInfo& i) {
  fmt::print("\n{} daily power flows solved, {} saved by sharing equal states between orders.\n", i.evaluations,
             evaluations_saved(i));
  fmt::print("Time: total {:.2f} s, evaluate {:.2f} s, explore {:.2f} s, write {:.2f} s.\n", i.seconds.total,
             i.seconds.evaluate, i.seconds.explore, i.seconds.write);
}

void print_histogram(const std::vector<HistogramBin>& bins) {
  double most = 0;
  for (const HistogramBin& bin : bins) most = std::max(most, bin.share);
  for (const HistogramBin& bin : bins) {
    const std::string range =
        bin.low == bin.high ? money_text(bin.low) : fmt::format("{} - {}", usd_text(bin.low), money_text(bin.high));
    fmt::print("  {:>26} {:6.2f} %  {}\n", range, 100 * bin.share,
               std::string(static_cast<std::size_t>(40 * bin.share / most), '#'));
  }
}

namespace {

//! "mean 1,234 +- 56 $", without the error where orders were given.
std::string mean_text(const RunReport& r, const Estimate& mean) {
  return r.sampled() ? fmt::format("{} +- {}", usd_text(mean.value), usd_text(mean.half_width()))
                     : usd_text(mean.value);
}

void print_distribution(const RunReport& r) {
  const Summary& s = r.summary;
  const Spread& t = s.total;
  fmt::print("\nTotal upgrade cost per order: mean {} $, sd {}, from {} to {}\n", mean_text(r, t.mean),
             money_text(t.sd), usd_text(t.min), money_text(t.max));
  print_histogram(s.histogram);
  fmt::print("\n{}", order_gap_text(r.gap()));
}

void print_rule(const RunReport& r) {
  if (r.sampled())
    fmt::print("+- is half of the 95 % interval of the mean{}; every number's interval is in the file (/estimate).\n",
               r.info.provenance.antithetic ? ", a pair of orders being one draw" : "");
  if (r.info.provenance.until.empty()) return;
  fmt::print("Until: {}; {:.4g} reached after {} orders.\n", r.info.provenance.until, r.info.half_width,
             r.info.committed);
}

}  // namespace

void print_table(const RunReport& r) {
  fmt::print("{} {}orders of {} units\n\n", r.summary.orders, r.info.provenance.antithetic ? "antithetic " : "",
             r.info.unit_bus.size());
  if (r.summary.orders == 0) return;
  fmt::print("{:<12} {:>6} {:>9} {:>9} {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n", "unit at", "kW", "triggers",
             "rejected", "mean $", r.sampled() ? "+- $" : "", "sd $", "median $", "95 % $", "max $");
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) {
    const UnitSummary& u = r.summary.units[i];
    fmt::print("{:<12} {:>6.0f} {:>7.2f} % {:>7.2f} % {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n", r.info.unit_bus[i],
               r.info.unit_kw[i], 100 * u.trigger_probability.value, 100 * u.reject_probability.value,
               usd_text(u.pays.mean.value), r.sampled() ? usd_text(u.pays.mean.half_width()) : "", usd_text(u.pays.sd),
               usd_text(u.pays.median().value), usd_text(u.pays.p95().value), usd_text(u.pays.max));
  }
  print_distribution(r);
  if (r.sampled()) fmt::print("\n");
  print_rule(r);
  print_effort(r.info);
  print_model(r.info);
  fmt::print("Every trajectory is in '{}' (gridqueue show {} --order 0).\n", r.file, r.file);
  if (r.sharing) print_sharing(*r.sharing, std::cout);
}

}  // namespace gridqueue
