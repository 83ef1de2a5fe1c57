// What cannot be represented is refused with the element's name and the reason.
#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"
#include "host/dss/import.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::string& text) {
  const test::TemporaryFolder folder;
  try {
    import_dss(folder.write("model.dss", text), {});
    return "";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input) << e.what();
    return e.what();
  }
}

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

TEST_F(Refusal, NotOfTheSmallModelItself) { EXPECT_EQ(refusal(test::small_model()), ""); }

TEST_F(Refusal, Meshes) {
  const std::string text = test::small_model("New Line.back bus1=end bus2=source r1=1 x1=1 length=1 units=mi\n");
  EXPECT_THAT(refusal(text), AllOf(HasSubstr("loop"), HasSubstr("line.")));
}

TEST_F(Refusal, ParallelLines) {
  EXPECT_THAT(refusal(test::small_model("New Line.again bus1=mid bus2=end r1=1 x1=1 length=1 units=mi\n")),
              AllOf(HasSubstr("line.again"), HasSubstr("parallel")));
}

TEST_F(Refusal, LoadsOfOtherKinds) {
  EXPECT_THAT(refusal(test::small_model("", "model=1")), AllOf(HasSubstr("load.l"), HasSubstr("model 1")));
  EXPECT_THAT(refusal(test::small_model("", "model=5 conn=delta")), AllOf(HasSubstr("load.l"), HasSubstr("delta")));
  EXPECT_THAT(refusal(test::small_model("", "model=5 status=fixed")), AllOf(HasSubstr("load.l"), HasSubstr("fixed")));
  EXPECT_THAT(refusal(test::small_model("New Load.x bus1=end.1.2 phases=1 kv=12.47 kw=9 model=5\n")),
              AllOf(HasSubstr("load.x"), HasSubstr("ground")));
}

TEST_F(Refusal, DifferentShapes) {
  const std::string other =
      "New LoadShape.other npts=2 interval=12 mult=[1 0.5]\nNew Load.x bus1=end.1 phases=1 kv=7.2 kw=9 model=5 "
      "daily=other\n";
  EXPECT_THAT(refusal(test::small_model(other)), AllOf(HasSubstr("load.x"), HasSubstr("other")));
}

TEST_F(Refusal, EnabledGenerators) {
  EXPECT_THAT(refusal(test::small_model("New Generator.g bus1=end kv=12.47 kw=10\n")), HasSubstr("generator.g"));
  EXPECT_THAT(refusal(test::small_model("New PVSystem.p bus1=end kv=12.47 kva=10 pmpp=10\n")), HasSubstr("pvsystem.p"));
  EXPECT_THAT(refusal(test::small_model("New Storage.s bus1=end kv=12.47 kwrated=10\n")), HasSubstr("storage.s"));
  EXPECT_EQ(refusal(test::small_model("New Generator.g bus1=end kv=12.47 kw=10 enabled=no\n")), "");
}

TEST_F(Refusal, LowVoltage) {
  const std::string text = "New Transformer.t buses=(end low) kvs=(12.47 0.48) kvas=(500 500) conns=(wye wye) xhl=4\n";
  EXPECT_THAT(refusal(test::small_model(text)), AllOf(HasSubstr("'low'"), HasSubstr("1 kV")));
}

TEST_F(Refusal, ControlsOfOtherKinds) {
  const std::string all = kBank + control("a", "") + control("b", "") + control("c", "");
  EXPECT_EQ(refusal(test::small_model(all)), "");
  EXPECT_THAT(refusal(test::small_model(kBank + control("a", "") + control("b", "") + control("c", "delay=60"))),
              AllOf(HasSubstr("regcontrol.cc"), HasSubstr("delay")));
  EXPECT_THAT(refusal(test::small_model(kBank + control("a", "r=3 x=5") + control("b", "") + control("c", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("line-drop")));
  EXPECT_THAT(refusal(test::small_model(kBank + control("a", "bus=far.1") + control("b", "") + control("c", ""))),
              AllOf(HasSubstr("regcontrol.ca"), HasSubstr("remote")));
  EXPECT_THAT(refusal(test::small_model(kBank + control("a", "") + control("b", ""))),
              AllOf(HasSubstr("regcontrol."), HasSubstr("unregulated")));
  EXPECT_THAT(
      refusal(test::small_model(all + "New Capacitor.k bus1=end kvar=100 kv=12.47\nNew CapControl.k element=line.two "
                                      "capacitor=k type=voltage onsetting=110 offsetting=130 ptratio=60\n")),
      HasSubstr("capcontrol.k"));
}

TEST_F(Refusal, TapsOnTheSourceSide) {
  const std::string back =
      "New Transformer.ra phases=1 windings=2 buses=(end.1 far.1) kvs=(7.2 7.2) kvas=(1000 1000) xhl=0.01\n"
      "New RegControl.ca transformer=ra winding=1 vreg=124 band=2 ptratio=60\n"
      "Set controlmode=off\n";  // it would hunt
  EXPECT_THAT(refusal(test::small_model(back)), AllOf(HasSubstr("regcontrol.ca"), HasSubstr("source")));
}

TEST_F(Refusal, ThreeWindings) {
  const std::string text =
      "New Transformer.t windings=3 buses=(end b c) kvs=(12.47 4.16 2.4) kvas=(500 500 500) xhl=4 xht=4 xlt=4\n";
  EXPECT_THAT(refusal(test::small_model(text)), AllOf(HasSubstr("transformer.t"), HasSubstr("3 terminals")));
}

TEST_F(Refusal, ErrorsOfOpenDssComeBack) {
  EXPECT_THAT(refusal(test::small_model("New Line.x linecode=nowhere\n")), HasSubstr("OpenDSS"));
}

TEST_F(Refusal, OfFeedersThatNeedMore) {
  for (const char* name :
       {"13Bus/IEEE13Nodeckt.dss", "123Bus/IEEE123Master.dss", "37Bus/ieee37.dss", "34Bus/ieee34Mod1.dss"}) {
    const auto path = test::shared(std::string("feeders/electricdss/IEEETestCases/") + name);
    if (!std::filesystem::exists(path)) continue;
    try {
      import_dss(path.string(), {});
      FAIL() << name << " was imported";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input) << name;
      EXPECT_THAT(e.what(), AllOf(HasSubstr("'"), HasSubstr("represented"))) << name;  // an element by name, and why
    }
  }
}

}  // namespace
}  // namespace gridqueue
