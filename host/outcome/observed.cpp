#include "host/outcome/observed.hpp"

#include <fmt/core.h>

namespace gridqueue {
namespace {

std::string at(const ObservedLimit& q) {
  return (q.place.empty() ? "" : " at " + q.place) + (q.step < 0 ? "" : ", " + q.time);
}

std::string flow_text(const Observed& o) {
  std::string text;
  for (std::size_t i = 0; i < o.areas.size(); ++i)
    text += fmt::format("{} {}: P {:.0f} to {:.0f} kW, Q {:.0f} to {:.0f} kvar", i ? ";" : "", o.area_names[i],
                        o.areas[i].p.min, o.areas[i].p.max, o.areas[i].q.min, o.areas[i].q.max);
  return text;
}

}  // namespace

//! The extreme and its place; where the base case is beyond the limit also the place that got worse.
std::string describe_violation(const Observed& o, LimitBit limit) {
  if (limit == limit_island) return "generation close to load in an area that can island:" + flow_text(o);
  if (limit == limit_convergence) return "the power flow does not converge";
  const LimitInfo& l = limit_info(limit);
  const ObservedLimit& q = o[limit];
  const std::string text = fmt::format("{:.{}f} {}{}", q.value, l.decimals, l.symbol, at(q));
  if (q.excess_place.empty() || q.excess_place == q.place) return text;
  return text +
         fmt::format("; {} is {:.{}f} {} beyond its limit", q.excess_place, q.excess, l.decimals, l.excess_symbol);
}

std::string node_name(const Network& network, NodeId node) {
  if (!node.valid()) return "";
  const Bus& bus = network.buses[node.bus().index()];
  return fmt::format("{}.{}", bus.name, bus.phase[static_cast<std::size_t>(node.position())]);
}

std::string place_name(const Network& network, PlaceKind kind, int place) {
  if (place < 0) return "";
  const auto i = static_cast<std::size_t>(place);
  switch (kind) {
    case PlaceKind::bus: return network.buses[i].name;
    case PlaceKind::node: return node_name(network, NodeId(place));
    case PlaceKind::element: return network.buses[i].branch.name;
    case PlaceKind::area: return area_names(network).at(i);
    case PlaceKind::regulator: return i == 0 ? "source" : network.regulators.at(i - 1).name;
    case PlaceKind::none: break;
  }
  return "";
}

std::vector<std::string> area_names(const Network& network) {
  if (network.reclosers.empty()) return {};
  std::vector<std::string> names{"substation"};
  for (const Recloser& recloser : network.reclosers) names.push_back(recloser.name);
  return names;
}

std::vector<std::string> power_meter_names(const Network& network) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i <= network.regulators.size(); ++i)
    names.push_back(place_name(network, PlaceKind::regulator, static_cast<int>(i)));
  return names;
}

Observed observe(const Network& network, const Quantities& q) {
  Observed o;
  o.converged = q.converged;
  o.violations = q.violations;
  const TimeAxis axis = time_axis(network);
  for (const LimitInfo& l : kLimits) {
    const LimitQuantity& from = q[l.bit];
    o[l.bit] = {from.value,        place_name(network, l.kind, from.place),        from.step,
                from.excess.value, place_name(network, l.kind, from.excess.place), clock_time(axis, from.step)};
  }
  o.taps_min = q.taps_min;
  o.taps_max = q.taps_max;
  if (!q.areas.empty()) o.area_names = area_names(network);
  o.areas = q.areas;
  return o;
}

std::vector<std::string> describe_violations(const Observed& observed, std::uint32_t limits) {
  std::vector<std::string> lines;
  for (const LimitInfo& l : kLimits)
    if (limits & l.bit) lines.push_back(fmt::format("{}: {}", l.name, describe_violation(observed, l.bit)));
  return lines;
}

}  // namespace gridqueue
