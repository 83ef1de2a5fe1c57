// A run whose device fails in the middle: what it has worked out is kept, and where nobody asked for a device the CPU
// makes the file that it would have made alone.
#include <gmock/gmock.h>

#include "gridqueue/machine.hpp"
#include "host/results/results_reader.hpp"
#include "tests/cuda_emulation/device/faults.hpp"
#include "tests/kernels/support.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

using cuda_emulation::After;
using cuda_emulation::calls_of;
using cuda_emulation::fail_call;
namespace fs = std::filesystem;

struct LostDevice : test::SmallStudy {
  LostDevice() { options_.threads = 1, options_.save_seconds = 0; }
  ~LostDevice() override { cuda_emulation::forget_faults(); }
  void TearDown() override {
    fs::remove(study_.output.file);
    fs::remove_all(study_.output.file + ".d");
  }
  RunEnd run(Backend backend) {
    options_.backend = backend;
    return run_study(study_, options_);
  }
  //! The device is lost while it works on the run's second batch.
  static void lose_device() {
    EvaluatorOptions options = radial_options(Backend::cuda, Precision::single);
    options.mapping = Mapping::automatic;
    const auto before = calls_of(kWait);
    const auto evaluator = make_evaluator(radial(), options);
    evaluator->evaluate(some_states(1));
    fail_call(kWait, static_cast<int>(calls_of(kWait) - before) + 1, cudaErrorIllegalAddress, After::is_lost);
  }
  static constexpr const char* kWait = "cudaStreamSynchronize";
};

constexpr const char* kWorthADevice = R"(
[feeder]
file = "data/radial.h5"
[queue.random]
buses = "three-phase"
kw_min = 5
kw_max = 400
seed = 1
count = 12
[orders]
count = 1500
)";

double mean_total(const RunEnd& end) { return end.sums->outcome.total.mean_usd; }

TEST_F(LostDevice, ADeviceAskedForEndsTheRunAndLeavesWhatIsDone) {
  lose_device();
  try {
    run(Backend::cuda);
    FAIL() << "no error";
  } catch (const DeviceFailed& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("the device is lost"));
    EXPECT_THAT(e.what(), testing::HasSubstr("gridqueue run --resume goes on"));
  }
  EXPECT_FALSE(fs::exists(study_.output.file));
  cuda_emulation::forget_faults();  // another day, another process
  options_.resume = true;
  const RunEnd resumed = run(Backend::cuda);
  EXPECT_GT(resumed.work.found, 0u);
  options_.resume = false, options_.force = true;
  EXPECT_EQ(mean_total(resumed), mean_total(run(Backend::cuda)));
}

TEST_F(LostDevice, WhereNoneWasAskedForTheCpuMakesTheFile) {
  const std::string file = study_.output.file;
  study_ = parse_study("study.toml", kWorthADevice, std::string(GRIDQUEUE_SOURCE_DIR) + "/data/radial.h5");
  study_.output.file = file;
  const double alone = mean_total(run(Backend::cpu));
  options_.force = true;
  lose_device();
  testing::internal::CaptureStdout();
  const RunEnd end = run(Backend::automatic);
  EXPECT_THAT(testing::internal::GetCapturedStdout(),
              testing::HasSubstr("backend: cpu from here on, from the beginning (the device failed"));
  EXPECT_FALSE(end.interrupted);
  EXPECT_EQ(mean_total(end), alone);
  EXPECT_EQ(read_provenance(open_results(study_.output.file)).backend, "cpu");
  EXPECT_FALSE(fs::exists(study_.output.file + ".d"));
}

}  // namespace
}  // namespace gridqueue
