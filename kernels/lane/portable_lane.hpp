// Native vectors of a portable build (lane.hpp): equal bits with the instructions of x86-64-v3 and of x86-64-v4.
// Nothing is left to the compiler or the processor: which products are fused follows from their types, and reciprocal
// roots start from integers. Compiled with -ffp-contract=off.
#pragma once
#include "kernels/lane/portable_vector.hpp"

namespace gridqueue {
inline namespace GQ_VECTORS {

//! a * b, not rounded yet: added to something it is one fused operation, else it is rounded where it becomes a Simd.
template <class Lane>
struct Product {
  Lane a, b;
};

//! One truth value per lane.
template <class R, int W>
struct SimdMask {
  using Ops = VectorOps<R, W>;
  typename Ops::Bits m;
  SimdMask() = default;
  GQ_HD explicit SimdMask(typename Ops::Bits b) : m(b) {}
  GQ_HD SimdMask(bool all) : m(Ops::truth(all)) {}  // NOLINT
  [[nodiscard]] GQ_HD bool lane(int i) const { return (Ops::packed(m) >> i) & 1u; }
  friend GQ_HD SimdMask operator&&(SimdMask a, SimdMask b) { return SimdMask(Ops::both(a.m, b.m)); }
  friend GQ_HD SimdMask operator||(SimdMask a, SimdMask b) { return SimdMask(Ops::either(a.m, b.m)); }
  friend GQ_HD SimdMask operator!(SimdMask a) { return SimdMask(Ops::neither(a.m)); }
  friend GQ_HD bool any(SimdMask a) { return Ops::packed(a.m) != 0; }
};

template <class R, int W>
struct Simd {
  using Ops = VectorOps<R, W>;
  using Vector = typename Ops::Vector;
  using Mask = SimdMask<R, W>;
  Vector v;
  Simd() = default;
  GQ_HD Simd(R x) : v(Ops::all(x)) {}  // NOLINT: a plain number stands for a vector of it
  GQ_HD explicit Simd(Vector x) : v(x) {}
  GQ_HD Simd(const Product<Simd>& p) : v(p.a.v * p.b.v) {}  // NOLINT
  GQ_HD R operator[](int i) const { return v[i]; }
  GQ_HD void set(int i, R x) { v[i] = x; }

  friend GQ_HD Simd operator+(Simd a, Simd b) { return Simd(a.v + b.v); }
  friend GQ_HD Simd operator-(Simd a, Simd b) { return Simd(a.v - b.v); }
  friend GQ_HD Product<Simd> operator*(Simd a, Simd b) { return {a, b}; }
  friend GQ_HD Simd operator/(Simd a, Simd b) { return Simd(a.v / b.v); }
  friend GQ_HD Simd operator-(Simd a) { return Simd(-a.v); }
  friend GQ_HD Simd operator+(Product<Simd> p, Simd c) { return Simd(Ops::fma(p.a.v, p.b.v, c.v)); }
  friend GQ_HD Simd operator+(Simd c, Product<Simd> p) { return Simd(Ops::fma(p.a.v, p.b.v, c.v)); }
  friend GQ_HD Simd operator+(Product<Simd> p, Product<Simd> q) { return p + Simd(q); }
  friend GQ_HD Simd operator-(Product<Simd> p, Simd c) { return Simd(Ops::fma(p.a.v, p.b.v, -c.v)); }
  friend GQ_HD Simd operator-(Simd c, Product<Simd> p) { return Simd(Ops::fma(-p.a.v, p.b.v, c.v)); }
  friend GQ_HD Simd operator-(Product<Simd> p, Product<Simd> q) { return p - Simd(q); }
  friend GQ_HD Product<Simd> operator-(Product<Simd> p) { return {-p.a, p.b}; }
  template <class X>
  GQ_HD Simd& operator+=(const X& x) {
    return *this = *this + x;
  }
  template <class X>
  GQ_HD Simd& operator-=(const X& x) {
    return *this = *this - x;
  }
  GQ_HD Simd& operator*=(Simd b) { return v *= b.v, *this; }

  friend GQ_HD Mask operator<(Simd a, Simd b) { return Mask(Ops::less(a.v, b.v)); }
  friend GQ_HD Mask operator>(Simd a, Simd b) { return b < a; }
  friend GQ_HD Simd select(Mask m, Simd a, Simd b) { return Simd(Ops::blend(m.m, a.v, b.v)); }
  friend GQ_HD Simd lane_min(Simd a, Simd b) { return Simd(Ops::min(a.v, b.v)); }
  friend GQ_HD Simd lane_max(Simd a, Simd b) { return Simd(Ops::max(a.v, b.v)); }
  friend GQ_HD Simd lane_abs(Simd x) { return Simd(Ops::abs(x.v)); }
  friend GQ_HD Simd lane_sqrt(Simd x) { return Simd(Ops::sqrt(x.v)); }
  //! A seed within 4 % and Newton steps, each of which squares the error: below 1e-10, 1e-20 in double.
  friend GQ_HD Simd lane_rsqrt(Simd x) {
    Simd y(Ops::rsqrt_seed(x.v));
    const Simd half = R(0.5) * x;
    unroll_steps<sizeof(R) == 4 ? 3 : 4>([&]() GQ_INLINE { y *= R(1.5) - half * y * y; });
    return y;
  }

 private:
  template <int N, class F>
  static GQ_HD void unroll_steps(const F& f) {
    if constexpr (N > 0) f(), unroll_steps<N - 1>(f);
  }
};

//! One native vector of evaluations.
template <class R>
using NativeLane = Simd<R, kVectorBytes / static_cast<int>(sizeof(R))>;

}  // namespace GQ_VECTORS
}  // namespace gridqueue
