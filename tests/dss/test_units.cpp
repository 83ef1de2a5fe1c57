// Units on any phases: the evaluator's day against OpenDSS's, of the model with a PV system as one would write it by
// hand, and of what export-dss writes.
#include <gmock/gmock.h>

#include <ostream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/dss/export.hpp"
#include "host/dss/import.hpp"
#include "host/dss/reference.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

const char* const kModel =
    "New LoadShape.ld npts=24 interval=1 mult=(.4 .4 .4 .4 .4 .5 .6 .8 .9 .9 .8 .8 .8 .8 .8 .9 1 1 1 .9 .8 .7 .6 .5)\n"
    "New Line.one_tap bus1=mid.2 bus2=tap.2 phases=1 r1=.5 x1=.6 r0=.5 x0=.6 c1=5 c0=5 length=2 units=mi\n"
    "New Load.tap bus1=tap.2 phases=1 kv=7.2 kw=90 kvar=30 daily=ld\n"
    "New Line.two_tap bus1=mid.1.3 bus2=pair.1.3 phases=2 r1=.5 x1=.6 r0=.8 x0=1.4 c1=5 c0=4 length=2 units=mi\n"
    "New Load.pair bus1=pair.3 phases=1 kv=7.2 kw=120 kvar=20 model=5 daily=ld\n"
    "New Transformer.ct phases=1 windings=3 buses=(end.2 house.1.0 house.0.2) kvs=(7.2 .12 .12) kvas=(50 50 50) "
    "conns=(wye wye wye) %rs=(.6 1.2 1.2) xhl=2.04 xht=2.04 xlt=1.36\n"
    "New Line.drop bus1=house.1.2 bus2=meter.1.2 phases=2 rmatrix=(.4 | .1 .4) xmatrix=(.2 | .1 .2) length=.05 "
    "units=mi\n"
    "New Load.a bus1=meter.1 phases=1 kv=.12 kw=5 kvar=1 daily=ld\n"
    "New Load.b bus1=meter.2 phases=1 kv=.12 kw=2 kvar=1 daily=ld\n"
    "New Transformer.dy buses=(end low.1.2.3.0) kvs=(12.47 .48) kvas=(500 500) conns=(delta wye) xhl=4 %r=.5\n"
    "New Load.low bus1=low.1 phases=1 kv=.277 kw=60 kvar=20 daily=ld\n"
    "New Transformer.yd buses=(mid far) kvs=(12.47 .48) kvas=(300 300) conns=(wye delta) xhl=4 %r=.5\n"
    "New Load.far bus1=far phases=3 kv=.48 kw=90 kvar=30 conn=delta daily=ld\n"
    "New Load.far12 bus1=far.1.2 phases=1 kv=.48 kw=20 kvar=3 conn=delta daily=ld\n"
    "New Transformer.n buses=(mid four.1.2.3.4) kvs=(12.47 4.16) kvas=(500 500) conns=(delta wye) xhl=4 %r=.5\n"
    "New Reactor.n bus1=four.4 bus2=four.0 phases=1 r=2 x=3\n"
    "New Load.four bus1=four.1.4 phases=1 kv=2.4 kw=90 kvar=30 daily=ld\n"
    "New Transformer.hl1 phases=1 windings=3 buses=(mid.1 hl.1.0 hl.0.2) kvs=(7.2 .104 .104) kvas=(50 50 50) %rs=(.6 "
    "1.2 "
    "1.2) xhl=2.04 xht=2.04 xlt=1.36\n"
    "New Transformer.hl2 phases=1 windings=2 buses=(mid.2 hl.2.3) kvs=(7.2 .208) kvas=(50 50) xhl=2\n"
    "New Load.hl bus1=hl.1.2.3 phases=3 conn=delta kv=.208 kw=12 kvar=4 daily=ld\n"
    "New Load.hl1 bus1=hl.1 phases=1 kv=.104 kw=5 kvar=1 daily=ld\n"
    "New Transformer.sag phases=1 windings=2 buses=(mid.3 sag.3) kvs=(7.2 7.2) kvas=(900 900) taps=(1 .85) xhl=2\n"
    "New Load.sag bus1=sag.3 phases=1 kv=7.2 kw=200 kvar=60 model=2 daily=ld\n";

//! With voltage bases for all of it.
std::string model(const std::string& bases = "[12.47 4.16 .48 .208]") {
  const std::string few = "Set voltagebases=[115 12.47 0.48]";
  std::string text = test::small_model("", "model=1");
  return text.replace(text.find(few), few.size(), kModel + ("Set voltagebases=" + bases));
}

struct Placed {
  const char* site;
  double kw;
  const char* opendss;  //!< bus, phases, connection and kV, as for OpenDSS
};
struct Case {
  const char* name;
  std::vector<Placed> units;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"one_phase_of_three", {{"end.1", 300, "bus1=end.1 phases=1 kv=7.199558"}}},
    {"two_phases_of_three", {{"end.1.3", 400, "bus1=end.1.3 phases=2 kv=12.47"}}},
    {"all_phases", {{"end", 500, "bus1=end.1.2.3 phases=3 kv=12.47"}}},
    {"units_that_add_up",
     {{"end.1", 150, "bus1=end.1 phases=1 kv=7.199558"},
      {"end.1.2", 200, "bus1=end.1.2 phases=2 kv=12.47"},
      {"end", 240, "bus1=end.1.2.3 phases=3 kv=12.47"},
      {"end.1", 30, "bus1=end.1 phases=1 kv=7.199558"},
      {"end.3", 70, "bus1=end.3 phases=1 kv=7.199558"}}},
    {"bus_of_one_phase", {{"tap", 180, "bus1=tap.2 phases=1 kv=7.199558"}}},
    {"bus_of_two_phases", {{"pair", 260, "bus1=pair.1.3 phases=2 kv=12.47"}}},
    {"one_of_two_phases", {{"pair.3", 160, "bus1=pair.3 phases=1 kv=7.199558"}}},
    {"one_leg", {{"meter.1", 6, "bus1=meter.1 phases=1 kv=.1200888"}}},
    {"from_leg_to_leg", {{"meter", 12, "bus1=meter.1.2 phases=1 kv=.2401777"}}},
    {"legs_that_add_up",
     {{"meter.1.2", 8, "bus1=meter.1.2 phases=1 kv=.2401777"},
      {"meter.2", 3, "bus1=meter.2 phases=1 kv=.1200888"},
      {"house.1", 4, "bus1=house.1 phases=1 kv=.1200888"}}},
    {"phases_of_a_secondary",
     {{"low", 120, "bus1=low.1.2.3 phases=3 kv=.48"}, {"low.2", 30, "bus1=low.2 phases=1 kv=.2771281"}}},
    {"delta_zone", {{"far", 150, "bus1=far.1.2.3 phases=3 conn=delta kv=.48"}}},
    {"between_phases_of_a_delta_zone", {{"far.2.3", 60, "bus1=far.2.3 phases=1 kv=.48"}}},
    {"everything_in_a_delta_zone",
     {{"far", 90, "bus1=far.1.2.3 phases=3 conn=delta kv=.48"},
      {"far.1.2", 20, "bus1=far.1.2 phases=1 kv=.48"},
      {"far.1.3", 10, "bus1=far.1.3 phases=1 kv=.48"}}},
    {"beside_a_neutral",
     {{"four", 90, "bus1=four.1.2.3 phases=3 kv=4.16"}, {"four.2", 40, "bus1=four.2 phases=1 kv=2.401777"}}},
    {"to_a_neutral",
     {{"four.1.4", 40, "bus1=four.1.4 phases=1 kv=2.401777"},
      {"four.2.3.4", 60, "bus1=four.2.3.4 phases=2 kv=4.16"},
      {"four.1.2.3.4", 90, "bus1=four.1.2.3.4 phases=3 kv=4.16"}}},
    {"high_leg",
     {{"hl", 15, "bus1=hl.1.2.3 phases=3 conn=delta kv=.208"}, {"hl.2.3", 6, "bus1=hl.2.3 phases=1 kv=.208"}}},
    // Outside of 0.9 to 1.1 pu a unit is an impedance.
    {"below_its_band", {{"sag", 150, "bus1=sag.3 phases=1 kv=7.199558"}}},
    {"beyond_its_band", {{"tap", 9000, "bus1=tap.2 phases=1 kv=7.199558"}}},
    {"legs_beyond_their_band", {{"meter", 240, "bus1=meter.1.2 phases=1 kv=.2401777"}}},
};

class UnitsInOpenDss : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }
  [[nodiscard]] static std::vector<std::string> by_hand() {
    std::vector<std::string> commands{"set tolerance=1e-9 maxiterations=100"};
    int number = 0;
    for (const Placed& p : GetParam().units)
      commands.push_back(
          fmt::format("New PVSystem.hand{} {} kva={} pmpp={} irradiance=1 pf=1 %cutin=0 %cutout=0 "
                      "daily=pcloud",
                      ++number, p.opendss, p.kw / 0.8, p.kw));
    return commands;
  }
  const test::TemporaryFolder folder_;
};

TEST_P(UnitsInOpenDss, AreItsOwnPvSystems) {
  const std::string master = folder_.write("model.dss", model());
  const Network net = import_dss(master, {});
  DssState state;
  for (const Placed& p : GetParam().units) state.der.emplace_back(find_site(net, p.site), p.kw);
  const DssDay hand = solve_day_with_dss(master, net, {.library = {}, .commands = by_hand()});
  EXPECT_THAT(hand.converged, testing::Each(1));
  const DssDay exported = solve_day_with_dss(export_dss(net, state, folder_.at("exported")), net,
                                             {.library = {}, .commands = {"set tolerance=1e-9 maxiterations=100"}});
  EXPECT_LT(test::largest_difference(net, exported.voltage, hand.voltage), 1e-6);
  StateBatch batch;
  for (const auto& [site, kw] : state.der) batch.add_der(site, kw);
  batch.finish_state(UpgradeSetId(0));
  for (const Precision precision : {Precision::dual, Precision::single}) {
    EvaluatorOptions options;
    options.precision = precision;
    options.monitors = monitor_set(net, "all");
    options.sites = batch.der_site;
    const double worst =
        test::largest_difference(net, make_evaluator(net, options)->trace(batch).voltage, hand.voltage);
    EXPECT_LT(worst, precision == Precision::dual ? 1e-6 : 1e-5);
    RecordProperty(precision == Precision::dual ? "worst_pu_double" : "worst_pu_float", fmt::format("{:.2e}", worst));
  }
}

INSTANTIATE_TEST_SUITE_P(All, UnitsInOpenDss, testing::ValuesIn(kCases),
                         [](const auto& c) { return std::string(c.param.name); });

std::string problem_at(const Network& net, const std::string& site) {
  try {
    return "stands at " + site_name(net, find_site(net, site));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
}

TEST(Units, WhereNoneCanStandIsSaid) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const Network net = import_dss(folder.write("model.dss", model()), {});
  EXPECT_EQ(problem_at(net, "meter.2.1"), "stands at meter");
  EXPECT_THAT(problem_at(net, "far.1"), testing::HasSubstr("behind an ungrounded winding"));
  EXPECT_THAT(problem_at(net, "four.4"), testing::HasSubstr("node 4 of bus 'four' is no phase"));
  EXPECT_THAT(problem_at(net, "hl.3"), testing::HasSubstr("a delta that is grounded at one place"));
  EXPECT_EQ(problem_at(net, "four.4.1"), "stands at four.1.4");
  EXPECT_THAT(problem_at(net, "tap.1"), testing::HasSubstr("did you mean 'tap'?"));
}

//! Of the high leg 1.5 pu to ground say nothing: OpenDSS's voltages between phases count.
TEST(Units, AHighLegIsJudgedBetweenPhases) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master = folder.write("model.dss", model());
  const Network net = import_dss(master, {});
  const DssDay day = solve_day_with_dss(master, net, {.library = {}, .commands = {"set tolerance=1e-9"}});
  const std::size_t bus = net.find_bus("hl")->index();
  std::size_t nodes = 0, first = 0;
  for (std::size_t b = 0; b < net.buses.size(); ++b) {
    if (b == bus) first = nodes;
    nodes += static_cast<std::size_t>(net.buses[b].num_nodes);
  }
  double low = 1e9, high = 0, to_ground = 0;
  for (std::size_t k = 0; k < net.num_steps(); ++k)
    for (std::size_t n = 0; n < 3; ++n) {
      const Complex one = day.voltage[k * nodes + first + n], next = day.voltage[k * nodes + first + (n + 1) % 3];
      const double pu = std::abs(one - next) / 208;
      low = std::min(low, pu), high = std::max(high, pu);
      to_ground = std::max(to_ground, std::abs(one) * std::sqrt(3.0) / 208);
    }
  EXPECT_GT(to_ground, 1.45);
  EvaluatorOptions options;
  options.precision = Precision::dual;
  StateBatch batch;
  batch.finish_state(UpgradeSetId(0));
  const Quantities q = make_evaluator(net, options)->evaluate(batch).front();
  EXPECT_GE(q[limit_lv_vmax].value, high - 1e-6);
  EXPECT_LT(q[limit_lv_vmax].value, 1.1);
  EXPECT_LE(q[limit_lv_vmin].value, low + 1e-6);
  EXPECT_TRUE(judged_between_phases(net.buses[bus]));
  EXPECT_EQ(neutral_nodes(net.buses[bus]), 0);
}

//! Its band is one of the voltage base.
TEST(Units, WrongVoltageBasesAreSaid) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const Network net = import_dss(folder.write("model.dss", model("[12.47 4.16 .48]")), {});
  EXPECT_THAT(problem_at(net, "meter"), testing::HasSubstr("0.277 kV"));
  EXPECT_EQ(problem_at(net, "low.1"), "stands at low.1");
}

}  // namespace
}  // namespace gridqueue
