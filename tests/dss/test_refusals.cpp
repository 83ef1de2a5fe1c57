// What cannot be represented is refused with the element's name and the reason.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"
#include "host/dss/import.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Refusal : public testing::Test {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }
};

const std::string kBank =  // 12.47 kV regulators behind `end`
    "New Transformer.ra phases=1 windings=2 buses=(end.1 far.1) kvs=(7.2 7.2) kvas=(1000 1000) xhl=0.01 "
    "%loadloss=0.01\n"
    "New Transformer.rb phases=1 windings=2 buses=(end.2 far.2) kvs=(7.2 7.2) kvas=(1000 1000) xhl=0.01 "
    "%loadloss=0.01\n"
    "New Transformer.rc phases=1 windings=2 buses=(end.3 far.3) kvs=(7.2 7.2) kvas=(1000 1000) xhl=0.01 "
    "%loadloss=0.01\n";
std::string control(const char* phase, const std::string& settings) {
  return fmt::format("New RegControl.c{0} transformer=r{0} winding=2 vreg=124 band=2 ptratio=60 delay=30 {1}\n", phase,
                     settings);
}

TEST_F(Refusal, NotOfTheSmallModelItself) { EXPECT_EQ(test::refusal_of_text(test::small_model()), ""); }

TEST_F(Refusal, Meshes) {
  const std::string text = test::small_model("New Line.back bus1=end bus2=source r1=1 x1=1 length=1 units=mi\n");
  EXPECT_THAT(test::refusal_of_text(text), AllOf(HasSubstr("loop"), HasSubstr("line.")));
}

TEST_F(Refusal, LoadsOfOtherKinds) {
  EXPECT_THAT(test::refusal_of_text(test::small_model("", "model=8 zipv=[.2 .3 .5 .2 .3 .5 .5]")),
              AllOf(HasSubstr("load.l"), HasSubstr("model 8")));
  const std::string reactor = "New Reactor.n bus1=end.4 bus2=end.0 phases=1 r=1 x=1\n";
  EXPECT_THAT(
      test::refusal_of_text(test::small_model(reactor + "New Load.x bus1=end.1.4 phases=1 kv=7.2 kw=9 rneut=2\n")),
      AllOf(HasSubstr("load.x"), HasSubstr("neutral")));
  EXPECT_THAT(test::refusal_of_text(test::small_model("") + "Set loadmodel=admittance\n"), HasSubstr("LoadModel"));
}

TEST_F(Refusal, GeneratorsOfOtherKinds) {
  EXPECT_THAT(test::refusal_of_text(test::small_model("New Generator.g bus1=end kv=12.47 kw=10 model=3\n")),
              AllOf(HasSubstr("generator.g"), HasSubstr("model")));
  EXPECT_THAT(test::refusal_of_text(test::small_model("New PVSystem.p bus1=end kv=12.47 kva=10 pmpp=10 model=2\n")),
              HasSubstr("pvsystem.p"));
  EXPECT_THAT(
      test::refusal_of_text(test::small_model("New Storage.s bus1=end kv=12.47 kwrated=10 state=discharging\n")),
      HasSubstr("storage.s"));
  EXPECT_EQ(test::refusal_of_text(test::small_model("New Storage.s bus1=end kv=12.47 kwrated=10 enabled=no\n")), "");
}

TEST_F(Refusal, ControlsOfOtherKinds) {
  const std::string all = kBank + control("a", "") + control("b", "") + control("c", "");
  EXPECT_EQ(test::refusal_of_text(test::small_model(all)), "");
  EXPECT_THAT(test::refusal_of_text(test::small_model(kBank + control("a", "reversible=yes vlimit=126") +
                                                      control("b", "") + control("c", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("reversible")));
  EXPECT_THAT(test::refusal_of_text(test::small_model(kBank + control("a", "cogen=yes winding=1 tapwinding=2") +
                                                      control("b", "") + control("c", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("reversible")));
  EXPECT_THAT(test::refusal_of_text(test::small_model(kBank + control("a", "delay=90 reversible=yes revneutral=yes") +
                                                      control("b", "") + control("c", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("neutral")));
  EXPECT_THAT(test::refusal_of_text(test::small_model(kBank + control("a", "reversible=yes") + control("b", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("reversible")));  // a bank of which one has no control
  EXPECT_THAT(test::refusal_of_text(test::small_model(all + control("a", "vreg=123").replace(4, 13, "RegControl.cz"))),
              AllOf(HasSubstr("regcontrol.cz"), HasSubstr("another control")));
  EXPECT_EQ(test::refusal_of_text(test::small_model(kBank + control("a", "") + control("b", ""))), "");
}

TEST_F(Refusal, CapacitorControlsOfOtherKinds) {
  const auto refused = [&](const std::string& capacitor, const std::string& settings) {
    return test::refusal_of_text(test::small_model("New Capacitor.k bus1=end kvar=" + capacitor +
                                                   " kv=12.47\nNew CapControl.k capacitor=k ptratio=60 " + settings +
                                                   "\n"));
  };
  EXPECT_EQ(refused("100", "element=line.two type=voltage onsetting=110 offsetting=130"), "");
  EXPECT_THAT(refused("100", "element=load.l type=voltage onsetting=110 offsetting=130"), HasSubstr("watches"));
  EXPECT_THAT(
      refused("100 numsteps=2 kvar=(50 50) r=(1 2)", "element=line.two type=voltage onsetting=110 offsetting=130"),
      HasSubstr("more than size"));
  EXPECT_THAT(refused("100", "element=capacitor.k type=current onsetting=300 offsetting=2"), HasSubstr("at one bus"));
}

TEST_F(Refusal, EveryReasonAtOnce) {
  const std::string text = kBank + control("a", "bus=mid.1 vlimit=125") + control("b", "") + control("c", "") +
                           "New Capacitor.k bus1=end kvar=100 kv=12.47\n"
                           "New CapControl.k capacitor=k element=load.l type=voltage onsetting=110 offsetting=130\n"
                           "New Load.z bus1=mid kv=12.47 kw=9 model=8 zipv=[1 0 0 1 0 0 .8]\n"
                           "New Line.back bus1=end bus2=source r1=1 x1=1 length=1 units=mi\n";
  EXPECT_THAT(test::refusal_of_text(test::small_model(text)),
              AllOf(HasSubstr("load.z"), HasSubstr("of the loop"), HasSubstr("'regcontrol.ca': has a voltage limit"),
                    HasSubstr("'capcontrol.k': watches")));
}

TEST_F(Refusal, EachElementOnce) {
  const std::string why = test::refusal_of_text(test::small_model(
      "New Transformer.d windings=2 buses=(end low) conns=(delta delta) kvs=(12.47 .48) kvas=(300 300) xhl=4\n"
      "New Load.three phases=3 bus1=low kv=.48 kw=90\nNew Load.one phases=1 bus1=low.1 kv=.277 kw=9\n"));
  EXPECT_THAT(why, HasSubstr("'load.three', 'load.one': a load to ground"));
}

std::string refused_with(const std::string& command) {
  const test::TemporaryFolder folder;
  DssImportOptions options;
  options.commands = {command};
  try {
    import_dss(folder.write("model.dss", test::small_model()), options);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

TEST_F(Refusal, CommandsThatEditWhatIsNotThere) {
  for (const char* verb : {"edit", "Disable", "enable", "ed"})
    EXPECT_THAT(refused_with(fmt::format("{} Load.lx kw=3", verb)),
                AllOf(HasSubstr("has no 'load.lx'"), HasSubstr("did you mean 'load.l'?")));
  EXPECT_THAT(refused_with("edit \"line.t wo\" length=3"), HasSubstr("has no 'line.t wo'"));
  EXPECT_THAT(refused_with("edit nothing.x kw=3"), HasSubstr("has no 'nothing.x'"));
  EXPECT_THAT(refused_with("edit line.* length=3"), HasSubstr("has no 'line.*'"));
  for (const char* fine : {"edit load.L kw=3", "edit 'line.two' length=3", "edit loadshape.pcloud npts=24",
                           "batchedit load..* kw=700", "edit object=load.l kw=700"})
    EXPECT_EQ(refused_with(fine), "");
  testing::internal::CaptureStdout();
  EXPECT_EQ(refused_with("batchedit load.zz.* kw=3"), "");
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("'batchedit load.zz.* ...' changes nothing"));
}

TEST_F(Refusal, WhatBridgesAnOpenPhase) {
  EXPECT_THAT(
      test::refusal_of_text(test::small_model("New Load.ll bus1=end.1.2 phases=1 kv=12.47 kw=90\nOpen Line.two 1 2\n")),
      AllOf(HasSubstr("load.ll"), HasSubstr("open")));
}

TEST_F(Refusal, ErrorsOfOpenDssComeBack) {
  EXPECT_THAT(test::refusal_of_text(test::small_model("New Line.x linecode=nowhere\n")), HasSubstr("OpenDSS"));
}

TEST_F(Refusal, OfFeedersThatNeedMore) {
  for (const char* name : {"LVTestCaseNorthAmerican/Master.dss"}) {
    const auto path = test::shared(std::string("feeders/electricdss/IEEETestCases/") + name);
    if (!std::filesystem::exists(path)) continue;
    try {
      import_dss(path.string(), {});
      FAIL() << name << " was imported";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input) << name;
      EXPECT_THAT(e.what(), AllOf(HasSubstr("of the loop '"), HasSubstr("represented"))) << name;
    }
  }
}

}  // namespace
}  // namespace gridqueue
