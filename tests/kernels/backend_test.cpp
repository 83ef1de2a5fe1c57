// Which backend work runs on, and how it is spread: decisions that need no GPU.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "kernels/device/backend_choice.hpp"
#include "kernels/device/batch_plan.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

EvaluatorOptions wish(Backend backend, double evaluations) {
  EvaluatorOptions options;
  options.backend = backend;
  options.expected_evaluations = evaluations;
  return options;
}
std::string works() { return ""; }
std::string broken() { return "no CUDA device is present"; }

TEST(BackendChoice, SmallWorkStaysOnTheCpuWithoutAskingTheDriver) {
  bool asked = false;
  const auto choice = choose_backend(wish(Backend::automatic, 100 * 8), 2, [&] {
    asked = true;
    return works();
  });
  EXPECT_EQ(choice.backend, Backend::cpu);
  EXPECT_FALSE(asked);
  EXPECT_THAT(choice.reason, HasSubstr("800 evaluations"));
}

TEST(BackendChoice, LargeWorkGoesToADeviceThatRuns) {
  EXPECT_EQ(choose_backend(wish(Backend::automatic, 1e6), 16, works).backend, Backend::cuda);
  const auto choice = choose_backend(wish(Backend::automatic, 1e6), 16, broken);
  EXPECT_EQ(choice.backend, Backend::cpu);
  EXPECT_EQ(choice.reason, broken());
}

TEST(BackendChoice, MoreThreadsAndFloatMakeTheCpuWorthMore) {
  EXPECT_EQ(choose_backend(wish(Backend::automatic, 30000), 1, works).backend, Backend::cuda);
  EXPECT_EQ(choose_backend(wish(Backend::automatic, 30000), 64, works).backend, Backend::cpu);
  EXPECT_GT(cpu_seconds(1000, Precision::dual, 1), cpu_seconds(1000, Precision::single, 1));
}

TEST(BackendChoice, CudaAskedForMustRun) {
  EXPECT_EQ(choose_backend(wish(Backend::cuda, 1), 1, works).backend, Backend::cuda);
  try {
    choose_backend(wish(Backend::cuda, 1e9), 1, broken);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
    EXPECT_THAT(e.what(), HasSubstr(broken()));
  }
}

TEST(Devices, ProblemsNameTheDeviceAndWhatItNeeds) {
  const DeviceInfo h100{"NVIDIA H100", 9, 0, std::size_t{70} << 30, std::size_t{80} << 30, 132, 233472, 232448, 2048};
  EXPECT_EQ(device_problem(0, h100), "");
  DeviceInfo old = h100;
  old.major = 7;
  EXPECT_THAT(device_problem(1, old),
              HasSubstr("CUDA device 1 (NVIDIA H100) has compute capability 7.0 (8.0 or later is needed)"));
  DeviceInfo full = h100;
  full.free_bytes = std::size_t{10} << 20;
  EXPECT_THAT(device_problem(2, full), HasSubstr("10 MB of free memory"));
}

TEST(Devices, TheFirstByDefaultAndNoneTwice) {
  EvaluatorOptions options;
  EXPECT_EQ(wanted_devices(options), std::vector<int>{0});
  options.devices = {2, 0};
  EXPECT_EQ(wanted_devices(options), (std::vector<int>{2, 0}));
  options.devices = {1, 0, 1};
  EXPECT_THROW(wanted_devices(options), Error);
}

TEST(BatchPlan, CapacityKeepsHalfOfTheMemoryFree) {
  EXPECT_EQ(plan_capacity(1000, 10, 2), 25u);
  EXPECT_EQ(plan_capacity(30, 10, 2), 0u);
  EXPECT_EQ(plan_capacity(std::size_t{1} << 40, 1000, 2), std::size_t{1} << 18);
}

TEST(BatchPlan, BatchesFillEveryDeviceAndLeaveSomethingToOverlap) {
  EXPECT_EQ(plan_batch(100, 1, 4000, 50000), 100u);        // less than a wave: at once
  EXPECT_EQ(plan_batch(100, 4, 4000, 50000), 25u);         // ... on every device
  EXPECT_EQ(plan_batch(64000, 1, 4000, 50000), 16000u);    // four batches
  EXPECT_EQ(plan_batch(8000, 1, 4000, 50000), 4000u);      // but no fewer than a wave
  EXPECT_EQ(plan_batch(1000000, 1, 4000, 50000), 50000u);  // and no more than fit
  EXPECT_EQ(plan_batch(64000, 4, 4000, 50000), 4000u);
}

TEST(BatchPlan, AWaveIsWhatTheBlocksThatFitHold) {
  EXPECT_EQ(plan_wave(132, 3, 128), 132u * 384);
  EXPECT_EQ(plan_wave(132, 0, 128), 132u * 128);  // blocks take turns
}

const DeviceInfo kH100{"NVIDIA H100", 9, 0, std::size_t{70} << 30, std::size_t{80} << 30, 132, 233472, 232448, 2048};

//! Of a kernel with so many registers a thread, in blocks of at most so many threads, on a multiprocessor of an H100.
BlocksThatFit on_h100(int registers, int most_threads) {
  return [=](const BlockShape& b) {
    if (b.threads > most_threads) return 0;
    const auto by_shared = static_cast<int>(233472 / (b.shared_bytes + 1024));
    return std::min({65536 / (registers * b.threads), by_shared, 2048 / b.threads});
  };
}

TEST(BatchPlan, TeamsFitSharedMemoryAndTheRegistersOfTheKernel) {
  const TeamLaunch warp = plan_team_launch(32, 1500, sizeof(float), kH100, on_h100(128, 128));
  EXPECT_EQ(warp.teams_per_block, 4);
  EXPECT_EQ(warp.shared_bytes, 6000u);
  EXPECT_EQ(warp.teams_at_once, 132u * 16);  // 512 threads of 128 registers
  EXPECT_EQ(plan_team_launch(32, 1500, sizeof(float), kH100, on_h100(72, 128)).teams_at_once, 132u * 28);
  EXPECT_EQ(plan_team_launch(32, 1500, sizeof(double), kH100, on_h100(256, 128)).teams_at_once, 132u * 8);
  const TeamLaunch block = plan_team_launch(256, 20000, sizeof(float), kH100, on_h100(128, 512));
  EXPECT_EQ(block.teams_per_block, 1);
  EXPECT_EQ(block.teams_at_once, 132u * 2);
}

TEST(BatchPlan, SharedMemorySetsHowManyWarpsComeToABlock) {
  const auto warps = [](int numbers) {
    return plan_team_launch(32, numbers, sizeof(float), kH100, on_h100(128, 128)).teams_per_block;
  };
  EXPECT_EQ(warps(20000), 2);  // three do not fit a block
  EXPECT_EQ(warps(19200), 3);  // 3 x 76,800 bytes: as many as single ones, in fewer blocks
  EXPECT_EQ(warps(16000), 3);  // four do not fit a block
}

TEST(BatchPlan, WhatTheDriverReservesForEachBlockCounts) {
  const auto at_once = [](int numbers) {
    return plan_team_launch(256, numbers, sizeof(float), kH100, on_h100(128, 512)).teams_at_once;
  };
  EXPECT_EQ(at_once(29184 - 256), 132u * 2);
  EXPECT_EQ(at_once(29184), 132u);  // twice that is all that a multiprocessor has
}

TEST(BatchPlan, TeamsThatDoNotFitAreAnError) {
  const auto why = [&](int lanes, int numbers, std::size_t bytes_per_number) -> std::string {
    try {
      plan_team_launch(lanes, numbers, bytes_per_number, kH100, on_h100(256, 256));
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_THAT(why(512, 20000, sizeof(double)), HasSubstr("512 threads"));            // too many registers
  EXPECT_THAT(why(32, 100000, sizeof(float)), HasSubstr("400000 bytes of shared"));  // too much shared memory
}

}  // namespace
}  // namespace gridqueue
