// Tap changers anywhere in a branch: open delta, single phases, on the source's side, banks of unequal transformers.
#include "tests/dss/control_days.hpp"

namespace gridqueue {
namespace {

using test::Controls;
using test::kHead;
using test::kLoads;
using test::kSubstation;
using test::kTail;
using test::line;

//! Units between two phases each and a line for the phase that they share. `noload`: of each unit.
std::string open_delta(int one, int other, int common, const std::string& settings, const std::string& noload = "") {
  std::string text;
  for (int phase : {one, other})
    text += fmt::format(
        "New Transformer.r{0} phases=1 windings=2 xhl=1 %loadloss=.02 buses=(b1.{0}.{1} b1r.{0}.{1}) conns=(delta "
        "delta) kvs=(12.47 12.47) kvas=(3000 3000) {2}\nNew RegControl.c{0} transformer=r{0} winding=2 ptratio=104 "
        "{3}\n",
        phase, common, noload, settings);
  return text +
         fmt::format("New Line.jumper phases=1 bus1=b1.{0} bus2=b1r.{0} r1=1e-4 x1=0 r0=1e-4 x0=0 c1=0 c0=0 length=1\n",
                     common);
}

struct TappedBranches : Controls {
  //! Between b1 and b1r.
  void expect_openDss(const std::string& branch, int least, std::size_t terms) const {
    const std::string model = kHead + kSubstation + line("l1", "b0", "b1", 3) + branch + line("l2", "b1r", "b2", 3) +
                              line("l3", "b2", "b3", 4) + kLoads + kTail;
    expect_openDss_and_export(model, least);
    const Network net = import_dss(folder_.at("model.dss"), {});
    EXPECT_EQ(std::count_if(net.regulators.begin(), net.regulators.end(), [](auto& r) { return r.term.has_value(); }),
              terms);
  }
};

TEST_F(TappedBranches, OpenDelta) {
  expect_openDss(open_delta(1, 3, 2, "vreg=121 band=2"), 100, 2);
  expect_openDss(open_delta(1, 2, 3, "vreg=121 band=2", "%noloadloss=.3 %imag=.6"), 100, 2);
  expect_openDss(open_delta(2, 3, 1, "vreg=119 band=2 r=2 x=4 ctprim=300"), 100, 2);
}

std::string unit(int phase, int kva, bool control) {
  std::string text = fmt::format(
      "New Transformer.u{0} phases=1 windings=2 xhl=.1 %loadloss=.01 buses=(b1.{0} b1r.{0}) kvs=(7.2 7.2) kvas=({1} "
      "{1})\n",
      phase, kva);
  if (control)
    text += fmt::format("New RegControl.u{0} transformer=u{0} winding=2 vreg=121 band=2 ptratio=60\n", phase);
  return text;
}

TEST_F(TappedBranches, BanksThatAreNotAlike) {
  expect_openDss(unit(1, 4000, true) + unit(2, 3000, true) + unit(3, 2500, true), 100, 3);
  expect_openDss(unit(1, 4000, true) + unit(2, 4000, true) + unit(3, 4000, false), 100, 2);
}

//! Their first winding is away from the source, and they tap either one.
TEST_F(TappedBranches, TheOtherWayRound) {
  for (const char* tap : {"1", "2"}) {
    std::string bank;
    for (int phase : {1, 2, 3})
      bank += fmt::format(
          "New Transformer.u{0} phases=1 windings=2 xhl=.1 %loadloss=.01 %noloadloss=.2 %imag=.3 buses=(b1r.{0} "
          "b1.{0}) "
          "kvs=(7.2 7.2) kvas=(4000 4000)\nNew RegControl.u{0} transformer=u{0} winding=1 tapwinding={1} vreg=121 "
          "band=2 "
          "ptratio=60\n",
          phase, tap);
    expect_openDss(bank, 100, 3);
  }
}

//! Three transformers of one phase, delta to star, with a tap changer each; or one of three phases that taps its delta.
TEST_F(TappedBranches, Substations) {
  for (const char* taps : {"winding=2", "winding=2 tapwinding=1"}) {
    std::string bank;
    for (int k = 1; k <= 3; ++k)
      bank += fmt::format(
          "New Transformer.s{0} phases=1 windings=2 xhl=8 %loadloss=.6 %noloadloss=.2 %imag=.5 buses=(src.{0}.{1} "
          "b0.{0}) "
          "conns=(delta wye) kvs=(115 7.2) kvas=(3400 3400)\nNew RegControl.s{0} transformer=s{0} {2} ptratio=60 "
          "vreg=122 "
          "band=2\n",
          k, k % 3 + 1, taps);
    expect_openDss_and_export(kHead + bank + line("l1", "b0", "b1", 3) + line("l2", "b1", "b2", 3) +
                                  line("l3", "b2", "b3", 4) + kLoads + kTail,
                              10);
  }
  expect_openDss_and_export(
      kHead + kSubstation + "New RegControl.ltc transformer=sub winding=2 tapwinding=1 vreg=121 band=2 ptratio=60\n" +
          line("l1", "b0", "b1", 3) + line("l2", "b1", "b2", 3) + line("l3", "b2", "b3", 4) + kLoads + kTail,
      5);
}

//! Where a current circulates between transformers it hangs on all taps together.
TEST_F(TappedBranches, SideBySideAreRefusedByName) {
  std::string other = kSubstation;
  other.replace(other.find("sub"), 3, "other");
  const std::string two =
      kSubstation + other + "New RegControl.ltc transformer=sub winding=2 vreg=121 band=2 ptratio=60\n";
  try {
    import_dss(folder_.write("model.dss", kHead + two + line("l1", "b0", "b1", 3) + line("l2", "b1", "b2", 3) +
                                              line("l3", "b2", "b3", 4) + kLoads + kTail),
               {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("regcontrol.ltc"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("shares a current"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace gridqueue
