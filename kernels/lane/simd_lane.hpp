// Native vectors as lane types (lane.hpp): one evaluation per element. Not for nvcc. Files of one program may be
// compiled for different instructions, so the namespace names them: one name never has two layouts.
#pragma once
#include "kernels/lane/plain_lane.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
#define GQ_AVX512 1
#define GQ_VECTORS avx512_vectors
#elif defined(__AVX__)
#define GQ_VECTORS avx_vectors
#else
#define GQ_VECTORS sse_vectors
#endif

namespace gridqueue {
inline namespace GQ_VECTORS {

template <class R>
using IntLike = std::conditional_t<sizeof(R) == 4, std::int32_t, std::int64_t>;

//! GCC's vector types; spelled out because a dependent vector_size is not a type of its own.
template <class T, int W>
struct VectorOf;
#define GQ_VECTOR(T, W)                                         \
  template <>                                                   \
  struct VectorOf<T, W> {                                       \
    typedef T type __attribute__((vector_size(sizeof(T) * W))); \
  }
GQ_VECTOR(float, 16);
GQ_VECTOR(double, 8);
GQ_VECTOR(float, 8);
GQ_VECTOR(double, 4);
GQ_VECTOR(float, 4);
GQ_VECTOR(double, 2);
GQ_VECTOR(std::int32_t, 8);
GQ_VECTOR(std::int64_t, 4);
GQ_VECTOR(std::int32_t, 4);
GQ_VECTOR(std::int64_t, 2);
#undef GQ_VECTOR

template <class R, int W>
struct Simd {
  using Vector = typename VectorOf<R, W>::type;
  Vector v;
  Simd() = default;
  GQ_HD Simd(R x) : v(x - Vector{}) {}  // NOLINT: a plain number stands for a vector of it
  GQ_HD explicit Simd(Vector x) : v(x) {}
  GQ_HD R operator[](int i) const { return v[i]; }
  GQ_HD void set(int i, R x) { v[i] = x; }
  friend GQ_HD Simd operator+(Simd a, Simd b) { return Simd(a.v + b.v); }
  friend GQ_HD Simd operator-(Simd a, Simd b) { return Simd(a.v - b.v); }
  friend GQ_HD Simd operator*(Simd a, Simd b) { return Simd(a.v * b.v); }
  friend GQ_HD Simd operator/(Simd a, Simd b) { return Simd(a.v / b.v); }
  friend GQ_HD Simd operator-(Simd a) { return Simd(-a.v); }
  GQ_HD Simd& operator+=(Simd b) { return v += b.v, *this; }
  GQ_HD Simd& operator-=(Simd b) { return v -= b.v, *this; }
  GQ_HD Simd& operator*=(Simd b) { return v *= b.v, *this; }
};

//! One truth value per lane: a mask register with AVX-512, else a vector of 0 / -1.
template <class R, int W>
struct SimdMask {
#if defined(GQ_AVX512)
  using Bits = std::conditional_t<W == 16, __mmask16, __mmask8>;
#else
  using Bits = typename VectorOf<IntLike<R>, W>::type;
#endif
  Bits m;
  SimdMask() = default;
  GQ_HD explicit SimdMask(Bits b) : m(b) {}
  GQ_HD SimdMask(bool all) {  // NOLINT
#if defined(GQ_AVX512)
    m = static_cast<Bits>(all ? -1 : 0);
#else
    m = Bits{} - IntLike<R>(all ? 1 : 0);
#endif
  }
  [[nodiscard]] GQ_HD bool lane(int i) const {
#if defined(GQ_AVX512)
    return (static_cast<unsigned>(m) >> i) & 1u;
#else
    return m[i] != 0;
#endif
  }
  friend GQ_HD SimdMask operator&&(SimdMask a, SimdMask b) { return SimdMask(static_cast<Bits>(a.m & b.m)); }
  friend GQ_HD SimdMask operator||(SimdMask a, SimdMask b) { return SimdMask(static_cast<Bits>(a.m | b.m)); }
  friend GQ_HD SimdMask operator!(SimdMask a) { return SimdMask(static_cast<Bits>(~a.m)); }
};

#if defined(GQ_AVX512)
constexpr int kVectorBytes = 64;
GQ_HD SimdMask<float, 16> operator<(Simd<float, 16> a, Simd<float, 16> b) {
  return SimdMask<float, 16>(_mm512_cmp_ps_mask(__m512(a.v), __m512(b.v), _CMP_LT_OQ));
}
GQ_HD SimdMask<double, 8> operator<(Simd<double, 8> a, Simd<double, 8> b) {
  return SimdMask<double, 8>(_mm512_cmp_pd_mask(__m512d(a.v), __m512d(b.v), _CMP_LT_OQ));
}
GQ_HD Simd<float, 16> select(SimdMask<float, 16> m, Simd<float, 16> a, Simd<float, 16> b) {
  return Simd<float, 16>(Simd<float, 16>::Vector(_mm512_mask_blend_ps(m.m, __m512(b.v), __m512(a.v))));
}
GQ_HD Simd<double, 8> select(SimdMask<double, 8> m, Simd<double, 8> a, Simd<double, 8> b) {
  return Simd<double, 8>(Simd<double, 8>::Vector(_mm512_mask_blend_pd(m.m, __m512d(b.v), __m512d(a.v))));
}
template <class R, int W>
GQ_HD bool any(SimdMask<R, W> m) {
  return m.m != 0;
}
GQ_HD Simd<float, 16> lane_abs(Simd<float, 16> x) {
  return Simd<float, 16>(Simd<float, 16>::Vector(_mm512_abs_ps(__m512(x.v))));
}
GQ_HD Simd<double, 8> lane_abs(Simd<double, 8> x) {
  return Simd<double, 8>(Simd<double, 8>::Vector(_mm512_abs_pd(__m512d(x.v))));
}
GQ_HD Simd<float, 16> lane_min(Simd<float, 16> a, Simd<float, 16> b) {
  return Simd<float, 16>(Simd<float, 16>::Vector(_mm512_min_ps(__m512(a.v), __m512(b.v))));
}
GQ_HD Simd<float, 16> lane_max(Simd<float, 16> a, Simd<float, 16> b) {
  return Simd<float, 16>(Simd<float, 16>::Vector(_mm512_max_ps(__m512(a.v), __m512(b.v))));
}
GQ_HD Simd<double, 8> lane_min(Simd<double, 8> a, Simd<double, 8> b) {
  return Simd<double, 8>(Simd<double, 8>::Vector(_mm512_min_pd(__m512d(a.v), __m512d(b.v))));
}
GQ_HD Simd<double, 8> lane_max(Simd<double, 8> a, Simd<double, 8> b) {
  return Simd<double, 8>(Simd<double, 8>::Vector(_mm512_max_pd(__m512d(a.v), __m512d(b.v))));
}
GQ_HD Simd<float, 16> lane_sqrt(Simd<float, 16> x) {
  return Simd<float, 16>(Simd<float, 16>::Vector(_mm512_sqrt_ps(__m512(x.v))));
}
GQ_HD Simd<double, 8> lane_sqrt(Simd<double, 8> x) {
  return Simd<double, 8>(Simd<double, 8>::Vector(_mm512_sqrt_pd(__m512d(x.v))));
}
//! Seed of 14 bits and one Newton step: 1e-7 relative, a third of the time of a division by a root.
GQ_HD Simd<float, 16> lane_rsqrt(Simd<float, 16> x) {
  const Simd<float, 16> y(Simd<float, 16>::Vector(_mm512_rsqrt14_ps(__m512(x.v))));
  return y * (1.5f - 0.5f * x * y * y);
}
GQ_HD Simd<double, 8> lane_rsqrt(Simd<double, 8> x) {
  Simd<double, 8> y(Simd<double, 8>::Vector(_mm512_rsqrt14_pd(__m512d(x.v))));
  y = y * (1.5 - 0.5 * x * y * y);
  return y * (1.5 - 0.5 * x * y * y);
}
#else
#if defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
template <class R, int W>
GQ_HD SimdMask<R, W> operator<(Simd<R, W> a, Simd<R, W> b) {
  return SimdMask<R, W>(static_cast<typename SimdMask<R, W>::Bits>(a.v < b.v));
}
template <class R, int W>
GQ_HD Simd<R, W> select(SimdMask<R, W> m, Simd<R, W> a, Simd<R, W> b) {
  return Simd<R, W>(m.m ? a.v : b.v);
}
template <class R, int W>
GQ_HD bool any(SimdMask<R, W> m) {
  IntLike<R> all = 0;
  for (int i = 0; i < W; ++i) all |= m.m[i];
  return all != 0;
}
template <class R, int W>
GQ_HD Simd<R, W> lane_min(Simd<R, W> a, Simd<R, W> b) {
  return Simd<R, W>(a.v < b.v ? a.v : b.v);
}
template <class R, int W>
GQ_HD Simd<R, W> lane_max(Simd<R, W> a, Simd<R, W> b) {
  return Simd<R, W>(b.v < a.v ? a.v : b.v);
}
template <class R, int W>
GQ_HD Simd<R, W> lane_sqrt(Simd<R, W> x) {
  for (int i = 0; i < W; ++i) x.v[i] = std::sqrt(x.v[i]);
  return x;
}
template <class R, int W>
GQ_HD Simd<R, W> lane_rsqrt(Simd<R, W> x) {
  return Simd<R, W>(R(1)) / lane_sqrt(x);
}
template <class R, int W>
GQ_HD Simd<R, W> lane_abs(Simd<R, W> x) {
  return lane_max(x, -x);
}
#endif
template <class R, int W>
GQ_HD SimdMask<R, W> operator>(Simd<R, W> a, Simd<R, W> b) {
  return b < a;
}

//! One native vector of evaluations.
template <class R>
using NativeLane = Simd<R, kVectorBytes / static_cast<int>(sizeof(R))>;

}  // namespace GQ_VECTORS
}  // namespace gridqueue
