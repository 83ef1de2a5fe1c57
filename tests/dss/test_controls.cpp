// Days of small feeders whose controls act often, step by step against OpenDSS: delays, line-drop compensation, taps of
// three-phase transformers, remote buses, switched capacitors.
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/dss/import.hpp"
#include "host/dss/reference.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

constexpr int kSteps = 288;

//! A day with a morning and an evening peak and much noise, from 0.2 to 1.3.
std::string noisy_shape() {
  std::mt19937 random(5);
  std::string text = "New LoadShape.ld npts=288 minterval=5 mult=(";
  for (int k = 0; k < kSteps; ++k) {
    const double hour = k / 12.0, noise = static_cast<double>(random()) / 4294967296.0 - 0.5;
    const double level = 0.6 + 0.35 * std::sin((hour - 9) * 3.14159 / 12) + 0.3 * noise;
    text += fmt::format("{:.4f} ", std::max(0.1, level));
  }
  return text + ")\n";
}

const std::string kHead = "Clear\nNew Circuit.small basekv=115 pu=1.02 phases=3 bus1=src MVAsc3=1500 MVAsc1=1200\n" +
                          noisy_shape() +
                          "New LineCode.main nphases=3 r1=0.19 x1=0.38 r0=0.45 x0=1.2 c1=2 c0=1 units=km\n";
//! Unequal phases at the end.
const std::string kLoads =
    "New Load.d1 phases=3 bus1=b1 kv=12.47 kw=1500 kvar=500 model=5 daily=ld\n"
    "New Load.d2 phases=1 bus1=b2.1 kv=7.2 kw=900 kvar=300 model=5 daily=ld\n"
    "New Load.d3 phases=1 bus1=b2.2 kv=7.2 kw=600 kvar=300 model=1 daily=ld\n"
    "New Load.d4 phases=1 bus1=b2.3 kv=7.2 kw=1100 kvar=250 model=5 daily=ld\n"
    "New Load.d5 phases=3 bus1=b3 kv=12.47 kw=1800 kvar=900 model=5 daily=ld\n";
const std::string kTail = "Set VoltageBases=[115 12.47]\nSet MaxControlIter=100\nCalcVoltageBases\nSolve\n";

std::string line(const std::string& name, const std::string& from, const std::string& to, double km) {
  return fmt::format("New Line.{} bus1={} bus2={} linecode=main length={} units=km\n", name, from, to, km);
}
const std::string kSubstation =
    "New Transformer.sub phases=3 windings=2 xhl=8 %loadloss=0.6 %noloadloss=0.2 %imag=0.5 buses=(src b0) conns=(delta "
    "wye) kvs=(115 12.47) kvas=(10000 10000)\n";
//! A regulator on each phase.
std::string bank(const std::string& name, const std::string& from, const std::string& to, const std::string& settings) {
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
    EXPECT_LT(largest_difference(net, exact, day), tolerance_pu);
    // some decision always lies within float's error of a few 1e-6 pu
    EXPECT_LE(differing(fast.tap, day.tap) + differing(fast.capacitor, day.capacitor), 2);
    EXPECT_GE(changes(day.tap, net.regulators.size()), least);
    const int switched = changes(day.capacitor, net.capacitor_controls.size());
    EXPECT_GE(switched, least == 0 || net.capacitor_controls.empty() ? 0 : 8);
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

  //! [pu]
  static double largest_difference(const Network& net, const DayTrace& trace, const DssDay& day) {
    std::vector<double> base;
    for (const Bus& b : net.buses)
      for (int n = 0; n < b.num_nodes; ++n) base.push_back(b.kv_base * 1e3);
    double worst = 0;
    for (std::size_t i = 0; i < trace.voltage.size(); ++i)
      worst = std::max(worst, std::abs(trace.voltage[i] - day.voltage[i]) / base[i % base.size()]);
    return worst;
  }

  static int changes(const std::vector<int>& states, std::size_t controls) {
    int count = 0;
    for (std::size_t i = controls; i < states.size(); ++i) count += states[i] != states[i - controls];
    return count;
  }
  const test::TemporaryFolder folder_;
};

TEST_F(Controls, BanksOfDifferentDelays) {
  for (const std::string order : {"delay=15", "delay=45"})
    expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                       bank("ru", "b1", "b1r", "vreg=121 band=2 " + order) + line("l2", "b1r", "b2", 3) +
                       bank("rd", "b2", "b2r", "vreg=123 band=1.5 delay=30 maxtapchange=3") +
                       line("l3", "b2r", "b3", 4) + kLoads + kTail,
                   100);
}

TEST_F(Controls, LineDropCompensation) {
  expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                     bank("ru", "b1", "b1r", "vreg=120 band=2 ctprim=300 r=3 x=5") + line("l2", "b1r", "b2", 3) +
                     line("l3", "b2", "b3", 4) + kLoads + kTail,
                 100);
}

TEST_F(Controls, LockedRegulators) {
  expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) + bank("ru", "b1", "b1r", "vreg=121 maxtapchange=0") +
                     line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads + kTail,
                 0);
}

//! A load tap changer on the substation with other numbers of taps, each way of choosing its phase.
TEST_F(Controls, TapsOfAThreePhaseTransformer) {
  for (const std::string settings :
       {"ptphase=2 delay=30", "ptphase=max delay=30", "ptphase=min delay=60 r=2 x=4 ctprim=300"}) {
    SCOPED_TRACE(settings);
    expect_openDss(kHead + kSubstation + "~ wdg=2 numtaps=16 maxtap=1.1 mintap=0.95 tap=1.025\n" +
                       "New RegControl.ltc transformer=sub winding=2 vreg=122 band=2.5 ptratio=60 " + settings + "\n" +
                       line("l1", "b0", "b1", 3) + line("l2", "b1", "b2", 3) +
                       bank("rd", "b2", "b2r", "vreg=123 band=1.5 delay=45") + line("l3", "b2r", "b3", 4) + kLoads +
                       kTail,
                   100);
  }
}

TEST_F(Controls, AGangOfAWyeRegulator) {
  expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                     "New Transformer.g phases=3 windings=2 xhl=0.1 %loadloss=0.01 buses=(b1 b1r) conns=(wye wye) "
                     "kvs=(12.47 12.47) kvas=(9000 9000)\nNew RegControl.g transformer=g winding=2 vreg=122 band=2 "
                     "ptratio=60 ctprim=400 r=2 x=3 ptphase=3\n" +
                     line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads + kTail,
                 50);
}

TEST_F(Controls, VoltageOfARemoteBus) {
  expect_openDss(kHead + kSubstation + "New RegControl.ltc transformer=sub winding=2 vreg=121 band=2 ptratio=60 " +
                     "bus=b3.2 remoteptratio=61\n" + line("l1", "b0", "b1", 1) + line("l2", "b1", "b2", 2) +
                     line("l3", "b2", "b3", 2) + kLoads + kTail,
                 50);
}

struct PublicModel {
  const char* path;
  std::vector<std::string> commands = {};
};
struct PublicModels : Controls, testing::WithParamInterface<PublicModel> {};

TEST_P(PublicModels, ActAsInOpenDss) {
  const auto path = test::shared(GetParam().path);
  GQ_NEEDS_FILE(path);
  expect_day_of_openDss(path.string(), 0, 1e-4, GetParam().commands);  // charging as one admittance per node
}

INSTANTIATE_TEST_SUITE_P(
    Each, PublicModels,
    testing::Values(PublicModel{"cases/20_maxtap0/case.dss"}, PublicModel{"cases/20c_maxtap1/case.dss"},
                    PublicModel{"cases/51_reg_ldc/case.dss"}, PublicModel{"cases/53_regdelay_diff/case.dss"},
                    PublicModel{"cases/68_capcontrol/case.dss"},
                    PublicModel{"feeders/electricdss/IEEETestCases/34Bus/ieee34Mod1.dss"},
                    // without what is below 1 kV
                    PublicModel{"feeders/electricdss/IEEETestCases/13Bus/IEEE13Nodeckt.dss",
                                {"transformer.xfm1.enabled=no", "batchedit load.634.* enabled=no"}},
                    PublicModel{"feeders/electricdss/IEEETestCases/123Bus/IEEE123Master.dss",
                                {"set maxcontroliter=100", "transformer.xfm1.enabled=no",
                                 "batchedit regcontrol..* maxtapchange=1 delay=30", "regcontrol.creg1a.delay=15"}}),
    [](const auto& p) {
      const std::string folder = std::filesystem::path(p.param.path).parent_path().filename();
      return "Of_" + folder;
    });

struct SwitchedCapacitors : Controls, testing::WithParamInterface<const char*> {};

//! Beside regulators with a delay of 30 s: capacitors that come first and last.
TEST_P(SwitchedCapacitors, ActAsInOpenDss) {
  expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) + bank("ru", "b1", "b1r", "vreg=121 band=2 delay=30") +
                     line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads +
                     "New Capacitor.c3 phases=3 bus1=b3 kv=12.47 kvar=900\nNew Capacitor.c2 phases=1 bus1=b2.3 kv=7.2 "
                     "kvar=200\nNew Capacitor.fixed phases=3 bus1=b2 kv=12.47 kvar=100\n" +
                     std::string(GetParam()) + kTail,
                 40);
}

INSTANTIATE_TEST_SUITE_P(
    Each, SwitchedCapacitors,
    testing::Values(
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=2 type=voltage ptratio=60 onsetting=116.5 "
        "offsetting=121.5 ptphase=2 delay=10 delayoff=40\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=voltage ptratio=60 onsetting=117.5 "
        "offsetting=120.7 ptphase=min delay=40 delayoff=10\n",
        "New CapControl.c3 capacitor=c3 element=line.l2 terminal=1 type=current ctratio=60 onsetting=2.2 "
        "offsetting=1.7 "
        "ctphase=1 delay=10\n",
        "New CapControl.c3 capacitor=c3 element=line.l2 terminal=2 type=current ctratio=60 onsetting=2.3 "
        "offsetting=1.6 "
        "ctphase=avg delay=50 voltoverride=y vmax=122.5 vmin=116 ptphase=3 ptratio=60\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=kvar onsetting=800 offsetting=-3000 delay=10 "
        "delayoff=12 deadtime=600 voltoverride=yes vmin=110 vmax=121 ptratio=60 ptphase=avg\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=kvar onsetting=650 offsetting=-350 delay=35 "
        "deadtime=900\nNew CapControl.c2 capacitor=c2 element=line.l3 terminal=1 type=voltage onsetting=118 "
        "offsetting=120.8 ptratio=60 ptphase=3 delay=20\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=kvar onsetting=3000 offsetting=-350 delay=50 "
        "voltoverride=yes vmin=117.3 vmax=125 ptratio=60 ptphase=2\nNew CapControl.c2 capacitor=c2 element=line.l3 "
        "terminal=1 type=voltage onsetting=118 offsetting=120.8 ptratio=60 ptphase=3 delay=51\n"));

}  // namespace
}  // namespace gridqueue
