// Small feeders whose controls act often, and their days against OpenDSS's at every step.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/reference.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue::test {

constexpr int kControlSteps = 288;

//! A day with a morning and an evening peak and much noise, from 0.2 to 1.3.
inline std::string noisy_shape() {
  std::mt19937 random(5);
  std::string text = "New LoadShape.ld npts=288 minterval=5 mult=(";
  for (int k = 0; k < kControlSteps; ++k) {
    const double hour = k / 12.0, noise = static_cast<double>(random()) / 4294967296.0 - 0.5;
    const double level = 0.6 + 0.35 * std::sin((hour - 9) * 3.14159 / 12) + 0.3 * noise;
    text += fmt::format("{:.4f} ", std::max(0.1, level));
  }
  return text + ")\n";
}

inline const std::string kHead =
    "Clear\nNew Circuit.small basekv=115 pu=1.02 phases=3 bus1=src MVAsc3=1500 MVAsc1=1200\n" + noisy_shape() +
    "New LineCode.main nphases=3 r1=0.19 x1=0.38 r0=0.45 x0=1.2 c1=2 c0=1 units=km\n";
//! Unequal phases at the end.
inline const std::string kLoads =
    "New Load.d1 phases=3 bus1=b1 kv=12.47 kw=1500 kvar=500 model=5 daily=ld\n"
    "New Load.d2 phases=1 bus1=b2.1 kv=7.2 kw=900 kvar=300 model=5 daily=ld\n"
    "New Load.d3 phases=1 bus1=b2.2 kv=7.2 kw=600 kvar=300 model=1 daily=ld\n"
    "New Load.d4 phases=1 bus1=b2.3 kv=7.2 kw=1100 kvar=250 model=5 daily=ld\n"
    "New Load.d5 phases=3 bus1=b3 kv=12.47 kw=1800 kvar=900 model=5 daily=ld\n";
inline const std::string kTail = "Set VoltageBases=[115 12.47]\nSet MaxControlIter=100\nCalcVoltageBases\nSolve\n";

inline std::string line(const std::string& name, const std::string& from, const std::string& to, double km) {
  return fmt::format("New Line.{} bus1={} bus2={} linecode=main length={} units=km\n", name, from, to, km);
}
inline const std::string kSubstation =
    "New Transformer.sub phases=3 windings=2 xhl=8 %loadloss=0.6 %noloadloss=0.2 %imag=0.5 buses=(src b0) conns=(delta "
    "wye) kvs=(115 12.47) kvas=(10000 10000)\n";
//! A regulator on each phase.
inline std::string bank(const std::string& name, const std::string& from, const std::string& to,
                        const std::string& settings) {
  std::string text;
  for (int phase = 1; phase <= 3; ++phase)
    text += fmt::format(
        "New Transformer.{0}{1} phases=1 windings=2 xhl=0.1 %loadloss=0.01 buses=({2}.{1} {3}.{1}) conns=(wye wye) "
        "kvs=(7.2 7.2) kvas=(4000 4000)\nNew RegControl.c{0}{1} transformer={0}{1} winding=2 ptratio=60 {4}\n",
        name, phase, from, to, settings);
  return text;
}

struct Controls : testing::Test {
  void SetUp() override { GQ_NEEDS_DSS(); }

  //! Every step is OpenDSS's; taps change at least `least` times, capacitors some.
  void expect_openDss(const std::string& model, int least) const {
    expect_day_of_openDss(folder_.write("model.dss", model), least, 1e-6);
  }

  //! Its export gives OpenDSS the same day, too.
  void expect_openDss_and_export(const std::string& model, int least) const {
    const std::string path = folder_.write("model.dss", model);
    expect_day_of_openDss(path, least, 1e-6);
    const Network net = import_dss(path, {});
    const DssDay day = solve_day_with_dss(export_dss(net, {}, folder_.at("exported")), net,
                                          {.library = {}, .commands = {"set tolerance=1e-9"}});
    const DayTrace exact = trace(net, Precision::dual);
    EXPECT_EQ(differing(exact.tap, day.tap), 0);
    EXPECT_EQ(differing(exact.capacitor, day.capacitor), 0);
    EXPECT_LT(largest_difference(net, exact.voltage, day.voltage), 1e-6);
  }

  static void expect_day_of_openDss(const std::string& path, int least, double tolerance_pu,
                                    std::vector<std::string> commands = {}) {
    DssImportOptions options;
    options.commands = commands;
    const Network net = import_dss(path, options);
    if (!commands.empty()) commands.emplace_back("solve");  // again, after what they changed
    commands.insert(commands.end(), {"set tolerance=1e-9", "buildy"});
    const DssDay day = solve_day_with_dss(path, net, {{}, commands});
    const DayTrace exact = trace(net, Precision::dual), fast = trace(net, Precision::single);
    ASSERT_EQ(exact.voltage.size(), day.voltage.size());
    ASSERT_EQ(exact.tap.size(), day.tap.size());
    ASSERT_EQ(exact.capacitor.size(), day.capacitor.size());
    EXPECT_EQ(differing(exact.tap, day.tap), 0) << "of " << day.tap.size() << " taps";
    EXPECT_EQ(differing(exact.capacitor, day.capacitor), 0) << "of " << day.capacitor.size() << " capacitors";
    EXPECT_LT(largest_difference(net, exact.voltage, day.voltage), tolerance_pu);
    // some decision always lies within float's error of a few 1e-6 pu
    EXPECT_LE(differing(fast.tap, day.tap) + differing(fast.capacitor, day.capacitor), 2);
    EXPECT_GE(changes(day.tap, net.regulators.size()), least);
    const int switched = changes(day.capacitor, net.capacitor_controls.size());
    EXPECT_GE(switched, least == 0 || net.capacitor_controls.empty() ? 0 : 2);
  }

  static DayTrace trace(const Network& net, Precision precision) {
    EvaluatorOptions options;
    options.precision = precision;
    StateBatch none;
    none.finish_state(UpgradeSetId(0));
    return make_evaluator(net, options)->trace(none);
  }

  static int differing(const std::vector<int>& a, const std::vector<int>& b) {
    int count = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) count += a[i] != b[i];
    return count;
  }

  static int changes(const std::vector<int>& states, std::size_t controls) {
    int count = 0;
    for (std::size_t i = controls; i < states.size(); ++i) count += states[i] != states[i - controls];
    return count;
  }
  const TemporaryFolder folder_;
};

}  // namespace gridqueue::test
