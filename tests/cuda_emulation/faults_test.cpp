// What becomes of work on a device when a call fails in the middle, when the device is lost, and when there are two of
// them.
#include "tests/cuda_emulation/device/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gridqueue/machine.hpp"
#include "host/walk/order_front.hpp"
#include "kernels/cuda/device_array.cuh"
#include "kernels/device/device_basis.hpp"
#include "kernels/device/device_response.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

using cuda_emulation::After;
using cuda_emulation::calls_of;
using cuda_emulation::fail_call;
using testing::HasSubstr;

struct Faults : testing::Test {
  ~Faults() override { cuda_emulation::forget_faults(); }
};

std::unique_ptr<Evaluator> on_devices(const std::vector<int>& devices, Precision precision = Precision::dual) {
  EvaluatorOptions options = radial_options(Backend::cuda, precision);
  options.devices = devices;
  return make_evaluator(radial(), options);
}

//! What goes wrong when these states are evaluated; "" where nothing does.
std::string failure(Evaluator& evaluator, const StateBatch& states) {
  try {
    evaluator.evaluate(states);
  } catch (const DeviceFailed& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
    return e.what();
  }
  return "";
}

//! Whichever call of an evaluation fails: nothing is answered, and the same evaluator answers as ever the next time.
TEST_F(Faults, AnEvaluatorOutlivesAnyCallThatFails) {
  const StateBatch states = some_states(23);
  const auto evaluator = on_devices({0});
  const auto answers = evaluator->evaluate(states);
  int failed = 0;
  for (const char* function : {"cudaMemcpyAsync", "cudaStreamSynchronize"}) {
    const auto before = calls_of(function);
    evaluator->evaluate(states);
    const auto calls = static_cast<int>(calls_of(function) - before);
    EXPECT_GT(calls, 0) << function;
    for (int nth = 1; nth <= calls; ++nth) {
      fail_call(function, nth, cudaErrorMemoryAllocation);
      const std::string why = failure(*evaluator, states);
      cuda_emulation::forget_faults();
      if (!why.empty()) {  // else a wait that only made sure
        ++failed;
        EXPECT_THAT(why, testing::AllOf(HasSubstr("out of memory"), testing::Not(HasSubstr("lost"))));
      }
      const auto again = evaluator->evaluate(states);
      for (std::size_t i = 0; i < answers.size(); ++i) expect_identical(answers[i], again[i], i);
    }
  }
  EXPECT_GE(failed, 3);  // in, out, the wait
}

TEST_F(Faults, ALostDeviceSaysSoAndAnswersNothing) {
  const StateBatch states = some_states(9);
  const auto evaluator = on_devices({0});
  fail_call("cudaStreamSynchronize", 1, cudaErrorIllegalAddress, After::is_lost);
  EXPECT_THAT(failure(*evaluator, states),
              testing::AllOf(HasSubstr("an illegal memory access"), HasSubstr("the device is lost")));
  EXPECT_THAT(failure(*evaluator, states), HasSubstr("the device is lost"));
}

//! One of two devices is lost: the other's answers are given up too, and nobody waits for ever.
TEST_F(Faults, OneOfTwoDevicesIsEnoughToFail) {
  const StateBatch states = some_states(41);
  const auto evaluator = on_devices({0, 1});
  fail_call("cudaStreamSynchronize", 1, cudaErrorIllegalAddress, After::is_lost);
  EXPECT_THAT(failure(*evaluator, states), HasSubstr("an illegal memory access"));
}

TEST_F(Faults, TwoDevicesAnswerAsOne) {
  const StateBatch states = some_states(41);
  for (const Precision precision : {Precision::single, Precision::dual}) {
    const auto one = on_devices({0}, precision)->evaluate(states),
               second = on_devices({1}, precision)->evaluate(states),
               both = on_devices({1, 0}, precision)->evaluate(states);
    for (std::size_t i = 0; i < one.size(); ++i) {
      expect_identical(one[i], both[i], i);
      expect_identical(one[i], second[i], i);
    }
  }
}

//! Answers are shared between runs of the same terms: those of a device must not depend on what else is in its memory.
TEST_F(Faults, WhatIsFreeOnADeviceChangesNoTermsOfAnswers) {
  const auto terms = [] { return on_devices({0})->answer_source()->answer_terms(); };
  const std::string before = terms();
  const DeviceArray<char> taken(std::size_t{600} << 20);
  EXPECT_EQ(terms(), before);
}

//! A handle is its device's: the emulated libraries refuse another one where it is destroyed.
TEST_F(Faults, HandlesGoOnTheirDeviceAndTheThreadsStays) {
  const SparseRows one{1, 1, {0, 1}, {0}, {2.0}};
  auto basis = make_device_basis(1);
  auto response = make_device_response(one, {{0}, {0}, {1, 1, {0, 1}, {0}, {1.0}}, one}, 1);
  CUDA_CALL(cudaSetDevice(0));
  basis.reset();
  response.reset();
  EXPECT_EQ(current_device(), 0);
}

constexpr std::uint32_t kUnits = 9;

//! One level of a walk whose steps all lead back to the start; returns how many pairs had no step.
std::size_t walk_a_level(OrderFront& front, std::int32_t& known) {
  const auto unknown = front.unknown();
  std::vector<std::int32_t> steps, to(unknown.size(), 0);
  std::vector<std::uint32_t> evaluations(unknown.size(), 1);
  for (std::size_t i = 0; i < unknown.size(); ++i) steps.push_back(known++);
  front.learn(unknown, steps, {to, evaluations});
  front.advance();
  return unknown.size();
}

//! Page-locked memory that a copy still writes may not be freed: the emulation ends the program there.
TEST_F(Faults, AWalkMayBeGivenUpWithItsStepsOnTheWay) {
  auto front = make_order_front(FrontPlace::device, {kUnits, 1, 0, 400, 1, 0});
  std::int32_t known = 0;
  EXPECT_EQ(walk_a_level(*front, known), kUnits);
  front.reset();
}

TEST_F(Faults, TemporariesOfAWalkComeFromMemoryThatItHas) {
  const auto front = make_order_front(FrontPlace::device, {kUnits, 1, 0, 40'000, 1, 0});
  std::int32_t known = 0;
  const auto before = calls_of("cudaMalloc");
  walk_a_level(*front, known);
  const auto first = calls_of("cudaMalloc");
  EXPECT_GT(first, before);  // temporaries are the device's
  for (std::uint32_t level = 1; level < kUnits; ++level) walk_a_level(*front, known);
  EXPECT_EQ(calls_of("cudaMalloc"), first);
}

TEST_F(Faults, ADeviceThatIsLostEndsAWalkOfOrders) {
  const auto front = make_order_front(FrontPlace::device, {kUnits, 1, 0, 400, 1, 0});
  std::int32_t known = 0;
  walk_a_level(*front, known);
  fail_call("cudaEventRecord", 1, cudaErrorIllegalAddress, After::is_lost);
  EXPECT_THROW(walk_a_level(*front, known), DeviceFailed);
  EXPECT_THROW(front->steps(), DeviceFailed);
}

}  // namespace
}  // namespace gridqueue
