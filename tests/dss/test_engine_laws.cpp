// What OpenDSS (engine 0.14.5) does with a load of model 5 and a PVSystem at any voltage: the laws our kernels have.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "host/dss/engine.hpp"
#include "tests/dss/support.hpp"
#include "tests/feeder/fixed_point.hpp"

namespace gridqueue {
namespace {

constexpr double kVolts = 7200;

struct PhaseState {
  std::complex<double> volts, amps;  //!< amps flow into the element
};

//! Currents of `element` at a stiff bus whose three phases have the voltages `pu`.
std::vector<PhaseState> solve(const std::string& element, const std::string& definition,
                              const std::vector<double>& pu) {
  const std::string bytes = run_isolated([&] {
    DssEngine dss;
    dss.command("clear");
    dss.command(fmt::format("new circuit.c bus1=a.1 phases=1 basekv=7.2 pu={} r1=1e-9 x1=1e-9 r0=1e-9 x0=1e-9", pu[0]));
    for (int i = 1; i < 3; ++i)
      dss.command(fmt::format(
          "new vsource.s{0} bus1=a.{1} phases=1 basekv=7.2 pu={2} angle={3} r1=1e-9 x1=1e-9 r0=1e-9 x0=1e-9", i, i + 1,
          pu[static_cast<std::size_t>(i)], -120 * i));
    dss.command("new " + element + " bus1=a.1.2.3 phases=3 " + definition);
    dss.command(fmt::format("set voltagebases=[{}] tolerance=1e-10 maxiterations=100", kVolts * std::sqrt(3.0) / 1e3));
    dss.command("calcvoltagebases");
    dss.command("solve");
    dss.select_element(element);
    const auto amps = dss.currents();
    const auto volts = dss.node_voltages();
    std::vector<PhaseState> phases;
    for (std::size_t i = 0; i < 3; ++i) phases.push_back({volts[i], amps[i]});
    return std::string(reinterpret_cast<const char*>(phases.data()), phases.size() * sizeof(PhaseState));
  });
  std::vector<PhaseState> phases(3);
  std::memcpy(phases.data(), bytes.data(), bytes.size());
  return phases;
}

class EngineLaw : public testing::TestWithParam<std::vector<double>> {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }
};

//! Constant current magnitude within 0.95 to 1.05; above, constant impedance that meets it at 1.05; below, the straight
//! line from (0.95, 1) to (Vlowpu, Vlowpu), and below Vlowpu the impedance of nominal voltage. Each phase for itself.
TEST_P(EngineLaw, LoadOfModelFive) {
  Load load;
  load.kw = 100, load.kvar = 30, load.kv = kVolts / 1e3;
  const std::string kv = std::to_string(kVolts * std::sqrt(3.0) / 1e3);
  for (const PhaseState& phase : solve("load.x", "kv=" + kv + " kw=300 kvar=90 model=5", GetParam())) {
    const Complex expected = test::load_current(load, 1, phase.volts);
    EXPECT_LT(std::abs(phase.amps - expected), 1e-5 * std::abs(expected)) << std::abs(phase.volts) / kVolts << " pu";
  }
}

//! Constant power within 0.9 to 1.1; outside, constant impedance that meets it at the edge. Each phase for itself.
TEST_P(EngineLaw, PvSystem) {
  const std::string kv = std::to_string(kVolts * std::sqrt(3.0) / 1e3);
  const std::string pv = "kv=" + kv + " kva=375 pmpp=300 irradiance=1 pf=1 %cutin=0 %cutout=0";
  for (const PhaseState& phase : solve("pvsystem.x", pv, GetParam())) {
    const double u = std::abs(phase.volts) / kVolts, edge = std::clamp(u, 0.9, 1.1);
    const Complex expected = -100e3 * phase.volts / std::pow(edge * kVolts, 2);
    EXPECT_LT(std::abs(phase.amps - expected), 1e-5 * std::abs(expected)) << u << " pu";
  }
}

using Levels = std::vector<double>;
INSTANTIATE_TEST_SUITE_P(AtVoltages, EngineLaw,
                         testing::Values(Levels{1.0, 1.0, 1.0}, Levels{1.0499, 1.0501, 1.08},
                                         Levels{0.9501, 0.9499, 0.92}, Levels{0.9001, 0.8999, 0.8},
                                         Levels{1.0999, 1.1001, 1.2}, Levels{0.6, 0.51, 0.49}, Levels{0.4, 1.0, 1.15}));

}  // namespace
}  // namespace gridqueue
