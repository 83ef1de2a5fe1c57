// The linearized feeder with everything where a device can have it, against the same on the CPU.
#include "../kernels/support.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "kernels/device/device_day.hpp"
#if defined(GRIDQUEUE_EMULATED_CUDA)
#include "tests/cuda_emulation/device/rf_factors.hpp"
#endif

namespace gridqueue {
namespace {

struct Answers {
  std::vector<Quantities> quantities;
  ModelCounters counters;
};

Answers answer(Backend backend, const std::vector<int>& devices, PowerFlow model,
               const std::vector<StateBatch>& batches) {
  EvaluatorOptions options = radial_options(backend, Precision::dual);
  options.devices = devices;
  const auto ac = make_evaluator(radial(), options);
  const auto linear = make_linear_evaluator(*ac, {model});
  Answers a;
  for (const StateBatch& states : batches) {
    const auto some = linear->evaluate(states);
    a.quantities.insert(a.quantities.end(), some.begin(), some.end());
  }
  a.counters = linear->counters();
  return a;
}

void expect_as_on_the_cpu(const std::vector<int>& devices, PowerFlow model, const std::vector<StateBatch>& batches) {
  const Answers cpu = answer(Backend::cpu, {}, model, batches), cuda = answer(Backend::cuda, devices, model, batches);
  EXPECT_EQ(cpu.counters.linear, cuda.counters.linear);
  EXPECT_EQ(cpu.counters.ac_near, cuda.counters.ac_near);
  EXPECT_EQ(cpu.counters.models, cuda.counters.models);
  for (std::size_t i = 0; i < cpu.quantities.size(); ++i) {
    expect_close(cuda.quantities[i], cpu.quantities[i], 1e-10, i);
    EXPECT_EQ(cuda.quantities[i].vdiff_buses, cpu.quantities[i].vdiff_buses) << i;
  }
}

//! In two calls, so that models are kept from one to the next.
std::vector<StateBatch> two_batches() { return {some_states(70), some_states(900)}; }

//! How often the emulated cuSOLVER factorized; a GPU's is not asked.
int emulated_refactorizations() {
#if defined(GRIDQUEUE_EMULATED_CUDA)
  return cuda_emulation::refactorizations();
#else
  return 0;
#endif
}

//! The lines' sensitivities are worked out on a device where there are many sets of lines.
StateBatch states_of_many_sets() {
  StateBatch states = some_states(40);
  const Upgrades lines = states.upgrade_sets[1];
  for (std::size_t i = 0; i < 40; ++i) {
    if (i < 10) {
      Upgrades set;
      for (std::size_t k = 0; k < lines.size(); ++k)
        if (((i + 3) >> (k % 4)) & 1) set.push_back(lines[k]);
      states.upgrade_sets.push_back(set);
    }
    states.upgrade_set[i] = UpgradeSetId(2 + i % 10);
  }
  return states;
}

TEST(LinearOnDevice, AnswersAsOnTheCpu) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  for (const PowerFlow model : {PowerFlow::linear, PowerFlow::screened}) expect_as_on_the_cpu({}, model, two_batches());
}

TEST(LinearOnDevice, LinearizesManySetsOfLinesAsOnTheCpu) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  const int before = emulated_refactorizations();
  expect_as_on_the_cpu({cuda_device_count() - 1}, PowerFlow::linear, {states_of_many_sets()});
  if (kEmulatedCuda) {
    EXPECT_GT(emulated_refactorizations(), before);
  }
}

TEST(LinearOnDevice, TwoDevicesAnswerAsOne) {
  if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  if (cuda_device_count() < 2) GTEST_SKIP() << "one CUDA device only";
  expect_as_on_the_cpu({1, 0}, PowerFlow::screened, two_batches());
}

}  // namespace
}  // namespace gridqueue
