// Teams of lanes (prefix sums) against the tree walk: the same source that a GPU's warps and blocks run, emulated.
#include <gtest/gtest.h>

#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/team/team_cpu.hpp"
#include "kernels/team/team_feeder.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

template <class Real>
std::unique_ptr<Evaluator> team(const Network& network, EvaluatorOptions options, int lanes = 0,
                                LaneOrder order = LaneOrder::forward) {
  return make_batched_evaluator<Real>(network, options, [&](const CompiledFeeder<Real>& feeder) {
    DeviceDays<Real> days;
    days.push_back(make_emulated_team_day(feeder, lanes, order));
    return days;
  });
}

template <class Real>
void compare(const Network& network, const EvaluatorOptions& options, const StateBatch& batch, int lanes) {
  const auto reference = make_evaluator(network, options)->evaluate(batch);
  const auto found = team<Real>(network, options, lanes)->evaluate(batch);
  ASSERT_EQ(found.size(), reference.size());
  for (std::size_t i = 0; i < found.size(); ++i) expect_close(found[i], reference[i], relative(options.precision), i);
}

EvaluatorOptions options_for(const Network& network, Precision precision) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = precision;
  return options;
}

TEST(Team, IsTheTreeWalkOnTheRadialFeederInDouble) {
  compare<double>(radial(), radial_options(Backend::cpu, Precision::dual), some_states(48), 0);
}
TEST(Team, IsTheTreeWalkOnTheRadialFeederInFloat) {
  compare<float>(radial(), radial_options(Backend::cpu, Precision::single), some_states(48), 0);
}

//! Regulators of different delays, with line-drop compensation, below a load tap changer that goes by its highest
//! phase.
Network with_controls(Network net) {
  for (std::size_t i = 0; i < net.regulators.size(); ++i) {
    Regulator& r = net.regulators[i];
    r.delay_s = 15.0 * static_cast<double>(1 + i / 3 % 3);
    r.ldc_r = 2, r.ldc_x = 1;
  }
  Regulator head;
  head.name = "transformer.sub", head.control = "regcontrol.sub";
  head.bus = BusId(1), head.gang = true;
  head.vreg = 121, head.band = 2, head.pt_ratio = 60, head.kv_winding = 7.2, head.tap_step = 0.00625;
  head.tap_min = -16, head.tap_max = 16, head.delay_s = 30;
  head.measured_bus = BusId(1), head.measured.node = {0, 1, 2}, head.measured_pt_ratio = 60;
  net.regulators.insert(net.regulators.begin(), head);
  net.validate();
  return net;
}

TEST(Team, IsTheTreeWalkWithEveryControlThatALaneSees) {
  for (unsigned seed : {1u, 2u}) {
    SyntheticFeeder feeder(129, seed);
    const Network net = with_controls(feeder.network());
    compare<double>(net, options_for(net, Precision::dual), feeder.states(8), 0);
    const DayTrace day = make_evaluator(net, options_for(net, Precision::dual))->trace(feeder.states(1));
    EXPECT_NE(day.tap.front(), 0);  // the changer's own has left where it started
  }
}

TEST(Team, CannotMeasureAtAnotherBus) {
  Network net = with_controls(SyntheticFeeder(29, 1).network());
  net.regulators[0].measured_bus = BusId(2);
  EXPECT_THROW(team<double>(net, options_for(net, Precision::dual)), Error);
}

//! (buses, lanes): one lane, a lane too few in the last group, a warp, more than a warp, a block.
struct Sizes : testing::TestWithParam<std::pair<int, int>> {};
TEST_P(Sizes, IsTheTreeWalkOnASyntheticFeeder) {
  const auto [buses, lanes] = GetParam();
  for (unsigned seed : {1u, 2u}) {
    SyntheticFeeder feeder(buses, seed);
    const StateBatch batch = feeder.states(8);
    compare<double>(feeder.network(), options_for(feeder.network(), Precision::dual), batch, lanes);
    compare<float>(feeder.network(), options_for(feeder.network(), Precision::single), batch, lanes);
  }
}
INSTANTIATE_TEST_SUITE_P(Team, Sizes,
                         testing::Values(std::pair{3, 1}, std::pair{4, 1}, std::pair{29, 8}, std::pair{128, 0},
                                         std::pair{129, 0}, std::pair{300, 77}, std::pair{700, 0}),
                         [](const auto& p) {
                           return std::to_string(p.param.first) + "_buses_" + std::to_string(p.param.second) + "_lanes";
                         });

//! A lane that read what another one writes between two barriers would see another number in another order.
TEST(Team, OrderOfLanesChangesNoBit) {
  SyntheticFeeder feeder(200, 3);
  const StateBatch batch = feeder.states(12);
  const EvaluatorOptions options = options_for(feeder.network(), Precision::single);
  const auto forward = team<float>(feeder.network(), options)->evaluate(batch);
  const auto backward = team<float>(feeder.network(), options, 0, LaneOrder::backward)->evaluate(batch);
  for (std::size_t i = 0; i < forward.size(); ++i) expect_identical(forward[i], backward[i], i);
}

TEST(Team, SyntheticFeedersAreWorthComparing) {
  SyntheticFeeder feeder(300, 1);
  const StateBatch batch = feeder.states(16);
  const auto found = make_evaluator(feeder.network(), options_for(feeder.network(), Precision::dual))->evaluate(batch);
  EXPECT_GE(feeder.network().regulators.size(), 6u);
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Quantities& q) { return q.taps_min < q.taps_max; }));
  EXPECT_TRUE(
      std::any_of(found.begin(), found.end(), [](const Quantities& q) { return !q.overloaded_branches.empty(); }));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Quantities& q) { return q.violations == 0; }))
      << found[0].violations;
  EXPECT_TRUE(std::all_of(found.begin(), found.end(), [](const Quantities& q) { return q.converged; }));
}

TEST(Team, LanesOfAGpusTeamAreWholeWarps) {
  EXPECT_EQ(team_lanes(1), 32);
  EXPECT_EQ(team_lanes(128), 32);
  EXPECT_EQ(team_lanes(129), 64);
  EXPECT_EQ(team_lanes(1000), 256);
}

}  // namespace
}  // namespace gridqueue
