#include "host/present/queue_report.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>

#include "host/core/text.hpp"
#include "host/present/actual_report.hpp"
#include "host/present/final_sets.hpp"
#include "host/present/gap_report.hpp"
#include "host/present/model_text.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kMostBins = 12, kShown = 5;

//! Half of the mean's 95 % interval, where the orders are a sample.
std::string error_text(const ResultsInfo& i, const QueueOutcome& q, double standard_error) {
  if (i.source() != OrderSource::random) return "";
  return usd_text(student95(q.orders / cluster_size(i.sampling()) - 1) * standard_error);
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

bool has_names(const ResultsInfo& i) {
  return std::any_of(i.unit_name.begin(), i.unit_name.end(), [](const std::string& name) { return !name.empty(); });
}

//! What the table calls the units.
std::vector<std::string> labels_of(const ResultsInfo& i, const QueueOutcome& q) {
  if (i.one_queue) return i.unit_names();
  std::vector<std::string> labels;
  for (const QueueUnit& u : q.units) labels.push_back(i.name(u.site));
  return labels;
}

struct Matrix {
  const char* title;
  std::string corner;                //!< what the numbers are
  std::vector<std::string> columns;  //!< their names
  std::vector<double> UnitDistribution::*row;
};

//! A row per unit; "-" where there is no such order.
void print_matrix(const ResultsInfo& info, const OrderDistribution& orders, const Matrix& m, const auto& text) {
  std::vector<std::string> head{m.corner};
  head.insert(head.end(), m.columns.begin(), m.columns.end());
  TextTable table(std::move(head));
  for (std::size_t i = 0; i < orders.units.size(); ++i) {
    std::vector<std::string> row{info.unit_names()[i]};
    for (double x : orders.units[i].*m.row) row.push_back(std::isnan(x) ? "-" : text(x));
    table.add(std::move(row));
  }
  fmt::print("\n{}\n", m.title);
  table.print(std::cout);
}

void print_matrices(const ResultsInfo& info, const OrderDistribution& orders) {
  std::vector<std::string> positions;
  for (std::size_t p = 1; p <= orders.units.size(); ++p) positions.push_back(std::to_string(p));
  using U = UnitDistribution;
  print_matrix(info, orders, {"Mean cost by position in the queue:", "$", positions, &U::mean_by_position}, usd_text);
  print_matrix(info, orders,
               {"Probability of a trigger by position in the queue:", "%", positions, &U::trigger_by_position},
               [](double p) { return fmt::format("{:.1f}", 100 * p); });
  print_matrix(
      info, orders,
      {"Mean cost of the row's unit given that the column's comes before it:", "$", info.unit_names(), &U::mean_after},
      usd_text);
}

void print_ends(const ResultsReader& r, const OrderDistribution& orders) {
  fmt::print("Triggers per order:");
  for (std::size_t t = 0; t < orders.triggers.size(); ++t)
    if (orders.triggers[t] > 0) fmt::print("  {}: {:.2f} %", t, 100 * orders.triggers[t]);
  const auto sets = final_sets(r, orders);
  fmt::print("\nLines in the end, {} different set{}:\n", sets.size(), sets.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(kShown, sets.size()); ++i)
    fmt::print("  {:6.2f} %  {:>14}  {}\n", 100 * sets[i].probability, money_text(sets[i].cost_usd),
               sets[i].lines.empty() ? "none" : fmt::format("{}", fmt::join(sets[i].lines, " ")));
  if (sets.size() > kShown) fmt::print("  ...\n");
}

void print_rejected(const ResultsInfo& info, const OrderDistribution& orders) {
  std::vector<std::pair<double, UnitSet>> rejected;
  for (const auto& [units, p] : orders.rejected)
    if (units.count() > 0) rejected.emplace_back(p, units);
  std::stable_sort(rejected.begin(), rejected.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min(kShown, rejected.size()); ++i) {
    std::string names;
    for (std::size_t u = 0; u < info.unit_site.size(); ++u)
      if (rejected[i].second.has(UnitId(u))) names += " " + info.unit_names()[u];
    fmt::print("Rejected in {:.2f} % of the orders:{}\n", 100 * rejected[i].first, names);
  }
  if (rejected.size() > kShown) fmt::print("  ... ({} sets of units are rejected in some order)\n", rejected.size());
}

//! How far the numbers can be trusted.
void print_precision(const ResultsInfo& i) {
  if (!i.unsolved.empty()) fmt::print("\nNot converged: {}.\n", i.unsolved);
  if (i.source() != OrderSource::random) return;
  fmt::print("\n+- is half of the 95 % interval of the mean{}; every number's interval is in the file (/estimate).\n",
             i.provenance.antithetic ? ", a pair of orders being one draw" : "");
  if (i.provenance.until.empty()) return;
  fmt::print("Until: {}; {:.4g} reached after {} orders.\n", i.provenance.until, i.half_width, i.committed);
}

}  // namespace

std::vector<HistogramBin> histogram(const Masses& distribution) {
  std::vector<HistogramBin> bins;
  if (distribution.size() <= kMostBins) {
    for (const auto& [value, share] : distribution) bins.push_back({value, value, share});
    return bins;
  }
  const double low = distribution.front().first, high = distribution.back().first,
               width = (high - low) / static_cast<double>(kMostBins);
  for (std::size_t i = 0; i < kMostBins; ++i)
    bins.push_back({low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1), 0});
  bins.back().high = high;
  for (const auto& [value, share] : distribution)
    bins[std::min(static_cast<std::size_t>((value - low) / width), kMostBins - 1)].share += share;
  return bins;
}

std::string orders_text(const ResultsInfo& i) {
  if (i.source() == OrderSource::all) return i.one_queue ? "all orders, exactly" : "all orders of each, exactly";
  return fmt::format("{} {}orders{}", i.one_queue ? i.committed : i.provenance.orders,
                     i.provenance.antithetic ? "antithetic " : "", i.one_queue ? "" : " of each");
}

std::uint64_t evaluations_saved(const ResultsInfo& i) {
  return i.evaluations_asked > i.evaluations ? i.evaluations_asked - i.evaluations : 0;
}

void print_effort(const ResultsInfo& i) {
  fmt::print("\n{} daily power flows solved, {} saved by sharing equal states between orders.\n", i.evaluations,
             evaluations_saved(i));
  fmt::print("Time: total {:.2f} s, evaluate {:.2f} s, explore {:.2f} s, write {:.2f} s.\n", i.seconds.total,
             i.seconds.evaluate, i.seconds.explore, i.seconds.write);
  print_model(i);
}

void print_units(const ResultsInfo& i, const QueueOutcome& q) {
  const char* error = i.source() == OrderSource::random ? "+- $" : "";
  const std::vector<std::string> labels = labels_of(i, q);
  std::size_t width = 12;
  for (const std::string& label : labels) width = std::max(width, label.size());
  fmt::print("{:<{}} {:>6} {:>9} {:>9} {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n", has_names(i) ? "unit" : "unit at",
             width, "kW", "triggers", "rejected", "mean $", error, "sd $", "median $", "95 % $", "max $");
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const QueueUnit& u = q.units[k];
    fmt::print("{:<{}} {:>6.0f} {:>7.2f} % {:>7.2f} % {:>11} {:>9} {:>11} {:>11} {:>11} {:>11}\n", labels[k], width,
               u.kw, 100 * u.trigger_probability, 100 * u.reject_probability, usd_text(u.mean_usd),
               error_text(i, q, u.mean_se_usd), usd_text(u.sd_usd), usd_text(u.median_usd), usd_text(u.p95_usd),
               usd_text(u.max_usd));
  }
}

void print_total(const ResultsInfo& i, const QueueOutcome& q) {
  const std::string error = error_text(i, q, q.total.mean_se_usd);
  fmt::print("\nTotal upgrade cost per order: mean {}{} $, sd {}, from {} to {}\n", usd_text(q.total.mean_usd),
             error.empty() ? "" : " +- " + error, money_text(q.total.sd_usd), usd_text(q.total.min_usd),
             money_text(q.total.max_usd));
  print_histogram(histogram(q.total.distribution));
  fmt::print("\n{}", order_gap_text(q.gap(i.source())));
}

void print_sums(const ResultsReader& r, const QueueSums& s) {
  const ResultsInfo& i = r.info();
  if (i.source() == OrderSource::all)
    fmt::print("all {:.4g} orders of {} units, exactly\n\n", all_orders_of(i), i.unit_site.size());
  else fmt::print("{} of {} units\n\n", orders_text(i), i.unit_site.size());
  if (const auto actual = r.actual()) print_actual(i, *actual, std::cout);
  print_units(i, s.outcome);
  print_total(i, s.outcome);
  print_ends(r, s.orders);
  print_rejected(i, s.orders);
  if (i.source() == OrderSource::all) print_matrices(i, s.orders);
  print_precision(i);
  if (!s.orders.level_states.empty())
    fmt::print("\n{} states; after 0, 1, 2, ... units: {}.\n",
               std::accumulate(s.orders.level_states.begin(), s.orders.level_states.end(), std::uint64_t{0}),
               fmt::join(s.orders.level_states, " "));
  print_effort(i);
  if (i.provenance.keep != Kept::orders) fmt::print("All distributions are in '{}' (/distribution).\n", r.path());
  else fmt::print("Every trajectory is in '{}' (gridqueue show {} --order 0).\n", r.path(), r.path());
}

}  // namespace gridqueue
