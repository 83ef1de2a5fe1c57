#include "gridqueue/unit_site.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"

namespace gridqueue {
namespace {

constexpr int kPhases = 3;
constexpr double kMediumVoltage = 1;  //!< [kV] line to line, from here up

std::uint8_t bit_of(int node) { return static_cast<std::uint8_t>(1u << (node - 1)); }
bool has(std::uint8_t phases, int node) { return node >= 1 && node <= kPhases && (phases & bit_of(node)) != 0; }

std::vector<int> numbers_of(std::uint8_t phases) {
  std::vector<int> numbers;
  for (int node = 1; node <= kPhases; ++node)
    if (has(phases, node)) numbers.push_back(node);
  return numbers;
}

const Bus& bus_of(const Network& net, UnitSite site) {
  GQ_EXPECT(site.bus.valid() && site.bus.index() < net.buses.size());
  return net.buses[site.bus.index()];
}

//! The legs of a centre tap: half a turn apart, within 30 degrees.
bool opposite(const Bus& bus, const std::vector<int>& nodes) {
  const Complex a = bus.v_base[static_cast<std::size_t>(nodes[0])], b = bus.v_base[static_cast<std::size_t>(nodes[1])];
  return (a * std::conj(b)).real() < -0.5 * std::sqrt(3.0) * std::abs(a) * std::abs(b);
}

std::string phases_text(const Bus& bus) {
  const std::vector<int> phases = numbers_of(bus_phases(bus));
  return fmt::format("phase{} {}", phases.size() == 1 ? "" : "s", fmt::join(phases, ", "));
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
  std::vector<std::string> names;
  for (const Bus& b : net.buses) names.push_back(b.name);
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
  const std::uint8_t all = bus_phases(bus);
  std::uint8_t phases = 0;
  for (int node : text.nodes) {
    const bool there = std::count(bus.phase.begin(), bus.phase.begin() + bus.num_nodes, node) > 0;
    if (node == 0 || (there && !has(all, node)))
      fail_input("node {} of bus '{}' is no phase (a unit there stands on {}, to ground or between them)", node,
                 bus.name, phases_text(bus));
    if (!there)
      fail_input("bus '{}' has no phase {} (it has {}); did you mean '{}'?", bus.name, node, phases_text(bus),
                 site_name(bus.name, phases_in(all, text.nodes)));
    if (has(phases, node))
      fail_input("phase {} of bus '{}' is named twice; did you mean '{}'?", node, bus.name,
                 site_name(bus.name, phases_in(all, text.nodes)));
    phases |= bit_of(node);
  }
  return {id, phases == all ? std::uint8_t{0} : phases};
}

//! Of the voltage base: lowest and highest base-case voltage of the phases; 1 where these are not known.
std::pair<double, double> base_range(const Bus& bus, const std::vector<int>& nodes) {
  std::pair<double, double> range{1, 1};
  for (int n : nodes) {
    const double pu = std::abs(bus.v_base[static_cast<std::size_t>(n)]) / (bus.kv_base * 1e3);
    if (pu > 0) range = {std::min(range.first, pu), std::max(range.second, pu)};
  }
  return range;
}

//! Positions of phases within a bus.
std::vector<int> nodes_of(const Bus& bus, std::uint8_t phases) {
  std::vector<int> nodes;
  for (int n = 0; n < bus.num_nodes; ++n)
    if (has(phases, bus.phase[static_cast<std::size_t>(n)])) nodes.push_back(n);
  return nodes;
}

constexpr double kLowest = 0.7, kHighest = 1.3;  //!< of the voltage base, which is wrong beyond

bool base_is_wrong(const Bus& bus, const std::vector<int>& nodes) {
  const auto [low, high] = base_range(bus, nodes);
  return low < kLowest || high > kHighest;
}

void check_base(const Network& net, UnitSite site, const std::vector<int>& nodes) {
  const Bus& bus = bus_of(net, site);
  const auto [low, high] = base_range(bus, nodes);
  if (base_is_wrong(bus, nodes))
    fail_input(
        "no unit can stand at '{}' (its voltage, {:.3g} kV to ground, is far from its voltage base of {:.3g} kV); give "
        "the model the right voltage bases and import it again",
        site_name(net, site), (low < kLowest ? low : high) * bus.kv_base, bus.kv_base);
}

}  // namespace

std::uint8_t bus_phases(const Bus& bus) {
  constexpr double kGround = 0.1;  // of the nominal voltage
  double largest = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
    largest = std::max(largest, std::abs(bus.v_base[n]));
  std::uint8_t phases = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n) {
    const bool grounded = largest > 0 && std::abs(bus.v_base[n]) < kGround * bus.kv_base * 1e3;
    if (bus.phase[n] >= 1 && bus.phase[n] <= kPhases && !grounded) phases |= bit_of(bus.phase[n]);
  }
  return phases;
}

std::uint8_t neutral_nodes(const Bus& bus) {
  if (bus.floating) return 0;  // voltages to ground say nothing there
  const std::uint8_t phases = bus_phases(bus);
  std::uint8_t neutrals = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes) && phases != 0; ++n)
    if (!has(phases, bus.phase[n])) neutrals |= static_cast<std::uint8_t>(1u << n);
  return neutrals;
}

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
  const std::uint8_t all = bus_phases(bus), phases = site.phases ? site.phases : all;
  if (phases == 0 || (phases & ~all) != 0)
    fail_input("no unit can stand at '{}' (it needs a phase 1, 2 or 3 that the bus has)", site_name(net, site));
  const std::vector<int> node = nodes_of(bus, phases);
  check_base(net, site, node);
  const double across = std::sqrt(3.0) * bus.kv_base;
  if (node.size() == 2 && opposite(bus, node)) return {{node[0], node[1], 2 * bus.kv_base}};
  std::vector<UnitPart> parts;
  if (!bus.floating) {
    for (int n : node) parts.push_back({n, -1, bus.kv_base});
    return parts;
  }
  if (node.size() == 1)
    fail_input("no unit can stand at '{}' (behind an ungrounded winding it needs two phases to stand between)",
               site_name(net, site));
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
    const auto [low, high] = base_range(bus, nodes_of(bus, site.phases ? site.phases : bus_phases(bus)));
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
  return site.phases == 0 && net.three_phase(site.bus) && !bus.floating && bus_phases(bus) == 7 &&
         !base_is_wrong(bus, {0, 1, 2});
}

std::vector<UnitSite> sites_of_kind(const Network& net, SiteKind kind) {
  if (kind == SiteKind::three_phase) return {net.candidate_buses.begin(), net.candidate_buses.end()};
  std::vector<UnitSite> sites;
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& bus = net.buses[i];
    const std::vector<int> phases = numbers_of(bus_phases(bus));
    const bool low = bus.kv_base * std::sqrt(3.0) < kMediumVoltage;
    if (low != (kind == SiteKind::secondary) || phases.empty()) continue;
    if (low && (!bus.floating || phases.size() > 1)) sites.emplace_back(BusId(i));
    if (low || bus.floating || phases.size() == kPhases) continue;
    for (int p : phases) sites.emplace_back(BusId(i), phases.size() == 1 ? std::uint8_t{0} : bit_of(p));
  }
  return sites;
}

}  // namespace gridqueue
