// What `gridqueue run` prints of all orders at once.
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "host/present/gap_report.hpp"
#include "host/present/model_text.hpp"
#include "host/present/rules_report.hpp"
#include "host/present/run_report.hpp"

namespace gridqueue {
namespace {

using Json = nlohmann::ordered_json;

Json pairs(const std::map<double, double>& distribution) {
  Json list = Json::array();
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

Json or_null(double x) { return std::isnan(x) ? Json(nullptr) : Json(x); }

Json unit_json(const ExactReport& r, std::size_t i) {
  const ExactUnit& u = r.exact.units[i];
  Json after = Json::array();
  for (double usd : u.mean_after) after.push_back(or_null(usd));
  return {{"bus", r.info.unit_bus[i]},
          {"kw", r.info.unit_kw[i]},
          {"trigger_probability", u.trigger_probability},
          {"reject_probability", u.reject_probability},
          {"mean_usd", u.mean_usd},
          {"sd_usd", u.sd_usd},
          {"median_usd", u.quantile(0.5)},
          {"p95_usd", u.quantile(0.95)},
          {"max_usd", u.quantile(1)},
          {"distribution", pairs(u.distribution)},
          {"mean_by_position", u.mean_by_position},
          {"trigger_by_position", u.trigger_by_position},
          {"mean_after", after}};
}

Json ends_json(const ExactReport& r) {
  Json sets = Json::array(), rejections = Json::array();
  for (const FinalSet& s : r.final_sets)
    sets.push_back({{"lines", s.lines}, {"cost_usd", s.cost_usd}, {"probability", s.probability}});
  for (const auto& [units, p] : r.exact.rejected) {
    Json rejected = Json::array();
    for (std::size_t u = 0; u < r.info.unit_bus.size(); ++u)
      if (units.has(UnitId(u))) rejected.push_back(u);
    rejections.push_back({{"units", rejected}, {"probability", p}});
  }
  return {{"final_sets", sets}, {"rejected", rejections}};
}

double orders_of(const ExactReport& r) {
  return std::round(std::tgamma(static_cast<double>(r.info.unit_bus.size()) + 1));
}

struct Matrix {
  const char* title;
  std::string corner;                //!< what the numbers are
  std::vector<std::string> columns;  //!< their names
  std::vector<double> ExactUnit::*row;
};

//! A row per unit; "-" where there is no such order.
void print_matrix(const ExactReport& r, const Matrix& m, const auto& text) {
  std::vector<std::string> head{m.corner};
  head.insert(head.end(), m.columns.begin(), m.columns.end());
  TextTable table(std::move(head));
  for (std::size_t i = 0; i < r.exact.units.size(); ++i) {
    std::vector<std::string> row{r.info.unit_bus[i]};
    for (double x : r.exact.units[i].*m.row) row.push_back(std::isnan(x) ? "-" : text(x));
    table.add(std::move(row));
  }
  std::cout << '\n' << m.title << '\n';
  table.print(std::cout);
}

void print_matrices(const ExactReport& r) {
  std::vector<std::string> positions;
  for (std::size_t p = 1; p <= r.exact.units.size(); ++p) positions.push_back(std::to_string(p));
  print_matrix(r, {"Mean cost by position in the queue:", "$", positions, &ExactUnit::mean_by_position}, usd_text);
  print_matrix(r,
               {"Probability of a trigger by position in the queue:", "%", positions, &ExactUnit::trigger_by_position},
               [](double p) { return fmt::format("{:.1f}", 100 * p); });
  print_matrix(r,
               {"Mean cost of the row's unit given that the column's comes before it:", "$", r.info.unit_bus,
                &ExactUnit::mean_after},
               usd_text);
}

void print_ends(const ExactReport& r) {
  constexpr std::size_t kShown = 5;
  fmt::print("Triggers per order:");
  for (std::size_t t = 0; t < r.exact.triggers.size(); ++t)
    if (r.exact.triggers[t] > 0) fmt::print("  {}: {:.2f} %", t, 100 * r.exact.triggers[t]);
  fmt::print("\nLines in the end, {} different set{}:\n", r.final_sets.size(), r.final_sets.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(kShown, r.final_sets.size()); ++i)
    fmt::print("  {:6.2f} %  {:>14}  {}\n", 100 * r.final_sets[i].probability, money_text(r.final_sets[i].cost_usd),
               r.final_sets[i].lines.empty() ? "none" : fmt::format("{}", fmt::join(r.final_sets[i].lines, " ")));
  if (r.final_sets.size() > kShown) fmt::print("  ...\n");
  for (const auto& [units, p] : r.exact.rejected) {
    if (units.count() == 0) continue;
    std::string names;
    for (std::size_t u = 0; u < r.info.unit_bus.size(); ++u)
      if (units.has(UnitId(u))) names += " " + r.info.unit_bus[u];
    fmt::print("Rejected in {:.2f} % of the orders:{}\n", 100 * p, names);
  }
}

void print_growth(const ExactReport& r) {
  fmt::print("{} states; after 0, 1, 2, ... units: {}.\n", r.exact.states, fmt::join(r.exact.level_states, " "));
}

}  // namespace

ExactReport exact_report(const ResultsReader& reader, std::shared_ptr<const FileSharing> sharing) {
  ExactReport r{reader.path(), reader.info(), reader.distribution(), {}, std::move(sharing), {}};
  r.gap = {OrderSource::all, r.exact.total.begin()->first, moments(r.exact.total).mean, r.exact.total.rbegin()->first,
           reader.order_gap_usd()};
  for (const auto& [id, p] : r.exact.upgrades) {
    FinalSet set{{}, 0, p};
    for (const BuiltLine& line : reader.upgrade_set(id))
      set.lines.push_back(line.name.substr(line.name.find('.') + 1)), set.cost_usd += line.cost_usd;
    r.final_sets.push_back(std::move(set));
  }
  std::stable_sort(r.final_sets.begin(), r.final_sets.end(),
                   [](const FinalSet& a, const FinalSet& b) { return a.probability > b.probability; });
  return r;
}

void print_json(const ExactReport& r) {
  Json units = Json::array();
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) units.push_back(unit_json(r, i));
  const Moments total = moments(r.exact.total);
  Json json{{"orders", orders_of(r)},
            {"evaluations", r.info.evaluations},
            {"evaluations_saved", evaluations_saved(r.info)},
            {"seconds", effort_json(r.info)},
            {"model", model_json(r.info)},
            {"units", units},
            {"total",
             {{"mean_usd", total.mean},
              {"sd_usd", total.sd},
              {"min_usd", r.exact.total.begin()->first},
              {"max_usd", r.exact.total.rbegin()->first}}},
            {"order_gap", order_gap_json(r.gap)},
            {"total_distribution", pairs(r.exact.total)},
            {"triggers", r.exact.triggers}};
  json.update(ends_json(r));
  json.update({{"states", r.exact.states}, {"level_states", r.exact.level_states}, {"file", r.file}});
  if (r.sharing) json["allocation"] = sharing_json(*r.sharing);
  fmt::print("{}\n", json.dump(2));
}

void print_table(const ExactReport& r) {
  fmt::print("all {:.4g} orders of {} units, exactly\n\n", orders_of(r), r.info.unit_bus.size());
  fmt::print("{:<12} {:>7} {:>9} {:>9} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "unit at", "kW", "triggers", "rejected",
             "mean $", "sd $", "median $", "95 % $", "max $");
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) {
    const ExactUnit& u = r.exact.units[i];
    fmt::print("{:<12} {:>7.0f} {:>7.2f} % {:>7.2f} % {:>12} {:>12} {:>12} {:>12} {:>12}\n", r.info.unit_bus[i],
               r.info.unit_kw[i], 100 * u.trigger_probability, 100 * u.reject_probability, usd_text(u.mean_usd),
               usd_text(u.sd_usd), usd_text(u.quantile(0.5)), usd_text(u.quantile(0.95)), usd_text(u.quantile(1)));
  }
  const Moments total = moments(r.exact.total);
  fmt::print("\nTotal upgrade cost per order: mean {}, sd {}, from {} to {}\n", money_text(total.mean),
             money_text(total.sd), usd_text(r.exact.total.begin()->first), money_text(r.exact.total.rbegin()->first));
  print_histogram(histogram(r.exact.total));
  fmt::print("\n{}", order_gap_text(r.gap));
  print_ends(r);
  print_matrices(r);
  fmt::print("\n");
  print_growth(r);
  print_effort(r.info);
  print_model(r.info);
  fmt::print("All distributions are in '{}' (/distribution).\n", r.file);
  if (r.sharing) print_sharing(*r.sharing, std::cout);
}

}  // namespace gridqueue
