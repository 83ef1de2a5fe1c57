// The vector operations of a portable build (portable_lane.hpp), by the instructions a file is compiled for.
#pragma once
#include <immintrin.h>

#include "kernels/lane/plain_lane.hpp"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define GQ_VECTORS portable_v4
#else
#define GQ_VECTORS portable_v3
#endif

namespace gridqueue {
inline namespace GQ_VECTORS {

template <class R, int W>
struct VectorOps;

constexpr int kSeedOfFloat = 0x5f375a86;
constexpr long long kSeedOfDouble = 0x5fe6eb50c7b537a9;

#if defined(__AVX512F__) && defined(__AVX512DQ__)
constexpr int kVectorBytes = 64;

template <>
struct VectorOps<float, 16> {
  using Vector = __m512;
  using Bits = __mmask16;
  static GQ_HD Vector all(float x) { return _mm512_set1_ps(x); }
  static GQ_HD Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
  static GQ_HD Vector min(Vector a, Vector b) { return _mm512_min_ps(a, b); }
  static GQ_HD Vector max(Vector a, Vector b) { return _mm512_max_ps(a, b); }
  static GQ_HD Vector abs(Vector x) { return _mm512_abs_ps(x); }
  static GQ_HD Vector sqrt(Vector x) { return _mm512_sqrt_ps(x); }
  static GQ_HD Vector rsqrt_seed(Vector x) {
    return _mm512_castsi512_ps(
        _mm512_sub_epi32(_mm512_set1_epi32(kSeedOfFloat), _mm512_srli_epi32(_mm512_castps_si512(x), 1)));
  }
  static GQ_HD Bits less(Vector a, Vector b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
  static GQ_HD Vector blend(Bits m, Vector a, Vector b) { return _mm512_mask_blend_ps(m, b, a); }
  static GQ_HD Bits truth(bool all) { return static_cast<Bits>(all ? -1 : 0); }
  static GQ_HD unsigned packed(Bits m) { return m; }
  static GQ_HD Bits both(Bits a, Bits b) { return static_cast<Bits>(a & b); }
  static GQ_HD Bits either(Bits a, Bits b) { return static_cast<Bits>(a | b); }
  static GQ_HD Bits neither(Bits a) { return static_cast<Bits>(~a); }
};

template <>
struct VectorOps<double, 8> {
  using Vector = __m512d;
  using Bits = __mmask8;
  static GQ_HD Vector all(double x) { return _mm512_set1_pd(x); }
  static GQ_HD Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
  static GQ_HD Vector min(Vector a, Vector b) { return _mm512_min_pd(a, b); }
  static GQ_HD Vector max(Vector a, Vector b) { return _mm512_max_pd(a, b); }
  static GQ_HD Vector abs(Vector x) { return _mm512_abs_pd(x); }
  static GQ_HD Vector sqrt(Vector x) { return _mm512_sqrt_pd(x); }
  static GQ_HD Vector rsqrt_seed(Vector x) {
    return _mm512_castsi512_pd(
        _mm512_sub_epi64(_mm512_set1_epi64(kSeedOfDouble), _mm512_srli_epi64(_mm512_castpd_si512(x), 1)));
  }
  static GQ_HD Bits less(Vector a, Vector b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
  static GQ_HD Vector blend(Bits m, Vector a, Vector b) { return _mm512_mask_blend_pd(m, b, a); }
  static GQ_HD Bits truth(bool all) { return static_cast<Bits>(all ? -1 : 0); }
  static GQ_HD unsigned packed(Bits m) { return m; }
  static GQ_HD Bits both(Bits a, Bits b) { return static_cast<Bits>(a & b); }
  static GQ_HD Bits either(Bits a, Bits b) { return static_cast<Bits>(a | b); }
  static GQ_HD Bits neither(Bits a) { return static_cast<Bits>(~a); }
};
#else
constexpr int kVectorBytes = 32;

template <>
struct VectorOps<float, 8> {
  using Vector = __m256;
  using Bits = __m256;  // all or no bits of a lane
  static GQ_HD Vector all(float x) { return _mm256_set1_ps(x); }
  static GQ_HD Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
  static GQ_HD Vector min(Vector a, Vector b) { return _mm256_min_ps(a, b); }
  static GQ_HD Vector max(Vector a, Vector b) { return _mm256_max_ps(a, b); }
  static GQ_HD Vector abs(Vector x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
  static GQ_HD Vector sqrt(Vector x) { return _mm256_sqrt_ps(x); }
  static GQ_HD Vector rsqrt_seed(Vector x) {
    return _mm256_castsi256_ps(
        _mm256_sub_epi32(_mm256_set1_epi32(kSeedOfFloat), _mm256_srli_epi32(_mm256_castps_si256(x), 1)));
  }
  static GQ_HD Bits less(Vector a, Vector b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
  static GQ_HD Vector blend(Bits m, Vector a, Vector b) { return _mm256_blendv_ps(b, a, m); }
  static GQ_HD Bits truth(bool all) { return _mm256_castsi256_ps(_mm256_set1_epi32(all ? -1 : 0)); }
  static GQ_HD unsigned packed(Bits m) { return static_cast<unsigned>(_mm256_movemask_ps(m)); }
  static GQ_HD Bits both(Bits a, Bits b) { return _mm256_and_ps(a, b); }
  static GQ_HD Bits either(Bits a, Bits b) { return _mm256_or_ps(a, b); }
  static GQ_HD Bits neither(Bits a) { return _mm256_xor_ps(a, truth(true)); }
};

template <>
struct VectorOps<double, 4> {
  using Vector = __m256d;
  using Bits = __m256d;
  static GQ_HD Vector all(double x) { return _mm256_set1_pd(x); }
  static GQ_HD Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
  static GQ_HD Vector min(Vector a, Vector b) { return _mm256_min_pd(a, b); }
  static GQ_HD Vector max(Vector a, Vector b) { return _mm256_max_pd(a, b); }
  static GQ_HD Vector abs(Vector x) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x); }
  static GQ_HD Vector sqrt(Vector x) { return _mm256_sqrt_pd(x); }
  static GQ_HD Vector rsqrt_seed(Vector x) {
    return _mm256_castsi256_pd(
        _mm256_sub_epi64(_mm256_set1_epi64x(kSeedOfDouble), _mm256_srli_epi64(_mm256_castpd_si256(x), 1)));
  }
  static GQ_HD Bits less(Vector a, Vector b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
  static GQ_HD Vector blend(Bits m, Vector a, Vector b) { return _mm256_blendv_pd(b, a, m); }
  static GQ_HD Bits truth(bool all) { return _mm256_castsi256_pd(_mm256_set1_epi64x(all ? -1 : 0)); }
  static GQ_HD unsigned packed(Bits m) { return static_cast<unsigned>(_mm256_movemask_pd(m)); }
  static GQ_HD Bits both(Bits a, Bits b) { return _mm256_and_pd(a, b); }
  static GQ_HD Bits either(Bits a, Bits b) { return _mm256_or_pd(a, b); }
  static GQ_HD Bits neither(Bits a) { return _mm256_xor_pd(a, truth(true)); }
};
#endif

}  // namespace GQ_VECTORS
}  // namespace gridqueue
