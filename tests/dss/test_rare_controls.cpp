// Days of control settings that few models have, step by step against OpenDSS.
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

const std::string kGang =
    "New Transformer.g phases=3 windings=2 xhl=0.1 %loadloss=0.01 buses=(b1 b1r) conns=(wye wye) kvs=(12.47 12.47) "
    "kvas=(9000 9000)\nNew RegControl.g transformer=g winding=2 ptratio=60 ";

struct FirstHouse : Controls, testing::WithParamInterface<const char*> {};

//! The limit looks at the regulator itself, the band at the end of the line.
TEST_P(FirstHouse, LimitsBesideLineDropCompensation) {
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                                bank("ru", "b1", "b1r", std::string("band=2 ctprim=300 ") + GetParam()) +
                                line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads + kTail,
                            100);
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) + kGang + "ptphase=max band=2 ctprim=400 " +
                                GetParam() + "\n" + line("l2", "b1r", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads +
                                kTail,
                            20);
}

INSTANTIATE_TEST_SUITE_P(Each, FirstHouse,
                         testing::Values("vreg=119 r=3 x=5 vlimit=122.6", "vreg=120 ldc_z=3 vlimit=123.5",
                                         "vreg=119 r=3 x=5 vlimit=122.6 inversetime=yes"));

struct OddTaps : Controls, testing::WithParamInterface<const char*> {};

//! Steps from ratio 1 miss both ends of the range, where OpenDSS stops the tap and counts on from there.
TEST_P(OddTaps, CountFromWhereTheyStand) {
  std::string taps;
  for (int phase = 1; phase <= 3; ++phase) taps += fmt::format("Edit Transformer.ru{} wdg=2 {}\n", phase, GetParam());
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) +
                                bank("ru", "b1", "b1r", "vreg=121 band=2") + taps + line("l2", "b1r", "b2", 3) +
                                line("l3", "b2", "b3", 4) + kLoads + kTail,
                            100);
  expect_openDss_and_export(kHead + kSubstation + line("l1", "b0", "b1", 3) + kGang + "vreg=122 band=2.5\n" +
                                fmt::format("Edit Transformer.g wdg=2 {}\n", GetParam()) + line("l2", "b1r", "b2", 3) +
                                line("l3", "b2", "b3", 4) + kLoads + kTail,
                            20);
}

INSTANTIATE_TEST_SUITE_P(Each, OddTaps,
                         testing::Values("numtaps=33 mintap=.9 maxtap=1.1", "numtaps=5 mintap=.97 maxtap=1.03",
                                         "numtaps=33 mintap=.85 maxtap=1.1", "numtaps=11 mintap=.96 maxtap=1.06",
                                         "numtaps=17 mintap=.9 maxtap=1.1 tap=1.0294117647"));

//! A capacitor whose control measures at a transformer with a tap changer.
struct AtTapChangers : Controls, testing::WithParamInterface<std::tuple<const char*, const char*>> {};

TEST_P(AtTapChangers, CapacitorsSwitchAsInOpenDss) {
  const auto& [tapped, control] = GetParam();
  expect_openDss_and_export(kHead + kSubstation + "New RegControl.ltc transformer=sub vreg=122 band=2.5 ptratio=60 " +
                                tapped + "\n" + line("l1", "b0", "b1", 3) +
                                bank("ru", "b1", "b1r", "vreg=123 band=1.5 delay=45") + line("l2", "b1r", "b2", 3) +
                                line("l3", "b2", "b3", 4) + kLoads +
                                "New Capacitor.c3 phases=3 bus1=b3 kv=12.47 kvar=900\n"
                                "New CapControl.c3 capacitor=c3 delay=35 " +
                                control + "\n" + kTail,
                            40);
}

INSTANTIATE_TEST_SUITE_P(
    Each, AtTapChangers,
    testing::Combine(
        testing::Values("winding=2", "winding=2 tapwinding=1"),
        testing::Values(
            "element=transformer.sub terminal=1 type=kvar onsetting=2300 offsetting=1000",
            "element=transformer.sub terminal=2 type=kvar onsetting=-900 offsetting=-1500",
            "element=transformer.sub terminal=2 type=current ctratio=10 ctphase=1 onsetting=2.4 offsetting=1.8",
            "element=transformer.sub terminal=1 type=current ctratio=10 ctphase=avg onsetting=2.4 offsetting=1.8",
            "element=transformer.sub terminal=2 type=current ctratio=60 ctphase=max onsetting=4 offsetting=3",
            "element=transformer.sub terminal=2 type=voltage ptratio=60 onsetting=121.5 offsetting=122.7 ptphase=2",
            "element=transformer.ru2 terminal=1 type=kvar onsetting=450 offsetting=100",
            "element=transformer.ru2 terminal=2 type=current ctratio=60 ctphase=1 onsetting=2.5 offsetting=1.7")));

}  // namespace
}  // namespace gridqueue
