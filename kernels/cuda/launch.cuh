// The one place where kernels are launched and launches are checked: a thread per item, or a team of threads per item.
#pragma once
#include <cstdint>
#include <mutex>
#include <type_traits>

#include "kernels/cuda/cuda_call.cuh"
#include "kernels/device/batch_plan.hpp"

#if !defined(GQ_LAUNCH)  // tests run kernels on the CPU (tests/cuda_emulation)
//! `kernel` is a name or a pointer without a comma.
#define GQ_LAUNCH(kernel, blocks, threads, shared, stream, ...) kernel<<<blocks, threads, shared, stream>>>(__VA_ARGS__)
#define GQ_DYNAMIC_SHARED(name) extern __shared__ double name[]
#endif

namespace gridqueue {

constexpr int kBlockThreads = 128;
//! Threads of a block of teams, at most, and blocks per multiprocessor that the registers must allow: 128 registers a
//! thread in float, 255 in double, where an evaluation's state is twice as large.
template <class Real, bool kWholeBlock>
constexpr int kTeamThreads = kWholeBlock ? kMostTeamLanes<Real> : 128;
template <class Real, bool kWholeBlock>
constexpr int kTeamBlocks = kWholeBlock ? 1 : (sizeof(Real) == 4 ? 4 : 2);

//! Blocks that a multiprocessor must hold of launch(): a functor asks for so many where fewer registers a thread cost
//! it next to no spills; else the compiler chooses.
template <class Functor>
constexpr int kItemBlocks = [] {
  if constexpr (requires { Functor::kBlocksAtOnce; }) return Functor::kBlocksAtOnce;
  else return 0;
}();

template <class Functor>
__global__ void __launch_bounds__(kBlockThreads, kItemBlocks<Functor>)
    run_items(std::int64_t count, const __grid_constant__ Functor functor) {
  const std::int64_t item = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (item < count) functor(item);
}

//! Consecutive threads form a team; `stride` numbers of shared memory each.
template <class Functor, bool kWholeBlock>
__global__ void __launch_bounds__(kTeamThreads<typename Functor::Number, kWholeBlock>,
                                  kTeamBlocks<typename Functor::Number, kWholeBlock>)
    run_teams(std::int64_t count, int lanes, int stride, const __grid_constant__ Functor functor) {
  GQ_DYNAMIC_SHARED(shared);
  const int team = static_cast<int>(threadIdx.x) / lanes;
  const std::int64_t item = static_cast<std::int64_t>(blockIdx.x) * (static_cast<int>(blockDim.x) / lanes) + team;
  if (item >= count) return;  // a whole warp, or a whole block
  functor(item, static_cast<std::int32_t>(threadIdx.x) % lanes,
          reinterpret_cast<typename Functor::Number*>(shared) + static_cast<std::ptrdiff_t>(team) * stride);
}

inline void check_launch([[maybe_unused]] cudaStream_t stream) {
  CUDA_CALL(cudaGetLastError());
#if !defined(NDEBUG)
  CUDA_CALL(cudaStreamSynchronize(stream));
#endif
}

//! functor(item) for 0 <= item < count. The functor is a constant of the launch: keep it small and trivially copyable,
//! and its call inlined, or every thread makes a copy.
template <class Functor>
void launch(std::int64_t count, const Functor& functor, cudaStream_t stream = nullptr) {
  static_assert(std::is_trivially_copyable_v<Functor> && sizeof(Functor) <= 1024);
  if (count == 0) return;
  const auto blocks = static_cast<unsigned>((count + kBlockThreads - 1) / kBlockThreads);
  GQ_LAUNCH(run_items<Functor>, blocks, kBlockThreads, 0, stream, count, functor);
  check_launch(stream);
}

//! Lets a kernel take so many bytes of shared memory on the current device. They are only raised, because another
//! feeder's launches may need more; asked for before the first launch, not at each.
inline void allow_shared_memory(const void* kernel, std::size_t bytes) {
  static std::mutex one_at_a_time;  // what is allowed is read, then raised
  const std::lock_guard lock(one_at_a_time);
  cudaFuncAttributes now{};
  CUDA_CALL(cudaFuncGetAttributes(&now, kernel));
  if (static_cast<std::size_t>(now.maxDynamicSharedSizeBytes) < bytes)
    CUDA_CALL(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)));
}

//! BlocksThatFit a multiprocessor of the current device, by the registers that the compiler gave the kernel.
inline int blocks_that_fit(const void* kernel, const BlockShape& block) {
  int blocks = 0;
  CUDA_CALL(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, block.threads, block.shared_bytes));
  return blocks;
}

//! Items of launch() that the current device, which has so many multiprocessors, runs at once.
template <class Functor>
std::size_t items_at_once(int multiprocessors) {
  const auto kernel = run_items<Functor>;
  const int blocks = blocks_that_fit(reinterpret_cast<const void*>(kernel), {kBlockThreads, 0});
  return plan_wave(multiprocessors, blocks, kBlockThreads);
}

//! How launch_teams() is to be called on the current device, `info`, which is made ready for it; as plan_team_launch().
template <bool kWholeBlock, class Functor>
TeamLaunch prepare_teams(int lanes, int numbers, const DeviceInfo& info) {
  const auto kernel = run_teams<Functor, kWholeBlock>;
  const auto* const address = reinterpret_cast<const void*>(kernel);
  const auto fits = [&](const BlockShape& block) {
    allow_shared_memory(address, block.shared_bytes);
    return blocks_that_fit(address, block);
  };
  return plan_team_launch(lanes, numbers, sizeof(typename Functor::Number), info, fits);
}

//! functor(item, lane, shared) for 0 <= item < count and the lanes of a team: whole warps, or (kWholeBlock) a block.
//! More than 48 kB of shared memory a block need prepare_teams().
template <bool kWholeBlock, class Functor>
void launch_teams(std::int64_t count, int lanes, int teams_per_block, int stride, const Functor& functor,
                  cudaStream_t stream) {
  static_assert(std::is_trivially_copyable_v<Functor> && sizeof(Functor) <= 1024);
  if (count == 0) return;
  const auto shared =
      sizeof(typename Functor::Number) * static_cast<std::size_t>(stride) * static_cast<std::size_t>(teams_per_block);
  const auto kernel = run_teams<Functor, kWholeBlock>;
  const auto blocks = static_cast<unsigned>((count + teams_per_block - 1) / teams_per_block);
  GQ_LAUNCH(kernel, blocks, static_cast<unsigned>(lanes * teams_per_block), shared, stream, count, lanes, stride,
            functor);
  check_launch(stream);
}

}  // namespace gridqueue
