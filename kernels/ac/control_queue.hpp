// OpenDSS's control queue in STATIC control mode.
//
// After every solution all controls are sampled. Of those that want to act the ones with the shortest delay do, and the
// circuit is solved again (ControlQueue.pas, DoNearestActions). Time stands still meanwhile (Solution.pas,
// DoControlActions), so a control that acted comes before slower ones again; one that wants nothing any more is taken
// off the queue. So what is queued follows from the last samples alone, but for delays of inverse time, which are those
// of the moment of queueing, and for which way power flows. A step ends with nothing queued.
#pragma once
#include "kernels/ac/capacitor_law.hpp"
#include "kernels/ac/tap_law.hpp"

namespace gridqueue {

//! Of a control that wants nothing [s].
template <class Real>
constexpr Real kNotDue = Real(1e30);

//! Queues regulator i where it wants to move.
template <class Lane, class Real, class Rows, class Voltage, class Current>
GQ_HD void sample_regulator(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Voltage& voltage,
                            const Current& current, MaskOf<Lane> active) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const Lane magnitude = regulated_voltage<Lane>(r, voltage, current);
  const TapAim<Lane> aim = forward_aim(r, magnitude, local_voltage(r, magnitude, voltage));
  const Lane old = w[f.plan.tap + i], tap = wanted_tap<Lane>(f, w, i, aim, active);
  w[f.plan.wanted + i] = tap;
  w[f.plan.due + i] = select((tap < old) || (old < tap), Lane(f.regulator[i].delay), Lane(kNotDue<Real>));
}

//! Where regulator i goes by its settings for power that flows back.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> looks_back(const FeederView<Real>& f, const Rows& w, std::int32_t i) {
  if (f.regulator[i].back.mode == ReverseMode::none) return MaskOf<Lane>(false);
  return Lane(Real(0.5)) < w[f.plan.turned + i];
}

//! Queues the turn of a reversible regulator whose power flows the other way (RegControl.pas, Sample).
template <class Lane, class Real, class Rows>
GQ_HD void sample_turn(const FeederView<Real>& f, const Rows& w, std::int32_t i, MaskOf<Lane> active) {
  const ReverseRecord<Real>& r = f.regulator[i].back;
  const Lane towards = power_towards_source<Lane>(f, r.meter, w);
  const MaskOf<Lane> back = looks_back<Lane>(f, w, i);
  const MaskOf<Lane> turns = (!back && Lane(r.threshold) < towards) || (back && towards < Lane(-r.threshold));
  w[f.plan.turns + i] = select(active && turns, Lane(r.delay), Lane(kNotDue<Real>));
}

//! What regulator i compares: back, its tap is no part of the voltage, and moves the other way.
template <class Lane, class Real, class Rows, class Voltage, class Current>
GQ_HD TapAim<Lane> aim_of_tap(const FeederView<Real>& f, const Rows& w, std::int32_t i, MaskOf<Lane> back,
                              const Voltage& voltage, const Current& current) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const ReverseRecord<Real>& s = r.back;
  const Lane forward = regulated_voltage<Lane>(r, voltage, current), direction(r.direction);
  const Lane local = local_voltage(r, forward, voltage);
  if (s.mode == ReverseMode::none) return forward_aim(r, forward, local);
  Lane behind = regulated_voltage<Lane>(r, s.drop_re, s.drop_im, voltage, current), other = direction;
  if (s.mode == ReverseMode::reversible) behind = behind / tap_ratio<Lane>(f, w, i), other = Lane(Real(-1));
  return {select(back, behind, forward), local, select(back, Lane(s.vreg), Lane(r.vreg)),
          select(back, Lane(s.half_band), Lane(r.half_band)), select(back, other, direction)};
}

//! Steps towards ratio 1, as many as a tap changes at once (RegControl.pas, ReverseNeutral).
template <class Lane, class Real, class Rows>
GQ_HD Lane tap_to_neutral(const FeederView<Real>& f, const Rows& w, std::int32_t i) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const Lane old = w[f.plan.tap + i], zero(Real(0));
  const Lane away = lane_rint(Lane(Lane((Real(1) - r.tap_ratio) / r.tap_step) - old));
  const Lane steps = lane_floor(Lane(Lane(Real(0.7)) * lane_abs(away)));
  const Lane count = lane_max(Lane(Real(1)), lane_min(Lane(r.max_change), steps));
  const Lane tap = old + select(zero < away, count, -count);
  return select(Lane(Real(0.5)) < lane_abs(away), lane_max(Lane(r.tap_min), lane_min(Lane(r.tap_max), tap)), old);
}

//! The delay of a tap change that is queued now [s] (RegControl.pas, ComputeTimeDelay).
template <class Lane, class Real>
GQ_HD Lane tap_delay(const RegulatorRecord<Real>& r, const Lane& magnitude) {
  if (!r.inverse_time) return Lane(r.delay);
  const Lane bands = lane_abs(Lane(r.vreg) - magnitude * Lane(r.volts)) / Lane(r.half_band);
  return Lane(r.delay) / lane_max(Lane(Real(1e-6)), lane_min(Lane(Real(10)), bands));
}

//! A regulator that is reversible or of inverse time. What it has queued stays as it is.
template <class Lane, class Real, class Rows, class Voltage, class Current>
GQ_HD void sample_remembering(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Voltage& voltage,
                              const Current& current, MaskOf<Lane> active) {
  const RegulatorRecord<Real>& r = f.regulator[i];
  const MaskOf<Lane> back = looks_back<Lane>(f, w, i);
  const TapAim<Lane> aim = aim_of_tap<Lane>(f, w, i, back, voltage, current);
  const Lane old = w[f.plan.tap + i], not_due(kNotDue<Real>);
  Lane tap = wanted_tap<Lane>(f, w, i, aim, active), delay = tap_delay(r, aim.magnitude);
  if (r.back.mode != ReverseMode::none) sample_turn<Lane>(f, w, i, active);
  if (r.back.to_neutral) {
    tap = select(active && back, tap_to_neutral<Lane>(f, w, i), tap);
    delay = select(back, Lane(r.back.tap_delay), delay);
  }
  Lane& due = w[f.plan.due + i];
  if (r.inverse_time) delay = select(due < not_due, due, delay);
  w[f.plan.wanted + i] = select(active, tap, w[f.plan.wanted + i]);
  due = select(active, select((tap < old) || (old < tap), delay, not_due), due);
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

//! Those that turn at this time.
template <class Lane, class Real, class Rows>
GQ_HD void turn_nearest(const FeederView<Real>& f, const Rows& w, const Lane& nearest, MaskOf<Lane> acts) {
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    if (f.regulator[i].back.mode == ReverseMode::none) continue;
    const MaskOf<Lane> now = acts && !(nearest < w[f.plan.turns + i]);
    Lane& turned = w[f.plan.turned + i];
    turned = select(now, Lane(Real(1)) - turned, turned);
  }
}

//! The actions of `active` lanes that are due first; returns the lanes that have one.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> act_nearest(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step,
                               MaskOf<Lane> active) {
  Lane nearest(kNotDue<Real>);
  for (std::int32_t i = 0; i < f.num_regulators + f.num_capacitors; ++i) nearest = lane_min(nearest, w[f.plan.due + i]);
  for (std::int32_t i = 0; f.reversible && i < f.num_regulators; ++i)
    if (f.regulator[i].back.mode != ReverseMode::none) nearest = lane_min(nearest, w[f.plan.turns + i]);
  const MaskOf<Lane> acts = active && nearest < Lane(kNotDue<Real>);
  if (!any(acts)) return acts;
  if (f.reversible) turn_nearest<Lane>(f, w, nearest, acts);
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    const MaskOf<Lane> now = acts && !(nearest < w[f.plan.due + i]);
    w[f.plan.tap + i] = select(now, w[f.plan.wanted + i], w[f.plan.tap + i]);
    if (f.regulator[i].inverse_time) w[f.plan.due + i] = select(now, Lane(kNotDue<Real>), w[f.plan.due + i]);
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
    if (needs_memory(f.regulator[i])) sample_remembering<Lane>(f, w, i, voltage, current, active);
    else sample_regulator<Lane>(f, w, i, voltage, current, active);
  for (std::int32_t i = 0; i < f.num_capacitors; ++i) sample_capacitor<Lane>(f, w, step, i, active);
  return act_nearest<Lane>(f, w, step, active);
}

//! Where a day starts.
template <class Lane, class Real, class Rows>
GQ_HD void start_controls(const FeederView<Real>& f, const Rows& w) {
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    w[f.plan.tap + i] = Lane(f.regulator[i].tap_initial);
    w[f.plan.due + i] = Lane(kNotDue<Real>);
    if (f.reversible) w[f.plan.turned + i] = Lane(static_cast<Real>(f.regulator[i].back.at_start));
  }
  for (std::int32_t i = 0; i < f.num_capacitors; ++i) {
    w[f.plan.capacitor + i] = Lane(f.capacitor[i].initial);
    w[f.plan.opened + i] = Lane(-kNotDue<Real>);
  }
}

}  // namespace gridqueue
