// The linearized model on feeders that differ from the radial one in what the model treats apart.
#include "host/linear/linear_evaluator.hpp"
#include "tests/kernels/synthetic_feeder.hpp"
#include "tests/linear/support.hpp"

namespace gridqueue {
namespace {

//! Largest differences of the model to AC over random-like states of units that raise voltages by up to 4 %.
struct Differences {
  double vdiff_pct = 0, vmax_pu = 0, vmin_pu = 0, emergency_pct = 0;
  std::size_t other_limits = 0;
};

Differences differences(const Network& net) {
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  options.monitors = monitor_set(net, "all");
  const auto ac = make_evaluator(net, options);
  LinearOptions model;
  model.model = PowerFlow::linear;
  const auto linear = make_linear_evaluator(*ac, model);
  StateBatch states;
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t u = 0; u < i % 5; ++u)
      states.add_der(net.candidate_buses[(11 * i + 5 * u) % net.candidate_buses.size()],
                     30.0 + static_cast<double>((i * 37 + u * 101) % 170));
    states.finish_state(UpgradeSetId(0));
  }
  const auto x = ac->evaluate(states), y = linear->evaluate(states);
  EXPECT_EQ(linear->counters().linear, states.size());
  Differences d;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool by_a_tap = x[i][limit_vdiff].step != y[i][limit_vdiff].step &&
                          x[i][limit_vdiff].value < 0.65;  // at a step that is not looked at
    if (!by_a_tap || x[i][limit_vdiff].value == 0)
      d.vdiff_pct = std::max(d.vdiff_pct, std::abs(x[i][limit_vdiff].value - y[i][limit_vdiff].value));
    d.vmax_pu = std::max(d.vmax_pu, std::abs(x[i][limit_vmax].value - y[i][limit_vmax].value));
    d.vmin_pu = std::max(d.vmin_pu, std::abs(x[i][limit_vmin].value - y[i][limit_vmin].value));
    d.emergency_pct = std::max(d.emergency_pct, std::abs(x[i][limit_emergency].value - y[i][limit_emergency].value));
    d.other_limits += x[i].violations != y[i].violations;
  }
  return d;
}

void expect_small(const Differences& d) {
  EXPECT_LT(d.vdiff_pct, 0.01);
  EXPECT_LT(d.vmax_pu, 3e-4);
  EXPECT_LT(d.vmin_pu, 3e-4);
  EXPECT_LT(d.emergency_pct, 0.1);
  EXPECT_EQ(d.other_limits, 0u);
}

TEST(OtherFeeders, WithoutRegulators) {
  Network net = radial();
  Branch& bank = net.buses[net.regulators[0].bus.index()].branch;
  bank.kind = BranchKind::other;
  bank.upgradable = false;
  net.regulators.clear();
  ASSERT_EQ(linear_unavailable_reason(net), "");
  expect_small(differences(net));
}

TEST(OtherFeeders, WithoutReclosers) {
  Network net = radial();
  net.reclosers.clear();
  expect_small(differences(net));
}

//! Where several units share a bit of what a group of states has.
TEST(OtherFeeders, WithMoreUnitsThanBits) {
  Network net = SyntheticFeeder(260, 3).network();
  for (const Regulator& r : net.regulators) net.buses[r.bus.index()].branch.kind = BranchKind::other;
  net.regulators.clear();
  ASSERT_EQ(linear_unavailable_reason(net), "");
  ASSERT_GT(net.candidate_buses.size(), 70u);
  const auto ac = make_evaluator(net, radial_options(Backend::cpu, Precision::dual));
  const auto many = make_linear_evaluator(*ac, {PowerFlow::linear});
  StateBatch all;
  for (BusId bus : net.candidate_buses) all.add_der(bus, 2);
  all.finish_state(UpgradeSetId(0));
  many->evaluate(all);
  const std::size_t n = net.candidate_buses.size();
  for (std::size_t i = 0; i < 20; ++i) {
    StateBatch states;
    for (std::size_t u = 0; u < 3; ++u) {
      for (std::size_t k = 0; k <= u; ++k)
        states.add_der(net.candidate_buses[(17 * i + 29 * k) % n], 20.0 + 5.0 * static_cast<double>(k));
      states.finish_state(UpgradeSetId(0));
    }
    const auto few = make_linear_evaluator(*ac, {PowerFlow::linear});
    const auto x = few->evaluate(states), y = many->evaluate(states);
    for (std::size_t k = 0; k < x.size(); ++k) {
      EXPECT_NEAR(x[k][limit_vdiff].value, y[k][limit_vdiff].value, 1e-4);
      EXPECT_NEAR(x[k][limit_vmax].value, y[k][limit_vmax].value, 1e-6);
      EXPECT_NEAR(x[k][limit_emergency].value, y[k][limit_emergency].value, 1e-2);
    }
  }
}

TEST(OtherFeeders, WithConstantLoad) {
  Network net = radial();
  for (double& l : net.shapes[0].value) l = 0.6;
  expect_small(differences(net));
}

}  // namespace
}  // namespace gridqueue
