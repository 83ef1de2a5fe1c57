// The linearized feeder against AC on the radial feeder.
#include "host/linear/linear_evaluator.hpp"

#include "../kernels/support.hpp"

namespace gridqueue {
namespace {

struct Answers {
  std::vector<Quantities> ac, model;
  ModelCounters counters;
};

Answers answer(PowerFlow model, const StateBatch& states, std::size_t fewest = 1) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::dual));
  const auto linear = make_linear_evaluator(*ac, {model, fewest, {}});
  Answers a{ac->evaluate(states), linear->evaluate(states), {}};
  a.counters = linear->counters();
  return a;
}

TEST(LinearEvaluator, QuantitiesAreThoseOfAC) {
  const Answers a = answer(PowerFlow::linear, some_states(200));
  EXPECT_EQ(a.counters.linear, 200u);
  EXPECT_EQ(a.counters.models, 2u);
  std::size_t same_taps = 0;
  for (std::size_t i = 0; i < a.ac.size(); ++i) {
    const Quantities &x = a.ac[i], &y = a.model[i];
    EXPECT_TRUE(y.converged);
    EXPECT_NEAR(x[limit_emergency].value, y[limit_emergency].value, 0.005 * x[limit_emergency].value) << i;
    for (std::size_t area = 0; area < x.areas.size(); ++area) {
      EXPECT_NEAR(x.areas[area].p.max, y.areas[area].p.max, 10) << i;
      EXPECT_NEAR(x.areas[area].p.min, y.areas[area].p.min, 10) << i;
    }
    if (std::abs(x[limit_vdiff].value - y[limit_vdiff].value) > 0.05) continue;  // a tap stands elsewhere
    ++same_taps;
    EXPECT_NEAR(x[limit_vdiff].value, y[limit_vdiff].value, 0.02) << i;
    EXPECT_NEAR(x[limit_vmax].value, y[limit_vmax].value, 0.002) << i;
    EXPECT_NEAR(x[limit_vmin].value, y[limit_vmin].value, 0.001) << i;
  }
  EXPECT_GE(same_taps, 190u);
}

TEST(LinearEvaluator, ScreenedDecidesAsAC) {
  const Answers a = answer(PowerFlow::screened, some_states(300));
  EXPECT_GT(a.counters.ac_near, 0u);
  EXPECT_LT(a.counters.ac_near, 150u);
  for (std::size_t i = 0; i < a.ac.size(); ++i) EXPECT_EQ(a.ac[i].violations, a.model[i].violations) << i;
}

TEST(LinearEvaluator, FewStatesOfASetAreSolvedInAC) {
  const Answers a = answer(PowerFlow::linear, some_states(20), 48);
  EXPECT_EQ(a.counters.ac_few, 20u);
  EXPECT_EQ(a.counters.models, 0u);
  for (std::size_t i = 0; i < a.ac.size(); ++i) expect_identical(a.ac[i], a.model[i], i);
}

TEST(LinearEvaluator, UnitsLearnedLaterChangeNoAnswer) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto together = make_linear_evaluator(*ac, {PowerFlow::linear, 1, {}}),
             apart = make_linear_evaluator(*ac, {PowerFlow::linear, 1, {}});
  StateBatch first, second, both;
  for (int kw = 50; kw <= 400; kw += 50) {
    for (StateBatch* to : {&first, &both})
      to->add_der(radial().candidate_buses[7], kw), to->finish_state(UpgradeSetId(0));
  }
  for (StateBatch* to : {&second, &both})
    to->add_der(radial().candidate_buses[30], 300), to->finish_state(UpgradeSetId(0));
  const auto all = together->evaluate(both);
  const auto some = apart->evaluate(first), last = apart->evaluate(second);
  for (std::size_t i = 0; i < some.size(); ++i)
    EXPECT_NEAR(all[i][limit_vdiff].value, some[i][limit_vdiff].value, 1e-4);
  EXPECT_NEAR(all.back()[limit_vdiff].value, last[0][limit_vdiff].value, 1e-4);
}

TEST(LinearEvaluator, NeighboursChangeNoBit) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto linear = make_linear_evaluator(*ac, {PowerFlow::linear, 1, {}});
  const StateBatch states = some_states(101);
  const auto together = linear->evaluate(states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    StateBatch alone;
    alone.upgrade_sets = states.upgrade_sets;
    alone.add_state_of(states, i);
    expect_identical(together[i], linear->evaluate(alone).front(), i);
  }
  EXPECT_EQ(linear->counters().linear, 2 * states.size());
}

}  // namespace
}  // namespace gridqueue
