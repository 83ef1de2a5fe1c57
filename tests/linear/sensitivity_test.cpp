// Responses of the linearized feeder against differences of power flows.
#include <Eigen/Dense>
#include <Eigen/SparseLU>

#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

const std::vector<std::string> kUnits = {"bus_xf", "bus_17", "bus_1113", "bus_26", "bus_2505"};

const CompiledFeeder<double>& compiled() {
  static const CompiledFeeder<double> feeder =
      compile_feeder<double>(radial(), radial_options(Backend::cpu, Precision::dual));
  return feeder;
}

//! The system at one load level: all three levels are that one.
class Tangent {
 public:
  Tangent(const test::Standing& at, const std::vector<Complex>& v) {
    std::vector<UnitSite> units;
    for (const std::string& name : kUnits) units.push_back(bus(name));
    plan_ = make_linear_plan(radial(), compiled(), units);
    plan_.levels = {at.load, at.load, at.load};
    const BasePoint base{{at.taps.begin(), at.taps.end()}, {v, v, v}};
    system_ = LinearAssembler(radial(), compiled(), 2, plan_).systems(at.upgraded, base)[level_low];
    lu_.compute(system_.a);
    EXPECT_EQ(lu_.info(), Eigen::Success);
  }
  //! Change of the node voltages [pu] for columns times `x`.
  std::vector<Complex> operator()(const Eigen::VectorXd& x) {
    const Eigen::VectorXd dv = lu_.solve(Eigen::VectorXd(system_.b * x));
    std::vector<Complex> out;
    for (Eigen::Index n = 0; 2 * n < dv.size(); ++n) out.emplace_back(dv[2 * n], dv[2 * n + 1]);
    return out;
  }
  //! kw + j kvar of one unit, a third per phase. The columns are currents (p + j q) / conj(W): q takes kvar.
  std::vector<Complex> unit(BusId bus, double kw, double kvar) {
    const auto i = std::find(plan_.units.begin(), plan_.units.end(), bus) - plan_.units.begin();
    Eigen::VectorXd x = Eigen::VectorXd::Zero(system_.b.cols());
    for (int k = 0; k < 3; ++k) {
      x[kPhaseColumns * i + 2 * k] = kw / 3 * 1e3 / kBaseVa;
      x[kPhaseColumns * i + 2 * k + 1] = -kvar / 3 * 1e3 / kBaseVa;
    }
    return (*this)(x);
  }
  [[nodiscard]] Eigen::Index columns() const { return system_.b.cols(); }

 private:
  LinearPlan plan_;
  ResponseSystem system_;
  Eigen::SparseLU<RealSparse> lu_;
};

//! A day at full sun's step: base day and the day with one unit of 1 kW, taps alike.
TEST(Sensitivity, OfAKilowattIsThatOfTheDailyPowerFlow) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::dual));
  const std::vector<double>& sun = radial().pv_shape;
  const auto step = static_cast<std::size_t>(std::max_element(sun.begin(), sun.end()) - sun.begin());
  const std::size_t nodes = static_cast<std::size_t>(node_offsets(radial()).back()),
                    regulators = radial().regulators.size();
  const auto day = [&](const std::string& name, double kw) {
    StateBatch state;
    if (kw > 0) state.add_der(bus(name), kw);
    state.finish_state(UpgradeSetId(0));
    const DayTrace trace = ac->trace(state);
    std::vector<Complex> v(trace.voltage.begin() + static_cast<std::ptrdiff_t>(step * nodes),
                           trace.voltage.begin() + static_cast<std::ptrdiff_t>((step + 1) * nodes));
    const std::vector<int> offset = node_offsets(radial());
    for (std::size_t b = 0; b < radial().buses.size(); ++b)
      for (int n = offset[b]; n < offset[b + 1]; ++n) v[static_cast<std::size_t>(n)] /= radial().buses[b].kv_base * 1e3;
    const auto tap = trace.tap.begin() + static_cast<std::ptrdiff_t>(step * regulators);
    return std::pair(v, std::vector<int>(tap, tap + static_cast<std::ptrdiff_t>(regulators)));
  };
  const auto [base, taps] = day("", 0);
  Tangent tangent({{}, taps, radial().shapes[0].value[step]}, base);
  for (const std::string& name : kUnits) {
    const auto [with, moved] = day(name, 1);
    ASSERT_EQ(moved, taps) << name;
    const double error = test::relative_error(tangent.unit(bus(name), sun[step], 0), test::difference(with, base));
    EXPECT_LT(error, 2e-3) << name;  // the power flow's 1e-9 pu over changes of 1e-5 pu
  }
}

class SensitivityAt : public testing::TestWithParam<std::size_t> {
 protected:
  test::Standing at = test::standings()[GetParam()];
  std::vector<Complex> base = test::plain_flow(at);
  Tangent tangent{at, base};

  //! Central difference of +-1 kW or kvar.
  std::vector<Complex> measured(const std::string& name, double kw, double kvar) {
    auto up = test::plain_flow(at, {{bus(name), kw / 3, kvar / 3}}, &base);
    up = test::difference(std::move(up), test::plain_flow(at, {{bus(name), -kw / 3, -kvar / 3}}, &base));
    for (Complex& x : up) x *= 0.5;
    return up;
  }
};

TEST_P(SensitivityAt, OfActivePower) {
  for (const std::string& name : kUnits)
    EXPECT_LT(test::relative_error(tangent.unit(bus(name), 1, 0), measured(name, 1, 0)), 1e-7) << name;
}

TEST_P(SensitivityAt, OfReactivePower) {
  for (const std::string& name : kUnits)
    EXPECT_LT(test::relative_error(tangent.unit(bus(name), 0, 1), measured(name, 0, 1)), 1e-7) << name;
}

//! Second order is left out: a tap is 0.6 % of the voltage. A moved tap is a series voltage and a current at the
//! parent: e = D V_p + ((t + D)^2 - t^2) z J, i = D J.
TEST_P(SensitivityAt, OfATap) {
  for (std::size_t r = 0; r < radial().regulators.size(); ++r) {
    const Regulator& g = radial().regulators[r];
    test::Standing moved = at;
    moved.taps[r] += 1;
    const std::vector<Complex> after = test::plain_flow(moved);
    const BusRecord& b = compiled().bus[g.bus.index()];
    const Complex parent = after[static_cast<std::size_t>(b.parent_node + b.select[g.node])],
                  child = after[static_cast<std::size_t>(b.node + g.node)];
    const auto c = static_cast<std::size_t>(b.coefficient + 2 * g.node);
    const Complex z(compiled().coefficient[c], compiled().coefficient[c + 1]);
    const double t = 1 + g.tap_step * at.taps[r], d = g.tap_step;
    const Complex j = (child - (t + d) * parent) / ((t + d) * (t + d) * z);
    const Complex e = d * parent + ((t + d) * (t + d) - t * t) * z * j, i = d * j;
    Eigen::VectorXd x = Eigen::VectorXd::Zero(tangent.columns());
    const auto column =
        kPhaseColumns * static_cast<Eigen::Index>(kUnits.size()) + kTapColumns * static_cast<Eigen::Index>(r);
    x.segment(column, kTapColumns) << e.real(), e.imag(), i.real(), i.imag();
    EXPECT_LT(test::relative_error(tangent(x), test::difference(after, base)), 1e-4) << g.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Standings, SensitivityAt, testing::Range<std::size_t>(0, test::standings().size()));

}  // namespace
}  // namespace gridqueue
