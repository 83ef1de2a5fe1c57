// The linearized feeder against AC on the radial feeder.
#include "host/linear/linear_evaluator.hpp"

#include "../kernels/support.hpp"

namespace gridqueue {
namespace {

struct Answers {
  std::vector<Quantities> ac, model;
  ModelCounters counters;
};

Answers answer(PowerFlow model, const StateBatch& states, LinearScope scope = {}) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::dual));
  const auto linear = make_linear_evaluator(*ac, {model, std::move(scope)});
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

TEST(LinearEvaluator, OtherLinesThanThoseInScopeAreSolvedInAC) {
  const StateBatch states = some_states(20);  // every other one with lines upgraded
  LinearScope scope;
  scope.sets.emplace().insert(Upgrades());
  const Answers a = answer(PowerFlow::linear, states, scope);
  EXPECT_EQ(a.counters.ac_few, 10u);
  EXPECT_EQ(a.counters.models, 1u);
  for (std::size_t i = 0; i < a.ac.size(); ++i) {
    EXPECT_EQ(a.model[i].linear, states.upgrade_set[i] == UpgradeSetId(0)) << i;
    if (!a.model[i].linear) expect_identical(a.ac[i], a.model[i], i);
  }
}

//! Units that are known beforehand: the same bits whatever is asked for first.
TEST(LinearEvaluator, KnownUnitsLeaveNoTrace) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const StateBatch states = some_states(40);
  LinearScope scope;
  scope.units = states.der_site;
  const auto whole = make_linear_evaluator(*ac, {PowerFlow::screened, scope})->evaluate(states);
  const auto apart = make_linear_evaluator(*ac, {PowerFlow::screened, scope});
  for (std::size_t i = states.size(); i-- > 0;) {
    StateBatch one;
    one.upgrade_sets = states.upgrade_sets;
    one.add_state_of(states, i);
    expect_identical(whole[i], apart->evaluate(one).front(), i);
  }
}

//! Units on some phases have no response: AC answers their states and says why; the others' answers are what they were.
TEST(LinearEvaluator, UnitsOnSomePhasesAreACs) {
  const StateBatch whole = some_states(24);
  StateBatch states;
  states.upgrade_sets = whole.upgrade_sets;
  std::size_t beyond = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i % 3 == 0) states.add_der(find_site(radial(), "bus_31.2"), 100), ++beyond;
    states.add_state_of(whole, i);
  }
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
  options.sites = states.der_site;
  const auto ac = make_evaluator(radial(), options),
             plain = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto exact = ac->evaluate(states);
  for (const PowerFlow model : {PowerFlow::linear, PowerFlow::screened}) {
    LinearOptions linear_options{model, {}, {}};
    linear_options.scope.units = whole.der_site;
    const auto linear = make_linear_evaluator(*ac, linear_options),
               as_before = make_linear_evaluator(*plain, linear_options);
    const auto answers = linear->evaluate(states), before = as_before->evaluate(whole);
    std::size_t by_model = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_EQ(answers[i].linear, i % 3 != 0 && before[i].linear) << i;
      if (i % 3 == 0) expect_identical(answers[i], exact[i], i);
      if (!answers[i].linear) continue;
      expect_identical(answers[i], before[i], i);
      ++by_model;
    }
    EXPECT_GT(by_model, 0u);
    EXPECT_EQ(linear->counters().near[kNumNear - 1].count, beyond);
    EXPECT_STREQ(near_name(kNumNear - 1), "phases");
    const ModelCounters& c = linear->counters();
    EXPECT_EQ(c.linear + c.ac_few + c.ac_near, states.size());
  }
}

TEST(LinearEvaluator, UnitsLearnedLaterChangeNoAnswer) {
  const auto ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  const auto together = make_linear_evaluator(*ac, {PowerFlow::linear}),
             apart = make_linear_evaluator(*ac, {PowerFlow::linear});
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
  const auto linear = make_linear_evaluator(*ac, {PowerFlow::linear});
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
