// OpenDSS RegControl in STATIC control mode, one decision for every regulator.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

//! Moves regulator i's tap where `active` and its voltage `magnitude` [pu] is outside its band; returns the lanes that
//! moved. n = max(1, min(max_change, trunc(0.7 * round(|vreg - v| * pt / winding volts / step)))), round half to even
//! (OpenDSS RegControl.pas, ComputeNumTaps: 0.7 is its gain; Pascal's Round is the banker's).
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> move_tap(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Lane& magnitude,
                            MaskOf<Lane> active) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const Lane boost = Lane(r.vreg) - magnitude * Lane(r.volts);
  const Lane distance = lane_abs(boost);
  const MaskOf<Lane> outside = active && (Lane(r.half_band) < distance);
  if (!any(outside)) return outside;
  const Lane steps = lane_floor(Lane(Lane(Real(0.7)) * lane_rint(Lane(distance * Lane(r.boost_steps)))));
  const Lane count = lane_max(Lane(Real(1)), lane_min(Lane(r.max_change), steps));
  const Lane old = w[f.plan.tap + i];
  const Lane wanted = old + select(Lane(Real(0)) < boost, count, -count);
  const Lane tap = lane_max(Lane(r.tap_min), lane_min(Lane(r.tap_max), wanted));
  w[f.plan.tap + i] = select(outside, tap, old);
  return outside && ((tap < old) || (old < tap));
}

//! Moves the taps of `active` lanes by the voltages in the workspace; returns the lanes that moved.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> move_taps(const FeederView<Real>& f, const Rows& w, MaskOf<Lane> active) {
  MaskOf<Lane> moved(false);
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    const std::int32_t row = f.plan.voltage + 2 * f.regulator[i].node;
    const MaskOf<Lane> now = move_tap<Lane>(f, w, i, lane_sqrt(abs2(Cx<Lane>{w[row], w[row + 1]})), active);
    moved = moved || now;  // || would skip the call where a mask is a bool
  }
  return moved;
}

}  // namespace gridqueue
