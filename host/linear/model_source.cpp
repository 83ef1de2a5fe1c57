#include "host/linear/model_source.hpp"

namespace gridqueue {

ModelSource::ModelSource(const Network& network, const CompiledFeeder<double>& compiled, const LinearPlan& linear_plan,
                         std::vector<double> base_ratio, double upgrade_factor, const Upgrades& upgraded,
                         const BasePoint& point, std::span<const Eigen::MatrixXd> responses)
    : net(network), feeder(compiled), plan(linear_plan), ratio(std::move(base_ratio)), base(point.voltage),
      rows(net, feeder, plan, ratio, upgrade_factor, upgraded, base[level_middle]),
      half(plan.levels[level_high] - plan.levels[level_middle]),
      columns(kUnitColumns * static_cast<int>(plan.units.size())),
      phase_columns(kPhaseColumns * static_cast<int>(plan.units.size())),
      taps(kTapColumns * static_cast<int>(net.regulators.size())) {
  response_[level_low] = responses[0];
  response_[level_high] = responses[1];
  response_[level_middle] = 0.5 * (responses[0] + responses[1]);
  const Eigen::MatrixXd direct = rows.feedthrough();
  for (Eigen::MatrixXd& r : response_) r.rightCols(taps) += direct;
  const RealSparse c = rows.rows();
  for (int level = 0; level < num_levels; ++level) {
    Eigen::VectorXd v(2 * static_cast<Eigen::Index>(base[0].size()));
    for (std::size_t n = 0; n < base[0].size(); ++n) {
      v[2 * static_cast<Eigen::Index>(n)] = base[static_cast<std::size_t>(level)][n].real();
      v[2 * static_cast<Eigen::Index>(n) + 1] = base[static_cast<std::size_t>(level)][n].imag();
    }
    value_[level] = c * v;
  }
}

LoadCurve<double> ModelSource::curve(const Levels& y) const {
  return {y.at[level_middle], (y.at[level_high] - y.at[level_low]) / (2 * half),
          (0.5 * (y.at[level_high] + y.at[level_low]) - y.at[level_middle]) / (half * half)};
}

double ModelSource::phase_sum(int level, int row, int column) const {
  const int first = kPhaseColumns * (column / kUnitColumns) + column % kUnitColumns;
  return response_[level](row, first) + response_[level](row, first + 2) + response_[level](row, first + 4);
}

Eigen::VectorXd ModelSource::tap_direction(int level, std::size_t r) const {
  const int row = plan.regulator_row + kRegulatorRows * static_cast<int>(r);
  const Complex j = phasor(level, row + 2);
  const Complex e = phasor(level, row) + 2 * ratio[r] * impedance(r) * j;
  Eigen::VectorXd x = Eigen::VectorXd::Zero(taps);
  x.segment(kTapColumns * static_cast<int>(r), kTapColumns) << e.real(), e.imag(), j.real(), j.imag();
  return x;
}

double ModelSource::row_slope(int level, int row, std::size_t r) const {
  return response_[level].row(row).tail(taps).dot(tap_direction(level, r));
}

Complex ModelSource::impedance(std::size_t r) const {
  const auto at =
      static_cast<std::size_t>(feeder.bus[net.regulators[r].bus.index()].coefficient + 2 * net.regulators[r].node);
  return {feeder.coefficient[at], feeder.coefficient[at + 1]};
}

int ModelSource::zone(BusId bus) const {
  for (BusId b = bus; b.valid(); b = net.buses[b.index()].parent)
    if (net.buses[b.index()].branch.kind == BranchKind::regulator) return 1;
  return 0;
}

}  // namespace gridqueue
