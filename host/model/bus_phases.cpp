// What of a bus is a phase, and between what its voltages are judged.
#include <algorithm>
#include <cmath>

#include "gridqueue/unit_site.hpp"
#include "host/model/phase_bits.hpp"

namespace gridqueue {
namespace phase_bits {

std::pair<double, double> base_range(const Bus& bus, const std::vector<int>& nodes) {
  std::pair<double, double> range{1, 1};
  const auto add = [&](double volts) {
    const double pu = volts / (bus.kv_base * 1e3);
    if (pu > 0) range = {std::min(range.first, pu), std::max(range.second, pu)};
  };
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const auto v = [&](std::size_t i) { return bus.v_base[static_cast<std::size_t>(nodes[i % nodes.size()])]; };
    if (!judged_between_phases(bus)) add(std::abs(v(k)));
    else if (nodes.size() > 1) add(std::abs(v(k) - v(k + 1)) / std::sqrt(3.0));
  }
  return range;
}

std::vector<int> nodes_of(const Bus& bus, std::uint8_t phases) {
  std::vector<int> nodes;
  for (int n = 0; n < bus.num_nodes; ++n)
    if (has(phases, bus.phase[static_cast<std::size_t>(n)])) nodes.push_back(n);
  return nodes;
}

bool base_is_wrong(const Bus& bus, const std::vector<int>& nodes) {
  const auto [low, high] = base_range(bus, nodes);
  return low < kLowest || high > kHighest;
}

}  // namespace phase_bits

using namespace phase_bits;

bool grounded_delta(const Bus& bus) {
  constexpr double kUnlike = 1.3, kAlike = 1.1;  // largest over smallest
  if (bus.floating || bus.num_nodes != kPhases || bus.phase[0] != 1 || bus.phase[2] != 3) return false;
  double ground[2] = {1e30, 0}, lines[2] = {1e30, 0};
  for (std::size_t n = 0; n < kPhases; ++n) {
    const double to_ground = std::abs(bus.v_base[n]), to_next = std::abs(bus.v_base[n] - bus.v_base[(n + 1) % kPhases]);
    ground[0] = std::min(ground[0], to_ground), ground[1] = std::max(ground[1], to_ground);
    lines[0] = std::min(lines[0], to_next), lines[1] = std::max(lines[1], to_next);
  }
  const double nominal = std::sqrt(3.0) * bus.kv_base * 1e3;
  return ground[1] > kUnlike * ground[0] && lines[1] < kAlike * lines[0] && lines[0] > kLowest * nominal &&
         lines[1] < kHighest * nominal;
}

bool judged_between_phases(const Bus& bus) { return !bus.inner && (bus.floating || grounded_delta(bus)); }

bool far_from_base(const Bus& bus) {
  const std::vector<int> nodes = nodes_of(bus, bus_phases(bus));
  const bool numbered =
      std::any_of(bus.phase.begin(), bus.phase.begin() + bus.num_nodes, [](int p) { return p <= kPhases; });
  return nodes.empty() ? numbered : base_is_wrong(bus, nodes);
}

std::uint8_t bus_phases(const Bus& bus) {
  constexpr double kGround = 0.1;  // of the nominal voltage
  if (grounded_delta(bus)) return 7;
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
  if (bus.inner) return static_cast<std::uint8_t>((1u << bus.num_nodes) - 1);
  if (judged_between_phases(bus)) return 0;  // voltages to ground say nothing there
  const std::uint8_t phases = bus_phases(bus);
  std::uint8_t neutrals = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes) && phases != 0; ++n)
    if (!has(phases, bus.phase[n])) neutrals |= static_cast<std::uint8_t>(1u << n);
  return neutrals;
}

}  // namespace gridqueue
