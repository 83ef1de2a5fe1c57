// The type an evaluation computes with. On the CPU a lane type is a native vector, one evaluation per element; on
// the GPU it is a plain float or double, one evaluation per thread. Kernels are written once against the functions
// of both: select, any, sqrt, rsqrt, min, max, abs, comparisons.
#pragma once
#include "kernels/lane/plain_lane.hpp"
#if defined(GRIDQUEUE_PORTABLE_VECTORS)
#include "kernels/lane/portable_lane.hpp"
#elif !defined(__CUDACC__)
#include "kernels/lane/simd_lane.hpp"
#endif

namespace gridqueue {

#if !defined(__CUDACC__)
template <class R, int W>
struct LaneTraits<Simd<R, W>> {
  using Real = R;
  using Mask = SimdMask<R, W>;
  static constexpr int width = W;
};
template <class R, int W>
GQ_HD R lane_value(const Simd<R, W>& x, int lane) {
  return x[lane];
}
template <class R, int W>
GQ_HD void set_lane(Simd<R, W>& x, int lane, R value) {
  x.set(lane, value);
}

//! Names the vectors a file is compiled for, in what is compiled for several.
inline namespace GQ_VECTORS {
struct Vectors;
}
#endif

//! f(0), f(1), ... f(N - 1) with constants for indices, so that small arrays stay in registers.
template <int N, class F>
GQ_HD void unroll(const F& f) {
  if constexpr (N > 0) f(std::integral_constant<int, 0>{});
  if constexpr (N > 1) f(std::integral_constant<int, 1>{});
  if constexpr (N > 2) f(std::integral_constant<int, 2>{});
  if constexpr (N > 3) f(std::integral_constant<int, 3>{});
  if constexpr (N > 4) f(std::integral_constant<int, 4>{});
  if constexpr (N > 5) f(std::integral_constant<int, 5>{});
  if constexpr (N > 6) f(std::integral_constant<int, 6>{});
  if constexpr (N > 7) f(std::integral_constant<int, 7>{});
  static_assert(N <= 8);
}

//! Rounds half to even (x + 1.5 * 2^(mantissa bits) drops the fraction); |x| must be below 2^(mantissa bits - 1).
template <class Lane>
GQ_HD Lane lane_rint(Lane x) {
  using R = RealOf<Lane>;
  const R magic = sizeof(R) == 4 ? R(12582912.0) : R(6755399441055744.0);
  const Lane y = x + Lane(magic);
  return y - Lane(magic);
}
//! Largest integer not above x, for 0 <= x.
template <class Lane>
GQ_HD Lane lane_floor(Lane x) {
  const Lane y = lane_rint(x);
  return select(x < y, y - Lane(RealOf<Lane>(1)), y);
}

}  // namespace gridqueue
