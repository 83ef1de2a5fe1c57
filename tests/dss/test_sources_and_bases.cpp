// Sources of fewer than three phases, models without voltage bases, banks with a star point of their own.
#include <gmock/gmock.h>

#include "tests/dss/control_days.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

struct Sources : test::Controls {
  [[nodiscard]] std::string refusal(const std::string& model) const {
    return test::refusal(folder_.write("model.dss", model));
  }
};

const std::string kImpedances = " pu=1.02 angle=20 r1=.1 x1=.5 r0=.3 x0=1\n";
const std::string kLineOf = "r1=.2 x1=.4 r0=.5 x0=1.2 c1=10 c0=5 length=1 units=mi\n";

TEST_F(Sources, OfOnePhase) {
  expect_openDss_and_export("Clear\nNew Circuit.x phases=1 bus1=src.2 basekv=7.2" + kImpedances + test::noisy_shape() +
                                "New Line.l phases=1 bus1=src.2 bus2=b.2 " + kLineOf +
                                "New Load.d phases=1 bus1=b.2 kv=7.2 kw=100 kvar=30 daily=ld\n"
                                "New Transformer.ct phases=1 windings=3 buses=(b.2 h.1.0 h.0.2) kvs=(7.2 .12 .12) "
                                "kvas=(25 25 25) %rs=(.6 1.2 1.2) xhl=2.04 xht=2.04 xlt=1.36\n"
                                "New Load.h phases=1 bus1=h.1.2 kv=.24 kw=10 kvar=3 daily=ld\n"
                                "New Load.leg phases=1 bus1=h.1 kv=.12 kw=5 kvar=2 daily=ld\n"
                                "Set VoltageBases=[12.47 .208]\nCalcVoltageBases\nSolve\n",
                            0);
}

std::string two_phases(const std::string& source, const std::string& load_phases) {
  return "Clear\nNew Circuit.x " + source + kImpedances + test::noisy_shape() +
         "New Line.l phases=2 bus1=src.1.2 bus2=b.1.2 " + kLineOf +
         "New Load.d phases=1 bus1=b.2 kv=7.2 kw=100 kvar=30 daily=ld\n"
         "New Load.e phases=1 bus1=b." +
         load_phases +
         " conn=delta kv=14.4 kw=100 kvar=30 daily=ld\nSet VoltageBases=[12.47]\nCalcVoltageBases\nSolve\n";
}

//! OpenDSS: two phases are opposite, each of half the voltage between them.
TEST_F(Sources, OfTwoPhases) {
  expect_openDss_and_export(two_phases("phases=2 bus1=src.1.2 basekv=14.4", "1.2"), 0);
  EXPECT_THAT(refusal(two_phases("phases=1 bus1=src.1 bus2=src.2 basekv=14.4", "1.2")), HasSubstr("vsource.source"));
}

std::string without_bases(std::string model) {
  model.erase(model.find("Set VoltageBases=[115 12.47]\n"), 29);
  return model.erase(model.find("CalcVoltageBases\n"), 17);
}

//! They are those that the model would say.
TEST_F(Sources, VoltageBasesAreDerived) {
  const std::string model = test::kHead + test::kSubstation +
                            "New RegControl.ltc transformer=sub winding=2 vreg=121 band=2 ptratio=60\n" +
                            test::line("l1", "b0", "b1", 3) + test::line("l2", "b1", "b2", 3) +
                            test::line("l3", "b2", "b3", 4) + test::kLoads + test::kTail;
  expect_openDss_and_export(without_bases(model), 5);
  const Network derived = import_dss(folder_.write("model.dss", without_bases(model)), {});
  const Network said = import_dss(folder_.write("model.dss", model), {});
  ASSERT_EQ(derived.buses.size(), said.buses.size());
  for (std::size_t i = 0; i < said.buses.size(); ++i)
    EXPECT_DOUBLE_EQ(derived.buses[i].kv_base, said.buses[i].kv_base) << said.buses[i].name;
}

//! Nothing has the voltage that stands there: 12.47 kV are led on by a line to a bus of a wrong level.
TEST_F(Sources, VoltageBasesThatFitNothingAreAskedFor) {
  std::string model = test::kHead +
                      "New Transformer.t windings=2 buses=(src b0) kvs=(230 12.47) kvas=(5000 5000) xhl=8\n" +
                      test::line("l1", "b0", "b1", 3) + "New Load.d bus1=b1 kv=6.2 kw=10 daily=ld\n" + test::kTail;
  EXPECT_THAT(refusal(without_bases(model)), testing::AllOf(HasSubstr("'b0'"), HasSubstr("CalcVoltageBases")));
}

//! Transformers of one phase with an ungrounded star of their own on the source's side. `low`: secondary of unit p.
std::string bank(const std::string& low, const std::string& loads) {
  std::string text = test::kHead + test::kSubstation + test::line("l1", "b0", "b1", 3) +
                     test::line("l2", "b1", "b2", 3) + test::line("l3", "b2", "b3", 4) + test::kLoads;
  for (int p = 1; p <= 3; ++p)
    text += fmt::format(
        "New Transformer.u{0} phases=1 buses=(b1.{0}.4 lv.{1}) kvs=(7.2 {2}) kvas=({3} {3}) xhl={4} "
        "%r=.5 %noloadloss=.3 %imag=.8\n",
        p, low == "delta" ? fmt::format("{}.{}", p, p % 3 + 1) : fmt::format("{}", p), low == "delta" ? ".48" : ".277",
        50 + 25 * p, 2 + p);
  return text + loads + "New Load.lv3 bus1=lv phases=3 conn=delta kv=.48 kw=60 kvar=20 daily=ld model=5\n" +
         "Set VoltageBases=[115 12.47 .48]\nCalcVoltageBases\nSolve\n";
}

TEST_F(Sources, StarPointOfABank) {
  expect_openDss_and_export(
      bank("delta", "New Load.lv1 bus1=lv.1.2 phases=1 conn=delta kv=.48 kw=60 kvar=20 daily=ld\n"), 0);
  expect_openDss_and_export(bank("wye", "New Load.lv1 bus1=lv.1 phases=1 kv=.277 kw=.3 kvar=.1 model=2 daily=ld\n"), 0);
}

}  // namespace
}  // namespace gridqueue
