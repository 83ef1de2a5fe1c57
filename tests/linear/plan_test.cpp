// Which feeders can be linearized, and at which steps quantities are looked at.
#include <gmock/gmock.h>

#include "host/linear/linear_evaluator.hpp"
#include "host/linear/linear_plan.hpp"
#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Availability, RadialFeederCanBeLinearized) { EXPECT_EQ(linear_unavailable_reason(radial()), ""); }

TEST(Availability, SecondBankIsRefused) {
  Network net = radial();
  net.buses[bus("bus_5").index()].branch.kind = BranchKind::regulator;
  EXPECT_THAT(linear_unavailable_reason(net), HasSubstr("2 banks"));
}

TEST(Availability, BankOfTwoIsRefused) {
  Network net = radial();
  net.regulators.pop_back();
  EXPECT_THAT(linear_unavailable_reason(net), HasSubstr("three phases"));
}

TEST(Availability, TransformerOffTheWayIsRefused) {
  Network net = radial();
  std::find_if(net.buses.begin(), net.buses.end(), [](const Bus& b) { return b.num_nodes == 1; })->branch.kind =
      BranchKind::transformer;
  EXPECT_THAT(linear_unavailable_reason(net), HasSubstr("no line"));
}

TEST(Availability, BusesBelowOneKilovoltAreRefused) {
  Network net = radial();
  net.buses.back().kv_base = 0.277;
  EXPECT_THAT(linear_unavailable_reason(net), AllOf(HasSubstr(net.buses.back().name), HasSubstr("below 1 kV")));
}

TEST(Availability, LimitsThatOnlyAcJudgesAreLeftToIt) {
  Limits limits;
  limits.unbalance_pct = 3;
  EXPECT_THAT(linear_unavailable_reason(radial(), limits), HasSubstr("'unbalance'"));
  limits = {};
  limits.reverse_power_kw = 0;
  EXPECT_THAT(linear_unavailable_reason(radial(), limits), HasSubstr("'reverse_power'"));
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
  options.limits = limits;
  const auto ac = make_evaluator(radial(), options);
  const auto why = answered_in_ac(*ac);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, near_feeder);
  EXPECT_THAT(why->text, HasSubstr("'reverse_power'"));
}

class Steps : public testing::Test {
 protected:
  const CompiledFeeder<double> feeder = compile_feeder<double>(radial(), radial_options(Backend::cpu, Precision::dual));
  const LinearPlan plan = make_linear_plan(radial(), feeder, {bus("bus_26")});
  const std::vector<RunLevel> runs = run_levels(feeder);
};

//! A linear function of (sun, load) is nowhere larger than at the corners: so is a convex one.
TEST_F(Steps, CornersHoldTheLargestOfEveryLinearFunction) {
  for (int degree = 0; degree < 360; ++degree) {
    const Complex direction = std::polar(1.0, degree * 3.14159265358979 / 180);
    const auto value = [&](const RunLevel& s) { return direction.real() * s.sun + direction.imag() * s.load; };
    double largest = -1e30, at_corners = -1e30;
    for (const RunLevel& s : runs) largest = std::max(largest, value(s));
    for (std::int32_t k : plan.corners) at_corners = std::max(at_corners, value(runs[static_cast<std::size_t>(k)]));
    EXPECT_NEAR(at_corners, largest, 1e-12) << degree;
  }
  EXPECT_LT(plan.corners.size(), 60u);
}

TEST_F(Steps, PairsHoldTheLargestChangesOfSunAndLoad) {
  double sun = 0, load = 0, sun_seen = 0, load_seen = 0;
  const auto changes = [&](std::size_t k, double& s, double& l) {
    s = std::max(s, std::abs(runs[k].sun - runs[k - 1].sun));
    l = std::max(l, std::abs(runs[k].load - runs[k - 1].load));
  };
  for (std::size_t k = 1; k < runs.size(); ++k) changes(k, sun, load);
  for (std::size_t i = 0; i < plan.pairs.size(); ++i) {
    const auto k = static_cast<std::size_t>(plan.pairs[i]);
    changes(k, sun_seen, load_seen);
    EXPECT_EQ(runs[k].load == runs[k - 1].load, static_cast<std::int32_t>(i) < plan.steady_pairs);
  }
  EXPECT_EQ(sun_seen, sun);
  EXPECT_EQ(load_seen, load);
}

TEST_F(Steps, LevelsSpanTheDaysLoads) {
  for (const RunLevel& s : runs) {
    EXPECT_GE(s.load, plan.levels[level_low] - 1e-12);
    EXPECT_LE(s.load, plan.levels[level_high] + 1e-12);
  }
  EXPECT_DOUBLE_EQ(plan.levels[level_middle], 0.5 * (plan.levels[level_low] + plan.levels[level_high]));
}

}  // namespace
}  // namespace gridqueue
