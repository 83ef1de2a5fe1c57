// `--json` of `gridqueue run` and `gridqueue show` for orders walked one by one.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "host/present/gap_report.hpp"
#include "host/present/model_text.hpp"
#include "host/present/rules_report.hpp"
#include "host/present/run_report.hpp"

namespace gridqueue {
namespace {

using Json = nlohmann::ordered_json;

//! What cannot be told from so few orders becomes null.
Json estimate(const Estimate& e) {
  return {{"value", e.value}, {"standard_error", e.standard_error}, {"low", e.low}, {"high", e.high}};
}

Json estimates(const Spread& s) {
  Json json{{"mean_usd", estimate(s.mean)}};
  for (std::size_t q = 0; q < kQuantiles.size(); ++q)
    json[fmt::format("p{:02.0f}_usd", 100 * kQuantiles[q])] = estimate(s.quantile[q]);
  return json;
}

Json unit_json(const RunReport& r, std::size_t i) {
  const UnitSummary& u = r.summary.units[i];
  Json json{{"bus", r.info.unit_bus[i]},
            {"kw", r.info.unit_kw[i]},
            {"trigger_probability", u.trigger_probability.value},
            {"reject_probability", u.reject_probability.value},
            {"mean_usd", u.pays.mean.value},
            {"sd_usd", u.pays.sd},
            {"median_usd", u.pays.median().value},
            {"p95_usd", u.pays.p95().value},
            {"max_usd", u.pays.max}};
  if (!r.sampled()) return json;
  json["estimates"] = estimates(u.pays);
  json["estimates"]["trigger_probability"] = estimate(u.trigger_probability);
  json["estimates"]["reject_probability"] = estimate(u.reject_probability);
  return json;
}

}  // namespace

nlohmann::ordered_json effort_json(const ResultsInfo& i) {
  return {{"total", i.seconds.total},
          {"evaluate", i.seconds.evaluate},
          {"explore", i.seconds.explore},
          {"write", i.seconds.write}};
}

void print_json(const RunReport& r) {
  Json units = Json::array();
  for (std::size_t i = 0; i < r.info.unit_bus.size(); ++i) units.push_back(unit_json(r, i));
  const Spread& t = r.summary.total;
  Json total{{"mean_usd", t.mean.value}, {"sd_usd", t.sd}, {"min_usd", t.min}, {"max_usd", t.max}};
  if (r.sampled()) total["estimates"] = estimates(t);
  Json json{{"orders", r.summary.orders}, {"antithetic", r.info.provenance.antithetic}};
  if (!r.info.provenance.until.empty())
    json["until"] = {{"rule", r.info.provenance.until}, {"half_width", r.info.half_width}};
  json.update({{"complete", r.info.complete},
               {"evaluations", r.info.evaluations},
               {"evaluations_saved", evaluations_saved(r.info)},
               {"seconds", effort_json(r.info)},
               {"model", model_json(r.info)},
               {"units", units},
               {"total", total},
               {"order_gap", order_gap_json(r.gap())},
               {"file", r.file}});
  if (r.sharing) json["allocation"] = sharing_json(*r.sharing);
  fmt::print("{}\n", json.dump(2));
}

}  // namespace gridqueue
