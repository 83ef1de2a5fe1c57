// Branches of every kind: the evaluator's day of an imported model against OpenDSS's own, at all nodes and steps.
#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/reference.hpp"
#include "kernels/feeder/feeder_records.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

DayTrace trace_of(const Network& net) {
  EvaluatorOptions options;
  options.precision = Precision::dual;
  options.monitors = monitor_set(net, "all");
  StateBatch batch;
  batch.upgrade_sets = {{}};
  batch.finish_state(UpgradeSetId(0));
  return make_evaluator(net, options)->trace(batch);
}

class Branches : public testing::Test {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }

  //! The small model and more, with loads that follow a shape of the day.
  [[nodiscard]] std::string write(const std::string& more) const {
    std::string text = test::small_model("", "model=1 daily=ld");
    const std::string shape =
        "New LoadShape.ld npts=24 interval=1 mult=(.4 .4 .4 .4 .4 .5 .6 .8 .9 .9 .8 .8 .8 .8 .8 .9 "
        "1 1 1 .9 .8 .7 .6 .5)\n";
    text.insert(text.find("New Line.one"), shape);
    return folder_.write("model.dss", text.insert(text.find("\nSet voltagebases"), more));
  }

  //! Imports; its day is OpenDSS's, and so is what OpenDSS makes of its export.
  [[nodiscard]] Network meets_opendss(const std::string& more, double limit = 1e-6) const {
    const std::string model = write(more);
    Network net = import_dss(model, {});
    const DssDay day = solve_day_with_dss(model, net, {.library = {}, .commands = {"set tolerance=1e-9"}});
    EXPECT_THAT(day.converged, testing::Each(1));
    const double worst = test::largest_difference(net, trace_of(net).voltage, day.voltage);
    EXPECT_LT(worst, limit);
    RecordProperty("largest_difference_pu", fmt::format("{:.2e}", worst));
    const DssDay again = solve_day_with_dss(export_dss(net, {}, folder_.at("exported")), net,
                                            {.library = {}, .commands = {"set tolerance=1e-9"}});
    EXPECT_LT(test::largest_difference(net, again.voltage, day.voltage), limit);
    return net;
  }
  static const Bus& bus(const Network& net, const std::string& name) { return net.buses[net.find_bus(name)->index()]; }
  [[nodiscard]] std::string refusal(const std::string& more) const { return test::refusal(write(more)); }
  const test::TemporaryFolder folder_;
};

const std::string kCentreTap =
    "New Transformer.ct phases=1 windings=3 buses=(end.2 house.1.0 house.0.2) kvs=(7.2 .12 .12) kvas=(25 25 25) "
    "conns=(wye wye wye) %rs=(.6 1.2 1.2) xhl=2.04 xht=2.04 xlt=1.36 %noloadloss=.2 %imag=.5\n";

TEST_F(Branches, CentreTapWithLoadsOnBothLegsAndBetween) {
  const Network net = meets_opendss(kCentreTap +
                                    "New Line.drop bus1=house.1.2 bus2=meter.1.2 phases=2 rmatrix=(.4 | .1 .4) "
                                    "xmatrix=(.2 | .1 .2) length=.05 units=mi\n"
                                    "New Load.a bus1=meter.1 phases=1 kv=.12 kw=5 kvar=1 daily=ld\n"
                                    "New Load.b bus1=meter.2 phases=1 kv=.12 kw=2 kvar=1 daily=ld\n"
                                    "New Load.ab bus1=meter.1.2 phases=1 kv=.24 kw=6 kvar=2 conn=delta daily=ld\n"
                                    "Set voltagebases=[12.47 .208]\n");
  EXPECT_EQ(bus(net, "house").num_nodes, 2);
  EXPECT_EQ(bus(net, "house").branch.kind, BranchKind::transformer);
  EXPECT_THAT(bus(net, "house").branch.units, SizeIs(1));
  EXPECT_THAT(bus(net, "house").branch.units[0].winding, SizeIs(3));
}

TEST_F(Branches, DeltaWyeAndWyeDelta) {
  const Network net = meets_opendss(
      "New Transformer.dy buses=(end low.1.2.3.0) kvs=(12.47 .48) kvas=(500 500) conns=(delta wye) xhl=4 %r=.5\n"
      "New Load.x bus1=low.1 phases=1 kv=.277 kw=90 kvar=30 daily=ld\n"
      "New Load.y bus1=low.2.3 phases=1 kv=.48 kw=60 kvar=30 conn=delta daily=ld\n"
      "New Transformer.yd buses=(mid far) kvs=(12.47 .48) kvas=(300 300) conns=(wye delta) xhl=4 %r=.5\n"
      "New Load.z bus1=far phases=3 kv=.48 kw=150 kvar=30 conn=delta daily=ld\n"
      "New Load.zz bus1=far.1.2 phases=1 kv=.48 kw=20 kvar=3 conn=delta daily=ld\n");
  EXPECT_FALSE(bus(net, "low").floating);
  EXPECT_TRUE(bus(net, "far").floating);
  EXPECT_TRUE(loosely_grounded(net));  // currents of constant power are not foreseen node by node
}

TEST_F(Branches, OpenDeltaBankFromTwoPhases) {
  const Network net = meets_opendss(
      "New Transformer.o1 phases=1 buses=(end.1 od.1.2) kvs=(7.2 .24) kvas=(50 50) xhl=2 %r=.5\n"
      "New Transformer.o2 phases=1 buses=(end.2 od.2.3) kvs=(7.2 .24) kvas=(25 25) xhl=2 %r=.5\n"
      "New Load.x bus1=od phases=3 kv=.24 kw=20 kvar=5 conn=delta daily=ld\n");
  EXPECT_TRUE(bus(net, "od").floating);
  EXPECT_THAT(bus(net, "od").branch.elements, SizeIs(2));  // they differ in rating
}

TEST_F(Branches, NeutralOnAReactor) {
  const std::string bank =
      "New Transformer.n buses=(end low.1.2.3.4) kvs=(12.47 4.16) kvas=(500 500) "
      "conns=(delta wye) xhl=4 %r=.5\n";
  const std::string loads =
      "New Load.x bus1=low.1.4 phases=1 kv=2.4 kw=90 kvar=30 daily=ld\n"
      "New Load.y bus1=low.2 phases=1 kv=2.4 kw=40 kvar=30 daily=ld\n";
  const Network net = meets_opendss(bank + "New Reactor.n bus1=low.4 bus2=low.0 phases=1 r=2 x=3\n" + loads);
  EXPECT_EQ(bus(net, "low").num_nodes, 4);
  EXPECT_FALSE(bus(net, "low").floating);
  EXPECT_THAT(refusal(bank + loads), HasSubstr("load.y"));  // to ground, where the neutral is not
}

TEST_F(Branches, LinesOfSwappedPhases) {
  const Network net = meets_opendss(
      "New Line.swap bus1=end.2.1.3 bus2=after.1.3.2 phases=3 r1=.2 x1=.4 r0=.5 x0=1.2 c1=10 c0=5 length=1 units=mi\n"
      "New Load.x bus1=after.1 phases=1 kv=7.2 kw=90 kvar=30 daily=ld\n");
  EXPECT_EQ(bus(net, "after").branch.kind, BranchKind::other);
  EXPECT_GT(bus(net, "after").branch.normal_amps, 0);
}

TEST_F(Branches, SeriesReactorAndSeriesCapacitor) {
  const Network net = meets_opendss(
      "New Reactor.r bus1=end bus2=after phases=3 r=.1 x=1\nNew Capacitor.c bus1=after bus2=last phases=3 kv=12.47 "
      "kvar=30000\nNew Load.x bus1=last.1 phases=1 kv=7.2 kw=90 kvar=30 daily=ld\n");
  EXPECT_EQ(bus(net, "after").branch.normal_amps, 0);
  EXPECT_THAT(net.capacitors, SizeIs(0));
}

//! What a rating judges is what OpenDSS says of the element's own terminal 1.
TEST_F(Branches, ElementsSideBySideShareTheCurrent) {
  const Network net = meets_opendss(
      "New Line.p1 bus1=end bus2=after phases=3 r1=.2 x1=.4 r0=.5 x0=1.2 c1=0 c0=0 length=1 units=mi normamps=100\n"
      "New Line.p2 bus1=after bus2=end phases=3 r1=.4 x1=.8 r0=1 x0=2.4 c1=0 c0=0 length=1 units=mi normamps=50\n"
      "New Load.x bus1=after phases=3 kv=12.47 kw=900 kvar=300 daily=ld\n");
  const Branch& b = bus(net, "after").branch;
  EXPECT_EQ(b.kind, BranchKind::other);
  EXPECT_FALSE(b.upgradable);
  EXPECT_EQ(b.normal_amps, 0);
  ASSERT_THAT(b.elements, SizeIs(2));
  EXPECT_EQ(b.elements[0].name, "line.p1");
  EXPECT_EQ(b.elements[0].normal_amps, 100);
  EXPECT_EQ(b.elements[1].normal_amps, 50);
  EXPECT_NEAR(b.elements[0].i_terminal1[0][0].real(), 2.0 / 3, 1e-6);
  EXPECT_NEAR(b.elements[1].i_terminal1[0][0].real(), -1.0 / 3, 1e-6);  // its terminal 1 is at the other end
  EXPECT_NEAR(std::abs(b.elements[1].i_terminal1[0][1]), 0, 1e-6);
}

TEST_F(Branches, SinglePhaseLinesOfUnequalRatings) {
  std::string lines;
  for (int p = 1; p <= 3; ++p)
    lines += fmt::format(
        "New Line.s{0} bus1=end.{0} bus2=after.{0} phases=1 r1=.2 x1=.4 r0=.2 x0=.4 c1=0 c0=0 "
        "length=1 units=mi normamps={0}00\n",
        p);
  const Network net = meets_opendss(lines + "New Load.x bus1=after.2 phases=1 kv=7.2 kw=90 kvar=30 daily=ld\n");
  const Branch& b = bus(net, "after").branch;
  ASSERT_THAT(b.elements, SizeIs(3));
  EXPECT_NEAR(std::abs(b.elements[2].i_terminal1[0][2]), 1, 1e-9);
}

TEST_F(Branches, FirstWindingAwayFromTheSource) {
  const Network net = meets_opendss(
      "New Transformer.back buses=(low end) kvs=(4.16 12.47) kvas=(500 500) conns=(wye delta) xhl=4\n"
      "New Load.x bus1=low.1 phases=1 kv=2.4 kw=90 kvar=30 daily=ld\n");
  const Branch& b = bus(net, "low").branch;
  ASSERT_THAT(b.elements, SizeIs(1));
  EXPECT_NEAR(std::abs(b.elements[0].i_terminal1[1][1]), 1, 1e-6);  // at 4.16 kV, like the current below
  EXPECT_NEAR(b.elements[0].normal_amps, 1.1 * 500 / (std::sqrt(3.0) * 4.16), 0.1);
}

TEST_F(Branches, WhatIsCutOffIsLeftOut) {
  const Network net = meets_opendss(
      "New Line.tie bus1=end bus2=away phases=3 r1=.2 x1=.4 length=1 units=mi switch=yes\nNew SwtControl.s "
      "switchedobj=line.tie switchedterm=1 state=open\n"
      "New Line.on bus1=away bus2=last phases=3 r1=.2 x1=.4 length=1 units=mi\nNew Fuse.f monitoredobj=line.on\n"
      "New Load.x bus1=last phases=3 kv=12.47 kw=100 daily=ld\nNew Capacitor.c bus1=away kvar=100 kv=12.47\n"
      "New Line.off bus1=mid bus2=gone phases=3 enabled=no\n");
  EXPECT_THAT(net.buses, SizeIs(3));
  EXPECT_THAT(net.loads, SizeIs(3));
  EXPECT_THAT(net.capacitors, SizeIs(0));
}

TEST_F(Branches, FuseThatBlowsDuringTheDay) {
  const std::string model =
      "New Line.f bus1=end.1 bus2=after.1 phases=1 r1=.2 x1=.4 length=1 units=mi\nNew LoadShape.late "
      "npts=24 interval=1 mult=(0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 9 0 0 0 0 0)\n"
      "New Load.x bus1=after.1 phases=1 kv=7.2 kw=80 daily=late\n"
      "New Fuse.blows monitoredobj=line.f fusecurve=tlink ratedcurrent=";
  EXPECT_EQ(refusal(model + "1000\n"), "");
  EXPECT_THAT(refusal(model + "15\n"), HasSubstr("fuse.blows"));
}

//! The line that is left has ends of unequal charging (its day: test_situations.cpp).
TEST_F(Branches, PhasesBehindAnOpenConductorAreLeftOut) {
  const std::string model = write(
      "Open Line.two 1 2\nNew Line.on bus1=end bus2=last phases=3 r1=.2 x1=.4 length=1 "
      "units=mi\nNew Load.x bus1=last.1 phases=1 kv=7.2 kw=90 daily=ld\nLoad.l.model=2\n");
  const Network net = import_dss(model, {});
  EXPECT_EQ(bus(net, "end").num_nodes, 2);
  EXPECT_EQ(bus(net, "last").num_nodes, 2);
  EXPECT_FALSE(bus(net, "end").branch.upgradable);
}

TEST_F(Branches, WhatNothingHoldsIsRefusedByName) {
  EXPECT_THAT(refusal("Open Line.two 1 2\nNew Transformer.t buses=(end low) conns=(delta wye) kvs=(12.47 4.16) "
                      "kvas=(500 500) xhl=4\n"),
              HasSubstr("line.two"));
  EXPECT_THAT(refusal("New Transformer.t windings=4 buses=(end b c d) kvs=(12.47 4.16 2.4 .48) kvas=(500 500 500 500) "
                      "xscarray=(4 4 4 4 4 4)\n"),
              testing::AllOf(HasSubstr("transformer.t"), HasSubstr("4 buses")));
}

TEST_F(Branches, ChainOfSixThousandBuses) {
  std::string chain;
  for (int i = 0; i < 6000; ++i)
    chain += fmt::format("New Line.c{} bus1={} bus2=b{} phases=1 r1=1e-4 x1=1e-4 c1=0 c0=0 length=1 units=m\n", i,
                         i == 0 ? "end.1" : fmt::format("b{}.1", i - 1), fmt::format("{}.1", i));
  DssImportOptions options;
  options.day.start_hours = {12};
  options.day.steps = 2;
  const Network net = import_dss(write(chain), options);
  EXPECT_THAT(net.buses, SizeIs(6003));
  EXPECT_EQ(net.depth(*net.find_bus("b5999")), 6002);
}

}  // namespace
}  // namespace gridqueue
