// Names of sites, and how a unit is connected at each kind of bus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gridqueue/contracts.hpp"
#include "gridqueue/unit_site.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

//! A bus with nodes and their base voltages by angle [degrees] (magnitude 1 pu, or 0 where the angle is negative).
Bus bus(const std::string& name, double kv, const std::vector<std::pair<int, double>>& nodes) {
  Bus b;
  b.name = name;
  b.kv_base = kv;
  for (const auto& [phase, degrees] : nodes) {
    const auto n = static_cast<std::size_t>(b.num_nodes++);
    b.phase[n] = phase;
    b.v_base[n] = degrees < 0 ? Complex(0) : std::polar(kv * 1e3, degrees * std::numbers::pi / 180);
  }
  return b;
}

Network some_buses() {
  Network net;
  net.name = "some";
  const std::vector<std::pair<int, double>> three{{1, 120}, {2, 0}, {3, 240}};
  net.buses = {bus("x", 7.2, three),
               bus("x.1", 7.2, three),
               bus("lateral", 7.2, {{2, 0}}),
               bus("pair", 7.2, {{1, 120}, {3, 240}}),
               bus("home", 0.12, {{1, 30}, {2, 210}}),
               bus("delta", 0.277, three),
               bus("neutral", 0.277, {{1, 120}, {2, 0}, {3, 240}, {4, -1}}),
               bus("corner", 0.277, {{1, 60}, {2, -1}, {3, 0}}),
               bus("loose", 0.277, {{2, 0}}),
               bus("only_neutral", 0.277, {{4, 0}}),
               bus("wrong", 0.277, {{1, 30}, {2, 210}})};
  for (Complex& v : net.buses.back().v_base) v *= 0.12 / 0.277;
  for (const char* name : {"delta", "loose"}) net.buses[net.find_bus(name)->index()].floating = true;
  net.candidate_buses = {BusId(1), BusId(0)};
  return net;
}

const Network kNet = some_buses();
BusId id(const std::string& name) { return kNet.find_bus(name).value(); }

std::string problem(const std::string& text) {
  try {
    return "stands at " + site_name(kNet, find_site(kNet, text));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
}

TEST(UnitSite, NamesAreThoseOfOpenDss) {
  EXPECT_EQ(find_site(kNet, "x"), UnitSite(id("x")));
  EXPECT_EQ(find_site(kNet, "X.3"), UnitSite(id("x"), 4));
  EXPECT_EQ(find_site(kNet, "x.3.2"), UnitSite(id("x"), 6));
  EXPECT_EQ(find_site(kNet, "lateral.2"), UnitSite(id("lateral")));  // all that it has
  EXPECT_EQ(find_site(kNet, "x.2.3.1"), UnitSite(id("x")));
  EXPECT_NE(find_site(kNet, "x.2"), find_site(kNet, "x.3"));
  for (const char* text : {"x", "x.2", "x.2.3", "lateral", "home.1", "x.1.1"})
    EXPECT_EQ(site_name(kNet, find_site(kNet, text)), text);
}

TEST(UnitSite, ABusOfThatNameComesFirstThenTheLongestName) {
  EXPECT_EQ(find_site(kNet, "x.1"), UnitSite(id("x.1")));
  EXPECT_EQ(find_site(kNet, "x.1.2"), UnitSite(id("x.1"), 2));
  EXPECT_EQ(find_site(kNet, "x.2.1"), UnitSite(id("x"), 3));
}

TEST(UnitSite, WhatIsWrongIsSaidWithASuggestion) {
  EXPECT_EQ(problem("latral"), "unknown bus 'latral' (feeder some has 11 buses); did you mean 'lateral'?");
  EXPECT_EQ(problem("latral.2"), "unknown bus 'latral.2' (feeder some has 11 buses); did you mean 'lateral.2'?");
  EXPECT_THAT(problem("home.a"), HasSubstr("unknown bus 'home.a'"));
  EXPECT_THAT(problem("home."), HasSubstr("unknown bus 'home.'"));
  EXPECT_EQ(problem("lateral.1"), "bus 'lateral' has no phase 1 (it has phase 2); did you mean 'lateral'?");
  EXPECT_EQ(problem("pair.3.2"), "bus 'pair' has no phase 2 (it has phases 1, 3); did you mean 'pair.3'?");
  EXPECT_EQ(problem("x.3.3"), "phase 3 of bus 'x' is named twice; did you mean 'x.3'?");
  EXPECT_THAT(problem("neutral.4"), HasSubstr("node 4 of bus 'neutral' is no phase"));
  EXPECT_THAT(problem("corner.2"), HasSubstr("node 2 of bus 'corner' is no phase"));
  EXPECT_THAT(problem("x.0"), HasSubstr("node 0 of bus 'x' is no phase"));
  EXPECT_THAT(problem("only_neutral"), HasSubstr("no unit can stand at 'only_neutral'"));
  EXPECT_THAT(problem("wrong.1"), HasSubstr("0.12 kV to ground, is far from its voltage base of 0.277 kV"));
  EXPECT_THAT(problem("loose"), HasSubstr("behind an ungrounded winding"));
  EXPECT_THAT(problem("delta.2"), HasSubstr("behind an ungrounded winding"));
}

TEST(UnitSite, SharesFollowTheBus) {
  const auto parts = [](const std::string& text) { return unit_parts(kNet, find_site(kNet, text)); };
  const double across = std::sqrt(3.0) * 0.277;
  EXPECT_THAT(parts("x"), ElementsAre(UnitPart{0, -1, 7.2}, UnitPart{1, -1, 7.2}, UnitPart{2, -1, 7.2}));
  EXPECT_THAT(parts("x.3"), ElementsAre(UnitPart{2, -1, 7.2}));
  EXPECT_THAT(parts("pair"), ElementsAre(UnitPart{0, -1, 7.2}, UnitPart{1, -1, 7.2}));
  EXPECT_THAT(parts("home"), ElementsAre(UnitPart{0, 1, 0.24}));
  EXPECT_THAT(parts("home.2"), ElementsAre(UnitPart{1, -1, 0.12}));
  EXPECT_THAT(parts("delta"), ElementsAre(UnitPart{0, 1, across}, UnitPart{1, 2, across}, UnitPart{2, 0, across}));
  EXPECT_THAT(parts("delta.1.3"), ElementsAre(UnitPart{0, 2, across}));
  EXPECT_THAT(parts("neutral"), ElementsAre(UnitPart{0, -1, 0.277}, UnitPart{1, -1, 0.277}, UnitPart{2, -1, 0.277}));
  EXPECT_THAT(parts("neutral.1.4"), ElementsAre(UnitPart{0, 3, 0.277}));
  EXPECT_THAT(parts("neutral.4.2.3.1"),
              ElementsAre(UnitPart{0, 3, 0.277}, UnitPart{1, 3, 0.277}, UnitPart{2, 3, 0.277}));
  EXPECT_THAT(parts("corner"), ElementsAre(UnitPart{0, -1, 0.277}, UnitPart{2, -1, 0.277}));
}

TEST(UnitSite, OnlyWholeBusesOfThreeGroundedPhasesAreThreePhase) {
  EXPECT_TRUE(three_phase_site(kNet, id("x")));
  for (const char* text : {"x.2", "x.2.1", "home", "delta", "neutral", "corner"})
    EXPECT_FALSE(three_phase_site(kNet, find_site(kNet, text))) << text;
}

TEST(UnitSite, KindsOfSites) {
  const auto names = [](SiteKind kind) {
    std::vector<std::string> all;
    for (UnitSite site : sites_of_kind(kNet, kind)) all.push_back(site_name(kNet, site));
    return all;
  };
  EXPECT_THAT(names(SiteKind::three_phase), ElementsAre("x.1", "x"));
  EXPECT_THAT(names(SiteKind::single_phase), ElementsAre("lateral", "pair.1", "pair.3"));
  EXPECT_THAT(names(SiteKind::secondary), ElementsAre("home", "delta", "neutral.1.2.3.4", "corner", "wrong"));
}

//! 120 V to ground on two phases, 208 V on the high leg; and 240 V to a grounded corner.
TEST(UnitSite, DeltasGroundedAtOnePlaceAreJudgedBetweenPhases) {
  Network net;
  net.buses = {bus("high", 0.24 / std::sqrt(3.0), {{1, 0}, {2, 90}, {3, 180}})};
  net.buses.push_back(net.buses[0]);
  net.buses[0].v_base = {120, Complex(0, 207.8), -120};
  net.buses[1].name = "corner", net.buses[1].v_base = {std::polar(240.0, 1.0472), 0, 240};
  for (const Bus& b : net.buses) {
    EXPECT_TRUE(grounded_delta(b)) << b.name;
    EXPECT_EQ(bus_phases(b), 7) << b.name;
    EXPECT_EQ(neutral_nodes(b), 0) << b.name;
    EXPECT_FALSE(far_from_base(b)) << b.name;
  }
  EXPECT_EQ(unit_parts(net, BusId(0)).size(), 3);
  EXPECT_EQ(unit_parts(net, {BusId(0), 5}), (std::vector<UnitPart>{{0, 2, 0.24}}));
  EXPECT_FALSE(three_phase_site(net, BusId(0)));
  for (Bus& b : net.buses) b.kv_base = 7.2;  // so wrong that nothing can be said
  std::string left_out;
  EXPECT_TRUE(where_units_stand(net, sites_of_kind(net, SiteKind::any), left_out).empty());
  EXPECT_TRUE(far_from_base(net.buses[0]));
}

TEST(UnitSite, WhereNoneStandsIsLeftOutByName) {
  std::string left_out;
  const auto kept = where_units_stand(kNet, sites_of_kind(kNet, SiteKind::secondary), left_out);
  EXPECT_EQ(kept.size(), 4);
  EXPECT_THAT(left_out, testing::AllOf(HasSubstr("1 of 5 sites"), HasSubstr("'wrong'")));
  (void)where_units_stand(kNet, kept, left_out);
  EXPECT_EQ(left_out, "");
}

//! Hand-made feeders may not know base voltages.
TEST(UnitSite, WithoutBaseVoltagesEveryNodeIsAPhase) {
  Bus b = bus("blank", 7.2, {{1, -1}, {2, -1}, {4, -1}});
  EXPECT_EQ(bus_phases(b), 3);
}

}  // namespace
}  // namespace gridqueue
