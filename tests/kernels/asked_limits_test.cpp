// Limits below 1 kV, those that a study asks for, and no-load currents, against a count of our own over whole days.
#include <gtest/gtest.h>

#include <numbers>

#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

constexpr double kLowKv = 0.277;  // line to neutral

//! A delta-wye transformer (`ratio` less than nominal) to a bus below 1 kV with loads, at the end of the depth-first
//! order; with `no_load` [pu of 100 A at its parent's side] between neighbouring phases.
Network with_secondary(Network net, double ratio, double no_load = 0) {
  BusId parent(net.buses.size() - 1);
  while (!net.three_phase(parent)) parent = net.buses[parent.index()].parent;
  Bus& above = net.buses[parent.index()];
  Bus low = above;
  low.name = "low", low.parent = parent, low.kv_base = kLowKv;
  low.y_shunt = {};
  low.branch = {};
  low.branch.kind = BranchKind::transformer, low.branch.name = "transformer.low";
  low.branch.normal_amps = 40, low.branch.emergency_amps = 50;
  for (std::size_t n = 0; n < 3; ++n) {
    const double k = ratio * kLowKv / above.kv_base / std::sqrt(3.0);
    low.branch.z[n][n] = {0.02, 0.02};
    low.branch.a[n][n] = low.branch.i_terminal1[n][n] = k;
    low.branch.a[n][(n + 1) % 3] = low.branch.i_terminal1[(n + 1) % 3][n] = -k;
    low.branch.y_terminal1[n][n] = -no_load * 100 / (above.kv_base * 1e3) * Complex(0.3, -1);
    low.branch.y_terminal1[n][(n + 1) % 3] = no_load * 10 / (above.kv_base * 1e3) * Complex(0.3, -1);
    low.v_initial[n] =
        low.branch.a[n][n] * above.v_initial[n] + low.branch.a[n][(n + 1) % 3] * above.v_initial[(n + 1) % 3];
    Load load = net.loads.back();
    load.name = "load.low" + std::to_string(n), load.bus = BusId(net.buses.size()), load.node = static_cast<int>(n);
    load.kv = kLowKv, load.kw = 30.0 + 25.0 * static_cast<double>(n), load.kvar = 10;
    net.loads.push_back(load);
  }
  low.v_base = low.v_initial;
  net.buses.push_back(low);
  if (net.three_phase(BusId(net.buses.size() - 1))) net.candidate_buses.emplace_back(net.buses.size() - 1);
  net.validate();
  return net;
}

EvaluatorOptions double_options(const Network& network) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = Precision::dual;
  return options;
}

StateBatch one_state(const StateBatch& all, std::size_t i) {
  StateBatch one;
  one.upgrade_sets = all.upgrade_sets;
  one.add_state_of(all, i);
  return one;
}

//! A traced day, bus by bus.
class Day {
 public:
  Day(const Network& network, const StateBatch& state) : net_(network) {
    trace_ = make_evaluator(network, double_options(network))->trace(state);
    for (const Bus& b : network.buses) first_.push_back(nodes_), nodes_ += static_cast<std::size_t>(b.num_nodes);
  }
  [[nodiscard]] NodeVector voltage(std::size_t step, std::size_t bus) const {
    NodeVector v{};
    for (std::size_t n = 0; n < static_cast<std::size_t>(net_.buses[bus].num_nodes); ++n)
      v[n] = trace_.voltage[step * nodes_ + first_[bus] + n];
    return v;
  }
  [[nodiscard]] double ratio(std::size_t step, std::size_t regulator) const {
    return net_.regulators[regulator].ratio(trace_.tap[step * net_.regulators.size() + regulator]);
  }
  //! J of a branch whose impedance couples no phases, V_c = t A V_p + t^2 Z J; at the source V_p is E.
  [[nodiscard]] NodeVector current(std::size_t step, std::size_t bus,
                                   const std::array<double, 3>& t = {1, 1, 1}) const {
    const Bus& b = net_.buses[bus];
    const NodeVector v = voltage(step, bus), above = bus == 0 ? net_.source_voltage : voltage(step, b.parent.index());
    NodeVector j{};
    for (std::size_t n = 0; n < 3; ++n) {
      Complex from = bus == 0 ? above[n] : 0;
      for (std::size_t m = 0; m < 3 && bus > 0; ++m) from += t[n] * b.branch.a[n][m] * above[m];
      j[n] = (v[n] - from) / (t[n] * t[n] * b.branch.z[n][n]);
    }
    return j;
  }

 private:
  const Network& net_;
  DayTrace trace_;
  std::vector<std::size_t> first_;
  std::size_t nodes_ = 0;
};

//! [pu] largest of sign * voltage of the buses below 1 kV, or of the others.
double extreme_voltage(const Network& net, const Day& day, bool low, double sign) {
  double most = -1e9;
  for (std::size_t k = 0; k < net.num_steps(); ++k)
    for (std::size_t b = 0; b < net.buses.size(); ++b)
      for (std::size_t n = 0; n < static_cast<std::size_t>(net.buses[b].num_nodes); ++n)
        if ((net.buses[b].name == "low") == low)
          most = std::max(most, sign * std::abs(day.voltage(k, b)[n]) / (net.buses[b].kv_base * 1e3));
  return sign * most;
}

TEST(LowVoltage, IsBelowOneKilovoltBetweenPhases) {
  Bus bus;
  for (const auto& [kv, low] : {std::pair(0.4, true), {0.999, true}, {1.0, false}, {4.16, false}, {0.208, true}}) {
    bus.kv_base = kv / std::sqrt(3.0);
    EXPECT_EQ(low_voltage(bus), low) << kv;
    bus.kv_base = kv / std::numbers::sqrt3;
    EXPECT_EQ(low_voltage(bus), low) << kv;
  }
}

TEST(LowVoltage, NodesHaveExtremesOfTheirOwn) {
  SyntheticFeeder feeder(40, 3);
  const Network net = with_secondary(feeder.network(), 0.9);
  const StateBatch states = feeder.states(12);
  const auto evaluator = make_evaluator(net, double_options(net));
  const auto answers = evaluator->evaluate(states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const Day day(net, one_state(states, i));
    EXPECT_NEAR(answers[i][limit_lv_vmax].value, extreme_voltage(net, day, true, 1), 1e-9) << i;
    EXPECT_NEAR(answers[i][limit_lv_vmin].value, extreme_voltage(net, day, true, -1), 1e-9) << i;
    EXPECT_NEAR(answers[i][limit_vmax].value, extreme_voltage(net, day, false, 1), 1e-9) << i;
    EXPECT_NEAR(answers[i][limit_vmin].value, extreme_voltage(net, day, false, -1), 1e-9) << i;
    EXPECT_EQ(NodeId(answers[i][limit_lv_vmin].place).bus(), BusId(net.buses.size() - 1));
    EXPECT_LT(NodeId(answers[i][limit_vmin].place).bus(), BusId(net.buses.size() - 1));
    const NodeVector v = day.voltage(static_cast<std::size_t>(answers[i][limit_lv_vmin].step), net.buses.size() - 1);
    EXPECT_NEAR(std::abs(v[static_cast<std::size_t>(NodeId(answers[i][limit_lv_vmin].place).position())]),
                answers[i][limit_lv_vmin].value * kLowKv * 1e3, 1e-6);
  }
}

//! The base case is far too low there, and only there; a unit at the bus helps, one that raises the rest does not hurt.
TEST(LowVoltage, IsJudgedByItsOwnThresholdsAndNoWorseThanTheBaseCase) {
  SyntheticFeeder feeder(40, 3);
  const Network net = with_secondary(feeder.network(), 0.9);
  EvaluatorOptions options = double_options(net);
  options.limits.vmax_pu = 1.5, options.limits.vmin_pu = 0.5;
  const auto evaluator = make_evaluator(net, options);
  EXPECT_TRUE(evaluator->thresholds()[limit_vmin].uniform());
  ASSERT_FALSE(evaluator->thresholds()[limit_lv_vmin].uniform());
  StateBatch states;
  states.finish_state(UpgradeSetId(0));
  const BusId low(net.buses.size() - 1);
  states.add_der(low, 2400);
  states.finish_state(UpgradeSetId(0));
  const auto answers = evaluator->evaluate(states);
  EXPECT_LT(answers[0][limit_lv_vmin].value, 0.94);
  EXPECT_EQ(answers[0].violations & (limit_lv_vmin | limit_lv_vmax), 0u);
  EXPECT_NEAR(answers[0][limit_lv_vmin].excess.value, -0.001, 1e-9);
  EXPECT_EQ(answers[1].violations & (limit_lv_vmin | limit_lv_vmax | limit_vmax), std::uint32_t{limit_lv_vmax});
  EXPECT_EQ(NodeId(answers[1][limit_lv_vmax].excess.place).bus(), low);
  options.limits.lv_vmax_pu = 3;
  EXPECT_EQ(make_evaluator(net, options)->evaluate(states)[1].violations & limit_lv_vmax, 0u);
}

TEST(LowVoltage, AFeederWithoutSuchBusesHasNoValue) {
  for (const Mapping mapping : {Mapping::lanes, Mapping::team}) {
    EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
    options.mapping = mapping;
    const auto evaluator = make_evaluator(radial(), options);
    for (const Quantities& q : evaluator->evaluate(some_states(3)))
      for (LimitBit bit : {limit_lv_vmax, limit_lv_vmin, limit_reverse_power, limit_unbalance}) {
        EXPECT_TRUE(std::isnan(q[bit].value) && std::isnan(q[bit].excess.value)) << limit_info(bit).name;
        EXPECT_EQ(q[bit].place, -1);
        EXPECT_EQ(q[bit].step, -1);
        EXPECT_EQ(q[bit].excess.place, -1);
        EXPECT_EQ(q.violations & bit, 0u);
      }
  }
}

TEST(LowVoltage, AFeederWithoutOthersHasNoValueAbove) {
  Network net = radial();
  for (Bus& b : net.buses) b.kv_base /= 1000;
  for (Load& l : net.loads) l.kv /= 1000;
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  const auto compiled = make_evaluator(radial(), options)->evaluate(some_states(1)).front();
  EXPECT_FALSE(std::isnan(compiled[limit_vmax].value));
  for (Bus& b : net.buses) {
    for (auto* v : {&b.v_initial, &b.v_base})
      for (Complex& x : *v) x /= 1000;
    for (auto* m : {&b.branch.z})
      for (auto& row : *m)
        for (Complex& x : row) x /= 1e6;
    for (auto* m : {&b.y_shunt, &b.branch.y_line})
      for (auto& row : *m)
        for (Complex& x : row) x *= 1e6;
    b.branch.normal_amps *= 1000, b.branch.emergency_amps *= 1000;
  }
  for (Complex& e : net.source_voltage) e /= 1000;
  for (Regulator& r : net.regulators) r.pt_ratio /= 1000, r.kv_winding /= 1000;
  const auto scaled = make_evaluator(net, options)->evaluate(some_states(1)).front();
  EXPECT_TRUE(std::isnan(scaled[limit_vmax].value) && std::isnan(scaled[limit_vmin].value));
  EXPECT_NEAR(scaled[limit_lv_vmax].value, compiled[limit_vmax].value, 1e-9);
  EXPECT_EQ(scaled[limit_lv_vmin].place, compiled[limit_vmin].place);
  EXPECT_EQ(scaled[limit_lv_vmin].step, compiled[limit_vmin].step);
}

//! Below 1 kV teams keep extremes in their scratch.
TEST(LowVoltage, TeamsJudgeAsTheTreeWalk) {
  for (const Precision precision : {Precision::single, Precision::dual})
    for (int buses : {40, 129}) {
      SyntheticFeeder feeder(buses, 3);
      const Network net = with_secondary(feeder.network(), 0.9, 0.05);
      EvaluatorOptions options = double_options(net);
      options.precision = precision;
      const StateBatch states = feeder.states(8);
      const auto lanes = make_evaluator(net, options)->evaluate(states);
      options.mapping = Mapping::team;
      const auto team = make_evaluator(net, options)->evaluate(states);
      for (std::size_t i = 0; i < states.size(); ++i) {
        expect_close(team[i], lanes[i], relative(precision), i);
        EXPECT_NEAR(team[i][limit_lv_vmax].value, lanes[i][limit_lv_vmax].value, relative(precision));
        EXPECT_NEAR(team[i][limit_lv_vmin].value, lanes[i][limit_lv_vmin].value, relative(precision));
        if (precision == Precision::dual) {
          EXPECT_EQ(team[i][limit_lv_vmin].step, lanes[i][limit_lv_vmin].step);
        }
      }
    }
}

//! Symmetrical components as the books have them.
double unbalance_pct(const NodeVector& v) {
  const Complex a = std::polar(1.0, 2 * std::numbers::pi / 3);
  const double positive = std::abs(v[0] + a * v[1] + a * a * v[2]), negative = std::abs(v[0] + a * a * v[1] + a * v[2]);
  return 100 * std::min(positive, negative) / std::max(positive, negative);
}

TEST(Unbalance, IsNegativeOverPositiveSequence) {
  SyntheticFeeder feeder(40, 3);
  const Network net = with_secondary(feeder.network(), 1);
  EvaluatorOptions options = double_options(net);
  options.limits.unbalance_pct = 0.2;
  const auto evaluator = make_evaluator(net, options);
  const StateBatch states = feeder.states(8);
  const auto answers = evaluator->evaluate(states);
  std::vector<double> base(net.buses.size(), 0);
  for (std::size_t i = 0; i < states.size(); ++i) {  // the first has no unit
    const Day day(net, one_state(states, i));
    std::vector<double> now(net.buses.size(), 0);
    for (std::size_t b = 0; b < net.buses.size(); ++b)
      for (std::size_t k = 0; k < net.num_steps() && net.three_phase(BusId(b)); ++k)
        now[b] = std::max(now[b], unbalance_pct(day.voltage(k, b)));
    if (i == 0) base = now;
    double excess = -1e9;
    for (std::size_t b = 0; b < net.buses.size(); ++b)
      if (net.three_phase(BusId(b))) excess = std::max(excess, now[b] - std::max(0.2, base[b]) - 0.01);
    const LimitQuantity& q = answers[i][limit_unbalance];
    EXPECT_NEAR(q.value, *std::ranges::max_element(now), 1e-7) << i;
    EXPECT_NEAR(q.value, now[static_cast<std::size_t>(q.place)], 1e-7) << i;
    EXPECT_NEAR(q.value,
                unbalance_pct(day.voltage(static_cast<std::size_t>(q.step), static_cast<std::size_t>(q.place))), 1e-7);
    EXPECT_NEAR(q.excess.value, excess, 1e-7) << i;
    EXPECT_EQ((answers[i].violations & limit_unbalance) != 0, excess > 0) << i;
  }
  EXPECT_GT(answers[0][limit_unbalance].value, 0.2);  // or the base case would not count
  EXPECT_EQ(answers[0].violations & limit_unbalance, 0u);
}

//! [kW] towards the source at a step, as the place counts: 0 = the source, then regulators.
double reverse_kw(const Network& net, const Day& day, std::size_t step, std::size_t place) {
  const std::size_t bus = place == 0 ? 0 : net.regulators[place - 1].bus.index();
  std::array<double, 3> t{1, 1, 1};
  for (std::size_t r = 0; r < net.regulators.size() && place > 0; ++r)
    if (net.regulators[r].bus.index() == bus) t[static_cast<std::size_t>(net.regulators[r].node)] = day.ratio(step, r);
  const NodeVector v = day.voltage(step, bus), j = day.current(step, bus, t);
  double watts = 0;
  for (std::size_t n = 0; n < 3; ++n)
    if (place == 0 || static_cast<std::size_t>(net.regulators[place - 1].node) == n)
      watts += (v[n] * std::conj(j[n])).real();
  return watts / 1e3;
}

TEST(ReversePower, IsWhatFlowsTowardsTheSourceThroughEachRegulator) {
  SyntheticFeeder feeder(60, 5);
  const Network& net = feeder.network();
  ASSERT_GE(net.regulators.size(), 3u);
  EvaluatorOptions options = double_options(net);
  options.limits.reverse_power_kw = 0;
  const auto evaluator = make_evaluator(net, options);
  EXPECT_TRUE(evaluator->thresholds()[limit_reverse_power].uniform());
  StateBatch states = feeder.states(8);
  for (double kw : {700.0, 1500.0}) {
    states.add_der(net.regulators.back().bus, kw);
    states.finish_state(UpgradeSetId(0));
  }
  const auto answers = evaluator->evaluate(states);
  int violated = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const Day day(net, one_state(states, i));
    double most = -1e9;
    for (std::size_t place = 0; place <= net.regulators.size(); ++place)
      for (std::size_t k = 0; k < net.num_steps(); ++k) most = std::max(most, reverse_kw(net, day, k, place));
    const LimitQuantity& q = answers[i][limit_reverse_power];
    EXPECT_NEAR(q.value, most, 0.02) << i;  // currents from differences of voltages
    EXPECT_NEAR(reverse_kw(net, day, static_cast<std::size_t>(q.step), static_cast<std::size_t>(q.place)), most, 0.02);
    EXPECT_EQ((answers[i].violations & limit_reverse_power) != 0, q.value > 0.1) << i;
    violated += q.value > 0.1;
  }
  EXPECT_LE(answers[0][limit_reverse_power].value, 1e-6);  // without units all of it flows the other way
  EXPECT_GT(violated, 0);
  EXPECT_LT(violated, static_cast<int>(states.size()));
}

//! Generation of the feeder's own flows back through a regulator before anyone connects.
TEST(ReversePower, OfTheBaseCaseMayNotGrow) {
  SyntheticFeeder feeder(60, 5);
  Network net = feeder.network();
  const Regulator& r = net.regulators.back();
  Load sun = net.loads.front();
  sun.name = "generator.own", sun.bus = r.bus, sun.node = r.node, sun.model = LoadModel::generation;
  sun.kw = -1500, sun.kvar = 0, sun.vmin_pu = 0.9, sun.vmax_pu = 1.1;
  const auto at = std::ranges::upper_bound(net.loads, std::pair(sun.bus, sun.node), {},
                                           [](const Load& l) { return std::pair(l.bus, l.node); });
  net.loads.insert(at, sun);
  EvaluatorOptions options = double_options(net);
  options.limits.reverse_power_kw = 0;
  const auto evaluator = make_evaluator(net, options);
  ASSERT_FALSE(evaluator->thresholds()[limit_reverse_power].uniform());
  StateBatch states;
  states.finish_state(UpgradeSetId(0));
  states.add_der(r.bus, 3000);
  states.finish_state(UpgradeSetId(0));
  const auto answers = evaluator->evaluate(states);
  EXPECT_GT(answers[0][limit_reverse_power].value, 100);
  EXPECT_EQ(answers[0].violations & limit_reverse_power, 0u);
  EXPECT_EQ(answers[1].violations & limit_reverse_power, std::uint32_t{limit_reverse_power});
}

TEST(AskedLimits, FloatAndThreadsAndNeighboursDecideAsDouble) {
  SyntheticFeeder feeder(60, 5);
  const Network net = with_secondary(feeder.network(), 0.95);
  EvaluatorOptions options = double_options(net);
  options.limits.reverse_power_kw = 0, options.limits.unbalance_pct = 0.2;
  const StateBatch states = feeder.states(24);
  const auto exact = make_evaluator(net, options)->evaluate(states);
  options.precision = Precision::single;
  const auto single = make_evaluator(net, options);
  const auto all = single->evaluate(states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ(exact[i].violations, all[i].violations) << i;
    EXPECT_NEAR(exact[i][limit_unbalance].value, all[i][limit_unbalance].value, 1e-3) << i;
    EXPECT_NEAR(exact[i][limit_reverse_power].value, all[i][limit_reverse_power].value, 0.1) << i;
    expect_identical(single->evaluate(one_state(states, i)).front(), all[i], i);
  }
}

TEST(AskedLimits, ATeamRefusesThemByName) {
  SyntheticFeeder feeder(40, 3);
  for (auto [limit, word] : {std::pair{&Limits::unbalance_pct, "unbalance"}, {&Limits::reverse_power_kw, "reverse"}}) {
    EvaluatorOptions options = double_options(feeder.network());
    options.mapping = Mapping::team;
    options.limits.*limit = 1;
    try {
      (void)make_evaluator(feeder.network(), options);
      FAIL() << word;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
    }
  }
}

//! I_1 = i_terminal1 J + y_terminal1 V_p; nothing else is rated.
TEST(NoLoad, CountsAtTerminalOne) {
  SyntheticFeeder feeder(40, 3);
  for (const double no_load : {0.0, 0.1}) {
    Network net = with_secondary(feeder.network(), 1, no_load);
    for (Bus& b : net.buses)
      if (b.name != "low") b.branch.normal_amps = b.branch.emergency_amps = 0;
    const StateBatch states = feeder.states(4);
    const auto answers = make_evaluator(net, double_options(net))->evaluate(states);
    const std::size_t low = net.buses.size() - 1;
    const Branch& branch = net.buses[low].branch;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const Day day(net, one_state(states, i));
      double largest = 0;
      for (std::size_t k = 0; k < net.num_steps(); ++k) {
        const NodeVector j = day.current(k, low), v = day.voltage(k, net.buses[low].parent.index());
        for (std::size_t n = 0; n < 3; ++n) {
          Complex amps = 0;
          for (std::size_t m = 0; m < 3; ++m) amps += branch.i_terminal1[n][m] * j[m] + branch.y_terminal1[n][m] * v[m];
          largest = std::max(largest, std::abs(amps));
        }
      }
      EXPECT_NEAR(answers[i][limit_emergency].value, 100 * largest / branch.emergency_amps, 1e-4) << i;
    }
  }
}

}  // namespace
}  // namespace gridqueue
