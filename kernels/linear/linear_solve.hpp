// Unit currents of a state at the anchors, and from the anchors a polynomial for every quantity of a step.
//
// A unit's current is I = (p + j q) / conj(W) with the reference phasor W of its node; constant power g P makes
// p + j q = g P rho, rho = v / |v|^2, v = V / W, which is iterated: rho -> currents -> v = v0 + S x -> rho. The error
// shrinks by a factor lambda a step (about minus the voltage rise), which is measured once and then divided out. p, q
// enter as the mean over the phases; the controlled voltages, on which taps hang, get each phase's own, and what that
// adds to the other nodes grows with the square of the sun. A quantity y of a step with sun g, load l and taps moved by
// D is
//     y = y0(l) + T D + g (alpha + beta dl + kappa mean(D)) + gamma g^2,   dl = l - middle level.
#pragma once
#include "kernels/linear/linear_respond.hpp"

namespace gridqueue {

//! rho of a unit's phases from its rows; the one before is kept.
template <class Lane, class Real, class Rows>
GQ_HD void correct_unit(const LinearState<Lane, Real, Rows>& d, std::int32_t unit) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t i = 3 * unit; i < 3 * unit + 3; ++i) {
    const auto v = d.s.from(d.plan.value + m.unit_row + 2 * i), rho = d.s.from(d.plan.rho + 2 * i),
               before = d.s.from(d.plan.before + 2 * i);
    const Lane w2(m.reference[i]);
    const Lane v2 = (v[0] * v[0] + v[1] * v[1]) * w2;
    const Lane inverse =
        lane_rsqrt(lane_min(lane_max(v2, Lane(d.f.unit.vmin * d.f.unit.vmin)), Lane(d.f.unit.vmax * d.f.unit.vmax)));
    const Lane k = w2 * inverse * inverse;
    before[0] = rho[0], before[1] = rho[1];
    rho[0] = k * v[0], rho[1] = k * v[1];
  }
}

//! Takes the error left out of rho: it is lambda times the error before.
template <class Lane, class Real, class Rows>
GQ_HD void extrapolate(const LinearState<Lane, Real, Rows>& d, const Lane& lambda) {
  const Lane gain = lambda / (Lane(Real(1)) - lambda);
  each_present(d.m, [&](std::int32_t unit) GQ_INLINE {
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * unit),
               before = d.s.from(d.plan.before + kPhaseColumns * unit);
    unroll<kPhaseColumns>([&](auto k) GQ_INLINE { rho[k] += gain * (rho[k] - before[k]); });
  });
}

//! Columns from rho at sun g.
template <class Lane, class Real, class Rows>
GQ_HD void set_columns(const LinearState<Lane, Real, Rows>& d, Real sun) {
  each_present(d.m, [&](std::int32_t i) GQ_INLINE {
    const Lane power = d.w[d.f.plan.der + d.m.der[i]] * Lane(sun);
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i), phase = d.s.from(d.plan.phase_x + kPhaseColumns * i),
               x = d.s.from(d.plan.x + kUnitColumns * i);
    unroll<2>([&](auto part) GQ_INLINE {
      Lane sum(Real(0));
      unroll<3>([&](auto n) GQ_INLINE {
        phase[2 * n + part] = power * rho[2 * n + part];
        sum += phase[2 * n + part];
      });
      x[part] = sum * Lane(Real(1.0 / 3));
    });
  });
}

//! Tap columns of ratios moved by `moved`, from the regulator rows: e = D V_p + ((t + D)^2 - t^2) z J, i = D J.
template <class Lane, class Real, class Rows>
GQ_HD void set_tap_columns(const LinearState<Lane, Real, Rows>& d, Real moved) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t r = 0; r < m.regulators; ++r) {
    const auto v = d.s.from(d.plan.value + m.regulator_row + kRegulatorRows * r);
    const auto x = d.s.from(d.plan.tap_x + kTapColumns * r);
    const Lane step(moved);
    const Real squares = moved * (Real(2) * m.ratio[r] + moved);
    const Lane zr(squares * m.z[2 * r]), zi(squares * m.z[2 * r + 1]);
    x[0] = step * v[0] + zr * v[2] - zi * v[3];
    x[1] = step * v[1] + zr * v[3] + zi * v[2];
    x[2] = step * v[2];
    x[3] = step * v[3];
  }
}

//! One fixed-point step: voltages at units (and regulators) from the columns, then rho anew.
template <class Lane, class Real, class Rows>
GQ_HD void correct(const LinearState<Lane, Real, Rows>& d, int level, bool taps) {
  respond_units(d, level, taps);
  each_present(d.m, [&](std::int32_t i) GQ_INLINE { correct_unit(d, i); });
  if (!taps) return;
  respond(d, level, taps, d.m.regulator_row, d.m.controlled_row);
  set_tap_columns(d, d.m.moved);
}

//! Sum over the rho of a state's units of (rho - before) (before - earlier) over that of (before - earlier)^2;
//! `earlier` is 1 + 0 j.
template <class Lane, class Real, class Rows>
GQ_HD Lane contraction(const LinearState<Lane, Real, Rows>& d) {
  Lane product(Real(0)), square(Real(1e-12));
  each_present(d.m, [&](std::int32_t i) GQ_INLINE {
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i), before = d.s.from(d.plan.before + kPhaseColumns * i);
    const Lane here = select(has_unit(d, i), Lane(Real(1)), Lane(Real(0)));
    unroll<kPhaseColumns>([&](auto k) GQ_INLINE {
      const Lane first = here * (before[k] - Lane(Real(k % 2 == 0 ? 1 : 0)));
      product += (rho[k] - before[k]) * first;
      square += first * first;
    });
  });
  return product / square;
}

//! Magnitudes, branch currents and flows at an anchor, kept in its part of the polynomials' rows.
template <class Lane, class Real, class Rows>
GQ_HD void keep_anchor(const LinearState<Lane, Real, Rows>& d, int anchor, int level, Real sun) {
  const LinearView<Real>& m = d.m;
  const auto value = d.s.from(d.plan.value);
  const auto node = d.s.from(d.plan.node + anchor * m.nodes);
  const Lane sun1(sun), sun2(sun * sun);
  for (std::int32_t b = 0; 3 * b < m.nodes; ++b)
    unroll<3>([&](auto k) GQ_INLINE {
      const std::int32_t n = 3 * b + k;
      const Lane r = value[m.node_row + n] + sun2 * d.s[d.plan.deviation + n];
      const Lane turn =
          value[m.tau_row + b] + Lane(m.turn_base[level * (m.nodes + kRowBlock) + n]) + sun1 * d.s[d.plan.turn + n];
      const Lane r2 = r * r + turn * turn;
      node[n] = r2 * lane_rsqrt(r2);  // a third of a root's time
    });
  const auto controlled = d.s.from(d.plan.controlled + anchor * kBank);
  for (std::int32_t r = 0; r < m.regulators; ++r) {
    const auto v = value.from(m.controlled_row + kControlledRows * r);
    controlled[r] = lane_sqrt(v[0] * v[0] + v[1] * v[1]);
  }
  const auto branch = d.s.from(d.plan.branch + anchor * kBranchRows * m.branches);
  if (anchor != anchor_half)  // a current is as good as straight in the sun
    for (std::int32_t i = 0; i < kBranchRows * m.branches; ++i) branch[i] = value[m.branch_row + i];
  const std::int32_t areas = m.flows + 1;
  const auto area = d.s.from(d.plan.area + anchor * 2 * areas);
  for (std::int32_t i = 0; i < 2 * areas; ++i) area[i] = Lane(Real(0));
  const Lane kva(static_cast<Real>(-kBaseVa / 1e3));  // currents count towards the source
  for (std::int32_t i = 0; i < m.flows; ++i) {
    const auto v = value.from(m.flow_row + kRecloserRows * i);
    const auto above = area.from(2 * d.f.recloser[i].area_above), below = area.from(2 * (i + 1));
    Lane p(Real(0)), q(Real(0));
    unroll<3>([&](auto n) GQ_INLINE {
      p += v[2 * n] * v[6 + 2 * n] + v[2 * n + 1] * v[7 + 2 * n];
      q += v[2 * n + 1] * v[6 + 2 * n] - v[2 * n] * v[7 + 2 * n];
    });
    above[0] += kva * p, above[1] += kva * q;
    below[0] -= kva * p, below[1] -= kva * q;
  }
}

//! Output rows of an anchor from the columns of rho.
template <class Lane, class Real, class Rows>
GQ_HD void finish_anchor(const LinearState<Lane, Real, Rows>& d, int anchor, int level, Real sun, bool taps) {
  const LinearView<Real>& m = d.m;
  set_columns(d, sun);
  respond_controlled(d, level, taps);
  respond(d, level, taps, m.node_row, anchor == anchor_half ? m.branch_row : m.rows);
  if (anchor == anchor_half) respond(d, level, taps, m.flow_row, m.rows);
  if (anchor == anchor_high) add_deviations(d);  // sun comes with load
  keep_anchor(d, anchor, level, sun);
}

//! Behind the regulators voltages go with the ratios, and currents against them: where the anchor of moved taps starts.
template <class Lane, class Real, class Rows>
GQ_HD void guess_moved(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  if (m.regulators == 0) return;
  each_present(m, [&](std::int32_t i) GQ_INLINE {
    if (m.unit_zone[i] == 0) return;
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i);
    unroll<3>([&](auto n) GQ_INLINE {
      const Lane scale(m.ratio[n] / (m.ratio[n] + m.moved));
      rho[2 * n] *= scale;
      rho[2 * n + 1] *= scale;
    });
  });
  set_columns(d, Real(1));
}

//! Largest squared change of the current of a state's units by their own and each other's power: how far the state is
//! from the base.
template <class Lane, class Real, class Rows>
GQ_HD Lane strength2(const LinearState<Lane, Real, Rows>& d) {
  Lane largest(Real(0));
  each_present(d.m, [&](std::int32_t i) GQ_INLINE {
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i);
    Lane of_unit(Real(0));
    unroll<3>([&](auto n) GQ_INLINE {
      const Lane re = rho[2 * n] - Lane(Real(1));
      of_unit = lane_max(of_unit, re * re + rho[2 * n + 1] * rho[2 * n + 1]);
    });
    largest = select(has_unit(d, i), lane_max(largest, of_unit), largest);
  });
  return largest;
}

//! rho of units that change nothing: 1 + 0 j.
template <class Lane, class Real, class Rows>
GQ_HD void start_units(const LinearState<Lane, Real, Rows>& d) {
  each_present(d.m, [&](std::int32_t i) GQ_INLINE {
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i);
    unroll<kPhaseColumns>([&](auto k) GQ_INLINE { rho[k] = Lane(Real(k % 2 == 0 ? 1 : 0)); });
  });
}
//! Half way to there.
template <class Lane, class Real, class Rows>
GQ_HD void halve_units(const LinearState<Lane, Real, Rows>& d) {
  each_present(d.m, [&](std::int32_t i) GQ_INLINE {
    const auto rho = d.s.from(d.plan.rho + kPhaseColumns * i);
    unroll<kPhaseColumns>([&](auto k) GQ_INLINE {
      const Lane one(Real(k % 2 == 0 ? 1 : 0));
      rho[k] = Lane(Real(0.5)) * (rho[k] + one);
    });
  });
}

//! Solves all anchors; returns strength2 at full sun and highest load. The first is corrected twice from rho = 1; the
//! others start from its answer.
template <class Lane, class Real, class Rows>
GQ_HD Lane solve_anchors(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  start_units(d);
  set_columns(d, Real(1));
  correct(d, level_high, false);
  set_columns(d, Real(1));
  correct(d, level_high, false);
  const Lane lambda = contraction(d);
  extrapolate(d, lambda);
  const Lane strength = strength2(d);
  finish_anchor(d, anchor_high, level_high, Real(1), false);
  correct(d, level_low, false);
  extrapolate(d, lambda);
  finish_anchor(d, anchor_low, level_low, Real(1), false);
  respond(d, level_middle, false, m.regulator_row, m.controlled_row);
  set_tap_columns(d, m.moved);
  guess_moved(d);
  correct(d, level_middle, true);
  extrapolate(d, lambda);
  set_columns(d, Real(1));
  correct(d, level_middle, true);
  extrapolate(d, lambda);
  finish_anchor(d, anchor_taps, level_middle, Real(1), true);
  halve_units(d);
  set_columns(d, Real(0.5));
  correct(d, level_middle, false);
  extrapolate(d, Lane(Lane(Real(0.5)) * lambda));
  finish_anchor(d, anchor_half, level_middle, Real(0.5), false);
  return strength;
}

//! alpha, beta, kappa, gamma of one quantity in place of its anchor values.
template <class Lane, class Real, class Rows>
GQ_HD void fit(const LinearView<Real>& m, const Rows& y, std::int32_t stride, const LoadCurve<Real>& base,
               const Lane& tap_part) {
  const Lane middle(base.c0);
  const Lane low = y[anchor_low * stride] - at_load<Lane>(base, Lane(-m.half));
  const Lane high = y[anchor_high * stride] - at_load<Lane>(base, Lane(m.half));
  const Lane full = Lane(Real(0.5)) * (low + high);
  const Lane alpha = Lane(Real(4)) * (y[anchor_half * stride] - middle) - full;
  y[anchor_half * stride] = alpha;
  y[anchor_low * stride] = (high - low) * Lane(Real(0.5) / m.half);
  y[anchor_high * stride] = full - alpha;
  y[anchor_taps * stride] = (y[anchor_taps * stride] - middle - tap_part - full) * Lane(Real(1) / m.moved);
}

//! Sun, load and taps of a step, per lane or the same for all.
template <class Lane, class Scalar>
struct StepPoint {
  Scalar sun, dl, sun_dl, sun2;
  Lane sun_mean;  //!< sun times the mean of the ratios' changes
};

//! What the sun adds to base and taps, but for what grows with the taps' moves, and in all.
template <class Lane, class Scalar, class Rows>
GQ_HD Lane still_part(const Rows& y, std::int32_t stride, const StepPoint<Lane, Scalar>& at) {
  return Lane(at.sun) * y[anchor_half * stride] + Lane(at.sun_dl) * y[anchor_low * stride] +
         Lane(at.sun2) * y[anchor_high * stride];
}
template <class Lane, class Scalar, class Rows>
GQ_HD Lane sun_part(const Rows& y, std::int32_t stride, const StepPoint<Lane, Scalar>& at) {
  return still_part(y, stride, at) + at.sun_mean * y[anchor_taps * stride];
}

//! Sum over the bank of T D.
template <class Lane, class Scalar, class Real, class Rows>
GQ_HD Lane tap_part(const TapSlope<Real>* taps, const Scalar& dl, const Rows& moved) {
  Lane sum(Real(0));
  unroll<kBank>([&](auto r) GQ_INLINE { sum += Lane(at_load(taps[r], dl)) * moved[r]; });
  return sum;
}

}  // namespace gridqueue
