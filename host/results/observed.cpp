#include "host/results/observed.hpp"

#include <fmt/core.h>

namespace gridqueue {
namespace {

std::string bus_name(const Network& network, BusId bus) { return bus.valid() ? network.buses[bus.index()].name : ""; }
std::string element_name(const Network& network, BusId bus) {
  return bus.valid() ? network.buses[bus.index()].branch.name : "";
}

std::string at(const std::string& place, int step) {
  return (place.empty() ? "" : " at " + place) + (step < 0 ? "" : ", " + clock_time(step));
}

std::string flow_text(const Observed& o) {
  std::string text;
  for (std::size_t i = 0; i < o.areas.size(); ++i)
    text += fmt::format("{} {}: P {:.0f} to {:.0f} kW, Q {:.0f} to {:.0f} kvar", i ? ";" : "", o.area_names[i],
                        o.areas[i].p.min, o.areas[i].p.max, o.areas[i].q.min, o.areas[i].q.max);
  return text;
}

}  // namespace

std::string describe_violation(const Observed& o, LimitBit limit) {
  // The extreme's place, or where the base case is beyond the limit the place that got worse.
  const auto at = [&](const std::string& place, int step, const char* beyond) {
    const ObservedExcess& worst = o.excess[limit_index(limit)];
    if (worst.place == place || worst.place.empty()) return gridqueue::at(place, step);
    return gridqueue::at(place, step) + fmt::format(fmt::runtime(beyond), worst.place, worst.value);
  };
  switch (limit) {
    case limit_vdiff:
      return fmt::format("{:.3f} %{}", o.vdiff_pct,
                         at(o.vdiff_bus, o.vdiff_step, "; {} is {:.3f} %-points beyond its limit"));
    case limit_vmax:
      return fmt::format("{:.4f} pu{}", o.vmax_pu, at(o.vmax_node, o.vmax_step, "; {} is {:.4f} pu beyond its limit"));
    case limit_vmin:
      return fmt::format("{:.4f} pu{}", o.vmin_pu, at(o.vmin_node, o.vmin_step, "; {} is {:.4f} pu beyond its limit"));
    case limit_emergency:
      return fmt::format("{:.2f} %{}", o.emergency_pct,
                         at(o.emergency_element, o.emergency_step, "; {} is {:.2f} %-points beyond its limit"));
    case limit_normal_hours:
      return fmt::format("{:.2f} h{}", o.normal_hours,
                         at(o.normal_hours_element, -1, "; {} is {:.2f} h beyond its limit"));
    case limit_island: return "generation close to load in an area that can island:" + flow_text(o);
    case limit_convergence: return "the power flow does not converge";
  }
  return "";
}

std::string node_name(const Network& network, int code) {
  if (code < 0) return "";
  const Bus& bus = network.buses[static_cast<std::size_t>(code / kMaxNodesPerBus)];
  return fmt::format("{}.{}", bus.name, bus.phase[static_cast<std::size_t>(code % kMaxNodesPerBus)]);
}

std::string excess_place(const Network& network, LimitBit limit, int place) {
  if (place < 0) return "";
  switch (limit) {
    case limit_vdiff: return bus_name(network, BusId(place));
    case limit_vmax:
    case limit_vmin: return node_name(network, place);
    case limit_emergency:
    case limit_normal_hours: return element_name(network, BusId(place));
    case limit_island: return area_names(network).at(static_cast<std::size_t>(place));
    case limit_convergence: break;
  }
  return "";
}

std::vector<std::string> area_names(const Network& network) {
  if (network.reclosers.empty()) return {};
  std::vector<std::string> names{"substation"};
  for (const Recloser& recloser : network.reclosers) names.push_back(recloser.name);
  return names;
}

Observed observe(const Network& network, const Quantities& q) {
  Observed o;
  o.converged = q.converged;
  o.violations = q.violations;
  o.vdiff_pct = q.vdiff_pct;
  o.vdiff_bus = bus_name(network, q.vdiff_bus);
  o.vdiff_step = q.vdiff_step;
  o.vmax_pu = q.vmax_pu;
  o.vmax_node = node_name(network, q.vmax_node);
  o.vmax_step = q.vmax_step;
  o.vmin_pu = q.vmin_pu;
  o.vmin_node = node_name(network, q.vmin_node);
  o.vmin_step = q.vmin_step;
  o.emergency_pct = q.emergency_pct;
  o.emergency_element = element_name(network, q.emergency_branch);
  o.emergency_step = q.emergency_step;
  o.normal_hours = q.normal_hours;
  o.normal_hours_element = element_name(network, q.normal_hours_branch);
  for (int bit = 0; bit < kNumLimits; ++bit) {
    const auto i = static_cast<std::size_t>(bit);
    o.excess[i] = {q.excess[i].value, excess_place(network, static_cast<LimitBit>(1u << bit), q.excess[i].place)};
  }
  o.taps_min = q.taps_min;
  o.taps_max = q.taps_max;
  if (!q.areas.empty()) o.area_names = area_names(network);
  o.areas = q.areas;
  return o;
}

std::vector<std::string> describe_violations(const Observed& observed, std::uint32_t limits) {
  std::vector<std::string> lines;
  for (int bit = 0; bit < kNumLimits; ++bit) {
    const auto limit = static_cast<LimitBit>(1u << bit);
    if (limits & limit) lines.push_back(fmt::format("{}: {}", limit_name(limit), describe_violation(observed, limit)));
  }
  return lines;
}

// A day has 288 steps of 300 s; step k is the state at its end.
std::string clock_time(int step) {
  if (step < 0) return "";
  const int minutes = (step + 1) * 5;
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

}  // namespace gridqueue
