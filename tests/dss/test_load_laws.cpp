// The laws of loads and generators are OpenDSS's own, from almost no voltage to far too much.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstring>

#include "host/dss/engine.hpp"
#include "kernels/ac/injection.hpp"
#include "kernels/feeder/compiled_feeder.hpp"
#include "kernels/feeder/feeder_records.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

struct Law {
  const char* name;
  LoadModel model;
  const char* dss;  //!< element, without bus and voltage
  double vmin = 0.9, vlow = 0.4;
};
void PrintTo(const Law& l, std::ostream* out) { *out << l.name; }

const Law kLaws[] = {{"constant_power", LoadModel::constant_power, "Load.d model=1"},
                     {"constant_impedance", LoadModel::constant_impedance, "Load.d model=2"},
                     {"motor", LoadModel::motor, "Load.d model=3"},
                     {"cvr", LoadModel::cvr, "Load.d model=4 cvrwatts=0.8 cvrvars=3"},
                     {"constant_current", LoadModel::constant_current, "Load.d model=5"},
                     {"fixed_q", LoadModel::fixed_q, "Load.d model=6"},
                     {"fixed_q_impedance", LoadModel::fixed_q_impedance, "Load.d model=7"},
                     {"generation", LoadModel::generation, "Generator.d model=1"},
                     {"generation_impedance", LoadModel::generation_impedance, "Generator.d model=2"},
                     {"generation_fixed_q", LoadModel::generation_fixed_q, "Generator.d model=4"},
                     {"generation_fixed_q_impedance", LoadModel::generation_fixed_q_impedance, "Generator.d model=5"},
                     {"generation_limited", LoadModel::generation_limited, "Generator.d model=7"},
                     {"generation_limited_nowhere", LoadModel::generation_limited, "Generator.d model=7", 0},
                     {"band_down_to_vlow", LoadModel::constant_power, "Load.d model=1", 0.9, 0.9},
                     {"power_down_to_vlow", LoadModel::constant_power, "Load.d model=1", 0.1},
                     {"power_down_to_nothing", LoadModel::constant_power, "Load.d model=1", 0, 0.7},
                     {"motor_down_to_vlow", LoadModel::motor, "Load.d model=3", 0.4},
                     {"cvr_down_to_vlow", LoadModel::cvr, "Load.d model=4 cvrwatts=0.8 cvrvars=3", 0.2, 0.5},
                     {"current_down_to_vlow", LoadModel::constant_current, "Load.d model=5", 0.1},
                     {"fixed_q_down_to_vlow", LoadModel::fixed_q, "Load.d model=6", 0.1},
                     {"fixed_q_impedance_down_to_vlow", LoadModel::fixed_q_impedance, "Load.d model=7", 0.1},
                     {"generation_at_low_voltage", LoadModel::generation, "Generator.d model=1", 0.5},
                     {"generation_of_no_least_voltage", LoadModel::generation, "Generator.d model=1", 0}};

constexpr double kKw = 30, kKvar = 12;

//! Voltage across and current into the load's first end, at each of the source's voltages.
std::vector<Complex> in_opendss(const Law& law, bool between, const std::vector<double>& pu) {
  const std::string bytes = run_isolated([&] {
    DssEngine dss;
    dss.command("clear");
    dss.command("new circuit.c basekv=12.47 bus1=s phases=3 r1=1e-6 x1=1e-6 r0=1e-6 x0=1e-6");
    dss.command(fmt::format("new {} phases=1 bus1=s{} kv={} kw={} kvar={} vminpu={} vmaxpu=1.08{}", law.dss,
                            between ? ".1.2" : ".1", between ? 12.47 : 7.2, kKw, kKvar, law.vmin,
                            generates(law.model) ? "" : fmt::format(" vlowpu={}", law.vlow)));
    dss.command("set voltagebases=[12.47]");
    dss.command("calcvoltagebases");
    std::string out;
    const auto put = [&](Complex c) { out.append(reinterpret_cast<const char*>(&c), sizeof c); };
    for (double x : pu) {
      dss.command(fmt::format("edit vsource.source pu={}", x));
      dss.command("solve mode=snapshot");
      const auto v = dss.node_voltages();
      dss.select_element(std::string(law.dss).substr(0, std::string(law.dss).find(' ')));
      put(between ? v[0] - v[1] : v[0]);
      put(dss.currents()[0]);
    }
    return out;
  });
  std::vector<Complex> values(bytes.size() / sizeof(Complex));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

Complex in_kernel(const Law& law, bool between, Complex volts) {
  Bus bus;
  bus.kv_base = 7.2;
  Load load{.name = "load.d", .bus = BusId(0), .node = 0, .to_node = between ? 1 : -1, .model = law.model};
  load.kw = kKw, load.kvar = kKvar, load.kv = between ? 12.47 : 7.2;
  if (generates(law.model)) load.kw = -kKw, load.kvar = -kKvar;
  load.vmin_pu = law.vmin, load.vmax_pu = 1.08, load.vlow_pu = law.vlow, load.cvr_watts = 0.8, load.cvr_vars = 3;
  std::vector<double> coefficient;
  const auto records = load_records<double>(bus, load, coefficient);
  FeederView<double> view{};
  view.coefficient = coefficient.data();
  const Complex pu = volts / 7200.0;
  const Cx<double> v[2] = {{pu.real(), pu.imag()}, {0, 0}};
  Cx<double> j[2] = {{0, 0}, {0, 0}};
  for (const auto& r : records) {
    if (between) {
      inject<true>(view, r, 1.0, v, j);
    } else {
      const Cx<double> one[1] = {v[0]};
      Cx<double> to[1] = {j[0]};
      inject<true>(view, r, 1.0, one, to);
      j[0] = to[0];
    }
  }
  return -Complex(j[0].re, j[0].im) * (kBaseVa / 7200.0);
}

void expect_opendss(const Law& law, bool between) {
  std::vector<double> pu;
  for (int i = 0; i < 50; ++i) pu.push_back(0.103 + 0.0261 * i);
  const auto known = in_opendss(law, between, pu);
  for (std::size_t i = 0; i < pu.size(); ++i) {
    const Complex ours = in_kernel(law, between, known[2 * i]);
    EXPECT_LT(std::abs(ours - known[2 * i + 1]), 1e-6 * std::abs(known[2 * i + 1])) << law.name << " at " << pu[i];
  }
}

class LoadLaws : public testing::TestWithParam<std::tuple<Law, bool>> {};

TEST_P(LoadLaws, AreOpenDss) {
  GQ_NEEDS_DSS();
  expect_opendss(std::get<0>(GetParam()), std::get<1>(GetParam()));
}

TEST(SingleDelta, OfGenerationOfOnePhaseInDelta) {
  GQ_NEEDS_DSS();
  for (double vmin : {0.95, 0.5, 0.0})
    expect_opendss(
        {"generation_single_delta", LoadModel::generation_single_delta, "Generator.d model=1 conn=delta", vmin}, true);
}

INSTANTIATE_TEST_SUITE_P(All, LoadLaws, testing::Combine(testing::ValuesIn(kLaws), testing::Bool()), [](const auto& c) {
  return std::string(std::get<0>(c.param).name) + (std::get<1>(c.param) ? "_between_phases" : "_to_ground");
});

}  // namespace
}  // namespace gridqueue
