// Branches with tap terms and currents of terminals, by hand.
#include <gtest/gtest.h>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {
namespace {

using namespace std::complex_literals;

//! Three phases of 1 kV to ground behind a branch with two tap changers, the second of which lies at the source's side.
class TappedPair : public testing::Test {
 protected:
  TappedPair() {
    net_.name = "pair";
    Bus source;
    source.name = "source";
    source.num_nodes = 3, source.phase = {1, 2, 3, 0}, source.kv_base = 1;
    Bus child = source;
    child.name = "child";
    child.parent = BusId(0);
    child.branch.kind = BranchKind::transformer;
    child.branch.name = "transformer.a";
    for (std::size_t n = 0; n < 3; ++n) {
      source.branch.z[n][n] = 0.01i;
      child.branch.z[n][n] = 0.02 + 0.05i;
      child.branch.a[n][n] = n == 1 ? 1 : 0;  // the other phases' ratios are terms
      child.y_shunt[n][n] = 0.05 - 0.02i;
      net_.source_voltage[n] = std::polar(1000.0, -2.0943951 * static_cast<double>(n));
      source.v_initial[n] = source.v_base[n] = child.v_initial[n] = child.v_base[n] = net_.source_voltage[n];
    }
    net_.buses = {source, child};
    net_.regulators = {regulator(0, 0, false, 3), regulator(1, 2, true, -5)};
    net_.source_multiplier = {1}, net_.pv_shape = {0};
    net_.shapes = {{"", {1}}};
  }

  //! Locked at a tap, with a term of its own for one phase.
  static Regulator regulator(int place, std::size_t phase, bool at_parent, int tap) {
    Regulator r;
    r.name = r.control = at_parent ? "transformer.b" : "transformer.a";
    r.bus = BusId(1), r.node = place;
    r.vreg = 120, r.band = 2, r.pt_ratio = 8, r.kv_winding = 1, r.max_tap_change = 0;
    r.tap_step = 0.01, r.tap_min = -10, r.tap_max = 10, r.tap_initial = tap;
    r.measured_bus = BusId(1), r.measured_pt_ratio = 8;
    r.measured.node[0] = static_cast<int>(phase);
    r.term = TapTerm{at_parent, {}, {}, {}};
    r.term->a[phase][phase] = 1;
    if (at_parent) r.term->y_parent[phase][phase] = 0.004 - 0.1i;
    else r.term->z[phase][phase] = 0.1i;
    return r;
  }

  [[nodiscard]] DayTrace trace(Precision precision) const {
    net_.validate();
    EvaluatorOptions options;
    options.precision = precision, options.backend = Backend::cpu;
    StateBatch none;
    none.finish_state(UpgradeSetId(0));
    return make_evaluator(net_, options)->trace(none);
  }

  Network net_;
};

//! Each phase is a voltage divider: V = x E' - (z0 + x^2 z1) y V behind E' = E - zs I, I = x y V + x^2 yp E'.
TEST_F(TappedPair, IsAVoltageDividerPerPhase) {
  const Complex zs = 0.01i, z0 = 0.02 + 0.05i, y = 0.05 - 0.02i;
  const double x[3] = {1.03, 1, 1 / 0.95};
  const Complex z1[3] = {0.1i, 0, 0}, yp[3] = {0, 0, 0.004 - 0.1i};
  for (const auto& [precision, tolerance] : {std::pair(Precision::dual, 1e-8), std::pair(Precision::single, 5e-6)}) {
    const DayTrace day = trace(precision);
    ASSERT_EQ(day.voltage.size(), 6U);
    for (std::size_t n = 0; n < 3; ++n) {
      const Complex z = z0 + x[n] * x[n] * z1[n], gain = x[n] / (1.0 + z * y);
      const Complex above = net_.source_voltage[n] / (1.0 + zs * (x[n] * y * gain + x[n] * x[n] * yp[n]));
      EXPECT_NEAR(std::abs(day.voltage[n] - above), 0, tolerance * 1000) << n;
      EXPECT_NEAR(std::abs(day.voltage[3 + n] - gain * above), 0, tolerance * 1000) << n;
    }
  }
}

//! A capacitor that closes where a terminal draws more than so many amperes or kvar, at either side of what it draws.
TEST_F(TappedPair, ACapacitorGoesByTheCurrentOfATerminal) {
  Capacitor capacitor;
  capacitor.name = "capacitor.c", capacitor.bus = BusId(1);
  capacitor.y[1][1] = 0.001i;
  net_.capacitors = {capacitor};
  CapacitorControl c;
  c.name = "capcontrol.c", c.initial = CapacitorState::open;
  c.measured_bus = c.line = BusId(1);
  c.voltage.node[0] = c.current.node[0] = 0;
  c.terminal = TerminalCurrent{};
  c.terminal->node[0] = 1;
  c.terminal->i_child[0][1] = 0.5;            // half of what flows in the second phase
  c.terminal->y_parent[0][1] = 0.0 + 0.002i;  // and what a charging draws
  const Complex y = 0.05 - 0.02i, z = 0.02 + 0.05i, zs = 0.01i;
  const Complex above = net_.source_voltage[1] / (1.0 + zs * y / (1.0 + z * y)), v = above / (1.0 + z * y);
  const Complex i = -0.5 * y * v + 0.002i * above, s = v * std::conj(i) / 1e3;
  const auto closes = [&](CapacitorMeasure measure, double on) {
    c.measure = measure, c.on = on, c.off = on - 1000;
    net_.capacitor_controls = {c};
    return trace(Precision::dual).capacitor.at(0) == 1;
  };
  for (const auto& [measure, drawn] :
       {std::pair(CapacitorMeasure::current, std::abs(i)), std::pair(CapacitorMeasure::kvar, s.imag())}) {
    EXPECT_TRUE(closes(measure, drawn - 1e-3 * std::abs(drawn)));
    EXPECT_FALSE(closes(measure, drawn + 1e-3 * std::abs(drawn)));
  }
}

//! From open over one step and two to all three, as nothing stops it.
TEST_F(TappedPair, ACapacitorOfThreeStepsTakesThemOneByOne) {
  Capacitor capacitor;
  capacitor.name = "capacitor.c", capacitor.bus = BusId(1);
  capacitor.y[1][1] = 0.001i;
  net_.capacitors = {capacitor};
  CapacitorControl c;
  c.name = "capcontrol.c", c.initial = CapacitorState::open;
  c.measure = CapacitorMeasure::time, c.steps = 3, c.schedule = 1;
  c.measured_bus = BusId(1), c.voltage.node[0] = 0;
  net_.capacitor_controls = {c};
  net_.pv_shape = net_.source_multiplier = {1, 1};
  net_.pv_shape = {0, 0};
  net_.shapes = {{"", {1, 1}}, {"capcontrol.c", {1, -1}}};
  const DayTrace day = trace(Precision::dual);
  EXPECT_EQ(day.capacitor, (std::vector<int>{3, 0}));
}

}  // namespace
}  // namespace gridqueue
