#include "host/present/state_json.hpp"

#include <nlohmann/json.hpp>

#include "host/present/json_number.hpp"

namespace gridqueue {

std::string observed_json(const Observed& o, bool linear, const std::string& steps_file) {
  nlohmann::ordered_json json{{"model", linear ? "linear" : "ac"}, {"converged", o.converged}};
  const auto each = [&](const auto& add) {
    for (const LimitInfo& l : kLimits)
      if (l.value) add(l, o[l.bit]);
  };
  each([&](const LimitInfo& l, const ObservedLimit& q) { json[l.value] = q.value, json[l.place] = q.place; });
  json["island_ok"] = (o.violations & limit_island) == 0;
  json["violations"] = limit_names(o.violations);
  json["taps_min"] = o.taps_min;
  json["taps_max"] = o.taps_max;
  each([&](const LimitInfo& l, const ObservedLimit& q) {
    json[l.excess] = q.excess, json[l.excess_place] = q.excess_place;
  });
  if (!steps_file.empty()) json["voltages"] = steps_file;
  return json_text(json);
}

std::string capacities_json(const std::vector<BusCapacity>& capacities, PowerFlow model) {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const BusCapacity& c : capacities) {
    list.push_back({{"bus", c.bus}, {"kw", c.kw}, {"limit", c.limits}});
    if (model != PowerFlow::ac) list.back()["model"] = power_flow_name(model);
  }
  return json_text(list);
}

}  // namespace gridqueue
