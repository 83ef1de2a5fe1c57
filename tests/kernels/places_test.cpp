// "No worse than the base case", place by place: against a count of our own over whole days, on feeders that are beyond
// their limits before anyone connects.
#include <gtest/gtest.h>

#include "kernels/ac/quantities.hpp"
#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/team/team_cpu.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

constexpr double kTight = 0.01;  // [pu] some nodes are beyond it in the base case

EvaluatorOptions double_options(const Network& network) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = Precision::dual;
  return options;
}

EvaluatorOptions tight_options(const Network& network) {
  EvaluatorOptions options = double_options(network);
  options.limits.vmax_pu = 1 + kTight, options.limits.vmin_pu = 1 - kTight;
  options.limits.vdiff_pct = 0.2, options.limits.emergency_pct = 20;
  return options;
}

StateBatch one_state(const StateBatch& all, std::size_t i) {
  StateBatch one;
  one.upgrade_sets = all.upgrade_sets;
  one.add_state_of(all, i);
  return one;
}
StateBatch base_state() {
  StateBatch base;
  base.finish_state(UpgradeSetId(0));
  return base;
}

//! [nodes] largest and smallest magnitude of a day, [pu].
struct NodeExtremes {
  std::vector<double> high, low;
  NodeExtremes(const Network& network, const DayTrace& day) {
    for (const Bus& b : network.buses)
      base_.insert(base_.end(), static_cast<std::size_t>(b.num_nodes), b.kv_base * 1e3);
    high.assign(base_.size(), 0), low.assign(base_.size(), 10);
    for (std::size_t k = 0; k < day.voltage.size(); ++k) {
      const std::size_t n = k % base_.size();
      const double pu = std::abs(day.voltage[k]) / base_[n];
      high[n] = std::max(high[n], pu), low[n] = std::min(low[n], pu);
    }
  }

 private:
  std::vector<double> base_;
};

//! Largest excess of the voltages by hand.
double voltage_excess(const std::vector<double>& base, const std::vector<double>& now, double limit, double sign) {
  double worst = -10;
  for (std::size_t n = 0; n < base.size(); ++n) {
    const double bound = sign > 0 ? std::max(limit, base[n]) : std::min(limit, base[n]);
    worst = std::max(worst, sign * (now[n] - bound) - Limits().voltage_tolerance_pu);
  }
  return worst;
}

TEST(Places, VoltagesAreJudgedNodeByNode) {
  SyntheticFeeder feeder(40, 3);
  const auto evaluator = make_evaluator(feeder.network(), tight_options(feeder.network()));
  ASSERT_FALSE(evaluator->thresholds()[limit_vmax].uniform());
  const StateBatch states = feeder.states(24);
  const auto answers = evaluator->evaluate(states);
  const NodeExtremes base(feeder.network(), evaluator->trace(base_state()));
  int violated = 0, passed = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const NodeExtremes now(feeder.network(), evaluator->trace(one_state(states, i)));
    const double high = voltage_excess(base.high, now.high, 1 + kTight, 1);
    const double low = voltage_excess(base.low, now.low, 1 - kTight, -1);
    EXPECT_NEAR(answers[i][limit_vmax].excess.value, high, 1e-9) << i;
    EXPECT_NEAR(answers[i][limit_vmin].excess.value, low, 1e-9) << i;
    EXPECT_EQ((answers[i].violations & limit_vmax) != 0, high > 0) << i;
    EXPECT_EQ((answers[i].violations & limit_vmin) != 0, low > 0) << i;
    ++(high > 0 || low > 0 ? violated : passed);
  }
  EXPECT_GT(violated, 0);
  EXPECT_GT(passed, 0);
}

//! A branch's own loading and hours: those of the feeder on which nothing else is rated.
Network rated_alone(Network network, std::size_t branch) {
  for (std::size_t b = 0; b < network.buses.size(); ++b)
    if (b != branch) network.buses[b].branch.normal_amps = network.buses[b].branch.emergency_amps = 0;
  return network;
}

//! A unit of 0.5 to 5 MW at each candidate bus in turn.
StateBatch large_units(const Network& network, std::size_t count) {
  StateBatch states;
  for (std::size_t i = 0; i < count; ++i) {
    states.add_der(network.candidate_buses[7 * i % network.candidate_buses.size()],
                   500.0 * static_cast<double>(1 + i % 10));
    states.finish_state(UpgradeSetId(0));
  }
  return states;
}

TEST(Places, LoadingsAndHoursAreJudgedBranchByBranch) {
  SyntheticFeeder feeder(30, 6);
  const EvaluatorOptions options = tight_options(feeder.network());
  const auto evaluator = make_evaluator(feeder.network(), options);
  ASSERT_FALSE(evaluator->thresholds()[limit_emergency].uniform());
  const StateBatch states = large_units(feeder.network(), 24);
  const auto answers = evaluator->evaluate(states);
  std::vector<double> emergency(states.size(), -1e9), hours(states.size(), -1e9);
  for (std::size_t b = 1; b < feeder.network().buses.size(); ++b) {
    if (feeder.network().buses[b].branch.normal_amps <= 0) continue;
    const Network network = rated_alone(feeder.network(), b);
    const auto alone = make_evaluator(network, options);
    const Quantities base = alone->evaluate(base_state()).front();
    const auto now = alone->evaluate(states);
    for (std::size_t i = 0; i < states.size(); ++i) {
      emergency[i] =
          std::max(emergency[i], now[i][limit_emergency].value - std::max(20.0, base[limit_emergency].value) - 0.01);
      hours[i] =
          std::max(hours[i], now[i][limit_normal_hours].value - std::max(3.0, base[limit_normal_hours].value) - 0.01);
    }
  }
  int violated = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    EXPECT_NEAR(answers[i][limit_emergency].excess.value, emergency[i], 1e-6) << i;
    EXPECT_NEAR(answers[i][limit_normal_hours].excess.value, hours[i], 1e-9) << i;
    EXPECT_EQ((answers[i].violations & limit_emergency) != 0, emergency[i] > 0) << i;
    violated += emergency[i] > 0;
  }
  EXPECT_GT(violated, 0);
}

//! The radial feeder with ratings of its own.
Network radial_rated(const std::string& line, double normal, double emergency) {
  Network network = radial();
  Branch& branch = network.buses[network.find_branch(line).value().index()].branch;
  branch.normal_amps = normal, branch.emergency_amps = emergency;
  return network;
}

TEST(Places, AnOverloadedTrunkHidesNoOtherBranch) {
  Network network = radial_rated("line1", 60, 80);  // carries the whole feeder: far beyond both
  Branch& lateral = network.buses[network.find_branch("line1113").value().index()].branch;
  StateBatch states;
  states.add_der(network.find_bus("bus_1113").value(), 1500);
  states.finish_state(UpgradeSetId(0));
  for (const Precision precision : {Precision::single, Precision::dual}) {
    EvaluatorOptions options = double_options(network);
    options.precision = precision;
    const Quantities wide = make_evaluator(network, options)->evaluate(states).front();
    EXPECT_EQ(wide.violations & (limit_emergency | limit_normal_hours), 0u);
    EXPECT_GT(wide[limit_emergency].value, 110);
    lateral.normal_amps = 30, lateral.emergency_amps = 40;
    const Quantities narrow = make_evaluator(network, options)->evaluate(states).front();
    EXPECT_NE(narrow.violations & limit_emergency, 0u);
    EXPECT_EQ(network.buses[static_cast<std::size_t>(narrow[limit_emergency].excess.place)].branch.name,
              "line.line1113");
    EXPECT_EQ(std::count(narrow.overloaded_branches.begin(), narrow.overloaded_branches.end(),
                         network.find_branch("line1").value()),
              0);
    lateral.normal_amps = 3000, lateral.emergency_amps = 4000;
  }
}

TEST(Places, AnEmergencyRatingBelowTheNormalOneFindsItsLine) {
  const Network network = radial_rated("line1113", 400, 40);
  StateBatch states;
  states.add_der(network.find_bus("bus_1113").value(), 1500);
  states.finish_state(UpgradeSetId(0));
  const Quantities q = make_evaluator(network, double_options(network))->evaluate(states).front();
  EXPECT_EQ(q.violations & (limit_emergency | limit_normal_hours), std::uint32_t{limit_emergency});
  EXPECT_EQ(q[limit_normal_hours].value, 0);
  EXPECT_EQ(q.overloaded_branches, std::vector<BusId>{network.find_branch("line1113").value()});
}

TEST(Places, OnACleanBaseCaseTheExtremesAreTheExcesses) {
  const auto evaluator = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  EXPECT_TRUE(evaluator->thresholds().uniform());
  for (const Quantities& q : evaluator->evaluate(some_states(40))) {
    EXPECT_EQ(q[limit_vmax].excess.value, q[limit_vmax].value - (1.05 + 0.001));
    EXPECT_EQ(q[limit_vmax].excess.place, q[limit_vmax].place);
    EXPECT_EQ(q[limit_vmin].excess.value, 0.95 - 0.001 - q[limit_vmin].value);
    EXPECT_EQ(q[limit_vdiff].excess.value, q[limit_vdiff].value - (3 + 0.01));
    EXPECT_EQ(q[limit_vdiff].excess.place, q[limit_vdiff].place);
    EXPECT_EQ(q[limit_emergency].excess.value, q[limit_emergency].value - (100 + 0.01));
    EXPECT_EQ(q[limit_normal_hours].excess.value, q[limit_normal_hours].value - (3 + 0.01));
  }
}

//! A bus that counts only beside a DER has a base value all the same.
TEST(Places, ABusOfAUnitMayChangeAsMuchAsItDidBefore) {
  EvaluatorOptions options = double_options(radial());
  options.limits.vdiff_pct = 0.1;
  options.monitors.buses = {radial().find_bus("bus_f").value()};
  const auto evaluator = make_evaluator(radial(), options);
  const BusId bus = radial().find_bus("bus_31").value();
  StateBatch states;
  states.add_der(bus, 0.01);
  states.finish_state(UpgradeSetId(0));
  const Quantities q = evaluator->evaluate(states).front();
  EXPECT_EQ(q[limit_vdiff].place, bus.value);
  EXPECT_GT(q[limit_vdiff].value, 0.3);  // the loads' own changes
  EXPECT_EQ(q.violations & limit_vdiff, 0u);
}

TEST(Places, AnAreaThatFailsMayNotGetWorse) {
  EvaluatorOptions options = double_options(radial());
  options.limits.island_p_fraction = 2, options.limits.island_q_fraction = 2;  // no load is that even
  const auto evaluator = make_evaluator(radial(), options);
  PlaceBounds bounds{0, 0, 1, {}};
  bounds.admit(1, 5, 3);
  bounds.admit(2, -1, 3);
  EXPECT_EQ(bounds.at, (std::vector<double>{0, 5, 0}));
  EXPECT_GT(bounds.excess(6, 1), 0);
  EXPECT_LT(bounds.excess(4, 1), 0);
  EXPECT_GT(bounds.excess(1, 2), 0);
  EXPECT_EQ(evaluator->evaluate(base_state()).front().violations & limit_island, 0u);
}

//! Flows that change their direction.
TEST(Places, IslandExcessesAreJudgedAreaByArea) {
  const Limits limits;
  const AreaFlow failing{{-50, 200, 0}, {-50, 100, 0}};
  EXPECT_GT(island_excess(failing, limits), 0);
  Thresholds pass = Thresholds(limits);
  pass[limit_island].admit(1, island_excess(failing, limits) + island_tolerance(failing, limits), 2);
  EXPECT_GT(pass[limit_island].excess(island_excess(failing, limits), 0), 0);
  EXPECT_LT(pass[limit_island].excess(island_excess(failing, limits), 1), 0);
  const AreaFlow worse{{-60, 300, 0}, {-60, 200, 0}};
  EXPECT_GT(pass[limit_island].excess(island_excess(worse, limits), 1), 0);
}

void expect_same_verdicts(Evaluator& a, Evaluator& b, const StateBatch& states, double relative) {
  const auto x = a.evaluate(states), y = b.evaluate(states);
  for (std::size_t i = 0; i < x.size(); ++i) {
    expect_close(x[i], y[i], relative, i);
    for (const LimitInfo& l : kLimits)
      if (!std::isnan(x[i][l.bit].excess.value) || !std::isnan(y[i][l.bit].excess.value)) {
        EXPECT_NEAR(x[i][l.bit].excess.value, y[i][l.bit].excess.value, 1000 * relative) << i << ' ' << l.name;
      }
  }
}

TEST(Places, TeamsJudgeAsTheTreeWalk) {
  SyntheticFeeder feeder(40, 3);
  EvaluatorOptions options = tight_options(feeder.network());
  const StateBatch states = feeder.states(12);
  const auto lanes = make_evaluator(feeder.network(), options);
  options.mapping = Mapping::team;
  const auto team = make_evaluator(feeder.network(), options);
  expect_same_verdicts(*lanes, *team, states, 1e-9);
}

TEST(Places, FloatJudgesAsDouble) {
  SyntheticFeeder feeder(40, 3);
  EvaluatorOptions options = tight_options(feeder.network());
  const StateBatch states = feeder.states(24);
  const auto exact = make_evaluator(feeder.network(), options);
  options.precision = Precision::single;
  const auto single = make_evaluator(feeder.network(), options);
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_EQ(exact->evaluate(one_state(states, i)).front().violations,
              single->evaluate(one_state(states, i)).front().violations)
        << i;
  EXPECT_EQ(single->evaluate(base_state()).front().violations, 0u);
}

}  // namespace
}  // namespace gridqueue
