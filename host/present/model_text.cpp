#include "host/present/model_text.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace gridqueue {
namespace {

using Json = nlohmann::ordered_json;

double percent(std::uint64_t some, std::uint64_t all) {
  return all ? 100.0 * static_cast<double>(some) / static_cast<double>(all) : 0;
}

void print_near(const ModelCounters& c) {
  for (int bit = 0; bit < kNumNear; ++bit) {
    const NearStates& n = c.near[static_cast<std::size_t>(bit)];
    if (n.count == 0) continue;
    if (n.largest == 0) fmt::print("  {:<16} {:>9} states\n", near_name(bit), n.count);
    else
      fmt::print("  {:<16} {:>9} states, AC {:.2g} from the limit on average, {:.2g} at most\n", near_name(bit),
                 n.count, n.sum / static_cast<double>(n.count), n.largest);
  }
}

void print_verification(const Verification& v) {
  fmt::print(
      "Verified: {} of the linear answers solved in AC; other limits in {} ({:.2f} %), other decisions in {} ({:.2f} "
      "%).\n",
      v.states, v.other_limits, percent(v.other_limits, v.states), v.other_decisions,
      percent(v.other_decisions, v.states));
  for (std::size_t k = 0; k < kNumQuantities; ++k)
    if (const Difference& d = v.difference[k]; d.known())
      fmt::print("  {:<16} off by {:.2g} (median), {:.2g} (95 %), {:.2g} (largest)\n", quantity_info(k).value, d.median,
                 d.p95, d.largest);
}

}  // namespace

void print_model(const ResultsInfo& info) {
  if (!info.model) return;
  const ModelCounters& c = info.model->counters;
  const std::uint64_t all = c.linear + c.ac_few + c.ac_near;
  fmt::print(
      "Power flow: {}. {} states by the linearized feeder ({} sets of lines, {:.2f} s to linearize), {} in AC because "
      "few share their lines",
      info.provenance.model, c.linear, c.models, c.build_seconds, c.ac_few);
  if (info.provenance.model == "linear") fmt::print(".\n");
  else fmt::print(", {} in AC near a limit ({:.2f} %){}\n", c.ac_near, percent(c.ac_near, all), c.ac_near ? ":" : ".");
  print_near(c);
  print_verification(info.model->verified);
}

nlohmann::ordered_json model_json(const ResultsInfo& info) {
  Json json{{"power_flow", info.provenance.model}};
  if (!info.model) return json;
  const ModelCounters& c = info.model->counters;
  const Verification& v = info.model->verified;
  json.update({{"states_linear", c.linear},
               {"states_few", c.ac_few},
               {"states_near", c.ac_near},
               {"sets_linearized", c.models},
               {"seconds_linearize", c.build_seconds}});
  Json near = Json::object(), difference = Json::object();
  for (int bit = 0; bit < kNumNear; ++bit) {
    const NearStates& n = c.near[static_cast<std::size_t>(bit)];
    if (n.count)
      near[near_name(bit)] = {{"states", n.count},
                              {"mean_distance", n.sum / static_cast<double>(n.count)},
                              {"largest_distance", n.largest}};
  }
  for (std::size_t k = 0; k < kNumQuantities; ++k)
    if (const Difference& d = v.difference[k]; d.known())
      difference[quantity_info(k).value] = {{"median", d.median}, {"p95", d.p95}, {"largest", d.largest}};
  json["near"] = near;
  json["verified"] = {{"states", v.states},
                      {"other_limits", v.other_limits},
                      {"other_decisions", v.other_decisions},
                      {"difference", difference}};
  return json;
}

}  // namespace gridqueue
