// The linearized feeder with everything where a device can have it, against the same on the CPU.
#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "kernels/device_day.hpp"

namespace gridqueue {
namespace {

struct Answers {
  std::vector<Quantities> quantities;
  ModelCounters counters;
};

//! In two calls, so that models are kept from one to the next.
Answers answer(Backend backend, const std::vector<int>& devices, PowerFlow model) {
  EvaluatorOptions options = radial_options(backend, Precision::dual);
  options.devices = devices;
  const auto ac = make_evaluator(radial(), options);
  const auto linear = make_linear_evaluator(*ac, {model, 1, {}});
  Answers a;
  for (const std::size_t count : {70, 900}) {
    const auto some = linear->evaluate(some_states(count));
    a.quantities.insert(a.quantities.end(), some.begin(), some.end());
  }
  a.counters = linear->counters();
  return a;
}

void expect_as_on_the_cpu(const std::vector<int>& devices, PowerFlow model) {
  const Answers cpu = answer(Backend::cpu, {}, model), cuda = answer(Backend::cuda, devices, model);
  EXPECT_EQ(cpu.counters.linear, cuda.counters.linear);
  EXPECT_EQ(cpu.counters.ac_near, cuda.counters.ac_near);
  EXPECT_EQ(cpu.counters.models, cuda.counters.models);
  for (std::size_t i = 0; i < cpu.quantities.size(); ++i) {
    const Quantities &x = cpu.quantities[i], &y = cuda.quantities[i];
    EXPECT_EQ(x.violations, y.violations) << i;
    EXPECT_NEAR(x.vdiff_pct, y.vdiff_pct, 1e-7) << i;
    EXPECT_NEAR(x.vmax_pu, y.vmax_pu, 1e-9) << i;
    EXPECT_NEAR(x.vmin_pu, y.vmin_pu, 1e-9) << i;
    EXPECT_NEAR(x.emergency_pct, y.emergency_pct, 1e-6) << i;
    EXPECT_EQ(x.vdiff_buses, y.vdiff_buses) << i;
    EXPECT_EQ(x.overloaded_branches, y.overloaded_branches) << i;
  }
}

TEST(LinearOnDevice, AnswersAsOnTheCpu) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  for (const PowerFlow model : {PowerFlow::linear, PowerFlow::screened}) expect_as_on_the_cpu({}, model);
}

TEST(LinearOnDevice, TwoDevicesAnswerAsOne) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  if (cuda_device_count() < 2) GTEST_SKIP() << "one CUDA device only";
  expect_as_on_the_cpu({1, 0}, PowerFlow::screened);
}

}  // namespace
}  // namespace gridqueue
