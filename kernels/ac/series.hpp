// Voltages and currents between the ends of lines in series that a sweep has taken as one.
//
// Lines in series of one kind are a longer line of that kind, with half its charging at either end
// (kernels/feeder/series.hpp bounds what that leaves out). With x the share of the joined line above a bus, V_p and V_c
// the voltages at its ends, J the current through its z, and C = y (V_p + V_c) / 2 the charging of either end,
//     V(x) = V_p + x (V_c - V_p) - x (1 - x) z C,      J of the line from x' to x = J + (x + x' - 1) C.
#pragma once
#include "kernels/ac/sweep.hpp"

namespace gridqueue {

//! What a series has at its ends.
template <int N, class Lane>
struct SeriesEnds {
  Cx<Lane> top[N], drop[N], current[N], charging[N], sag[N];  //!< V_p, V_c - V_p, J, C, z C
};

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void load_series(const FeederView<Real>& f, const SeriesRecord& s, const Rows& w, SeriesEnds<N, Lane>& ends) {
  const Real* z = f.coefficient + s.coefficient;
  const Real* y = z + 2 * N * N;
  const Lane scale = w[f.plan.scale + s.line], half = scale * Lane(Real(0.5));
  Cx<Lane> bottom[N], middle[N];
  load_rows(w, f.plan.voltage + 2 * s.bottom_node, bottom);
  load_rows(w, f.plan.current + s.current, ends.current);
  unroll<N>([&](auto n) GQ_INLINE {
    const std::int32_t row = f.plan.voltage + 2 * (s.top_node + s.select[n]);
    ends.top[n] = {w[row], w[row + 1]};
    ends.drop[n] = {bottom[n].re - ends.top[n].re, bottom[n].im - ends.top[n].im};
    middle[n] = {half * (bottom[n].re + ends.top[n].re), half * (bottom[n].im + ends.top[n].im)};
    ends.charging[n] = ends.sag[n] = {Lane(Real(0)), Lane(Real(0))};
    if constexpr (!General) add_product(ends.charging[n], y[2 * n], y[2 * n + 1], middle[n]);
  });
  if constexpr (General) add_matrix<N>(y + 2 * N, middle, ends.charging);
  add_matrix<N>(z, ends.charging, ends.sag);
  unroll<N>([&](auto n) GQ_INLINE { ends.sag[n] = {scale * ends.sag[n].re, scale * ends.sag[n].im}; });
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void spread_series(const FeederView<Real>& f, const SeriesRecord& s, const Rows& w) {
  SeriesEnds<N, Lane> ends;
  load_series<General, N>(f, s, w, ends);
  const Lane one(Real(1)), inverse = one / w[f.plan.scale + s.line];
  Lane x(Real(0));
  for (std::int32_t k = s.member; k < s.member + s.members; ++k) {
    const SeriesMember<Real>& member = f.member[k];
    const Lane above = x;
    x += w[f.plan.scale + member.line] * (Lane(member.share) * inverse);
    const Lane weight = above + x - one, bow = x * (one - x);
    const auto v = w.from(f.plan.voltage + 2 * member.node), j = w.from(f.plan.current + 2 * member.node);
    unroll<N>([&](auto n) GQ_INLINE {
      j[2 * n] = ends.current[n].re + weight * ends.charging[n].re;
      j[2 * n + 1] = ends.current[n].im + weight * ends.charging[n].im;
    });
    if (k + 1 == s.member + s.members) break;  // its bus is the bottom
    unroll<N>([&](auto n) GQ_INLINE {
      v[2 * n] = ends.top[n].re + x * ends.drop[n].re - bow * ends.sag[n].re;
      v[2 * n + 1] = ends.top[n].im + x * ends.drop[n].im - bow * ends.sag[n].im;
    });
  }
}

template <bool General, class Lane, class Real, class Rows>
GQ_HD void spread_all_series(const FeederView<Real>& f, const Rows& w) {
  for (std::int32_t i = 0; i < f.num_series; ++i)
    with_nodes<General>(f.series[i].nodes, [&](auto nodes) GQ_INLINE {
      spread_series<General, decltype(nodes)::value, Lane>(f, f.series[i], w);
    });
}

//! Fills the rows of the buses and lines that sweeps leave out.
template <class Lane, class Real, class Rows>
GQ_HD void spread_series(const FeederView<Real>& f, const Rows& w) {
  if (f.num_series == 0) return;
  if (f.general) spread_all_series<true, Lane>(f, w);
  else spread_all_series<false, Lane>(f, w);
}

}  // namespace gridqueue
