#include "kernels/linear/base_voltages.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "kernels/ac/day.hpp"
#include "kernels/feeder/state_inputs.hpp"
#include "kernels/lane/cpu_workspace.hpp"
#include "kernels/linear/linear_view.hpp"

namespace gridqueue {
namespace {

using Lane = NativeLane<double>;
constexpr std::size_t kWidth = LaneTraits<Lane>::width;

//! Solves one level of the lanes in the workspace, from the voltages that stand there.
void solve_level(FeederView<double> f, const DenseColumn<Lane>& w, double level) {
  const double levels[] = {0, level};  // of units and of loads: they follow one shape (linear_unavailable_reason)
  f.level = levels;
  const StepRecord<double> step{0, 0, 1, 0, 1};
  Lane sweeps(0.0);
  TreeMachine<Lane, double, DenseColumn<Lane>> machine{f, w, {}};
  if (any(solve(machine, step, MaskOf<Lane>(true), sweeps)))
    fail(ExitCode::numerics, "the feeder without units does not converge at load level {}", level);
}

//! Taps that bring every regulator's voltage to its set point: a voltage goes with its ratio, nearly.
void settle(const FeederView<double>& f, const Network& network, const DenseColumn<Lane>& w, double level) {
  for (int round = 0; round < 3; ++round) {
    solve_level(f, w, level);
    for (std::int32_t i = 0; i < f.num_regulators; ++i) {
      const RegulatorRecord<double>& r = f.regulator[i];
      const double step = network.regulators[static_cast<std::size_t>(i)].tap_step;
      const std::int32_t row = f.plan.voltage + 2 * r.measured.node[0];
      const Lane v = lane_sqrt(abs2(Cx<Lane>{w[row], w[row + 1]})) * Lane(r.volts);
      const Lane ratio = (Lane(1.0) + Lane(step) * w[f.plan.tap + i]) * Lane(r.vreg) / v;
      w[f.plan.tap + i] = lane_max(Lane(r.tap_min), lane_min(Lane(r.tap_max), (ratio - Lane(1.0)) / Lane(step)));
    }
  }
}

BasePoint read_point(const FeederView<double>& f, const DenseColumn<Lane>& w, std::size_t levels, int lane) {
  BasePoint point{{}, std::vector(levels, std::vector<std::complex<double>>(static_cast<std::size_t>(f.num_nodes)))};
  for (std::int32_t i = 0; i < f.num_regulators; ++i) point.taps.push_back(w[f.plan.tap + i][lane]);
  return point;
}

}  // namespace

template <class>
std::vector<BasePoint> vector_base_points(const CompiledFeeder<double>& feeder, const Network& network,
                                          double upgrade_factor, const std::vector<Upgrades>& upgrade_sets,
                                          const std::vector<double>& levels) {
  const FeederView<double> f = feeder.view();
  const auto workspace = make_workspace<Lane>(f.plan.rows);
  const DenseColumn<Lane> w{workspace.get()};
  StateBatch states;
  states.upgrade_sets = upgrade_sets;
  for (std::size_t s = 0; s < upgrade_sets.size(); ++s) states.finish_state(UpgradeSetId(s));
  std::vector<BasePoint> points;
  for (std::size_t first = 0; first < upgrade_sets.size(); first += kWidth) {
    const std::size_t lanes = std::min(kWidth, upgrade_sets.size() - first);
    for (std::size_t lane = 0; lane < kWidth; ++lane)
      write_inputs(feeder, network, upgrade_factor, states, first + std::min(lane, lanes - 1),
                   [&](std::int32_t row, double x) { w[row].set(static_cast<int>(lane), x); });
    Extrema<Lane> e;
    start_day<Lane>(f, w, e);
    settle(f, network, w, levels.at(level_middle));
    for (std::size_t lane = 0; lane < lanes; ++lane)
      points.push_back(read_point(f, w, levels.size(), static_cast<int>(lane)));
    for (std::size_t k = 0; k < levels.size(); ++k) {
      solve_level(f, w, levels[k]);
      for (std::size_t lane = 0; lane < lanes; ++lane)
        for (std::size_t n = 0; n < points.back().voltage[k].size(); ++n) {
          const auto row = f.plan.voltage + 2 * static_cast<std::int32_t>(n);
          points[first + lane].voltage[k][n] = {w[row][static_cast<int>(lane)], w[row + 1][static_cast<int>(lane)]};
        }
    }
  }
  return points;
}
template std::vector<BasePoint> vector_base_points<Vectors>(const CompiledFeeder<double>&, const Network&, double,
                                                            const std::vector<Upgrades>&, const std::vector<double>&);

}  // namespace gridqueue
