// A plain number as a lane type (lane.hpp): one evaluation per thread of a GPU.
#pragma once
#include <cmath>
#include <cstdint>
#include <type_traits>

#if defined(__CUDACC__)
#define GQ_HD __host__ __device__ __forceinline__
#define GQ_INLINE
#elif defined(GRIDQUEUE_PLAIN_CALLS)  // sanitizers take minutes for what is one function
#define GQ_HD inline
#define GQ_INLINE
#else
#define GQ_INLINE __attribute__((always_inline))  // for lambdas
#define GQ_HD inline __attribute__((always_inline))
#endif

namespace gridqueue {

template <class Lane>
struct LaneTraits;  // Real, Mask, width

template <>
struct LaneTraits<float> {
  using Real = float;
  using Mask = bool;
  static constexpr int width = 1;
};
template <>
struct LaneTraits<double> {
  using Real = double;
  using Mask = bool;
  static constexpr int width = 1;
};
template <class Lane>
using RealOf = typename LaneTraits<Lane>::Real;
template <class Lane>
using MaskOf = typename LaneTraits<Lane>::Mask;

template <class T>
concept PlainReal = std::is_floating_point_v<T>;

template <PlainReal T>
GQ_HD T select(bool m, T a, T b) {
  return m ? a : b;
}
GQ_HD bool any(bool m) { return m; }
template <PlainReal T>
GQ_HD T lane_sqrt(T x) {
  return std::sqrt(x);
}
template <PlainReal T>
GQ_HD T lane_rsqrt(T x) {
#if defined(__CUDA_ARCH__)
  return rsqrt(x);
#else
  return T(1) / std::sqrt(x);
#endif
}
//! min and max return b where either is NaN, on every machine.
template <PlainReal T>
GQ_HD T lane_min(T a, T b) {
  return a < b ? a : b;
}
template <PlainReal T>
GQ_HD T lane_max(T a, T b) {
  return b < a ? a : b;
}
template <PlainReal T>
GQ_HD T lane_abs(T x) {
  return x < T(0) ? -x : x;
}

template <PlainReal T>
GQ_HD T lane_value(T x, int) {
  return x;
}
template <PlainReal T>
GQ_HD void set_lane(T& x, int, T value) {
  x = value;
}

}  // namespace gridqueue
