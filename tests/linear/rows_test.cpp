// Rows of the linearized feeder at the voltages of a solved day against what the power flow says of that day.
#include "host/linear/row_builder.hpp"
#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

class Rows : public testing::Test {
 protected:
  Rows() {
    state_.upgrade_sets = {test::way_of("bus_1113")};
    state_.add_der(bus("bus_1113"), 500);
    state_.add_der(bus("bus_26"), 700);
    state_.finish_state(UpgradeSetId(0));
    const auto ac = make_evaluator(radial(), options_);
    quantities_ = ac->evaluate(state_)[0];
    trace_ = ac->trace(state_);
    plan_ = make_linear_plan(radial(), feeder_, {bus("bus_26"), bus("bus_1113")});
  }

  //! Per-unit voltages of a step.
  [[nodiscard]] std::vector<Complex> voltages(std::size_t step) const {
    std::vector<Complex> v;
    const auto nodes = static_cast<std::size_t>(offset_.back());
    for (std::size_t b = 0; b < radial().buses.size(); ++b)
      for (int n = offset_[b]; n < offset_[b + 1]; ++n)
        v.push_back(trace_.voltage[step * nodes + static_cast<std::size_t>(n)] / (radial().buses[b].kv_base * 1e3));
    return v;
  }
  [[nodiscard]] std::vector<double> ratios(std::size_t step) const {
    std::vector<double> t;
    for (std::size_t r = 0; r < radial().regulators.size(); ++r)
      t.push_back(1 + radial().regulators[r].tap_step * trace_.tap[step * radial().regulators.size() + r]);
    return t;
  }
  static Eigen::VectorXd stacked(const std::vector<Complex>& v) {
    Eigen::VectorXd x(2 * static_cast<Eigen::Index>(v.size()));
    for (std::size_t n = 0; n < v.size(); ++n)
      x.segment(2 * static_cast<Eigen::Index>(n), 2) << v[n].real(), v[n].imag();
    return x;
  }
  static Complex pair(const Eigen::VectorXd& value, int row) { return {value[row], value[row + 1]}; }

  const EvaluatorOptions options_ = radial_options(Backend::cpu, Precision::dual);
  const CompiledFeeder<double> feeder_ = compile_feeder<double>(radial(), options_);
  const std::vector<int> offset_ = node_offsets(radial());
  StateBatch state_;
  Quantities quantities_;
  DayTrace trace_;
  LinearPlan plan_;
};

TEST_F(Rows, VoltagesAlongTheReferenceAreMagnitudes) {
  const std::vector<Complex> v = voltages(150);
  const std::vector<double> t = ratios(150);
  const RowBuilder builder(radial(), feeder_, plan_, t, 2, state_.upgrade_sets[0], v);
  const Eigen::VectorXd value = builder.rows() * stacked(v);
  for (std::size_t i = 0; i < plan_.units.size(); ++i)
    for (int k = 0; k < 3; ++k)
      EXPECT_LT(std::abs(pair(value, plan_.unit_row + kUnitRows * static_cast<int>(i) + 2 * k) - 1.0), 1e-12);
  for (std::size_t b = 0; b < plan_.path.size(); ++b)
    for (int k = 0; k < 3; ++k) {
      const auto n = static_cast<std::size_t>(offset_[plan_.path[b].index()] + k);
      EXPECT_NEAR(value[plan_.node_row + 3 * static_cast<int>(b) + k], std::abs(v[n]), 1e-12);
      EXPECT_NEAR(value[plan_.turn_row + 3 * static_cast<int>(b) + k], 0, 1e-12);
    }
  for (std::size_t r = 0; r < radial().regulators.size(); ++r) {
    const Regulator& g = radial().regulators[r];
    const Complex here = v[static_cast<std::size_t>(offset_[g.bus.index()] + g.node)];
    EXPECT_LT(std::abs(pair(value, plan_.controlled_row + kControlledRows * static_cast<int>(r)) - std::abs(here)),
              1e-12);
  }
}

TEST_F(Rows, LoadingsAreThoseOfTheDay) {
  double largest = 0;
  BusId where;
  for (std::size_t step = 0; step < radial().num_steps(); ++step) {
    const std::vector<Complex> v = voltages(step);
    const std::vector<double> t = ratios(step);
    const RowBuilder builder(radial(), feeder_, plan_, t, 2, state_.upgrade_sets[0], v);
    for (BusId branch : feeder_.rated_bus) {
      const double x = 100 * builder.loading(branch, v).cwiseAbs().maxCoeff();
      if (x > largest) largest = x, where = branch;
    }
  }
  EXPECT_NEAR(largest, quantities_[limit_emergency].value,
              1e-4 * largest);  // the day's 1e-9 pu over the branches' 1e-3 pu
  EXPECT_EQ(where.value, quantities_[limit_emergency].place);
}

//! Lines in series share rows: what one line's rows say of the others is off by the charging between them.
TEST_F(Rows, CurrentsOfAllLinesOfABlock) {
  const std::vector<Complex> v = voltages(150);
  const std::vector<double> t = ratios(150);
  const RowBuilder builder(radial(), feeder_, plan_, t, 2, state_.upgrade_sets[0], v);
  const Eigen::VectorXd value = builder.rows() * stacked(v);
  for (std::size_t b = 0; b < plan_.branches.size(); ++b) {
    const int row = plan_.current_row + 6 * static_cast<int>(b);
    Eigen::Vector3cd phases;
    Complex sequence = 0;
    for (int k = 0; k < 3; ++k) {
      phases[k] = pair(value, row + 2 * k);
      sequence += std::conj(phase_turn(k)) * phases[k] / 3.0;
    }
    EXPECT_LT(std::abs(pair(value, plan_.branch_row + kBranchRows * static_cast<int>(b)) - sequence), 1e-9);
    for (BusId line : plan_.branches[b]) {
      const double share = builder.loading_per_ampere(line) / builder.loading_per_ampere(plan_.branches[b].front());
      EXPECT_LT((builder.loading(line, v) - share * phases).cwiseAbs().maxCoeff(), 2e-3)
          << radial().buses[line.index()].name;
    }
  }
}

TEST_F(Rows, PowerThroughReclosersIsThatOfTheDay) {
  std::vector<AreaFlow> areas(radial().reclosers.size() + 1);
  for (AreaFlow& a : areas)
    for (FlowRange* f : {&a.p, &a.q}) *f = {1e30, -1e30, 1e30};
  const auto keep = [](FlowRange& f, double x) {
    f = {std::min(f.min, x), std::max(f.max, x), std::min(f.min_abs, std::abs(x))};
  };
  for (std::size_t step = 0; step < radial().num_steps(); ++step) {
    const std::vector<Complex> v = voltages(step);
    const std::vector<double> t = ratios(step);
    const RowBuilder builder(radial(), feeder_, plan_, t, 2, state_.upgrade_sets[0], v);
    const Eigen::VectorXd value = builder.rows() * stacked(v);
    std::vector<Complex> leaving(areas.size(), 0);
    for (std::size_t r = 0; r < radial().reclosers.size(); ++r) {
      Complex s = 0;  // currents count from the element into the bus: towards the source
      for (int k = 0; k < 3; ++k) {
        const int row = plan_.flow_row + kRecloserRows * static_cast<int>(r) + 2 * k;
        s -= pair(value, row) * std::conj(pair(value, row + 6)) * (kBaseVa / 1e3);
      }
      leaving[r + 1] -= s;
      leaving[static_cast<std::size_t>(feeder_.recloser[r].area_above)] += s;
    }
    for (std::size_t a = 0; a < areas.size(); ++a)
      keep(areas[a].p, leaving[a].real()), keep(areas[a].q, leaving[a].imag());
  }
  ASSERT_EQ(areas.size(), quantities_.areas.size());
  for (std::size_t a = 0; a < areas.size(); ++a) {
    EXPECT_NEAR(areas[a].p.max, quantities_.areas[a].p.max, 0.1);  // [kW]
    EXPECT_NEAR(areas[a].p.min, quantities_.areas[a].p.min, 0.1);
    EXPECT_NEAR(areas[a].q.max, quantities_.areas[a].q.max, 0.1);
    EXPECT_NEAR(areas[a].q.min, quantities_.areas[a].q.min, 0.1);
  }
}

//! A moved tap in the rows beside its effect on voltages: rows of the old ratios and the tap columns give what rows of
//! the new ratios give.
TEST_F(Rows, FeedthroughStandsForAMovedTap) {
  const std::vector<Complex> v = voltages(150);
  const std::vector<double> moved = ratios(150);
  std::vector<double> t = moved;
  Eigen::VectorXd x(kTapColumns * static_cast<Eigen::Index>(t.size()));
  for (std::size_t r = 0; r < t.size(); ++r) {
    const Regulator& g = radial().regulators[r];
    const double d = g.tap_step * (static_cast<double>(r) - 1.5);
    t[r] = moved[r] - d;
    const BusRecord& b = feeder_.bus[g.bus.index()];
    const Complex parent = v[static_cast<std::size_t>(b.parent_node + b.select[g.node])];
    const auto c = static_cast<std::size_t>(b.coefficient + 2 * g.node);
    const Complex z(feeder_.coefficient[c], feeder_.coefficient[c + 1]);
    const Complex j = (v[static_cast<std::size_t>(b.node + g.node)] - moved[r] * parent) / (moved[r] * moved[r] * z);
    const Complex e = d * parent + (moved[r] * moved[r] - t[r] * t[r]) * z * j, i = d * j;
    x.segment(kTapColumns * static_cast<Eigen::Index>(r), kTapColumns) << e.real(), e.imag(), i.real(), i.imag();
  }
  const RowBuilder old(radial(), feeder_, plan_, t, 2, state_.upgrade_sets[0], v),
      now(radial(), feeder_, plan_, moved, 2, state_.upgrade_sets[0], v);
  const Eigen::VectorXd difference = old.rows() * stacked(v) + old.feedthrough() * x - now.rows() * stacked(v);
  EXPECT_LT(difference.cwiseAbs().maxCoeff(), 1e-8);
  EXPECT_GT((old.rows() * stacked(v) - now.rows() * stacked(v)).cwiseAbs().maxCoeff(), 1e-3);
}

}  // namespace
}  // namespace gridqueue
