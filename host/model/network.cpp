// Look-ups in a Network.
#include "gridqueue/network.hpp"

#include <algorithm>
#include <cctype>
#include <numbers>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

bool low_voltage(const Bus& bus) {
  constexpr double kMediumVoltage = 1, kRounding = 1e-9;  // [kV]
  return bus.kv_base * std::numbers::sqrt3 < kMediumVoltage - kRounding;
}

std::optional<BusId> Network::find_bus(const std::string& bus_name) const {
  const std::string wanted = lower(bus_name);
  for (std::size_t i = 0; i < buses.size(); ++i)
    if (!buses[i].inner && buses[i].name == wanted) return BusId(i);
  return std::nullopt;
}

std::optional<BusId> Network::find_branch(const std::string& element) const {
  const std::string wanted = lower(element);
  if (wanted.empty()) return std::nullopt;
  for (std::size_t i = 0; i < buses.size(); ++i)
    if (buses[i].branch.name == wanted) return BusId(i);
  // Without its class an element is a line first: "r1" may also name a recloser or a transformer.
  for (std::size_t i = 0; i < buses.size(); ++i)
    if (buses[i].branch.name == "line." + wanted) return BusId(i);
  for (std::size_t i = 0; i < buses.size(); ++i) {
    const std::string& branch = buses[i].branch.name;
    const std::size_t dot = branch.find('.');
    if (dot != std::string::npos && branch.substr(dot + 1) == wanted) return BusId(i);
  }
  return std::nullopt;
}

int Network::depth(BusId bus) const {
  GQ_EXPECT(bus.valid() && bus.index() < buses.size());
  int steps = 0;
  for (BusId at = buses[bus.index()].parent; at.valid(); at = buses[at.index()].parent) ++steps;
  return steps;
}

bool Network::three_phase(BusId bus) const {
  GQ_EXPECT(bus.valid() && bus.index() < buses.size());
  const Bus& b = buses[bus.index()];
  return b.num_nodes == 3 && b.phase[0] == 1 && b.phase[1] == 2 && b.phase[2] == 3;
}

std::size_t Network::num_buses() const {
  return static_cast<std::size_t>(std::ranges::count(buses, false, &Bus::inner));
}

bool Network::starts_day(std::size_t step) const {
  return std::any_of(days.begin(), days.end(),
                     [&](const Day& day) { return static_cast<std::size_t>(day.first_step) == step; });
}

}  // namespace gridqueue
