// Where the feeder is linearized: power flows at fixed taps that bring controlled voltages to their set points.
#include <Eigen/Sparse>

#include "kernels/linear/base_voltages.hpp"
#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

class BasePoints : public testing::Test {
 protected:
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  const CompiledFeeder<double> feeder = compile_feeder<double>(radial(), options);
  const std::vector<double> levels = {0.3, 0.65, 1.0};
  const std::vector<Upgrades> sets = {{}, test::way_of("bus_1113"), test::way_of("bus_2505")};
  const std::vector<BasePoint> points = base_points(feeder, radial(), options.upgrade_factor, sets, levels);
};

TEST_F(BasePoints, ControlledVoltagesStandAtTheirSetPoints) {
  const std::vector<int> offset = node_offsets(radial());
  for (const BasePoint& point : points)
    for (const Regulator& r : radial().regulators) {
      const Complex v = point.voltage[level_middle][static_cast<std::size_t>(offset[r.bus.index()] + r.node)];
      const double volts = std::abs(v) * radial().buses[r.bus.index()].kv_base * 1e3 / r.pt_ratio;
      EXPECT_NEAR(volts, r.vreg, 1e-3) << r.name;
    }
}

//! Between the buses, Y V is what loads draw, at every level and at taps that are fractions of steps.
TEST_F(BasePoints, BalanceWithTheAdmittanceMatrix) {
  const std::vector<int> offset = node_offsets(radial());
  for (std::size_t s = 0; s < sets.size(); ++s) {
    AdmittanceCase which{std::vector<char>(radial().buses.size(), 0), options.upgrade_factor, {}};
    for (const Upgrade& u : sets[s]) which.upgraded[u.element.index()] = 1;
    for (std::size_t r = 0; r < points[s].taps.size(); ++r)
      which.tap_ratio.push_back(1 + points[s].taps[r] * radial().regulators[r].tap_step);
    const ComplexSparse y = bus_admittance(radial(), which);
    for (std::size_t level = 0; level < levels.size(); ++level) {
      Eigen::VectorXcd v(offset.back()), drawn = Eigen::VectorXcd::Zero(offset.back());
      for (std::size_t b = 0; b < radial().buses.size(); ++b)
        for (int n = offset[b]; n < offset[b + 1]; ++n)
          v[n] = points[s].voltage[level][static_cast<std::size_t>(n)] * radial().buses[b].kv_base * 1e3;
      for (const Load& load : radial().loads) {
        const int n = offset[load.bus.index()] + load.node;
        drawn[n] += test::load_current(load, levels[level], v[n]);
      }
      const auto inner = offset.back() - offset[1];
      // kernels take line charging as one admittance per node
      EXPECT_LT((y * v + drawn).tail(inner).cwiseAbs().maxCoeff(), 2e-3) << s << " " << levels[level];
      EXPECT_GT(drawn.cwiseAbs().maxCoeff(), 1);
    }
  }
}

TEST_F(BasePoints, DoNotDependOnWhatIsSolvedBeside) {
  for (std::size_t s = 0; s < sets.size(); ++s) {
    const BasePoint alone = base_points(feeder, radial(), options.upgrade_factor, {sets[s]}, levels).front();
    EXPECT_EQ(alone.taps, points[s].taps);
    EXPECT_EQ(alone.voltage, points[s].voltage);
  }
}

}  // namespace
}  // namespace gridqueue
