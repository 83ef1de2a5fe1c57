// Days of small feeders whose controls act often, step by step against OpenDSS: delays, line-drop compensation, taps of
// three-phase transformers, remote buses, switched capacitors.
#include "tests/dss/control_days.hpp"

namespace gridqueue {
namespace {

using test::bank;
using test::Controls;
using test::kHead;
using test::kLoads;
using test::kSubstation;
using test::kTail;
using test::line;

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

TEST_F(Controls, LineDropOfMagnitudesAndALimit) {
  for (const std::string settings : {"vreg=120 ldc_z=3 ctprim=300", "vreg=124 vlimit=124.2"})
    expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                                  bank("ru", "b1", "b1r", "band=2 " + settings) + line("l2", "b1r", "b2", 3) +
                                  line("l3", "b2", "b3", 4) + kLoads + kTail,
                              100);
}

//! Power flows back at noon, through units behind a bank or a gang.
struct Reversible : Controls, testing::WithParamInterface<const char*> {
  const std::string sun_ =
      "Set MaxIterations=100\n"
      "New LoadShape.sun npts=24 interval=1 mult=(0 0 0 0 0 .3 .8 1.3 1.9 2.4 2.8 1.1 2.8 .5 2.6 2 1.3 .8 .3 0 0 0 0 "
      "0)\n"
      "New Generator.g phases=3 bus1=b3 kv=12.47 kw=3000 pf=1 model=1 daily=sun\n";
};

TEST_P(Reversible, BanksActAsInOpenDss) {
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) + bank("ru", "b1", "b1r", GetParam()) +
                                line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads + sun_ + kTail,
                            80);
}

TEST_P(Reversible, GangsActAsInOpenDss) {
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                                "New Transformer.g phases=3 windings=2 xhl=0.1 %loadloss=0.01 buses=(b1 b1r) "
                                "conns=(wye wye) kvs=(12.47 12.47) kvas=(9000 9000)\n"
                                "New RegControl.g transformer=g winding=2 ptratio=60 ptphase=2 " +
                                GetParam() + "\n" + line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads +
                                sun_ + kTail,
                            15);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Reversible,
    testing::Values(
        "vreg=121 band=2 delay=30 reversible=yes revvreg=119 revband=3 revthreshold=150 revdelay=60",
        "vreg=121 band=2 delay=90 reversible=yes revvreg=122 revband=2 revthreshold=20 revdelay=60",
        "vreg=121 band=2 delay=30 r=2 x=3 ctprim=300 reversible=yes revvreg=120 revr=1 revx=2 revthreshold=50",
        "vreg=121 band=2 delay=30 reversible=yes revneutral=yes revthreshold=50 tapdelay=20",
        "vreg=121 band=2 delay=30 ldc_z=2 cogen=yes revvreg=119 revband=2 rev_z=1 revthreshold=100",
        "vreg=121 band=2 delay=30 cogen=yes revneutral=yes maxtapchange=2 revthreshold=100"));

//! More generation than load in the snapshot.
TEST_F(Controls, ADayMayStartWithPowerThatFlowsBack) {
  expect_openDss(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                     bank("ru", "b1", "b1r", "vreg=121 band=2 reversible=yes revvreg=119 revthreshold=100") +
                     line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads +
                     "Set MaxIterations=100\nNew Generator.g phases=3 bus1=b3 kv=12.47 kw=6600 pf=1 model=1\n" + kTail,
                 10);
}

//! Of two banks the one whose voltage is further off acts first.
TEST_F(Controls, InverseTimeDelays) {
  expect_openDss_and_export(
      kHead + kSubstation + line("l1", "b0", "b1", 3) +
          bank("ru", "b1", "b1r", "vreg=121 band=2 delay=30 inversetime=yes maxtapchange=2") +
          line("l2", "b1r", "b2", 3) +
          bank("rd", "b2", "b2r", "vreg=123 band=1.5 delay=25 inversetime=yes maxtapchange=1") +
          line("l3", "b2r", "b3", 4) + kLoads +
          "New Capacitor.c3 phases=3 bus1=b3 kv=12.47 kvar=900\nNew CapControl.c3 capacitor=c3 element=line.l3 "
          "terminal=1 type=kvar onsetting=650 offsetting=-350 delay=12\n" +
          kTail,
      100);
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
  expect_openDss_and_export(
      kHead + kSubstation + line("l1", "b0", "b1", 3) + bank("ru", "b1", "b1r", "vreg=121 band=2 delay=30") +
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
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=time onsetting=8 offsetting=20.5 delay=35\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=time onsetting=18 offsetting=6 delay=10\n",
        "New CapControl.c3 capacitor=c3 element=transformer.sub terminal=1 type=kvar onsetting=2300 offsetting=1000 "
        "delay=35\n",
        "Capacitor.c3.numsteps=3\nCapacitor.c3.kvar=(300 300 300)\nNew CapControl.c3 capacitor=c3 element=line.l3 "
        "terminal=1 type=kvar onsetting=450 offsetting=-50 delay=35\n",
        "Capacitor.c3.numsteps=3\nCapacitor.c3.kvar=(300 300 300)\nNew CapControl.c3 capacitor=c3 element=line.l3 "
        "terminal=2 type=voltage onsetting=117.5 offsetting=119.8 ptratio=60 delay=35\n",
        "Capacitor.c3.numsteps=3\nCapacitor.c3.kvar=(300 300 300)\nNew CapControl.c3 capacitor=c3 element=line.l3 "
        "terminal=1 type=pf onsetting=.92 offsetting=-.99 delay=35\n",
        "Capacitor.c3.numsteps=3\nCapacitor.c3.kvar=(150 450 300)\nNew CapControl.c3 capacitor=c3 element=line.l3 "
        "terminal=1 type=kvar onsetting=450 offsetting=-150 delay=35\n",
        // settings of a current, so that OpenDSS's own .95 and 1.05 count
        "Capacitor.c3.numsteps=3\nCapacitor.c3.kvar=(300 300 300)\nNew CapControl.c3 capacitor=c3 element=line.l3 "
        "terminal=1 onsetting=.92 offsetting=-.99 type=pf delay=35\n",
        "MakeBusList\nNew CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=kvar onsetting=3000 "
        "offsetting=-350 delay=50 voltoverride=yes vbus=b3 vmin=116.5 vmax=124 ptratio=60 ptphase=2\n",
        "New CapControl.c3 capacitor=c3 element=line.l3 terminal=1 type=kvar onsetting=3000 offsetting=-350 delay=50 "
        "voltoverride=yes vmin=117.3 vmax=125 ptratio=60 ptphase=2\nNew CapControl.c2 capacitor=c2 element=line.l3 "
        "terminal=1 type=voltage onsetting=118 offsetting=120.8 ptratio=60 ptphase=3 delay=51\n"));

struct SharedCurrents : Controls, testing::WithParamInterface<const char*> {};

//! Lines side by side, and one that exchanges phases.
TEST_P(SharedCurrents, SwitchCapacitorsAsInOpenDss) {
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                                bank("ru", "b1", "b1r", "vreg=121 band=2 delay=30") + line("l2", "b1r", "b2", 6) +
                                line("l2b", "b2", "b1r", 7) + line("l3", "b2.1.2.3", "b3.2.1.3", 4) + kLoads +
                                "New Capacitor.c3 phases=3 bus1=b3 kv=12.47 kvar=900\nNew CapControl.c3 capacitor=c3 " +
                                std::string(GetParam()) + "\n" + kTail,
                            40);
}

INSTANTIATE_TEST_SUITE_P(
    Each, SharedCurrents,
    testing::Values(
        "element=line.l2 terminal=1 type=current ctratio=60 onsetting=1.15 offsetting=.9 ctphase=1 delay=10",
        "element=line.l2b terminal=2 type=current ctratio=60 onsetting=1.1 offsetting=.8 ctphase=avg delay=50",
        "element=line.l3 terminal=1 type=kvar onsetting=650 offsetting=-350 delay=35",
        "element=line.l3 terminal=2 type=current ctratio=60 onsetting=1.1 offsetting=.8 ctphase=2 delay=35"));

}  // namespace
}  // namespace gridqueue
