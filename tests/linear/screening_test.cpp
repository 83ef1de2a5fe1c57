// Which answers are sent to AC: intervals around limits, and the order in which lines would be upgraded.
#include "kernels/linear/screening.hpp"

#include <gtest/gtest.h>

namespace gridqueue {
namespace {

const Limits kLimits;
const Thresholds kPass = Thresholds(Limits());
constexpr double kWeak = 1e-4;  //!< strength^2 of a small state: its margins hardly grow

//! Far from every limit; areas whose power has one sign all day.
struct Answer {
  Quantities q;
  ScreeningRange range{kWeak};
  ScreeningMargins margins;

  Answer() {
    q[limit_vdiff].value = 2, q[limit_vmax].value = 1.03, q[limit_vmin].value = 0.97, q[limit_emergency].value = 60;
    q.areas = {AreaFlow{{-900, -500, 500}, {-300, -100, 100}}};
  }
  void set_vdiff(double pct) { q[limit_vdiff].value = range[limit_vdiff].low = range[limit_vdiff].high = pct; }
  [[nodiscard]] bool near() const { return near_verdict(q, range, kLimits, kPass, margins); }
};

TEST(Screening, FarFromEveryLimit) {
  Answer a;
  EXPECT_FALSE(a.near());
  a.set_vdiff(5);  // surely beyond
  EXPECT_FALSE(a.near());
}

TEST(Screening, VoltageChangeWithinItsMargin) {
  Answer a;
  const double margin = vdiff_margin(a.margins, kWeak);
  EXPECT_DOUBLE_EQ(margin, a.margins.vdiff_pct + a.margins.vdiff_growth * kWeak);
  for (double side : {-1.0, 1.0}) {
    a.set_vdiff(kPass[limit_vdiff].pass() + side * 0.9 * margin);
    EXPECT_TRUE(a.near());
    a.set_vdiff(kPass[limit_vdiff].pass() + side * 1.1 * margin);
    EXPECT_FALSE(a.near());
  }
}

TEST(Screening, MarginGrowsWithStrengthAndBeyondALargestAcDecides) {
  Answer a;
  a.set_vdiff(kPass[limit_vdiff].pass() - 1.1 * vdiff_margin(a.margins, kWeak));
  EXPECT_FALSE(a.near());
  a.range.strength2 = 9 * kWeak;
  EXPECT_TRUE(a.near());
  a.set_vdiff(0);
  EXPECT_FALSE(a.near());
  a.range.strength2 = 1.01 * a.margins.strength * a.margins.strength;
  EXPECT_TRUE(a.near());
}

TEST(Screening, ShiftedTapsThatCrossALimit) {
  Answer a;
  a.range[limit_vdiff].high = 3.2;
  EXPECT_TRUE(a.near());
  a = Answer();
  a.set_vdiff(3.2);
  a.range[limit_vdiff].low = 2.9;
  EXPECT_TRUE(a.near());
  a = Answer();
  a.range[limit_vmax].high = 1.052;
  EXPECT_TRUE(a.near());
  a = Answer();
  a.range[limit_vmin].low = 0.948;
  EXPECT_TRUE(a.near());
}

TEST(Screening, VoltagesAndLoadings) {
  Answer a;
  a.q[limit_vmax].value = a.range[limit_vmax].high = kPass[limit_vmax].pass() - 0.9 * a.margins.voltage_pu;
  EXPECT_TRUE(a.near());
  a.q[limit_vmax].value = a.range[limit_vmax].high = kPass[limit_vmax].pass() + 1.1 * a.margins.voltage_pu;
  EXPECT_FALSE(a.near());
  a.q[limit_vmin].value = a.range[limit_vmin].low = kPass[limit_vmin].pass() - 0.9 * a.margins.voltage_pu;
  EXPECT_TRUE(a.near());
  a.q[limit_vmin].value = a.range[limit_vmin].low = kPass[limit_vmin].pass() - 1.1 * a.margins.voltage_pu;
  EXPECT_FALSE(a.near());
  a.q[limit_emergency].value = kPass[limit_emergency].pass() * (1 - 0.9 * a.margins.loading);
  EXPECT_TRUE(a.near());
  a.q[limit_emergency].value = kPass[limit_emergency].pass() * (1 - 1.1 * a.margins.loading);
  EXPECT_FALSE(a.near());
  a.range.near_hours = true;
  EXPECT_TRUE(a.near());
}

TEST(Screening, IslandsWhereEveryScreenIsInDoubt) {
  Answer a;
  FlowRange &p = a.q.areas[0].p, &q = a.q.areas[0].q;
  p = {-900, -5, 5};  // may turn its sign
  EXPECT_FALSE(a.near()) << "Q still passes for sure";
  q = {-300, 80, 1};
  EXPECT_TRUE(a.near());
  p = {-900, 400, 1};  // both fail for sure
  q = {-300, 200, 1};
  EXPECT_FALSE(a.near());
  p = {-900, 400, 0.29 * 900 - 2};  // the fraction is in doubt
  EXPECT_TRUE(a.near());
}

//! source -- a -- b -- c, and d at a; c's branch is a switch, the others are lines.
Network small_network() {
  Network net;
  const auto add = [&](const char* name, int parent, bool upgradable) {
    Bus b;
    b.name = name;
    if (parent >= 0) b.parent = BusId(static_cast<std::size_t>(parent));
    b.branch.upgradable = upgradable;
    net.buses.push_back(b);
  };
  add("source", -1, false), add("a", 0, true), add("b", 1, true), add("c", 2, false), add("d", 1, true);
  return net;
}

const std::vector<BusId> kMonitors = {BusId(4), BusId(3), BusId(2), BusId(1), BusId(0)};

TEST(MonitorRanks, DepthAndWhatIsLeftToUpgrade) {
  const MonitorRank base = rank_monitors(small_network(), kMonitors, {});
  EXPECT_EQ(base.depth, (std::vector<int>{2, 3, 2, 1, 0}));
  EXPECT_EQ(base.upgradable, (std::vector<char>{1, 1, 1, 1, 0}));
  const MonitorRank built = rank_monitors(small_network(), kMonitors, {BusId(1), BusId(2)});
  EXPECT_EQ(built.upgradable, (std::vector<char>{1, 0, 0, 0, 0}));
}

//! Voltage change violated for sure; `changes` by monitor (d, c, b, a, source), +-0.001 %-points.
bool near_with(const std::vector<double>& changes, std::uint32_t violations = limit_vdiff) {
  Answer a;
  a.set_vdiff(*std::max_element(changes.begin(), changes.end()));
  a.q.violations = violations;
  return near_limit(a.q, a.range, kLimits, kPass, a.margins, rank_monitors(small_network(), kMonitors, {}),
                    [&](std::size_t m) { return std::pair(changes[m] - 0.001, changes[m] + 0.001); });
}

TEST(NearLimit, WhichBusIsUpgradedFirst) {
  EXPECT_FALSE(near_with({2, 5, 4, 3.5, 1})) << "c is deepest for sure";
  EXPECT_FALSE(near_with({3, 5, 4, 3.5, 1})) << "d is in doubt, but not as deep as c";
  EXPECT_TRUE(near_with({5, 3, 2, 3.5, 1})) << "c is in doubt and deeper than d";
  EXPECT_TRUE(near_with({5, 2, 3, 3.5, 1})) << "b is in doubt and as deep as d: monitors' order decides";
  EXPECT_FALSE(near_with({5, 2, 4, 3.5, 3.0})) << "the source has no line to upgrade";
}

TEST(NearLimit, OtherLimitsViolatedAreForAcToRank) {
  EXPECT_TRUE(near_with({2, 5, 4, 3.5, 1}, limit_vdiff | limit_emergency));
  EXPECT_TRUE(near_with({2, 5, 4, 3.5, 1}, limit_vmax));
  EXPECT_FALSE(near_with({2, 5, 4, 3.5, 1}, limit_vdiff | limit_island));
  EXPECT_FALSE(near_with({2, 2, 2, 2, 2}, 0));
}

}  // namespace
}  // namespace gridqueue
