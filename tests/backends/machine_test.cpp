// Which machine works, and that one that cannot run says why.
#include "gridqueue/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

TEST(Machine, OfAnEvaluatorIsTheOneThatWorks) {
  const auto on = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single, 2));
  ASSERT_TRUE(on->options().machine);
  EXPECT_STREQ(on->options().machine->name(), "cpu");
  EXPECT_FALSE(on->options().machine->description().empty());
  const auto beside = make_evaluator(radial(), on->options());
  EXPECT_EQ(beside->options().machine, on->options().machine);
  EXPECT_EQ(beside->options().threads, 2);
}

TEST(Machine, LittleWorkIsDoneOnTheCpu) {
  EvaluatorOptions options = radial_options(Backend::automatic, Precision::single);
  options.expected_evaluations = 10;
  EXPECT_STREQ(choose_machine(options)->name(), "cpu");
}

TEST(Machine, WithoutCudaSaysWhy) {
  const std::string why = backend_unavailable_reason(Backend::cuda);
  if (why.empty()) GTEST_SKIP() << "a CUDA device is here";
  EvaluatorOptions options = radial_options(Backend::cuda, Precision::single);
  try {
    (void)choose_machine(options);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
    EXPECT_THAT(e.what(), testing::HasSubstr(why));
  }
  options.backend = Backend::automatic, options.expected_evaluations = 1e9;  // worth a device, were there one
  EXPECT_STREQ(choose_machine(options)->name(), "cpu");
}

}  // namespace
}  // namespace gridqueue
