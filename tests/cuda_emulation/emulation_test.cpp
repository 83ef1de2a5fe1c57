// The emulated CUDA device (tests/cuda_emulation): kernels run as on a GPU, and what no GPU bears is refused.
#include <gtest/gtest.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "kernels/cuda/device_array.cuh"
#include "kernels/cuda/launch.cuh"

namespace gridqueue {
namespace {

struct CountItems {
  int* seen;
  __device__ void operator()(std::int64_t i) const { seen[i] = static_cast<int>(i) + 7; }
};

TEST(EmulatedDevice, EveryItemRunsOnceAndNoneBeyond) {
  const DeviceArray<int> seen = to_device(std::vector<int>(1001, 0));
  launch(1000, CountItems{seen.data()});
  const std::vector<int> found = to_host(seen);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(found[static_cast<std::size_t>(i)], i + 7);
  EXPECT_EQ(found[1000], 0);
}

//! What lanes learn of each other: from a lane above and below, whether any says so, through shared memory.
template <bool kWholeBlock>
struct Exchange {
  using Number = double;
  double* result;  //!< [item][lanes][4]
  int lanes;
  __device__ void operator()(std::int64_t item, std::int32_t lane, double* shared) const {
    double* mine = result + (item * lanes + lane) * 4;
    shared[lane] = lane * 10 + static_cast<double>(item);
    mine[0] = __shfl_up_sync(0xffffffffu, shared[lane], 1);
    mine[1] = __shfl_down_sync(0xffffffffu, shared[lane], 16);
    if constexpr (kWholeBlock) {
      mine[2] = __syncthreads_or(lane == lanes - 1 && item % 2 == 1);
      mine[3] = shared[(lane + 40) % lanes];
    } else {
      mine[2] = __any_sync(0xffffffffu, lane == lanes - 1 && item % 2 == 1);
      mine[3] = __shfl_sync(0xffffffffu, shared[lane], 3);
    }
  }
};

template <bool kWholeBlock>
void expect_exchange(int lanes, int teams_per_block) {
  constexpr int items = 5;
  const DeviceArray<double> result(static_cast<std::size_t>(items * lanes * 4));
  const Stream stream;
  launch_teams<kWholeBlock>(items, lanes, teams_per_block, lanes, Exchange<kWholeBlock>{result.data(), lanes},
                            stream.get());
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
  const std::vector<double> found = to_host(result);
  for (int item = 0; item < items; ++item)
    for (int lane = 0; lane < lanes; ++lane) {
      const double* mine = found.data() + (item * lanes + lane) * 4;
      const int rank = lane % 32;
      EXPECT_EQ(mine[0], (rank > 0 ? lane - 1 : lane) * 10 + item);
      EXPECT_EQ(mine[1], (rank < 16 ? lane + 16 : lane) * 10 + item);
      EXPECT_EQ(mine[2], item % 2);
      EXPECT_EQ(mine[3], (kWholeBlock ? (lane + 40) % lanes : 3) * 10 + item);
    }
}

TEST(EmulatedDevice, LanesOfAWarpExchange) { expect_exchange<false>(32, 4); }
TEST(EmulatedDevice, LanesOfABlockExchange) { expect_exchange<true>(96, 1); }

TEST(EmulatedDevice, MemoryNobodyWroteHoldsNoNumbers) {
  EXPECT_TRUE(std::isnan(to_host(DeviceArray<float>(3))[2]));
  EXPECT_TRUE(std::isnan(to_host(DeviceArray<double>(3))[2]));
  EXPECT_LT(to_host(DeviceArray<int>(3))[2], -1000000);
}

TEST(EmulatedDevice, AStreamIsAsLateAsItMayBe) {
  const Stream stream;
  const DeviceArray<int> device(4);
  PinnedArray<int> in(4), out(4);
  for (std::size_t i = 0; i < 4; ++i) in.data()[i] = 1, out.data()[i] = 2;
  CUDA_CALL(cudaMemcpyAsync(device.data(), in.data(), 4 * sizeof(int), cudaMemcpyHostToDevice, stream.get()));
  CUDA_CALL(cudaMemcpyAsync(out.data(), device.data(), 4 * sizeof(int), cudaMemcpyDeviceToHost, stream.get()));
  EXPECT_EQ(out.data()[3], 2);
  in.data()[3] = 5;  // too early: the copy has not begun
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
  EXPECT_EQ(out.data()[0], 1);
  EXPECT_EQ(out.data()[3], 5);
}

struct CopyItems {
  const int* from;
  int* to;
  __device__ void operator()(std::int64_t i) const { to[i] = from[i]; }
};
//! What a kernel in a stream of its own finds in `from` now.
std::vector<int> seen_in_a_stream(const DeviceArray<int>& from) {
  const Stream stream;
  const DeviceArray<int> to(from.size());
  launch(static_cast<std::int64_t>(from.size()), CopyItems{from.data(), to.data()}, stream.get());
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
  return to_host(to);
}
TEST(EmulatedDevice, ACopyFromPageableMemoryIsAsLateAsItMayBe) {
  const DeviceArray<int> device(4);
  std::vector<int> host{1, 2, 3, 4};
  CUDA_CALL(cudaMemcpy(device.data(), host.data(), 4 * sizeof(int), cudaMemcpyHostToDevice));
  host.assign(4, 9);  // it may be reused
  EXPECT_LT(seen_in_a_stream(device)[2], -1000000);
  CUDA_CALL(cudaStreamSynchronize(cudaStreamLegacy));
  EXPECT_EQ(seen_in_a_stream(device), (std::vector<int>{1, 2, 3, 4}));
  CUDA_CALL(cudaMemset(device.data(), 0, 4 * sizeof(int)));
  EXPECT_EQ(seen_in_a_stream(device)[3], 4);
  EXPECT_EQ(to_host(device)[3], 0);  // in the legacy stream, after what waits there
}

TEST(EmulatedDevice, ACopyFromPageableMemoryIsLateInAStreamToo) {
  const Stream stream;
  const DeviceArray<int> device = to_device(std::vector<int>{5, 5});
  std::vector<int> host{1, 2};
  CUDA_CALL(cudaMemcpyAsync(device.data(), host.data(), 2 * sizeof(int), cudaMemcpyHostToDevice, stream.get()));
  host.assign(2, 9);
  EXPECT_EQ(to_host(device)[1], 5);
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
  EXPECT_EQ(to_host(device)[1], 2);
}

TEST(EmulatedDevice, ACopyFromPageLockedMemoryHasComeWhenItReturns) {
  const DeviceArray<int> device(4);
  PinnedArray<int> host(4);
  for (std::size_t i = 0; i < 4; ++i) host.data()[i] = 6;
  CUDA_CALL(cudaMemcpy(device.data(), host.data(), 4 * sizeof(int), cudaMemcpyHostToDevice));
  EXPECT_EQ(seen_in_a_stream(device)[3], 6);
}

TEST(EmulatedDevice, WhatIsSentHasComeBeforeAnyStreamGoesOn) {
  EXPECT_EQ(seen_in_a_stream(to_device(std::vector<int>{1, 2, 3})), (std::vector<int>{1, 2, 3}));
}

TEST(EmulatedDevice, CopiesKnowWhichSideIsTheDevices) {
  const DeviceArray<int> device(4);
  std::vector<int> host(8);
  EXPECT_EQ(cudaMemcpy(host.data(), host.data(), 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device.data(), device.data() + 1, 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device.data(), 5 * sizeof(int), cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST(EmulatedDevice, TooMuchMemoryIsAnError) {
  try {
    const DeviceArray<double> all(std::size_t{1} << 40);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::unavailable);
  }
}

TEST(EmulatedDevice, AKernelOnAnotherDevicesStreamIsAnError) {
  const Stream of_first;
  const DeviceArray<int> seen(1);
  CUDA_CALL(cudaSetDevice(1));
  const DeviceArray<int> here(1);
  EXPECT_THROW(launch(1, CountItems{here.data()}, of_first.get()), Error);
  CUDA_CALL(cudaSetDevice(0));
}

struct EmulatedDeviceDeathTest : testing::Test {
  EmulatedDeviceDeathTest() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(EmulatedDeviceDeathTest, RefusesHostMemoryInAKernel) {
  std::vector<int> host(1 << 20);
  EXPECT_DEATH(launch(4, CountItems{host.data()}), "address of host memory");
}

TEST_F(EmulatedDeviceDeathTest, RefusesAnotherDevicesMemoryInAKernel) {
  const DeviceArray<int> there(1 << 20);
  CUDA_CALL(cudaSetDevice(1));
  EXPECT_DEATH(launch(4, CountItems{there.data()}), "another device");
  CUDA_CALL(cudaSetDevice(0));
}

TEST_F(EmulatedDeviceDeathTest, RefusesHostAddressesThatAreCopied) {
  std::vector<int> host(1 << 20);
  EXPECT_DEATH(to_device(std::vector<int*>{host.data()}), "address of host memory");
}

//! Odd lanes leave out a barrier.
struct Part {
  using Number = double;
  __device__ void operator()(std::int64_t, std::int32_t lane, double*) const {
    if (lane % 2 == 0) __syncwarp();
    __any_sync(0xffffffffu, 0);
  }
};

TEST_F(EmulatedDeviceDeathTest, RefusesLanesThatPart) {
  EXPECT_DEATH(
      {
        const Stream stream;
        launch_teams<false>(1, 32, 1, 1, Part{}, stream.get());
        cudaStreamSynchronize(stream.get());
      },
      "threads that must meet have parted");
}

#if defined(__SANITIZE_ADDRESS__)
TEST_F(EmulatedDeviceDeathTest, SeesAStepBeyondAnAllocation) {
  EXPECT_DEATH(
      {
        const DeviceArray<int> seen(999);
        launch(1000, CountItems{seen.data()});
      },
      "heap-buffer-overflow");
}

struct BeyondShared {
  using Number = double;
  __device__ void operator()(std::int64_t, std::int32_t lane, double* shared) const { shared[lane + 1] = lane; }
};
TEST_F(EmulatedDeviceDeathTest, SeesAStepBeyondSharedMemory) {
  EXPECT_DEATH(
      {
        const Stream stream;
        launch_teams<false>(1, 32, 1, 32, BeyondShared{}, stream.get());
        cudaStreamSynchronize(stream.get());
      },
      "heap-buffer-overflow");
}
#endif

}  // namespace
}  // namespace gridqueue
