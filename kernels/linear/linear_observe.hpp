// Limit quantities of the linearized feeder at the steps that decide.
#pragma once
#include "kernels/linear/linear_taps.hpp"

namespace gridqueue {

template <class Lane, class Real, class Rows>
GQ_HD Rows run_moves(const LinearState<Lane, Real, Rows>& d, std::int32_t k) {
  return d.s.from(d.plan.moves + (kBank + 1) * k);
}

//! Adds a change to a monitor's largest.
template <class Lane, class Real, class Rows>
GQ_HD void keep_change(const LinearState<Lane, Real, Rows>& d, const LinearMonitor<Real>& o, Lane x, Real step,
                       Extrema<Lane>& e) {
  x = lane_abs(x);
  if (o.der >= 0) x = select(Lane(Real(0)) < d.w[d.f.plan.der + o.der], x, Lane(Real(0)));
  Lane& largest = d.w[d.f.plan.change + o.row];
  largest = lane_max(largest, x);
  keep_largest(e.vdiff, e.vdiff_code, x, MaskOf<Lane>(true),
               step * static_cast<Real>(d.f.num_buses) + static_cast<Real>(o.bus));
}

//! Monitors that follow: those of a mean take its value (until the load moves), those between two buses a part of both.
template <class Lane, class Real, class Rows>
GQ_HD void copy_changes(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  const auto change = d.w.from(d.f.plan.change);
  for (std::int32_t k = 0; k < m.means; ++k)
    for (std::int32_t j = 1; j < m.mean[k].monitors; ++j)
      change[m.monitor[m.mean[k].monitor + j].row] = change[m.monitor[m.mean[k].monitor].row];
}
template <class Lane, class Real, class Rows>
GQ_HD void fill_between(const LinearState<Lane, Real, Rows>& d) {
  const auto change = d.w.from(d.f.plan.change);
  for (std::int32_t k = 0; k < d.m.between; ++k) {
    const BetweenMonitor<Real>& b = d.m.between_monitor[k];
    change[b.row] = change[b.upper] + Lane(b.share) * (change[b.lower] - change[b.upper]);
  }
}

//! Two consecutive runs: their load, what the taps had moved before, and what changes.
template <class Lane, class Real>
struct RunPair {
  Real dl, dl_before;
  StepPoint<Lane, Real> step;
  Lane moved_before[kBank], moved[kBank];
};
template <class Lane, class Real, class Rows>
GQ_HD RunPair<Lane, Real> pair_of(const LinearState<Lane, Real, Rows>& d, std::int32_t k) {
  const StepPoint<Lane, Real> now = run_point(d, k), before = run_point(d, k - 1);
  RunPair<Lane, Real> pair;
  pair.dl = now.dl, pair.dl_before = before.dl;
  pair.step = {now.sun - before.sun, now.dl - before.dl, now.sun_dl - before.sun_dl, now.sun2 - before.sun2,
               now.sun_mean - before.sun_mean};
  const Rows at = run_moves(d, k), at_before = run_moves(d, k - 1);
  unroll<kBank>([&](auto r) GQ_INLINE { pair.moved_before[r] = at_before[r], pair.moved[r] = at[r] - at_before[r]; });
  return pair;
}

//! Change of a mean's magnitude.
template <class Lane, class Real, class Rows>
GQ_HD Lane mean_change(const LinearState<Lane, Real, Rows>& d, std::int32_t c, const RunPair<Lane, Real>& pair) {
  const LinearMean<Real>& mean = d.m.mean[c];
  Lane x = tap_part<Lane>(mean.taps, pair.dl, pair.moved) + sun_part(d.s.from(d.plan.mean + c), d.m.means, pair.step);
  if (pair.step.dl == Real(0)) return x;
  x += Lane(at_load(mean.base, pair.dl) - at_load(mean.base, pair.dl_before));
  unroll<kBank>([&](auto r) GQ_INLINE { x += Lane(mean.taps[r].c1 * pair.step.dl) * pair.moved_before[r]; });
  return x;
}

//! Largest voltage changes between consecutive steps. While the load stays, monitors of one mean change alike.
template <class Lane, class Real, class Rows>
GQ_HD void observe_pairs(const LinearState<Lane, Real, Rows>& d, Extrema<Lane>& e) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t i = 0; i < m.pairs; ++i) {
    const std::int32_t k = m.pair[i];
    const Real code = static_cast<Real>(d.f.step[k].step);
    const RunPair<Lane, Real> pair = pair_of(d, k);
    const bool steady = i < m.steady_pairs;
    if (i == m.steady_pairs) copy_changes(d);
    for (std::int32_t c = 0; c < m.means; ++c) {
      const Lane x = mean_change(d, c, pair);
      const std::int32_t followers = steady ? 1 : m.mean[c].monitors;
      for (std::int32_t j = 0; j < followers; ++j) {
        const LinearMonitor<Real>& o = m.monitor[m.mean[c].monitor + j];
        keep_change(d, o, x + Lane(o.load_slope * pair.step.dl), code, e);
      }
    }
  }
  if (m.pairs == m.steady_pairs) copy_changes(d);
  fill_between(d);
}

template <class Lane, class Scalar, class Real, class Rows, class Moves>
GQ_HD Lane node_voltage(const LinearState<Lane, Real, Rows>& d, std::int32_t n, const StepPoint<Lane, Scalar>& at,
                        const Moves& moved) {
  return Lane(at_load(d.m.node[n].base, at.dl)) + tap_part<Lane>(d.m.node[n].taps, at.dl, moved) +
         sun_part(d.s.from(d.plan.node + n), d.m.nodes, at);
}

//! The extrema hold magnitudes here, not squares.
template <class Lane, class Scalar, class Real>
GQ_HD void keep_high(const LinearNode<Real>& node, const Lane& v, const Scalar& dl, const Lane& code,
                     Extrema<Lane>& e) {
  const Lane high = v + Lane(at_load(node.high, dl));
  const MaskOf<Lane> better = e.vmax < high;
  e.vmax = select(better, high, e.vmax);
  e.vmax_code = select(better, code + Lane(static_cast<Real>(node.high_node)), e.vmax_code);
}
template <class Lane, class Scalar, class Real>
GQ_HD void keep_low(const LinearNode<Real>& node, const Lane& v, const Scalar& dl, const Lane& code, Extrema<Lane>& e) {
  const Lane low = -(v + Lane(at_load(node.low, dl)));
  const MaskOf<Lane> better = e.vmin < low;
  e.vmin = select(better, low, e.vmin);
  e.vmin_code = select(better, code + Lane(static_cast<Real>(node.low_node)), e.vmin_code);
}

//! The run watched in each lane.
template <class Lane, class Real, class Rows>
GQ_HD StepPoint<Lane, Lane> watched_point(const LinearState<Lane, Real, Rows>& d, const Lane& run, Lane (&moved)[kBank],
                                          Lane& code) {
  StepPoint<Lane, Lane> at;
  for (int i = 0; i < LaneTraits<Lane>::width; ++i) {
    const auto k = static_cast<std::int32_t>(lane_value(run, i));
    const LinearRun<Real>& r = d.m.run[k];
    const Rows moves = run_moves(d, k);
    set_lane(at.sun, i, r.sun);
    set_lane(at.dl, i, r.dl);
    set_lane(at.sun_dl, i, r.sun_dl);
    set_lane(at.sun2, i, r.sun2);
    set_lane(at.sun_mean, i, r.sun * lane_value(moves[kBank], i));
    set_lane(code, i, static_cast<Real>(d.f.step[k].step * d.f.num_nodes));
    for (std::int32_t q = 0; q < kBank; ++q) set_lane(moved[q], i, lane_value(moves[q], i));
  }
  return at;
}

//! Power that leaves each area through its reclosers.
template <class Lane, class Real, class Rows>
GQ_HD void observe_flows(const LinearState<Lane, Real, Rows>& d) {
  const std::int32_t areas = 2 * (d.m.flows + 1);
  for (std::int32_t i = 0; i < areas; ++i) {
    const auto sun = d.s.from(d.plan.area + i), out = d.w.from(d.f.plan.flow + 3 * i);
    const LinearFlow<Real>* flow = d.m.run_flow + i * d.f.num_steps;
    FlowExtrema<Lane> kept{out[0], out[1], out[2]};
    for (std::int32_t k = 0; k < d.f.num_steps; ++k) {
      const StepPoint<Lane, Real> at = run_point(d, k);
      const Lane leaving = Lane(flow[k].base) + Lane(flow[k].taps) * run_moves(d, k)[kBank] + sun_part(sun, areas, at);
      kept = with_flow(kept, leaving);
    }
    out[0] = kept.low, out[1] = kept.high, out[2] = kept.least;
  }
}

//! Highest and lowest voltages: at the extremes of the load, and at the runs watched.
template <class Lane, class Real, class Rows>
GQ_HD void observe_voltages(const LinearState<Lane, Real, Rows>& d, const Watched<Lane> (&watched)[kWatched],
                            Extrema<Lane>& e) {
  const LinearView<Real>& m = d.m;
  e.vmin = Lane(Real(-1e30));
  for (std::int32_t c = 0; c < m.extremes; ++c) {
    const std::int32_t k = m.corner[c];
    const StepPoint<Lane, Real> at = run_point(d, k);
    const Lane code(static_cast<Real>(d.f.step[k].step * d.f.num_nodes));
    for (std::int32_t n = 0; n < m.nodes; ++n) {
      const Lane v = node_voltage(d, n, at, run_moves(d, k));
      keep_high(m.node[n], v, at.dl, code, e);
      keep_low(m.node[n], v, at.dl, code, e);
    }
  }
  for (int i = 0; i < kWatched; ++i) {
    Lane moved[kBank], code;
    const StepPoint<Lane, Lane> at = watched_point(d, watched[i].run, moved, code);
    for (std::int32_t n = 0; n < m.nodes; ++n) {
      const Lane v = node_voltage(d, n, at, moved);
      if (i < kWatchedHigh) keep_high(m.node[n], v, at.dl, code, e);
      else keep_low(m.node[n], v, at.dl, code, e);
    }
  }
}

//! Largest squared loading [of the emergency rating] of a branch's phases: each phase's base current, and what the
//! (balanced) units add.
template <class Lane, class Real, class Rows, class Moves>
GQ_HD Lane branch_loading(const LinearState<Lane, Real, Rows>& d, std::int32_t b, const StepPoint<Lane, Real>& at,
                          const Moves& moved) {
  const std::int32_t stride = kBranchRows * d.m.branches;
  const auto rows = d.s.from(d.plan.branch + kBranchRows * b);
  const Lane added_re = sun_part(rows, stride, at), added_im = sun_part(rows.from(1), stride, at);
  Lane largest(Real(0));
  unroll<3>([&](auto n) GQ_INLINE {
    const LinearCurrent<Real>* c = d.m.current + 6 * b + 2 * n;
    const Lane tr(d.m.turn[2 * n]), ti(d.m.turn[2 * n + 1]);
    const Lane re =
        Lane(at_load(c[0].base, at.dl)) + Lane(at_load(c[0].taps, at.dl)) * moved[n] + tr * added_re - ti * added_im;
    const Lane im =
        Lane(at_load(c[1].base, at.dl)) + Lane(at_load(c[1].taps, at.dl)) * moved[n] + tr * added_im + ti * added_re;
    largest = lane_max(largest, re * re + im * im);
  });
  return largest;
}

//! Steps above the normal rating, one by one; returns the lanes where an error of `margin` changes the verdict.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> count_hours(const LinearState<Lane, Real, Rows>& d, std::int32_t b, const LinearMember<Real>& member,
                               const Lane& largest, Real margin, Real hours_limit) {
  const Real normal = member.normal / member.share;
  const Lane none(Real(0)), low(normal * (Real(1) - Real(2) * margin)), high(normal * (Real(1) + Real(2) * margin));
  Lane hours = none, at_least = none, at_most = none;
  for (std::int32_t k = 0; k < d.f.num_steps; ++k) {
    const Lane x = branch_loading(d, b, run_point(d, k), run_moves(d, k)), weight(d.f.step[k].weight);
    hours += select(Lane(normal) < x, weight, none);
    at_least += select(high < x, weight, none);
    at_most += select(low < x, weight, none);
  }
  d.w[d.f.plan.scalar + s_above] = Lane(Real(1));
  d.w[d.f.plan.hours + member.rated] = hours;
  const Real watch = member.watch / member.share;
  d.w[d.f.plan.overload + member.rated] = select(Lane(watch) < largest, largest * Lane(member.share), none);
  return !(Lane(hours_limit) < at_least) && (Lane(hours_limit) < at_most);
}

//! Largest change of a ratio at the corners.
template <class Lane, class Real, class Rows>
GQ_HD Lane most_moved(const LinearState<Lane, Real, Rows>& d) {
  Lane most(Real(0));
  for (std::int32_t c = 0; c < d.m.corners; ++c) {
    const Rows moved = run_moves(d, d.m.corner[c]);
    for (std::int32_t r = 0; r <= kBank; ++r) most = lane_max(most, lane_abs(moved[r]));
  }
  return most;
}

//! No less than branch_loading at any corner: base, taps and units as if all had one direction.
template <class Lane, class Real, class Rows>
GQ_HD Lane loading_bound(const LinearState<Lane, Real, Rows>& d, std::int32_t b, const Lane& most) {
  const LinearView<Real>& m = d.m;
  const std::int32_t stride = kBranchRows * m.branches;
  const auto added = [&](std::int32_t part) GQ_INLINE {
    const auto y = d.s.from(d.plan.branch + kBranchRows * b + part);
    return Lane(m.most_sun) * (lane_abs(y[anchor_half * stride]) + most * lane_abs(y[anchor_taps * stride]) +
                               lane_abs(y[anchor_high * stride])) +
           Lane(m.most_sun_dl) * lane_abs(y[anchor_low * stride]);
  };
  const Lane re = added(0), im = added(1);
  const Lane sum = Lane(m.branch[b].base) + Lane(m.branch[b].taps) * most + lane_sqrt(re * re + im * im);
  return sum * sum * Lane(Real(1.0001));
}

//! Loadings at the corners of (sun, load), where a convex function is largest; hours step by step where they count.
template <class Lane, class Real, class Rows>
GQ_HD void observe_branches(const LinearState<Lane, Real, Rows>& d, Real margin, Real hours_limit, Extrema<Lane>& e,
                            MaskOf<Lane>& near_hours) {
  const LinearView<Real>& m = d.m;
  e.emergency = Lane(m.fixed_emergency);
  e.emergency_code = Lane(m.fixed_emergency_code);
  if (m.fixed > 0) d.w[d.f.plan.scalar + s_above] = Lane(Real(1));
  for (std::int32_t i = 0; i < m.fixed; ++i) {
    d.w[d.f.plan.hours + m.fixed_branch[i].rated] = Lane(m.fixed_branch[i].hours);
    d.w[d.f.plan.overload + m.fixed_branch[i].rated] = Lane(m.fixed_branch[i].overload);
  }
  const Lane most = most_moved(d);
  for (std::int32_t b = 0; b < m.branches; ++b) {
    const LinearMember<Real>* member = m.member + m.branch[b].first;
    const Lane bound = loading_bound(d, b, most), alarm(m.branch[b].alarm * (Real(1) - Real(2) * margin));
    if (!any(e.emergency < bound * Lane(member[0].share)) && !any(alarm < bound)) continue;
    Lane largest(Real(0));
    for (std::int32_t c = 0; c < m.corners; ++c) {
      const std::int32_t k = m.corner[c];
      const Lane x = branch_loading(d, b, run_point(d, k), run_moves(d, k));
      largest = lane_max(largest, x);
      keep_largest(e.emergency, e.emergency_code, Lane(x * Lane(member[0].share)), MaskOf<Lane>(true),
                   static_cast<Real>(d.f.step[k].step * d.f.num_buses + member[0].bus));
    }
    if (!any(alarm < largest)) continue;
    for (std::int32_t i = 0; i < m.branch[b].count; ++i) {
      const MaskOf<Lane> near = count_hours(d, b, member[i], largest, margin, hours_limit);
      near_hours = near_hours || near;
    }
  }
}

}  // namespace gridqueue
