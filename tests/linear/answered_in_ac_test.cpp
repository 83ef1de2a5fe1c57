// Where nothing can be linearized AC answers, and the reason is counted: a base case that is beyond a limit (the
// linearized model keeps no places), a feeder with loads that the model does not know.
#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {
namespace {

//! Both models give AC's answers bit for bit, for that reason.
void expect_answered_in_ac(const Network& network, NearBit reason, const char* name) {
  const auto ac = make_evaluator(network, radial_options(Backend::cpu, Precision::single));
  ASSERT_TRUE(answered_in_ac(*ac));
  const StateBatch states = some_states(60);
  const auto exact = ac->evaluate(states);
  for (const PowerFlow model : {PowerFlow::linear, PowerFlow::screened}) {
    const auto linear = make_linear_evaluator(*ac, {model});
    const auto answers = linear->evaluate(states);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_FALSE(answers[i].linear) << i;
      expect_identical(answers[i], exact[i], i);
    }
    EXPECT_EQ(linear->counters().ac_near, states.size());
    EXPECT_EQ(linear->counters().linear, 0u);
    EXPECT_EQ(linear->counters().near[near_index(reason)].count, states.size());
    EXPECT_STREQ(near_name(static_cast<int>(near_index(reason))), name);
  }
}

TEST(AnsweredInAc, BaseCaseBeyondALimit) {
  Network network = radial();
  Branch& trunk = network.buses[network.find_branch("line1").value().index()].branch;
  trunk.normal_amps = 60, trunk.emergency_amps = 80;
  expect_answered_in_ac(network, near_base_case, "base_case");
}

TEST(AnsweredInAc, LoadsThatTheModelDoesNotKnow) {
  Network network = radial();
  for (Load& load : network.loads) load.model = LoadModel::constant_power;
  expect_answered_in_ac(network, near_feeder, "feeder");
}

TEST(AnsweredInAc, NotWithoutAReason) {
  EXPECT_FALSE(answered_in_ac(*make_evaluator(radial(), radial_options(Backend::cpu, Precision::single))));
}

}  // namespace
}  // namespace gridqueue
