// OpenDSS's control queue in STATIC control mode.
//
// After every solution all controls are sampled. Of those that want to act the ones with the shortest delay do, and the
// circuit is solved again (ControlQueue.pas, DoNearestActions). Time stands still meanwhile (Solution.pas,
// DoControlActions), so a control that acted comes before slower ones again; one that wants nothing any more is taken
// off the queue. So what is queued follows from the last samples alone. A step ends with nothing queued.
#pragma once
#include "kernels/ac/capacitor_law.hpp"
#include "kernels/ac/tap_law.hpp"

namespace gridqueue {

//! Of a control that wants nothing [s].
template <class Real>
constexpr Real kNotDue = Real(1e30);

//! Queues regulator i where it wants to move.
template <class Lane, class Real, class Rows>
GQ_HD void sample_regulator(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Lane& magnitude,
                            MaskOf<Lane> active) {
  const Lane old = w[f.plan.tap + i], tap = wanted_tap<Lane>(f, w, i, magnitude, active);
  w[f.plan.wanted + i] = tap;
  w[f.plan.due + i] = select((tap < old) || (old < tap), Lane(f.regulator[i].delay), Lane(kNotDue<Real>));
}

template <class Lane, class Real, class Rows>
GQ_HD void sample_capacitor(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, std::int32_t i,
                            MaskOf<Lane> active) {
  const std::int32_t control = f.num_regulators + i;
  const Lane old = w[f.plan.capacitor + i], wanted = wanted_state<Lane>(f, w, step, i, active);
  const Lane delay = capacitor_delay<Lane>(f, w, i, wanted, static_cast<Real>(step.step));
  w[f.plan.wanted + control] = wanted;
  w[f.plan.due + control] = select((wanted < old) || (old < wanted), delay, Lane(kNotDue<Real>));
}

//! The actions that are due first; returns the lanes that have one.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> act_nearest(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step) {
  Lane nearest(kNotDue<Real>);
  for (std::int32_t i = 0; i < f.num_regulators + f.num_capacitors; ++i) nearest = lane_min(nearest, w[f.plan.due + i]);
  const MaskOf<Lane> acts = nearest < Lane(kNotDue<Real>);
  if (!any(acts)) return acts;
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    const MaskOf<Lane> now = acts && !(nearest < w[f.plan.due + i]);
    w[f.plan.tap + i] = select(now, w[f.plan.wanted + i], w[f.plan.tap + i]);
  }
  for (std::int32_t i = 0; i < f.num_capacitors; ++i) {
    const MaskOf<Lane> now = acts && !(nearest < w[f.plan.due + f.num_regulators + i]);
    const Lane state = select(now, w[f.plan.wanted + f.num_regulators + i], w[f.plan.capacitor + i]);
    w[f.plan.capacitor + i] = state;
    const MaskOf<Lane> opens = now && (lane_abs(state) < Lane(Real(0.5)));
    w[f.plan.opened + i] = select(opens, Lane(static_cast<Real>(step.step)), w[f.plan.opened + i]);
  }
  return acts;
}

//! Samples all controls of `active` lanes; returns those in which one acts.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> act(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active) {
  const auto voltage = [&](std::int32_t node) GQ_INLINE { return phasor<Lane>(w, f.plan.voltage, node); };
  const auto current = [&](std::int32_t node) GQ_INLINE { return phasor<Lane>(w, f.plan.current, node); };
  for (std::int32_t i = 0; i < f.num_regulators; ++i)
    sample_regulator<Lane>(f, w, i, regulated_voltage<Lane>(f.regulator[i], voltage, current), active);
  for (std::int32_t i = 0; i < f.num_capacitors; ++i) sample_capacitor<Lane>(f, w, step, i, active);
  return act_nearest<Lane>(f, w, step);
}

//! Where a day starts.
template <class Lane, class Real, class Rows>
GQ_HD void start_controls(const FeederView<Real>& f, const Rows& w) {
  for (std::int32_t i = 0; i < f.num_regulators; ++i) w[f.plan.tap + i] = Lane(f.regulator[i].tap_initial);
  for (std::int32_t i = 0; i < f.num_capacitors; ++i) {
    w[f.plan.capacitor + i] = Lane(f.capacitor[i].initial);
    w[f.plan.opened + i] = Lane(-kNotDue<Real>);
  }
}

}  // namespace gridqueue
