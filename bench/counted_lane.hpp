// A lane type that counts what an evaluation computes: the evaluation's own source runs with it, so the counts follow
// it.
#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/lane/lane.hpp"

namespace gridqueue::bench {

struct Tally {
  double flops = 0;  //!< additions, multiplications, divisions, roots
  //! The same with a product and its addition as one, plus comparisons, selections, row accesses.
  double instructions = 0;
  double rows = 0;  //!< numbers of the workspace read or written; an update counts once
};
inline Tally& tally() {
  static Tally t;
  return t;
}

template <class R>
struct Counted {
  R x;
  bool product = false;  //!< an addition of it is part of a fused multiply-add
  Counted() = default;
  Counted(R value) : x(value) {}  // NOLINT: as Simd
  Counted(R value, bool is_product) : x(value), product(is_product) {}

  static Counted operation(R value, bool is_product = false) {
    tally().flops += 1;
    tally().instructions += 1;
    return {value, is_product};
  }
  static Counted sum(R value, bool fused) {
    tally().flops += 1;
    if (!fused) tally().instructions += 1;
    return {value};
  }
  static bool comparison(bool value) {
    tally().instructions += 1;
    return value;
  }

  friend Counted operator+(const Counted& a, const Counted& b) { return sum(a.x + b.x, a.product || b.product); }
  friend Counted operator-(const Counted& a, const Counted& b) { return sum(a.x - b.x, a.product || b.product); }
  friend Counted operator*(const Counted& a, const Counted& b) { return operation(a.x * b.x, true); }
  friend Counted operator/(const Counted& a, const Counted& b) { return operation(a.x / b.x); }
  friend Counted operator-(const Counted& a) { return {-a.x, a.product}; }  // a sign is part of what uses it
  Counted& operator+=(const Counted& b) { return *this = sum(x + b.x, b.product); }
  Counted& operator-=(const Counted& b) { return *this = sum(x - b.x, b.product); }
  Counted& operator*=(const Counted& b) { return *this = operation(x * b.x, true); }
  friend bool operator<(const Counted& a, const Counted& b) { return comparison(a.x < b.x); }
  friend bool operator>(const Counted& a, const Counted& b) { return comparison(a.x > b.x); }
};

template <class R>
Counted<R> select(bool m, const Counted<R>& a, const Counted<R>& b) {
  return Counted<R>::comparison(m) ? a.x : b.x;
}
template <class R>
Counted<R> lane_sqrt(const Counted<R>& a) {
  return Counted<R>::operation(std::sqrt(a.x));
}
template <class R>
Counted<R> lane_rsqrt(const Counted<R>& a) {
  return Counted<R>::operation(R(1) / std::sqrt(a.x));
}
template <class R>
Counted<R> lane_min(const Counted<R>& a, const Counted<R>& b) {
  return Counted<R>::comparison(a.x < b.x) ? a.x : b.x;
}
template <class R>
Counted<R> lane_max(const Counted<R>& a, const Counted<R>& b) {
  return Counted<R>::comparison(b.x < a.x) ? a.x : b.x;
}
template <class R>
Counted<R> lane_abs(const Counted<R>& a) {
  return a.x < R(0) ? -a.x : a.x;
}  // a sign, too

template <class R>
R lane_value(const Counted<R>& a, int) {
  return a.x;
}
template <class R>
void set_lane(Counted<R>& a, int, R value) {
  a.x = value;
}

//! Rows of one evaluation that count their accesses.
template <class R>
struct CountedRows {
  Counted<R>* data;
  Counted<R>& operator[](std::int32_t row) const {
    tally().rows += 1;
    tally().instructions += 1;
    return data[row];
  }
  [[nodiscard]] CountedRows from(std::int32_t row) const { return {data + row}; }
};

}  // namespace gridqueue::bench

namespace gridqueue {
template <class R>
struct LaneTraits<bench::Counted<R>> {
  using Real = R;
  using Mask = bool;
  static constexpr int width = 1;
};
}  // namespace gridqueue
