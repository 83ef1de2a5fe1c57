// Rows of the linearized feeder from its columns: products with the model's coefficients.
#pragma once
#include "kernels/linear/linear_view.hpp"

namespace gridqueue {

template <class Lane, class Real, class Rows>
struct LinearState {
  const FeederView<Real>& f;
  const LinearView<Real>& m;
  const Rows& w;  //!< workspace of evaluate_day: inputs and outputs
  const Rows& s;  //!< scratch
  LinearScratch plan;
};

//! Calls f(unit) for every unit that some state evaluated here has. What f computes must not depend on the others.
template <class Real, class F>
GQ_HD void each_present(const LinearView<Real>& m, const F& f) {
#if defined(__CUDACC__)
#pragma unroll 2  // four times need more registers than there are
#endif
  for (std::int32_t j = 0; j < m.present_units; ++j) f(m.present[j]);
}

//! Lanes whose state has the unit.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> has_unit(const LinearState<Lane, Real, Rows>& d, std::int32_t i) {
  return Lane(Real(0)) < d.w[d.f.plan.der + d.m.der[i]];
}

//! a += coefficients x of some columns; a block of rows has its coefficients column by column.
template <int rows, int columns, class Lane, class Real, class Rows>
GQ_HD void add_columns(const Real* c, const Rows& x, Lane (&a)[rows]) {
  unroll<columns>([&](auto j) GQ_INLINE {
    const Lane xj = x[j];
    unroll<rows>([&](auto k) GQ_INLINE { a[k] += Lane(c[rows * j + k]) * xj; });
  });
}

//! a += coefficients of the units' `columns` times x, where units follow each other by `stride`.
template <int columns, int stride, int rows, class Lane, class Real, class Rows>
GQ_HD void add_units(const LinearView<Real>& m, const Real* c, const Rows& x, Lane (&a)[rows]) {
  each_present(
      m, [&](std::int32_t i) GQ_INLINE { add_columns<rows, columns>(c + rows * columns * i, x.from(stride * i), a); });
}

//! A block of rows: base + coefficients of units' columns x + tap coefficients tap_x.
template <int rows, int columns, class Lane, class Real, class Rows>
GQ_HD void respond_block(const LinearState<Lane, Real, Rows>& d, int level, std::int32_t row, const Real* c,
                         const Rows& x, bool taps) {
  const LinearView<Real>& m = d.m;
  Lane a[rows];
  unroll<rows>([&](auto k) GQ_INLINE { a[k] = Lane(m.base[level * m.rows + row + k]); });
  add_units<columns, columns>(m, c, x, a);
  for (std::int32_t r = 0; taps && r < m.regulators; ++r)
    add_columns<rows, kTapColumns>(m.tap_response + (row * m.regulators + r * rows) * kTapColumns,
                                   d.s.from(d.plan.tap_x + kTapColumns * r), a);
  const auto y = d.s.from(d.plan.value + row);
  unroll<rows>([&](auto k) GQ_INLINE { y[k] = a[k]; });
}

//! Rows [first, last), behind the units'.
template <class Lane, class Real, class Rows>
GQ_HD void respond(const LinearState<Lane, Real, Rows>& d, int level, bool taps, std::int32_t first,
                   std::int32_t last) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t row = first; row < last; row += kRowBlock)
    respond_block<kRowBlock, kUnitColumns>(d, level, row, m.response + (level * m.rows + row) * m.columns,
                                           d.s.from(d.plan.x), taps);
}

//! The present units' rows.
template <class Lane, class Real, class Rows>
GQ_HD void respond_units(const LinearState<Lane, Real, Rows>& d, int level, bool taps) {
  const LinearView<Real>& m = d.m;
  each_present(m, [&](std::int32_t i) GQ_INLINE {
    const std::int32_t row = m.unit_row + kUnitRows * i;
    respond_block<kUnitRows, kUnitColumns>(d, level, row, m.response + (level * m.rows + row) * m.columns,
                                           d.s.from(d.plan.x), taps);
  });
}

//! The controlled rows, from the currents of each phase.
template <class Lane, class Real, class Rows>
GQ_HD void respond_controlled(const LinearState<Lane, Real, Rows>& d, int level, bool taps) {
  if (d.m.regulators == 0) return;
  const Real* c = d.m.phase_response + level * kPhaseColumns * d.m.units * kRowBlock;
  respond_block<kRowBlock, kPhaseColumns>(d, level, d.m.controlled_row, c, d.s.from(d.plan.phase_x), taps);
}

//! How phases differ at full sun: what their own currents add to the node rows over their mean (two phases say the
//! third), and how much more than their bus they turn. Uses phase_x up.
template <class Lane, class Real, class Rows>
GQ_HD void add_deviations(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  const auto all = d.s.from(d.plan.phase_x), x = d.s.from(d.plan.x);
  each_present(m, [&](std::int32_t i) GQ_INLINE {
    const auto phase = all.from(kPhaseColumns * i), mean = x.from(kUnitColumns * i);
    unroll<kDeviationColumns>([&](auto k) GQ_INLINE { phase[k] -= mean[k % 2]; });
  });
  for (std::int32_t row = 0; row < m.nodes; row += kRowBlock) {
    const auto deviation = d.s.from(d.plan.deviation + row), turn = d.s.from(d.plan.turn + row);
    Lane a[kRowBlock], t[kRowBlock];
    unroll<kRowBlock>([&](auto k) GQ_INLINE { a[k] = t[k] = Lane(Real(0)); });
    add_units<kDeviationColumns, kPhaseColumns>(m, m.deviation_response + row * kDeviationColumns * m.units, all, a);
    add_units<kUnitColumns, kUnitColumns>(m, m.turn_response + row * m.columns, x, t);
    unroll<kRowBlock>([&](auto k) GQ_INLINE { deviation[k] = a[k], turn[k] = t[k]; });
  }
}

}  // namespace gridqueue
