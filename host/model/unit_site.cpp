#include "gridqueue/unit_site.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <optional>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/model/bus_names.hpp"
#include "host/model/phase_bits.hpp"

namespace gridqueue {

using namespace phase_bits;

namespace {

constexpr double kMediumVoltage = 1;  //!< [kV] line to line, from here up

const Bus& bus_of(const Network& net, UnitSite site) {
  GQ_EXPECT(site.bus.valid() && site.bus.index() < net.buses.size());
  return net.buses[site.bus.index()];
}

//! The legs of a centre tap: half a turn apart, within 30 degrees.
bool opposite(const Bus& bus, const std::vector<int>& nodes) {
  const Complex a = bus.v_base[static_cast<std::size_t>(nodes[0])], b = bus.v_base[static_cast<std::size_t>(nodes[1])];
  return (a * std::conj(b)).real() < -0.5 * std::sqrt(3.0) * std::abs(a) * std::abs(b);
}

//! Nodes at ground's potential that a unit may have its other end at.
std::uint8_t neutral_bits(const Bus& bus) {
  const std::uint8_t neutrals = neutral_nodes(bus);
  std::uint8_t bits = 0;
  for (int n = 0; n < bus.num_nodes; ++n)
    if (const int node = bus.phase[static_cast<std::size_t>(n)]; (neutrals >> n & 1) && node >= 1 && node <= kNodes)
      bits |= bit_of(node);
  return bits;
}

std::string phases_text(const Bus& bus) {
  const std::vector<int> phases = numbers_of(bus_phases(bus));
  return fmt::format("phase{} {}", phases.size() == 1 ? "" : "s", fmt::join(phases, ", "));
}

//! All voltages of the bus are next to nothing of its base.
[[noreturn]] void fail_no_voltage(const Bus& bus) {
  double largest = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
    largest = std::max(largest, std::abs(bus.v_base[n]) / 1e3);
  fail_input(
      "no unit can stand at '{}' (its voltages, at most {:.3g} kV to ground, are far from its voltage base of {:.4g} "
      "kV); give the model the right voltage bases and import it again",
      bus.name, largest, bus.kv_base);
}

[[noreturn]] void fail_no_phase(const Bus& bus, int node) {
  if (bus_phases(bus) == 0) fail_no_voltage(bus);
  fail_input("node {} of bus '{}' is no phase (a unit there stands on {}, to ground, to one neutral or between them)",
             node, bus.name, phases_text(bus));
}

//! A name and the node numbers behind it.
struct SiteText {
  std::string bus;
  std::vector<int> nodes;
};

//! `text` without its last `count` numbers; nothing where it has fewer.
std::optional<SiteText> without_numbers(const std::string& text, std::size_t count) {
  SiteText s{text, {}};
  for (std::size_t k = 0; k < count; ++k) {
    const auto dot = s.bus.rfind('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == s.bus.size() || s.bus.size() - dot > 4) return {};
    const std::string number = s.bus.substr(dot + 1);
    if (!std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c); })) return {};
    s.nodes.insert(s.nodes.begin(), std::stoi(number));
    s.bus.resize(dot);
  }
  return s;
}

[[noreturn]] void fail_unknown(const Network& net, const std::string& text) {
  std::size_t count = 0;
  while (without_numbers(text, count + 1)) ++count;
  const std::string bus = without_numbers(text, count)->bus;
  const std::vector<std::string> names = bus_names(net);
  const std::string near = closest_name(bus, names);
  fail_input("unknown bus '{}' (feeder {} has {} buses){}", text, net.name, names.size(),
             near.empty() ? "" : fmt::format("; did you mean '{}{}'?", near, text.substr(bus.size())));
}

//! Those of the numbers that are phases of the bus.
std::uint8_t phases_in(std::uint8_t all, const std::vector<int>& nodes) {
  std::uint8_t phases = 0;
  for (int node : nodes)
    if (has(all, node)) phases |= bit_of(node);
  return phases;
}

UnitSite site_at(const Network& net, BusId id, const SiteText& text) {
  const Bus& bus = net.buses[id.index()];
  const std::uint8_t all = bus_phases(bus), neutrals = neutral_bits(bus);
  std::uint8_t named = 0;
  for (int node : text.nodes) {
    const bool there = std::count(bus.phase.begin(), bus.phase.begin() + bus.num_nodes, node) > 0;
    const bool second = has(neutrals, node) && without(both(named, neutrals), bit_of(node)) != 0;
    if (node == 0 || (there && !has(either(all, neutrals), node)) || second) fail_no_phase(bus, node);
    if (!there)
      fail_input("bus '{}' has no phase {} (it has {}); did you mean '{}'?", bus.name, node, phases_text(bus),
                 site_name(bus.name, phases_in(all, text.nodes)));
    if (has(named, node))
      fail_input("{} {} of bus '{}' is named twice; did you mean '{}'?", has(all, node) ? "phase" : "node", node,
                 bus.name, site_name(bus.name, phases_in(either(all, neutrals), text.nodes)));
    named |= bit_of(node);
  }
  if (named != 0 && both(named, all) == 0) fail_no_phase(bus, text.nodes.front());
  return {id, named == all ? std::uint8_t{0} : named};
}

void check_base(const Network& net, UnitSite site, const std::vector<int>& nodes) {
  const Bus& bus = bus_of(net, site);
  const auto [low, high] = base_range(bus, nodes);
  if (base_is_wrong(bus, nodes))
    fail_input(
        "no unit can stand at '{}' (its voltage, {:.3g} kV{}, is far from its voltage base of {:.3g} kV); give "
        "the model the right voltage bases and import it again",
        site_name(net, site), (low < kLowest ? low : high) * bus.kv_base,
        judged_between_phases(bus) ? " over sqrt(3)" : " to ground", bus.kv_base);
}

}  // namespace

UnitSite find_site(const Network& net, const std::string& text) {
  for (std::size_t count = 0;; ++count) {
    const auto split = without_numbers(text, count);
    if (!split) fail_unknown(net, text);
    if (const auto bus = net.find_bus(split->bus)) {
      const UnitSite site = site_at(net, *bus, *split);
      (void)unit_parts(net, site);
      return site;
    }
  }
}

std::string site_name(const std::string& bus, std::uint8_t phases) {
  return phases ? fmt::format("{}.{}", bus, fmt::join(numbers_of(phases), ".")) : bus;
}
std::string site_name(const Network& net, UnitSite site) { return site_name(bus_of(net, site).name, site.phases); }

std::vector<UnitPart> unit_parts(const Network& net, UnitSite site) {
  const Bus& bus = bus_of(net, site);
  const std::uint8_t all = bus_phases(bus), named = site.phases ? site.phases : all;
  if (all == 0) fail_no_voltage(bus);
  const std::uint8_t neutral = without(named, all);
  if (both(named, all) == 0 || without(neutral, neutral_bits(bus)) != 0 || std::popcount(neutral) > 1)
    fail_input("no unit can stand at '{}' (it needs a phase 1, 2 or 3 that the bus has)", site_name(net, site));
  const std::vector<int> node = nodes_of(bus, both(named, all));
  check_base(net, site, node);
  const double across = std::sqrt(3.0) * bus.kv_base;
  const bool between = judged_between_phases(bus);
  if (!between && neutral == 0 && node.size() == 2 && opposite(bus, node)) return {{node[0], node[1], 2 * bus.kv_base}};
  std::vector<UnitPart> parts;
  if (!between) {
    const int other = neutral ? nodes_of(bus, neutral).front() : -1;
    for (int n : node) parts.push_back({n, other, bus.kv_base});
    return parts;
  }
  if (node.size() == 1)
    fail_input("no unit can stand at '{}' ({} it needs two phases to stand between)", site_name(net, site),
               bus.floating ? "behind an ungrounded winding" : "in a delta that is grounded at one place");
  for (std::size_t k = 0; k < (node.size() == 2 ? 1 : node.size()); ++k)
    parts.push_back({node[k], node[(k + 1) % node.size()], across});
  return parts;
}

void warn_of_bands(const Network& net, const std::vector<UnitSite>& sites) {
  constexpr double kVmin = 0.9, kVmax = 1.1;  // OpenDSS PVSystem
  std::size_t count = 0;
  std::string first;
  for (UnitSite site : sites) {
    const Bus& bus = bus_of(net, site);
    const std::uint8_t phases = bus_phases(bus);
    const auto [low, high] = base_range(bus, nodes_of(bus, site.phases ? both(site.phases, phases) : phases));
    if (low >= kVmin && high <= kVmax) continue;
    if (count++ == 0)
      first =
          fmt::format("{:.3g} pu of {:.3g} kV at '{}'", low < kVmin ? low : high, bus.kv_base, site_name(net, site));
  }
  if (count > 0)
    log_warn("{} of {} sites have less than {} or more than {} pu in the base case ({}): units there are impedances",
             count, sites.size(), kVmin, kVmax, first);
}

bool three_phase_site(const Network& net, UnitSite site) {
  const Bus& bus = bus_of(net, site);
  return site.phases == 0 && net.three_phase(site.bus) && !judged_between_phases(bus) && bus_phases(bus) == 7 &&
         !base_is_wrong(bus, {0, 1, 2});
}

std::string why_none_stands(const Network& net, UnitSite site) {
  try {
    (void)unit_parts(net, site);
    return {};
  } catch (const Error& e) {
    return e.what();
  }
}

std::vector<UnitSite> where_units_stand(const Network& net, std::vector<UnitSite> sites, std::string& left_out) {
  std::size_t count = 0;
  std::string first;
  std::erase_if(sites, [&](UnitSite site) {
    const std::string why = why_none_stands(net, site);
    if (!why.empty() && count++ == 0) first = why;
    return !why.empty();
  });
  left_out.clear();
  if (count > 0) left_out = fmt::format("left out: {} of {} sites: {}", count, count + sites.size(), first);
  return sites;
}

namespace {

//! `phases` of the bus, 0 = all: to its neutral, where it has one that is a node of its own.
UnitSite site_to_neutral(const Network& net, BusId id, std::uint8_t phases) {
  const Bus& bus = net.buses[id.index()];
  const std::uint8_t neutral = without(neutral_bits(bus), 7), named = phases ? phases : bus_phases(bus);
  const std::vector<int> nodes = nodes_of(bus, named);
  const auto far_from_ground = [&](int n) {
    return std::abs(bus.v_base[static_cast<std::size_t>(n)]) > 0.1 * bus.kv_base * 1e3;
  };
  if (std::popcount(neutral) != 1 || far_from_ground(nodes_of(bus, neutral).front()) ||
      (nodes.size() == 2 && opposite(bus, nodes)))
    return {id, phases};
  return {id, either(named, neutral)};
}

}  // namespace

std::vector<UnitSite> sites_of_kind(const Network& net, SiteKind kind) {
  if (kind == SiteKind::any) {
    std::vector<UnitSite> all;
    for (SiteKind one : {SiteKind::three_phase, SiteKind::single_phase, SiteKind::secondary})
      for (UnitSite site : sites_of_kind(net, one)) all.push_back(site);
    return all;
  }
  if (kind == SiteKind::three_phase) return {net.candidate_buses.begin(), net.candidate_buses.end()};
  std::vector<UnitSite> sites;
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& bus = net.buses[i];
    const std::vector<int> phases = numbers_of(bus_phases(bus));
    const bool low = bus.kv_base * std::sqrt(3.0) < kMediumVoltage;
    if (low != (kind == SiteKind::secondary) || phases.empty()) continue;
    const bool between = judged_between_phases(bus);
    if (low && (!between || phases.size() > 1)) sites.push_back(site_to_neutral(net, BusId(i), 0));
    if (low || between || phases.size() == kPhases) continue;
    for (int p : phases)
      sites.push_back(site_to_neutral(net, BusId(i), phases.size() == 1 ? std::uint8_t{0} : bit_of(p)));
  }
  return sites;
}

}  // namespace gridqueue
