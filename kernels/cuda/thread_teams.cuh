// How a GPU's threads are a team (team_day.hpp): a warp, whose lanes exchange registers, or a block of warps.
#pragma once
#include "kernels/cuda/cuda_call.cuh"
#include "kernels/team/team_day.hpp"

namespace gridqueue {

constexpr unsigned kAllLanes = 0xffffffffu;

template <class Real>
__device__ __forceinline__ Real warp_max(Real x) {
  for (int d = kWarp / 2; d > 0; d /= 2) x = lane_max(x, __shfl_down_sync(kAllLanes, x, d));
  return __shfl_sync(kAllLanes, x, 0);  // one result for all, NaN or not: what follows must not diverge
}

//! Of a number per lane: the sum over the lanes before, and that with the lane's own.
template <class Real>
struct LaneSums {
  Real before, with_own;
};
template <class Real>
__device__ __forceinline__ LaneSums<Real> warp_sums(Real x, int lane) {
  for (int d = 1; d < kWarp; d *= 2) {
    const Real before = __shfl_up_sync(kAllLanes, x, d);
    if (lane >= d) x += before;
  }
  const Real before = __shfl_up_sync(kAllLanes, x, 1);
  return {lane > 0 ? before : Real(0), x};
}

//! One warp; its lanes exchange registers.
template <class Real>
struct WarpTeam {
  std::int32_t lane;
  TeamLane<Real>& mine;
  static constexpr std::int32_t kExchange = 0;  //!< numbers of shared memory besides the scratch

  template <class F>
  __device__ __forceinline__ void each(const F& f) {
    f(lane, mine);
    __syncwarp();
  }
  template <int N, class Access>
  __device__ __forceinline__ void scan(const Access& access) {
    unroll<N>([&](auto n) { access(mine)[n] = warp_sums(access(mine)[n], lane).before; });
  }
  template <class Access>
  __device__ __forceinline__ Real max(const Access& access) {
    return warp_max(access(mine));
  }
  template <class Access>
  __device__ __forceinline__ bool any(const Access& access) {
    return __any_sync(kAllLanes, access(mine)) != 0;
  }
};

//! All warps of a block: scanned warp by warp, then over the warps' totals in `exchange`.
template <class Real>
struct BlockTeam {
  std::int32_t lane;
  TeamLane<Real>& mine;
  Real* exchange;  //!< [kExchange]
  static constexpr std::int32_t kExchange = kBlockExchange;

  template <class F>
  __device__ __forceinline__ void each(const F& f) {
    f(lane, mine);
    __syncthreads();
  }
  template <int N, class Access>
  __device__ __forceinline__ void scan(const Access& access) {
    static_assert(N <= kTeamParts);
    const int rank = lane % kWarp, warp = lane / kWarp;
    unroll<N>([&](auto n) {
      const LaneSums<Real> sums = warp_sums(access(mine)[n], rank);
      if (rank == kWarp - 1) exchange[n * kWarp + warp] = sums.with_own;
      access(mine)[n] = sums.before;
    });
    __syncthreads();
    unroll<N>([&](auto n) {
      Real before(0);
      for (int w = 0; w < warp; ++w) before += exchange[n * kWarp + w];
      access(mine)[n] += before;
    });
    __syncthreads();
  }
  template <class Access>
  __device__ __forceinline__ Real max(const Access& access) {
    const Real largest = warp_max(access(mine));
    if (lane % kWarp == 0) exchange[lane / kWarp] = largest;
    __syncthreads();
    Real all = exchange[0];
    for (int w = 1; w < static_cast<int>(blockDim.x) / kWarp; ++w) all = lane_max(all, exchange[w]);
    __syncthreads();
    return all;
  }
  template <class Access>
  __device__ __forceinline__ bool any(const Access& access) {
    return __syncthreads_or(access(mine)) != 0;
  }
};

}  // namespace gridqueue
