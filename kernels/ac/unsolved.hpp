// What a day that ended early still moves. Host only.
#pragma once
#include <fmt/core.h>

#include <cmath>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/ac/day.hpp"

namespace gridqueue {

template <class Lane>
double largest_change(const FeederView<RealOf<Lane>>& f, const std::vector<Lane>& before, const Lane* w,
                      std::int32_t& node) {
  double largest = 0;
  node = -1;
  for (std::int32_t n = 0; n < f.num_nodes; ++n) {
    const auto part = [&](std::int32_t i) {
      return static_cast<double>(w[f.plan.voltage + i][0] - before[static_cast<std::size_t>(i)][0]);
    };
    const double change = std::hypot(part(2 * n), part(2 * n + 1));
    if (change > largest) largest = change, node = n;
  }
  return largest;
}

//! The control of lane 0 that acted last, "" = none.
template <class Lane>
std::string acting_control(const FeederView<RealOf<Lane>>& f, const Network& network, const Lane* w) {
  for (std::int32_t i = 0; i < f.num_regulators + f.num_capacitors; ++i) {
    if (!(w[f.plan.due + i][0] < kNotDue<RealOf<Lane>>)) continue;
    const auto k = static_cast<std::size_t>(i);
    return i < f.num_regulators ? network.regulators[k].control
                                : network.capacitor_controls[k - network.regulators.size()].name;
  }
  return "";
}

//! Of lane 0 of a workspace whose day failed at this step: one more sweep shows what moves. Where as many sweeps as a
//! solve may take find a solution after all, it is controls that act for ever.
template <class Lane>
[[gnu::noinline]] Unsolved find_unsolved(const FeederView<RealOf<Lane>>& f, const Network& network,
                                         const StepRecord<RealOf<Lane>>& step, Lane* w) {
  using Real = RealOf<Lane>;
  const DenseColumn<Lane> rows{w};
  TreeMachine<Lane, Real, DenseColumn<Lane>> machine{f, rows, {}};
  const std::vector<Lane> before(w + f.plan.voltage, w + f.plan.voltage + 2 * f.num_nodes);
  machine.sweep(step, MaskOf<Lane>(true), {});  // of the buses that sweeps stop at
  std::int32_t node = -1;
  Unsolved u{step.step, "", largest_change<Lane>(f, before, w, node)};
  if (const std::string control = acting_control(f, network, w); !control.empty()) {
    Lane sweeps(Real(0));
    const MaskOf<Lane> pending = solve(machine, step, MaskOf<Lane>(true), sweeps);
    if (!(select(pending, Lane(Real(1)), Lane(Real(0)))[0] > Real(0))) return {step.step, control, 0, true};
  }
  if (node < 0) return u;
  for (const Bus& bus : network.buses) {
    if (node < bus.num_nodes) {
      u.place = fmt::format("{}.{}", bus.name, bus.phase[static_cast<std::size_t>(node)]);
      break;
    }
    node -= bus.num_nodes;
  }
  return u;
}

}  // namespace gridqueue
