// Tests fail for what the machine reports, whatever they found themselves; a run in which none reached device code
// fails.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/ptx/machine/kernels.hpp"
#include "tests/ptx/machine/report.hpp"

namespace ptx {
namespace {

struct Tests {
  int passed = 0, failed = 0;  //!< of those that ran device code
};
Tests& tests() {
  static Tests all;
  return all;
}

class Listener final : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override {
    take_reports();
    launches_ = num_launches;
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    for (const Report& r : take_reports()) ADD_FAILURE() << text_of(r);
    if (num_launches == launches_) return;
    ++(test.result()->Passed() ? tests().passed : tests().failed);
  }
  std::uint64_t launches_ = 0;
};

class Outcome final : public testing::Environment {
  void TearDown() override {
    write_counts();
    if (testing::GTEST_FLAG(list_tests)) return;
    const char* order = std::getenv("GRIDQUEUE_PTX_ORDER");
    std::printf(
        "ptx: sm_%d, threads %s: %d passed, %d failed of the tests that ran device code; %llu launches, %llu accesses "
        "judged\n",
        architecture(), order ? order : "forward", tests().passed, tests().failed,
        static_cast<unsigned long long>(num_launches), static_cast<unsigned long long>(num_accesses));
    EXPECT_GT(tests().passed + tests().failed, 0) << "no test ran device code (a filter that matches none?)";
  }
};

[[maybe_unused]] const bool listening = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new Listener);
  testing::AddGlobalTestEnvironment(new Outcome);
  return true;
}();

}  // namespace
}  // namespace ptx
