// A base case that is beyond a limit: the linearized model keeps no places, so AC answers, and says why.
#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"

namespace gridqueue {
namespace {

TEST(BaseCase, BeyondALimitIsACsToJudge) {
  Network network = radial();
  Branch& trunk = network.buses[network.find_branch("line1").value().index()].branch;
  trunk.normal_amps = 60, trunk.emergency_amps = 80;
  EvaluatorOptions options = radial_options(Backend::cpu, Precision::single);
  const auto ac = make_evaluator(network, options);
  ASSERT_FALSE(ac->thresholds().uniform());
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
    EXPECT_EQ(linear->counters().near[kNumNear - 1].count, states.size());
    EXPECT_STREQ(near_name(kNumNear - 1), "base_case");
  }
}

}  // namespace
}  // namespace gridqueue
