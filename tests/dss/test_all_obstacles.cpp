// One obstacle hides no other, and what OpenDSS dies of is named.
#include <gmock/gmock.h>

#include <cstdlib>

#include "host/dss/doing.hpp"
#include "host/dss/isolate.hpp"
#include "tests/dss/situation_checks.hpp"
#include "tests/dss/situations.hpp"

namespace gridqueue {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string refusal_with(const std::string& more) { return test::refusal_of_text(test::changed_model({{"", more}})); }

struct AllObstacles : testing::Test {
  void SetUp() override { GQ_NEEDS_DSS(); }
};

const std::string kNoVoltage = "new load.none phases=3 bus1=m6 kv=0 kw=3 kvar=1 daily=day\n",
                  kMesh = "new line.tie bus1=m5 bus2=m6 linecode=trunk length=1 units=km\n",
                  kNeutral = "new load.free phases=1 bus1=m5.1.4 kv=7.2 kw=9\n",
                  kTwice = "new regcontrol.twice transformer=va winding=2 vreg=121 ptratio=60\n",
                  kControl =
                      "new pvsystem.p bus1=m5 kv=12.47 kva=9 pmpp=9\nnew xycurve.c npts=4 xarray=(.5 .95 1.05 1.5) "
                      "yarray=(1 1 -1 -1)\nnew invcontrol.ic mode=voltvar vvc_curve1=c\n",
                  kCurrent = "new isource.i bus1=m5 amps=4\n",
                  kFloating =
                      "new transformer.fw phases=3 buses=(m5.1.2.3.4 low) conns=(wye wye) kvs=(12.47 4.16) "
                      "kvas=(100 100)\nnew load.fw phases=1 bus1=low.1 kv=2.4 kw=3\n"
                      "set voltagebases=[69 12.47 4.16]\ncalcvoltagebases\n",
                  kNegative = "new line.neg bus1=m5 bus2=n linecode=trunk length=-.1 units=km\n",
                  kFollow = "new capcontrol.f capacitor=k1 element=line.t4 type=follow\n";

TEST_F(AllObstacles, BesideALoadOfNoVoltage) {
  EXPECT_THAT(refusal_with(kNoVoltage + kMesh + kTwice + kFollow),
              AllOf(HasSubstr("'load.none': a kv"), HasSubstr("of the loop"), HasSubstr("'regcontrol.twice': moves"),
                    HasSubstr("'capcontrol.f'"), Not(HasSubstr("vsource"))));
  EXPECT_THAT(refusal_with(kNoVoltage + kNeutral), AllOf(HasSubstr("'load.none': a kv"), HasSubstr("'load.free'")));
}

TEST_F(AllObstacles, BesideAClassThatLeadsNowhere) {
  EXPECT_THAT(refusal_with(kControl + kTwice + kNeutral + kCurrent),
              AllOf(HasSubstr("'invcontrol.ic'"), HasSubstr("'isource.i'"), HasSubstr("'load.free'"),
                    HasSubstr("'regcontrol.twice': moves")));
  EXPECT_THAT(refusal_with(kControl + kFloating), AllOf(HasSubstr("'invcontrol.ic'"), HasSubstr("'load.fw'")));
}

TEST_F(AllObstacles, BesideAMesh) {
  EXPECT_THAT(refusal_with(kMesh + kTwice), AllOf(HasSubstr("of the loop"), HasSubstr("'regcontrol.twice': moves")));
  EXPECT_THAT(refusal_with(kMesh + kFloating), AllOf(HasSubstr("of the loop"), HasSubstr("'load.fw': a load to")));
  // another way into the same place may ground it
  EXPECT_THAT(refusal_with(kMesh + kFloating +
                           "new transformer.also phases=3 buses=(m6 low) conns=(delta wye) kvs=(12.47 4.16) "
                           "kvas=(100 100)\n"),
              AllOf(HasSubstr("of the loop"), Not(HasSubstr("load.fw"))));
}

TEST_F(AllObstacles, NegativeLengths) {
  EXPECT_THAT(refusal_with(kNegative + kTwice),
              AllOf(HasSubstr("'line.neg': a negative length"), HasSubstr("'regcontrol.twice': moves")));
}

TEST_F(AllObstacles, SeveralSources) {
  testing::internal::CaptureStdout();
  const std::string why = test::refusal_of_text(
      "clear\nnew circuit.c phases=1 basekv=7.2 bus1=src.1 angle=0\nnew vsource.b phases=1 basekv=7.2 bus1=src.2 "
      "angle=-120\nnew vsource.c phases=1 basekv=7.2 bus1=src.3 angle=120\nnew line.a bus1=src bus2=a length=1 "
      "units=km\nnew load.q bus1=a kv=12.47 kw=300 daily=default\nset voltagebases=[12.47]\ncalcv\nsolve\n");
  EXPECT_THAT(why, AllOf(HasSubstr("'vsource.b', 'vsource.c': a second source"), Not(HasSubstr("held by nothing"))));
  EXPECT_THAT(testing::internal::GetCapturedStdout(), Not(HasSubstr("left out")));
}

TEST_F(AllObstacles, WhatOpenDssDiesOf) {
  EXPECT_THAT(refusal_with("new gictransformer.g bush=m5 busnh=m5.4 type=yy r1=1 phases=3\n"),
              HasSubstr("'gictransformer.g': class gictransformer"));
}

TEST(LastWords, TellsWhatItDiedOf) {
  try {
    run_isolated([]() -> std::string {
      note_doing("compile \"model.dss\"");
      std::abort();
    });
    FAIL() << "returned";
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()), "OpenDSS ended without an answer (signal 6) at 'compile \"model.dss\"'");
  }
}

}  // namespace
}  // namespace gridqueue
