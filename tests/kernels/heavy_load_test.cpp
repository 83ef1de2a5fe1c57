// Loads of constant power that make large drops: sweeps that anticipate currents, and what follows where these lead
// astray.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/feeder/compiled_feeder.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

constexpr double kVolts = 7200;

//! A line of `buses` behind a source of 1 pu, three phases that nothing couples, loads at every bus.
Network line_of(int buses, Complex ohm, const Load& load) {
  Network net;
  net.name = "line";
  Bus bus;
  bus.num_nodes = 3, bus.phase = {1, 2, 3, 0}, bus.kv_base = kVolts / 1e3;
  for (std::size_t n = 0; n < 3; ++n)
    bus.v_initial[n] = bus.v_base[n] = net.source_voltage[n] = std::polar(kVolts, -2.0943951 * static_cast<double>(n));
  for (int b = 0; b <= buses; ++b) {
    bus.name = "b" + std::to_string(b);
    for (std::size_t n = 0; n < 3; ++n) {
      bus.branch.z[n][n] = b == 0 ? Complex(0, 1e-3) : ohm;
      bus.branch.a[n][n] = b == 0 ? 0 : 1;
    }
    if (b > 0) {
      bus.parent = BusId(static_cast<std::size_t>(b - 1));
      bus.branch.kind = BranchKind::line, bus.branch.name = "line." + bus.name;
      bus.branch.length_ft = 1000, bus.branch.upgradable = true;
      bus.branch.normal_amps = 400, bus.branch.emergency_amps = 600;
      net.candidate_buses.emplace_back(static_cast<std::size_t>(b));
    }
    net.buses.push_back(bus);
    for (int n = 0; b > 0 && n < 3; ++n) {
      net.loads.push_back(load);
      Load& last = net.loads.back();
      last.name = "load." + std::to_string(3 * b + n), last.bus = BusId(static_cast<std::size_t>(b)), last.node = n;
    }
  }
  Load little = net.loads.back();  // what makes the feeder a general one
  little.name = "load.little", little.model = LoadModel::constant_impedance, little.kw = little.kvar = 1e-6;
  net.loads.push_back(little);
  net.source_multiplier = {1}, net.pv_shape = {1};
  net.shapes = {{"", {1}}};
  net.validate();
  return net;
}

Load constant_power(double kw, double kvar) {
  Load load;
  load.model = LoadModel::constant_power;
  load.kw = kw, load.kvar = kvar, load.kv = kVolts / 1e3;
  return load;
}

EvaluatorOptions options_of(const Network& net, Precision precision) {
  EvaluatorOptions options;
  options.monitors = monitor_set(net, "all");
  options.precision = precision, options.backend = Backend::cpu, options.threads = 1;
  return options;
}

DayTrace base_case(const Network& net, Precision precision) {
  StateBatch none;
  none.finish_state(UpgradeSetId(0));
  return make_evaluator(net, options_of(net, precision))->trace(none);
}

Network heavy_line() {
  Load load = constant_power(100, -50);
  load.vmin_pu = 0.7, load.vmax_pu = 1.3;
  return line_of(12, {1.2, 2.4}, load);
}

//! What comes in less what goes out at every bus is its load.
TEST(HeavyLoad, PowersBalanceAtEveryBus) {
  const Network net = heavy_line();
  const Complex ohm{1.2, 2.4};
  for (const auto& [precision, tolerance] : {std::pair(Precision::dual, 1e-5), std::pair(Precision::single, 5e-3)}) {
    const auto feeder = compile_feeder<float>(net, options_of(net, precision));
    ASSERT_GT(feeder.shape.anticipation, 0);
    const DayTrace day = base_case(net, precision);
    for (std::size_t n = 0; n < 3; ++n)
      for (std::size_t b = 1; b <= 12; ++b) {
        const auto v = [&](std::size_t bus) { return day.voltage[3 * bus + n]; };
        Complex current = (v(b - 1) - v(b)) / ohm;
        if (b < 12) current -= (v(b) - v(b + 1)) / ohm;
        const Complex kva = v(b) * std::conj(current) / 1e3;
        EXPECT_NEAR(kva.real(), 100, 100 * tolerance) << b;
        EXPECT_NEAR(kva.imag(), -50, 100 * tolerance) << b;
      }
  }
}

//! Lanes that anticipate for longer, or fail, change no bit of others.
TEST(HeavyLoad, NeighboursChangeNoBit) {
  const Network net = heavy_line();
  for (Precision precision : {Precision::single, Precision::dual}) {
    const auto e = make_evaluator(net, options_of(net, precision));
    StateBatch calm, wild;
    for (StateBatch* batch : {&calm, &wild}) batch->upgrade_sets.push_back({Upgrade(BusId(5)), Upgrade(BusId(9))});
    for (int i = 0; i < 16; ++i)
      for (StateBatch* batch : {&calm, &wild}) {
        batch->add_der(BusId(7), i > 0 && batch == &wild ? 2000.0 * i : 300.0);
        batch->finish_state(UpgradeSetId(i > 0 && batch == &wild ? 1 : 0));
      }
    expect_identical(e->evaluate(calm)[0], e->evaluate(wild)[0], 0);
  }
}

//! A load far below its band draws the less the lower its voltage is, so steeply that whole steps swing for good:
//! u = 1 - r i, i = i_low + s (u - u_low).
TEST(HeavyLoad, SteepLoadsBelowTheirBandConverge) {
  Load load = constant_power(1000, 0);
  load.vmin_pu = 0.85, load.vlow_pu = 0.5;
  const double r = 0.6, s = (1 / 0.85 - 0.5) / (0.85 - 0.5);
  ASSERT_GT(r * s, 1);  // the factor of an error, sweep by sweep
  const Network net = line_of(1, {r * kVolts * kVolts / 1e6, 0}, load);
  const double u = (1 - r * (0.5 - 0.5 * s)) / (1 + r * s);
  for (const auto& [precision, tolerance] : {std::pair(Precision::dual, 1e-6), std::pair(Precision::single, 1e-4)}) {
    const DayTrace day = base_case(net, precision);
    for (std::size_t n = 0; n < 3; ++n) EXPECT_NEAR(std::abs(day.voltage[3 + n]) / kVolts, u, tolerance);
  }
}

//! More than the line can carry at any voltage: V = 1 - r p / V has no solution for r p > 1 / 4.
Network overloaded_line(double kw) {
  Load load = constant_power(kw, 0);
  load.vmin_pu = 0.02, load.vlow_pu = 0.01, load.vmax_pu = 1.3;
  return line_of(1, {0.6 * kVolts * kVolts / 1e6, 0}, load);
}

TEST(HeavyLoad, ABaseCaseWithoutSolutionNamesStepAndNode) {
  const Network net = overloaded_line(500);
  for (Precision precision : {Precision::single, Precision::dual}) {
    try {
      base_case(net, precision);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::numerics);
      EXPECT_THAT(e.what(),
                  testing::HasSubstr("the base case of feeder 'line' does not converge in step 0 (00:05): the "
                                     "voltage of 'b1."));
    }
  }
}

TEST(HeavyLoad, EveryStepHasItsExtremes) {
  Network net = overloaded_line(1);
  net.pv_shape = {0, 0.5, 1, 1}, net.source_multiplier = {1, 1, 1, 1}, net.shapes = {{"", {1, 1, 1, 1}}};
  StateBatch states;
  states.add_der(BusId(1), 300);
  states.finish_state(UpgradeSetId(0));
  const DayTrace day = make_evaluator(net, options_of(net, Precision::dual))->trace(states);
  EXPECT_FALSE(day.unsolved);
  ASSERT_EQ(day.extremes.size(), 4U);
  for (std::size_t k = 0; k < 4; ++k) {
    double high = 0;
    for (std::size_t n = 0; n < 6; ++n) high = std::max(high, std::abs(day.voltage[6 * k + n]) / kVolts);
    const LimitQuantity& vmax = day.extremes[k][limit_vmax];
    EXPECT_NEAR(vmax.value, high, 1e-9) << k;
    EXPECT_EQ(vmax.step, static_cast<int>(std::min<std::size_t>(k, 2)));  // steps 2 and 3 are one run
    EXPECT_EQ(NodeId(vmax.place).bus(), BusId(k == 0 ? 0 : 1));
  }
  EXPECT_GT(day.extremes[2][limit_vdiff].value, 1);
  EXPECT_EQ(day.extremes[3][limit_vdiff].value, 0);
  EXPECT_NEAR(day.extremes[2][limit_emergency].value, 2 * day.extremes[1][limit_emergency].value, 3);
}

}  // namespace
}  // namespace gridqueue
