// OpenDSS CapControl in STATIC control mode, one decision; capacitors of one step.
#pragma once
#include "kernels/ac/measure.hpp"

namespace gridqueue {

//! 1 where the capacitor is in, else 0.
template <class Lane, class Real, class Rows>
GQ_HD Lane capacitor_in(const FeederView<Real>& f, const Rows& w, std::int32_t c) {
  return lane_max(Lane(Real(0)), w[f.plan.capacitor + c]);
}

//! What capacitor c's control compares with its settings, growing with the need to close.
template <class Lane, class Real, class Rows>
GQ_HD Lane need_of_capacitor(const FeederView<Real>& f, const Rows& w, const CapacitorRecord<Real>& c,
                             const Lane& volts) {
  if (c.measure == CapacitorMeasure::voltage) return -volts;
  const BusRecord& b = f.bus[c.line];
  const bool at_parent = c.at_parent != 0;
  if (c.measure == CapacitorMeasure::kvar) return line_vars<Lane>(f, b, w, at_parent) * Lane(c.amps);
  return Lane(c.amps) * chosen<Lane>(c.current, [&](int p) GQ_INLINE {
           return lane_sqrt(abs2(line_current<Lane>(f, b, w, c.current.node[p] - b.node, at_parent)));
         });
}

//! The state that capacitor c's control goes for where `active`, else the one it has (CapControl.pas, Sample).
template <class Lane, class Real, class Rows>
GQ_HD Lane wanted_state(const FeederView<Real>& f, const Rows& w, std::int32_t i, MaskOf<Lane> active) {
  const CapacitorRecord<Real>& c = f.capacitor[i];
  Lane volts(Real(0));
  if (c.overrides || c.measure == CapacitorMeasure::voltage)
    volts = Lane(c.volts) * chosen<Lane>(c.voltage, [&](int p) GQ_INLINE {
              return lane_sqrt(abs2(measured_voltage<Lane>(
                  c.voltage, p, [&](std::int32_t node) GQ_INLINE { return phasor<Lane>(w, f.plan.voltage, node); })));
            });
  const Lane need = need_of_capacitor<Lane>(f, w, c, volts), old = w[f.plan.capacitor + i];
  const MaskOf<Lane> open = lane_abs(old) < Lane(Real(0.5)), no_step = old < Lane(Real(-0.5));
  MaskOf<Lane> too_much = need < Lane(c.off), too_little = Lane(c.on) < need;
  const MaskOf<Lane> steps_up = no_step && too_little && !too_much;
  if (c.overrides) {
    too_much = too_much || Lane(c.vmax) < volts;
    too_little = too_little || volts < Lane(c.vmin);
  }
  const MaskOf<Lane> closes = active && ((open && too_little) || steps_up), opens = active && !open && too_much;
  return select(closes, Lane(Real(1)), select(opens, Lane(Real(0)), old));
}

//! How long capacitor i waits for that [s]: one that opened a short time ago does not close before its dead time ends.
template <class Lane, class Real, class Rows>
GQ_HD Lane capacitor_delay(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Lane& wanted, Real step) {
  const CapacitorRecord<Real>& c = f.capacitor[i];
  const Lane elapsed = (Lane(step) - w[f.plan.opened + i]) * Lane(f.step_s);
  const Lane dead = lane_max(Lane(c.delay_on), Lane(c.dead_time + c.delay_on) - elapsed);
  const Lane closing = select(elapsed < Lane(c.dead_time), dead, Lane(c.delay_on));
  return select(wanted < Lane(Real(0.5)), Lane(c.delay_off), closing);
}

}  // namespace gridqueue
