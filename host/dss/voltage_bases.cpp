#include "host/dss/voltage_bases.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "gridqueue/log.hpp"
#include "host/dss/windings.hpp"

namespace gridqueue {
namespace {

constexpr double kSameLevel = 0.05;               //!< by which nominal voltages of one level differ at most
constexpr double kLowest = 0.8, kHighest = 1.25;  //!< [pu] without load

//! [kV between phases] of the source, then of windings, each level once.
std::vector<double> nominal_voltages(DssEngine& dss, const DssModel& model) {
  std::vector<double> levels;
  const auto add = [&](double kv) {
    const auto same = [&](double level) { return std::abs(kv / level - 1) < kSameLevel; };
    if (kv > 0 && std::none_of(levels.begin(), levels.end(), same)) levels.push_back(kv);
  };
  add(dss.number(model.source, "basekv") * (dss.number(model.source, "phases") < 2 ? std::sqrt(3.0) : 1));
  for (const auto& name : dss.element_names()) {
    if (name.rfind("transformer.", 0) != 0) continue;
    const auto windings = static_cast<int>(dss.number(name, "windings"));
    for (int w = 1; w <= windings; ++w) {
      activate_winding(dss, name, w);
      add(winding_kv(dss, name) * (winding_is_delta(dss, name) ? 1 : std::sqrt(3.0)));
    }
  }
  return levels;
}

}  // namespace

void derive_voltage_bases(const std::function<DssEngine()>& another, DssModel& model) {
  const auto lacks = [](const auto& bus) { return !(bus.second.kv_base > 0); };
  if (std::none_of(model.bus.begin(), model.bus.end(), lacks)) return;
  DssEngine dss = another();
  const std::vector<double> levels = nominal_voltages(dss, model);
  dss.command(fmt::format("set voltagebases=[{}]", fmt::join(levels, " ")));
  dss.command("calcvoltagebases");
  std::map<std::string, double> largest;  // [V] at a bus, without load
  const auto names = dss.node_names();
  const auto volts = dss.node_voltages();
  for (std::size_t i = 0; i < names.size(); ++i) {
    double& at_bus = largest[names[i].substr(0, names[i].rfind('.'))];
    at_bus = std::max(at_bus, std::abs(volts[i]));
  }
  std::size_t count = 0;
  for (auto& [name, bus] : model.bus) {
    if (bus.kv_base > 0) continue;
    dss.select_bus(name);
    const double kv = dss.bus_kv_base(), pu = largest[name] / (1e3 * kv);
    if (pu > kLowest && pu < kHighest) bus.kv_base = kv, ++count;
  }
  if (count > 0)
    log_warn(
        "{} buses have no voltage base in the model: taken from the nominal voltages of its source and transformers, "
        "[{:g}] "
        "kV (Set VoltageBases and CalcVoltageBases, in the model or by --command, say others)",
        count, fmt::join(levels, " "));
}

}  // namespace gridqueue
