// OpenDSS CapControl in STATIC control mode, one decision.
#pragma once
#include "kernels/ac/measure.hpp"

namespace gridqueue {

//! How many steps of the capacitor are in, as multiples of its admittance.
template <class Lane, class Real, class Rows>
GQ_HD Lane capacitor_in(const FeederView<Real>& f, const Rows& w, std::int32_t c) {
  const Lane count = lane_max(Lane(Real(0)), w[f.plan.capacitor + c]);
  const CapacitorRecord<Real>& r = f.capacitor[c];
  if (r.size < 0) return count;
  Lane in(Real(0));
  for (std::int32_t k = 0; Real(k) < r.steps; ++k)
    in += select(Lane(Real(k) + Real(0.5)) < count, Lane(f.coefficient[r.size + k]), Lane(Real(0)));
  return in;
}

//! What a capacitor's control compares with its settings, growing with the need to close, and beside a power factor the
//! reactive power [kvar] that counts, too.
template <class Lane>
struct CapacitorNeed {
  Lane need, kvar;
};

//! From 0 (only vars) over 1 (only watts) to 2, leading (CapControl.pas, PF1to2).
template <class Lane>
GQ_HD Lane power_factor(const Cx<Lane>& s) {
  using Real = RealOf<Lane>;
  const Lane size = lane_sqrt(abs2(s)), one(Real(1));
  const Lane factor = select(Lane(Real(0)) < size, lane_abs(s.re) / lane_max(size, Lane(Real(1e-30))), one);
  return select(s.im < Lane(Real(0)), Lane(Real(2)) - factor, factor);
}

template <class Lane, class Real, class Rows>
GQ_HD CapacitorNeed<Lane> need_of_capacitor(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step,
                                            const CapacitorRecord<Real>& c, const Lane& volts) {
  const Lane none(Real(0));
  if (c.measure == CapacitorMeasure::voltage) return {-volts, none};
  if (c.measure == CapacitorMeasure::time) return {Lane(f.level[step.level + c.schedule]), none};
  if (c.measure == CapacitorMeasure::kvar) return {terminal_power<Lane>(f, c, w).im * Lane(c.amps), none};
  if (c.measure == CapacitorMeasure::power_factor) {
    const Cx<Lane> s = terminal_power<Lane>(f, c, w);
    return {-power_factor(s), s.im * Lane(c.amps)};
  }
  const std::int32_t first = f.bus[c.line].node;
  return {
      Lane(c.amps) * chosen<Lane>(c.current,
                                  [&](int p) GQ_INLINE {
                                    return lane_sqrt(abs2(terminal_current<Lane>(f, c, w, c.current.node[p] - first)));
                                  }),
      none};
}

//! The state that capacitor c's control goes for where `active`, else the one it has (CapControl.pas, Sample).
template <class Lane, class Real, class Rows>
GQ_HD Lane wanted_state(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, std::int32_t i,
                        MaskOf<Lane> active) {
  const CapacitorRecord<Real>& c = f.capacitor[i];
  Lane volts(Real(0));
  if (c.overrides || c.measure == CapacitorMeasure::voltage)
    volts = Lane(c.volts) * chosen<Lane>(c.voltage, [&](int p) GQ_INLINE {
              return lane_sqrt(abs2(measured_voltage<Lane>(
                  c.voltage, p, [&](std::int32_t node) GQ_INLINE { return phasor<Lane>(w, f.plan.voltage, node); })));
            });
  const CapacitorNeed<Lane> now = need_of_capacitor<Lane>(f, w, step, c, volts);
  const Lane old = w[f.plan.capacitor + i], zero(Real(0));
  const MaskOf<Lane> open = lane_abs(old) < Lane(Real(0.5)), steps_left = old < Lane(c.steps - Real(0.5));
  MaskOf<Lane> too_much = now.need < Lane(c.off), too_little = Lane(c.on) < now.need;
  MaskOf<Lane> steps_up = !open && steps_left && too_little && !too_much;
  if (c.measure == CapacitorMeasure::power_factor) {
    steps_up = steps_up && (Lane(c.least_step_kvar) < now.kvar);
    too_little = too_little && (Lane(c.least_kvar) < now.kvar);
  }
  if (c.overrides) {
    too_much = too_much || Lane(c.vmax) < volts;
    too_little = too_little || volts < Lane(c.vmin);
  }
  const MaskOf<Lane> closes = active && ((open && too_little) || steps_up), opens = active && !open && too_much;
  const Lane more = lane_max(zero, old) + Lane(Real(1)), less = lane_max(zero, old - Lane(Real(1)));
  return select(opens, less, select(closes, more, old));
}

//! How long capacitor i waits for that [s]: one that opened a short time ago does not close before its dead time ends.
template <class Lane, class Real, class Rows>
GQ_HD Lane capacitor_delay(const FeederView<Real>& f, const Rows& w, std::int32_t i, const Lane& wanted, Real step) {
  const CapacitorRecord<Real>& c = f.capacitor[i];
  const Lane old = w[f.plan.capacitor + i];
  const Lane elapsed = (Lane(step) - w[f.plan.opened + i]) * Lane(f.step_s);
  const Lane dead = lane_max(Lane(c.delay_on), Lane(c.dead_time + c.delay_on) - elapsed);
  const Lane closing = select(elapsed < Lane(c.dead_time), dead, Lane(c.delay_on));
  return select((wanted < Lane(Real(0.5))) || (wanted < old), Lane(c.delay_off), closing);
}

}  // namespace gridqueue
