#include "host/present/state_json.hpp"

#include <nlohmann/json.hpp>

#include "host/present/json_number.hpp"

namespace gridqueue {

namespace {

//! What a step has an extreme of.
bool of_a_step(const LimitInfo& l) { return l.value && l.bit != limit_normal_hours; }

nlohmann::ordered_json step_json(const Network& network, const DayTrace& day, std::size_t k) {
  nlohmann::ordered_json json{{"step", k}, {"time", clock_time(time_axis(network), static_cast<int>(k))}};
  for (const LimitInfo& l : kLimits) {
    if (!of_a_step(l)) continue;
    const LimitQuantity& q = day.extremes[k][l.bit];
    json[l.value] = q.value, json[l.place] = place_name(network, l.kind, q.place);
  }
  const auto row = [&](const std::vector<int>& all, std::size_t width) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(k * width);
    return std::vector<int>(first, first + static_cast<std::ptrdiff_t>(width));
  };
  json["taps"] = row(day.tap, network.regulators.size());
  json["capacitors"] = row(day.capacitor, network.capacitor_controls.size());
  return json;
}

void add_steps(const Network& network, const DayTrace& day, nlohmann::ordered_json& json) {
  json["regulators"] = json["capacitor_controls"] = json["steps"] = nlohmann::json::array();
  for (const Regulator& r : network.regulators) json["regulators"].push_back(r.name);
  for (const CapacitorControl& c : network.capacitor_controls) json["capacitor_controls"].push_back(c.name);
  for (std::size_t k = 0; k < day.extremes.size(); ++k) json["steps"].push_back(step_json(network, day, k));
  if (day.unsolved) json["unsolved"] = {{"step", day.unsolved->step}, {"place", day.unsolved->place}};
}

}  // namespace

std::string observed_json(const Network& network, const Observed& o, bool linear, const std::string& steps_file,
                          const DayTrace* day) {
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
  if (day) add_steps(network, *day, json);
  return json_text(json);
}

std::string capacities_json(const std::vector<BusCapacity>& capacities, PowerFlow model) {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const BusCapacity& c : capacities) {
    list.push_back({{"bus", c.bus}, {"kw", c.kw}, {"limit", c.limits}});
    if (model != PowerFlow::ac) list.back()["model"] = power_flow_name(model);
    if (!c.unsolved.empty()) list.back()["unsolved"] = c.unsolved;
  }
  return json_text(list);
}

}  // namespace gridqueue
