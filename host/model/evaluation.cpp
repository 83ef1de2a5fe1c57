// Names of limits and sets of monitored buses.
#include "gridqueue/evaluation.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/time_axis.hpp"

namespace gridqueue {

StateBatch StateBatch::part(std::span<const std::size_t> states) const {
  StateBatch some;
  some.upgrade_sets.clear();
  std::vector<UpgradeSetId> set_here(upgrade_sets.size());
  for (const std::size_t i : states) {
    UpgradeSetId& set = set_here[upgrade_set[i].index()];
    if (!set.valid()) {
      set = UpgradeSetId(some.upgrade_sets.size());
      some.upgrade_sets.push_back(upgrade_sets[upgrade_set[i].index()]);
    }
    some.add_state_of(*this, i);
    some.upgrade_set.back() = set;
  }
  return some;
}

MonitorSet monitor_set(const Network& network, const std::string& name) {
  if (name == "all") {
    MonitorSet all{name, {}};
    for (std::size_t i = 0; i < network.buses.size(); ++i)
      if (!network.buses[i].inner) all.buses.emplace_back(i);
    return all;
  }
  if (const auto found = network.monitor_lists.find(name); found != network.monitor_lists.end())
    return {name, found->second};
  std::vector<std::string> known{"all"};
  for (const auto& entry : network.monitor_lists) known.push_back(entry.first);
  const std::string guess = closest_name(name, known);
  fail_input("unknown list of monitors '{}' (feeder {} has {}){}", name, network.name, fmt::join(known, ", "),
             guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess));
}

const char* power_flow_name(PowerFlow model) {
  static constexpr const char* kNames[] = {"ac", "linear", "screened"};
  return kNames[static_cast<int>(model)];
}

std::string describe(const Network& network, const Unsolved& u) {
  const std::string when = fmt::format("in step {} ({})", u.step, clock_time(time_axis(network), u.step));
  if (u.controls)
    return fmt::format("does not settle {}: control '{}' still acts after {} rounds", when, u.place,
                       network.max_control_iterations);
  if (u.place.empty()) return fmt::format("does not converge {}: voltages grow beyond all bounds", when);
  return fmt::format("does not converge {}: the voltage of '{}' still changes by {:.2g} pu from sweep to sweep", when,
                     u.place, u.change_pu);
}

namespace {
double largest_abs(const FlowRange& range) { return std::max(std::abs(range.min), std::abs(range.max)); }
}  // namespace

double island_excess(const AreaFlow& area, const Limits& limits) {
  const auto excess = [](const FlowRange& range, double fraction) {
    return -std::max({range.min, -range.max, range.min_abs - fraction * largest_abs(range)});
  };
  return std::min(excess(area.p, limits.island_p_fraction - limits.island_p_tolerance),
                  excess(area.q, limits.island_q_fraction - limits.island_q_tolerance));
}

double island_tolerance(const AreaFlow& area, const Limits& limits) {
  return std::min(limits.island_p_tolerance * largest_abs(area.p), limits.island_q_tolerance * largest_abs(area.q));
}

Precision exact_precision(const Network& network, Precision wanted) {
  static std::atomic_flag told = ATOMIC_FLAG_INIT;
  std::size_t nodes = 0;
  for (const Bus& b : network.buses) nodes += static_cast<std::size_t>(b.num_nodes);
  if (wanted == Precision::dual || nodes * network.num_steps() < (1u << 24)) return wanted;
  if (!told.test_and_set())
    log_warn("feeder '{}' has {} nodes in {} steps, more than a float can number: it is computed in double",
             network.name, nodes, network.num_steps());
  return Precision::dual;
}

}  // namespace gridqueue
