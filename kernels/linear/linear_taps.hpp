// The regulators of the linearized feeder through the day, and the steps worth a closer look.
#pragma once
#include "kernels/ac/day.hpp"
#include "kernels/linear/linear_solve.hpp"

namespace gridqueue {

//! The rows of a branch hold what units (and moved taps) add to its positive-sequence current, straight in the sun.
template <class Lane, class Real, class Rows>
GQ_HD void fit_branch(const LinearState<Lane, Real, Rows>& d, std::int32_t b, int component, const Rows& moved) {
  const LinearView<Real>& m = d.m;
  const std::int32_t stride = kBranchRows * m.branches;
  const auto y = d.s.from(d.plan.branch + kBranchRows * b + component);
  const Lane low = y[anchor_low * stride], high = y[anchor_high * stride], full = Lane(Real(0.5)) * (low + high);
  Lane taps = y[anchor_taps * stride] - full;
  unroll<kBank>([&](auto r) GQ_INLINE { taps -= Lane(m.branch[b].sequence_taps[component][r]) * moved[r]; });
  y[anchor_half * stride] = full;
  y[anchor_low * stride] = (high - low) * Lane(Real(0.5) / m.half);
  y[anchor_high * stride] = Lane(Real(0));
  y[anchor_taps * stride] = taps * Lane(Real(1) / m.moved);
}

//! From anchor values to polynomials.
template <class Lane, class Real, class Rows>
GQ_HD void fit_anchors(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  const auto moved = d.s.from(d.plan.moves);  // any free rows
  const auto controlled = d.s.from(d.plan.controlled);
  for (std::int32_t r = 0; r < kBank; ++r) moved[r] = Lane(m.regulators > 0 ? m.moved : Real(0));
  for (std::int32_t r = 0; r < m.regulators; ++r) {
    controlled[anchor_taps * kBank + r] *= Lane(m.ratio[r] / (m.ratio[r] + m.moved));
    fit<Lane>(m, controlled.from(r), kBank, m.controlled[r], tap_part<Lane>(m.coupling + r * kBank, Real(0), moved));
  }
  const StepPoint<Lane, Real> full{Real(1), Real(0), Real(0), Real(1), Lane(m.moved)};
  Lane parent[kBank];
  for (std::int32_t r = 0; r < m.regulators; ++r)
    parent[r] = Lane(m.controlled[r].c0) + tap_part<Lane>(m.coupling + r * kBank, Real(0), moved) +
                sun_part(controlled.from(r), kBank, full);
  for (std::int32_t r = 0; r < m.regulators; ++r) moved[r] = Lane(m.moved / m.controlled[r].c0) * parent[r];
  for (std::int32_t n = 0; n < m.nodes; ++n)
    fit<Lane>(m, d.s.from(d.plan.node + n), m.nodes, m.node[n].base, tap_part<Lane>(m.node[n].taps, Real(0), moved));
  for (std::int32_t b = 0; b < m.branches; ++b)
    unroll<kBranchRows>([&](auto k) GQ_INLINE { fit_branch(d, b, k, moved); });
  const std::int32_t areas = 2 * (m.flows + 1);
  for (std::int32_t i = 0; i < areas; ++i)
    fit<Lane>(m, d.s.from(d.plan.area + i), areas, m.area[i],
              Lane(m.regulators > 0 ? m.area_taps[i].c0 * m.moved : Real(0)));
  for (std::int32_t a = 0; a < num_anchors; ++a)
    for (std::int32_t c = 0; c < m.means; ++c) {
      const auto node = d.s.from(d.plan.node + a * m.nodes + m.mean[c].first);
      Lane x(Real(0));
      unroll<kPhases>([&](auto n) GQ_INLINE { x += Lane(m.mean[c].weight[n]) * node[n]; });
      d.s[d.plan.mean + a * m.means + c] = x;
    }
}

//! The magnitude of the units' voltages: mean over a zone's units, weighted by power and by the square of the rise, and
//! over the phases; what each phase has over that.
template <class Lane, class Real, class Rows>
GQ_HD void average_zones(const LinearState<Lane, Real, Rows>& d) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t i = 0; i < kZones * kZoneRows; ++i) d.s[d.plan.zone + i] = Lane(Real(0));
  each_present(m, [&](std::int32_t i) GQ_INLINE {
    const auto z = d.s.from(d.plan.zone + m.unit_zone[i] * kZoneRows);
    const std::int32_t first = m.unit_node[i];
    const Lane rise =
        d.s[d.plan.node + anchor_half * m.nodes + first] + d.s[d.plan.node + anchor_high * m.nodes + first];
    const Lane weight = d.w[d.f.plan.der + m.der[i]] * rise * rise * Lane(Real(1.0 / 3));
    unroll<3>([&](auto phase) GQ_INLINE {
      const std::int32_t n = first + phase;
      const LinearNode<Real>& node = m.node[n];
      z[0] += weight * Lane(node.base.c0);
      z[1] += weight * Lane(node.base.c1);
      z[2] += weight * Lane(node.base.c2);
      for (std::int32_t a = 0; a < num_anchors; ++a) z[3 + a] += weight * d.s[d.plan.node + a * m.nodes + n];
      for (std::int32_t r = 0; r < kBank; ++r) {
        z[kZoneTaps + 2 * r] += weight * Lane(node.taps[r].c0);
        z[kZoneTaps + 2 * r + 1] += weight * Lane(node.taps[r].c1);
      }
      const Lane sun = d.s[d.plan.node + anchor_half * m.nodes + n] + d.s[d.plan.node + anchor_high * m.nodes + n];
      z[kZonePhase + phase] += Lane(Real(3)) * weight * (Lane(node.base.c0) + sun);
    });
    if (m.unit_zone[i] == 1 && m.regulators > 0) z[kZoneOwn] += Lane(Real(3)) * weight;
  });
  for (std::int32_t zone = 0; zone < kZones; ++zone) {
    const auto z = d.s.from(d.plan.zone + zone * kZoneRows);
    const Lane mean = (z[kZonePhase] + z[kZonePhase + 1] + z[kZonePhase + 2]) * Lane(Real(1.0 / 3));
    for (std::int32_t r = 0; r < kBank; ++r) z[kZonePhase + r] -= mean;
  }
}

//! Runs watched per lane: where a zone's mean voltage or the highest controlled one is highest; where a zone's lowest
//! node is lowest.
constexpr int kWatchedHigh = kZones + 1, kWatched = kWatchedHigh + kZones;
template <class Lane>
struct Watched {
  Lane best, run;
};

template <class Lane>
GQ_HD void watch(Watched<Lane>& kept, const Lane& x, RealOf<Lane> run) {
  const MaskOf<Lane> better = kept.best < x;
  kept.best = select(better, x, kept.best);
  kept.run = select(better, Lane(run), kept.run);
}

template <class Lane, class Real, class Rows>
GQ_HD void watch_run(const LinearState<Lane, Real, Rows>& d, std::int32_t k, const StepPoint<Lane, Real>& at,
                     const Rows& moved, const Lane& high, Watched<Lane> (&watched)[kWatched]) {
  const LinearView<Real>& m = d.m;
  const Real run = static_cast<Real>(k);
  unroll<kZones>([&](auto zone) GQ_INLINE {
    const auto z = d.s.from(d.plan.zone + zone * kZoneRows);
    Lane v = z[0] + Lane(at.dl) * (z[1] + Lane(at.dl) * z[2]) + sun_part(z.from(3), 1, at);
    unroll<kBank>([&](auto r) GQ_INLINE {
      const auto per_tap = z.from(kZoneTaps + 2 * r);
      v += (per_tap[0] + Lane(at.dl) * per_tap[1]) * moved[r];
    });
    if constexpr (zone > 0) {  // behind the regulators phases drift apart
      Lane phase = Lane(Real(-1e30)), mean(Real(0));
      unroll<kBank>([&](auto r) GQ_INLINE {
        phase = lane_max(phase, z[kZonePhase + r] + z[kZoneOwn] * moved[r]);
        mean += moved[r];
      });
      v += phase - z[kZoneOwn] * mean * Lane(Real(1.0 / kBank));
    }
    watch(watched[zone], v, run);
    const std::int32_t n = m.low_node[zone];
    if (n < 0) return;
    const LinearLowest<Real>& low = m.run[k].lowest[zone];
    Lane lowest = Lane(low.base) + sun_part(d.s.from(d.plan.node + n), m.nodes, at);
    unroll<kBank>([&](auto r) GQ_INLINE { lowest += Lane(low.taps[r]) * moved[r]; });
    watch(watched[kWatchedHigh + zone], -lowest, run);
  });
  watch(watched[kZones], high, run);
}

template <class Lane, class Real, class Rows>
GQ_HD StepPoint<Lane, Real> run_point(const LinearState<Lane, Real, Rows>& d, std::int32_t k) {
  const LinearRun<Real>& run = d.m.run[k];
  return {run.sun, run.dl, run.sun_dl, run.sun2, Lane(run.sun) * d.s[d.plan.moves + (kBank + 1) * k + kBank]};
}

//! The regulators between runs.
template <class Lane>
struct Ratios {
  Lane moved[kBank];  //!< change of the ratios from the base
  Lane gain[kBank];   //!< of a controlled voltage over its parent's at the base taps
  Lane mean;          //!< of `moved`
};

template <class Lane, class Real, class Rows>
GQ_HD void read_taps(const LinearState<Lane, Real, Rows>& d, Ratios<Lane>& ratios) {
  const LinearView<Real>& m = d.m;
  ratios.mean = Lane(Real(0));
  unroll<kBank>([&](auto r) GQ_INLINE {
    ratios.moved[r] = Lane(Real(1) - m.ratio[r]) + Lane(d.f.regulator[r].tap_step) * d.w[d.f.plan.tap + r];
    ratios.gain[r] = Lane(Real(1)) + ratios.moved[r] * Lane(Real(1) / m.ratio[r]);
    ratios.mean += ratios.moved[r];
  });
  ratios.mean *= Lane(Real(1) / Real(kBank));
}

//! How far the controlled voltages are off [pu]: at night, what full sun adds, with the square of the sun,
template <class Lane>
struct ControlShift {
  Lane night, sun;
  Lane overshoot;  //!< and relative to the distance from the set point: far from it loads leave their voltage limits
};

//! Settles the taps of run k as OpenDSS does, the controlled voltages off by `shift` where `shifted`. Keeps the moves
//! of the ratios times (parent voltage / its base at that load), and their plain mean; returns whether taps moved, and
//! in `high` the highest controlled voltage.
template <bool shifted, class Lane, class Real, class Rows>
GQ_HD bool settle_taps(const LinearState<Lane, Real, Rows>& d, std::int32_t k, const ControlShift<Lane>& shift,
                       Ratios<Lane>& ratios, Lane& high) {
  const LinearRun<Real>& run = d.m.run[k];
  const auto controlled = d.s.from(d.plan.controlled);
  const StepPoint<Lane, Real> still{run.sun, run.dl, run.sun_dl, run.sun2, Lane(Real(0))};
  Lane unmoved[kBank], parent[kBank];
  unroll<kBank>([&](auto r) GQ_INLINE {
    const Lane base(run.controlled[r]);
    unmoved[r] = base + still_part(controlled.from(r), kBank, still);
  });
  MaskOf<Lane> active(true);
  bool moved = false;
  for (std::int32_t round = 0; round < d.f.max_control_rounds; ++round) {
    const Lane sun_mean = Lane(run.sun) * ratios.mean;
    high = Lane(Real(0));
    MaskOf<Lane> any_moved(false);
    unroll<kBank>([&](auto r) GQ_INLINE {
      parent[r] = unmoved[r] + sun_mean * controlled[anchor_taps * kBank + r];
      unroll<kBank>([&](auto q) GQ_INLINE { parent[r] += Lane(run.coupling[r][q]) * ratios.moved[q]; });
      Lane v = parent[r] * ratios.gain[r];
      if constexpr (shifted) {
        v += shift.night + shift.sun * Lane(run.sun2);
        v += shift.overshoot * lane_abs(v - Lane(d.f.regulator[r].vreg / d.f.regulator[r].volts));
      }
      high = lane_max(high, v);
      const MaskOf<Lane> now = move_tap<Lane>(d.f, d.w, r, v, active);
      any_moved = any_moved || now;
    });
    if (!any(any_moved)) break;
    active = any_moved;
    moved = true;
    read_taps(d, ratios);
  }
  const auto kept = d.s.from(d.plan.moves + (kBank + 1) * k);
  unroll<kBank>([&](auto r) GQ_INLINE { kept[r] = ratios.moved[r] * parent[r] * Lane(Real(1) / run.controlled[r]); });
  kept[kBank] = ratios.mean;
  return moved;
}

//! What a walk adds to the taps: the lowest and highest, and which runs to look at.
struct WalkParts {
  bool outputs, watch;
};

//! All runs in sequence.
template <bool shifted, class Lane, class Real, class Rows>
GQ_HD void walk_day(const LinearState<Lane, Real, Rows>& d, const ControlShift<Lane>& shift, WalkParts parts,
                    Watched<Lane> (&watched)[kWatched]) {
  const LinearView<Real>& m = d.m;
  for (std::int32_t r = 0; r < m.regulators; ++r) d.w[d.f.plan.tap + r] = Lane(d.f.regulator[r].tap_initial);
  for (Watched<Lane>& x : watched) x = {Lane(Real(-1e30)), Lane(Real(0))};
  Ratios<Lane> ratios;
  if (m.regulators > 0) read_taps(d, ratios);
  for (std::int32_t k = 0; k < d.f.num_steps; ++k) {
    const auto moved = d.s.from(d.plan.moves + (kBank + 1) * k);
    Lane high(Real(0));
    bool taps_moved = false;
    if (m.regulators > 0) taps_moved = settle_taps<shifted>(d, k, shift, ratios, high);
    else
      for (std::int32_t r = 0; r <= kBank; ++r) moved[r] = Lane(Real(0));
    if (parts.outputs && (k == 0 || taps_moved)) keep_taps<Lane>(d.f, d.w);
    if (parts.watch) watch_run(d, k, run_point(d, k), moved, high, watched);
  }
}

}  // namespace gridqueue
