// `--json` of `gridqueue run` and `gridqueue show` for one queue.
#include <fmt/core.h>

#include "host/present/actual_report.hpp"
#include "host/present/final_sets.hpp"
#include "host/present/gap_report.hpp"
#include "host/present/json_number.hpp"
#include "host/present/model_text.hpp"
#include "host/present/queue_report.hpp"

namespace gridqueue {
namespace {

using Json = nlohmann::ordered_json;

//! What cannot be told from so few orders becomes null.
Json estimate_json(const Estimate& e) {
  return {{"value", e.value}, {"standard_error", e.standard_error}, {"low", e.low}, {"high", e.high}};
}

Json estimates_json(const CostEstimates& e) {
  Json json{{"mean_usd", estimate_json(e.mean)}};
  for (std::size_t q = 0; q < kQuantiles.size(); ++q)
    json[fmt::format("p{:02.0f}_usd", 100 * kQuantiles[q])] = estimate_json(e.quantile[q]);
  return json;
}

Json numbers_json(const std::vector<double>& values) {
  Json list = Json::array();
  for (double x : values) list.push_back(json_number(x));
  return list;
}

Json unit_json(const ResultsInfo& info, const QueueUnit& u) {
  return {{"bus", info.name(u.site)},
          {"kw", u.kw},
          {"trigger_probability", u.trigger_probability},
          {"reject_probability", u.reject_probability},
          {"mean_usd", u.mean_usd},
          {"mean_se_usd", json_number(u.mean_se_usd)},
          {"sd_usd", u.sd_usd},
          {"median_usd", u.median_usd},
          {"p95_usd", u.p95_usd},
          {"max_usd", u.max_usd},
          {"distribution", u.distribution}};
}

void add_orders(Json& unit, const UnitDistribution& u) {
  unit["mean_by_position"] = numbers_json(u.mean_by_position);
  unit["trigger_by_position"] = numbers_json(u.trigger_by_position);
  unit["mean_after"] = numbers_json(u.mean_after);
}

void add_estimates(Json& json, const OrderEstimates& e) {
  for (std::size_t i = 0; i < e.units.size(); ++i) {
    Json& to = json["units"][i]["estimates"];
    to = estimates_json(e.units[i].pays);
    to["trigger_probability"] = estimate_json(e.units[i].trigger_probability);
    to["reject_probability"] = estimate_json(e.units[i].reject_probability);
  }
  json["total"]["estimates"] = estimates_json(e.total);
}

Json ends_json(const ResultsReader& r, const OrderDistribution& orders) {
  Json sets = Json::array(), rejections = Json::array();
  for (const FinalSet& s : final_sets(r, orders))
    sets.push_back({{"lines", s.lines}, {"cost_usd", s.cost_usd}, {"probability", s.probability}});
  for (const auto& [units, p] : orders.rejected) {
    Json rejected = Json::array();
    for (std::size_t u = 0; u < r.info().unit_site.size(); ++u)
      if (units.has(UnitId(u))) rejected.push_back(u);
    rejections.push_back({{"units", rejected}, {"probability", p}});
  }
  return {{"triggers", orders.triggers}, {"final_sets", sets}, {"rejected", rejections}};
}

//! "orders" and how they came about.
Json orders_json(const ResultsInfo& i) {
  Json json;
  if (i.source() == OrderSource::all) json["orders"] = all_orders_of(i);
  else json["orders"] = i.committed;
  json["antithetic"] = i.provenance.antithetic;
  if (!i.provenance.until.empty())
    json["until"] = {{"rule", i.provenance.until}, {"half_width", json_number(i.half_width)}};
  json["complete"] = i.complete;
  if (!i.unsolved.empty()) json["unsolved"] = i.unsolved;
  return json;
}

}  // namespace

Json effort_json(const ResultsInfo& i) {
  return {{"evaluations", i.evaluations},
          {"evaluations_saved", evaluations_saved(i)},
          {"seconds",
           {{"total", i.seconds.total},
            {"evaluate", i.seconds.evaluate},
            {"explore", i.seconds.explore},
            {"write", i.seconds.write}}},
          {"model", model_json(i)}};
}

Json queue_json(const ResultsInfo& info, const QueueOutcome& q) {
  Json units = Json::array(), lines = Json::array();
  for (const QueueUnit& u : q.units) units.push_back(unit_json(info, u));
  for (const Upgrade& u : q.upgrades) lines.push_back(info.element[u.element.index()]);
  return {{"units", units},
          {"total",
           {{"mean_usd", q.total.mean_usd},
            {"mean_se_usd", json_number(q.total.mean_se_usd)},
            {"sd_usd", q.total.sd_usd},
            {"min_usd", q.total.min_usd},
            {"max_usd", q.total.max_usd}}},
          {"order_gap", order_gap_json(q.gap(info.source()))},
          {"total_distribution", q.total.distribution},
          {"lines", lines},
          {"lines_probability", q.upgrades_probability}};
}

Json sums_json(const ResultsReader& r, const QueueSums& s) {
  Json json = orders_json(r.info());
  json.update(effort_json(r.info()));
  json.update(queue_json(r.info(), s.outcome));
  for (std::size_t i = 0; i < s.orders.units.size(); ++i) add_orders(json["units"][i], s.orders.units[i]);
  if (s.estimates) add_estimates(json, *s.estimates);
  json.update(ends_json(r, s.orders));
  const std::vector<std::string> labels = r.info().unit_names();
  for (std::size_t i = 0; i < labels.size(); ++i) json["units"][i]["name"] = labels[i];
  if (const auto actual = r.actual()) json["actual"] = actual_json(r.info(), *actual);
  json["keep"] = kept_name(r.info().provenance.keep);
  json["states"] = r.info().provenance.keep == Kept::summary ? Json() : Json(r.info().states);
  if (!s.orders.level_states.empty()) json["level_states"] = s.orders.level_states;
  return json;
}

}  // namespace gridqueue
