// OpenDSS RegControl in STATIC control mode, one decision.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

template <class Lane, class Real, class Rows>
GQ_HD Lane tap_ratio(const FeederView<Real>& f, const Rows& w, std::int32_t i) {
  return Lane(f.regulator[i].tap_ratio) + Lane(f.regulator[i].tap_step) * w[f.plan.tap + i];
}

//! What multiplies the term of regulator i (TapTerm).
template <class Lane, class Real, class Rows>
GQ_HD Lane term_factor(const FeederView<Real>& f, const Rows& w, std::int32_t i) {
  const Lane ratio = tap_ratio<Lane>(f, w, i);
  return f.regulator[i].inverse ? Lane(Real(1)) / ratio : ratio;
}

//! What a regulator compares [pu; V on the PT's secondary], and which way its tap goes where a higher voltage is
//! wanted. `local`: what its limit looks at, without line-drop compensation.
template <class Lane>
struct TapAim {
  Lane magnitude, local, vreg, half_band, direction;
};

//! The tap that regulator i goes for where `active` and its voltage `magnitude` [pu] is outside its band, else the one
//! it has. n = max(1, min(max_change, trunc(0.7 * round(|vreg - v| * pt / winding volts / step)))), round half to even;
//! nothing where the rounded number is 0 (OpenDSS RegControl.pas, Sample, AtLeastOneTap: 0.7 is its gain; Pascal's
//! Round is the banker's).
template <class Lane, class Real, class Rows>
GQ_HD Lane wanted_tap(const FeederView<Real>& f, const Rows& w, std::int32_t i, const TapAim<Lane>& aim,
                      MaskOf<Lane> active) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const Lane old = w[f.plan.tap + i];
  const Lane volts = aim.magnitude * Lane(r.volts);
  Lane boost = aim.vreg - volts;
  MaskOf<Lane> outside = aim.half_band < lane_abs(boost);
  if (r.limits) {
    const Lane local = aim.local * Lane(r.volts);
    const MaskOf<Lane> above = Lane(r.vlimit) < local;
    boost = select(above, Lane(r.vlimit) - local, boost);
    outside = outside || above;
  }
  outside = outside && active;
  const Lane distance = lane_abs(boost);
  if (!any(outside)) return old;
  const Lane needed = lane_rint(Lane(distance * Lane(r.boost_steps)));
  const Lane steps = lane_floor(Lane(Lane(Real(0.7)) * needed));
  const Lane count = lane_max(Lane(Real(1)), lane_min(Lane(r.max_change), steps));
  const Lane moved = Lane(r.positions) * count;
  const Lane wanted = old + aim.direction * select(Lane(Real(0)) < boost, moved, -moved);
  const Lane tap = lane_max(Lane(r.tap_min), lane_min(Lane(r.tap_max), wanted));
  return select(outside && (Lane(Real(0)) < needed), tap, old);
}

template <class Lane, class Real>
GQ_HD TapAim<Lane> forward_aim(const RegulatorRecord<Real>& r, const Lane& magnitude, const Lane& local) {
  return {magnitude, local, Lane(r.vreg), Lane(r.half_band), Lane(r.direction)};
}

//! Moves the tap of a regulator that waits for no other; returns the lanes that moved.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> move_tap(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Lane& magnitude,
                            MaskOf<Lane> active) {
  const Lane old = w[f.plan.tap + i],
             tap = wanted_tap<Lane>(f, w, i, forward_aim(f.regulator[i], magnitude, magnitude), active);
  w[f.plan.tap + i] = tap;
  return (tap < old) || (old < tap);
}

}  // namespace gridqueue
