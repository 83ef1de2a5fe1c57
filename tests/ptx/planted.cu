// Faults that tests/ptx must find, one each; without one the same kernels are right.
#include "kernels/cuda/device_array.cuh"
#include "kernels/cuda/launch.cuh"
#include "tests/ptx/planted.hpp"

namespace gridqueue::planted {
namespace {

constexpr unsigned kAll = 0xffffffffu;

//! Lanes hand numbers on, through shared memory and by a shuffle.
struct InWarp {
  using Number = float;
  Fault fault;
  float* result;  //!< [item][32]
  const float* host;
  __device__ void operator()(std::int64_t item, std::int32_t lane, float* shared) const {
    float* mine = result + item * 32;
    if (fault != Fault::unwritten_shared || lane != 3) shared[lane] = static_cast<float>(lane);
    if (fault != Fault::no_syncwarp && (fault != Fault::lanes_part || lane % 2 == 0)) __syncwarp();
    float x = shared[(lane + 1) % 32];
    if (fault == Fault::beyond_shared) x += shared[lane + 1000];
    if (fault == Fault::misaligned_load) x += static_cast<float>(*reinterpret_cast<const double*>(shared + 1));
    if (fault == Fault::wrong_mask) {
      x += __shfl_sync(0x0000ffffu, x, 3);
    } else if (fault == Fault::lane_outside_mask) {
      if (lane < 16) x += __shfl_sync(0x0000ffffu, x, 20);
    } else {
      x += __shfl_sync(kAll, x, 3);
    }
    if (fault == Fault::host_memory) x += host[lane];
    if (fault == Fault::beyond_global) mine += 32;
    mine[fault == Fault::two_writers ? 0 : lane] = x;
  }
};

//! Twice through the same shared memory.
struct InBlock {
  using Number = float;
  Fault fault;
  float* result;  //!< [64]
  __device__ void operator()(std::int64_t, std::int32_t lane, float* shared) const {
    shared[lane] = static_cast<float>(lane);
    if (fault != Fault::no_syncthreads) __syncthreads();
    const float x = shared[(lane + 40) % 64];
    if (fault != Fault::no_second_barrier) __syncthreads();
    shared[lane] = 2 * x;
    __syncthreads();
    result[lane] = shared[(lane + 7) % 64];
  }
};

struct Copy {
  const int* from;
  int* to;
  __device__ void operator()(std::int64_t i) const { to[i] = from[i]; }
};

}  // namespace

void run_warp(Fault fault) {
  constexpr int items = 2;
  const DeviceArray<float> result(items * 32);
  const PinnedArray<float> host(32);
  const Stream stream;
  launch_teams<false>(items, 32, 2, 64, InWarp{fault, result.data(), host.data()}, stream.get());
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
}

void run_block(Fault fault) {
  const DeviceArray<float> result(64);
  const Stream stream;
  launch_teams<true>(1, 64, 1, 64, InBlock{fault, result.data()}, stream.get());
  CUDA_CALL(cudaStreamSynchronize(stream.get()));
}

void run_after_copy(Fault fault) {
  const DeviceArray<int> from(100), to(100);
  const std::vector<int> pageable(100, 7);
  const PinnedArray<int> pinned(100);
  for (std::size_t i = 0; i < 100; ++i) pinned.data()[i] = 7;
  const Stream copies, kernels;
  const std::size_t bytes = 100 * sizeof(int);
  if (fault == Fault::no_synchronization) {
    CUDA_CALL(cudaMemcpy(from.data(), pageable.data(), bytes, cudaMemcpyHostToDevice));
  } else if (fault == Fault::reused_too_early) {
    CUDA_CALL(cudaMemcpyAsync(from.data(), pinned.data(), bytes, cudaMemcpyHostToDevice, copies.get()));
  } else {
    send_to_device(from.data(), pageable.data(), bytes);
  }
  launch(100, Copy{from.data(), to.data()}, kernels.get());
  CUDA_CALL(cudaStreamSynchronize(kernels.get()));
}

}  // namespace gridqueue::planted
