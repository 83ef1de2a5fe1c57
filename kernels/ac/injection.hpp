// Currents injected at a bus by loads, units and fixed shunts, from the last voltages.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

//! OpenDSS load model 5: I = conj(S / (Vn * V / |V|)), constant in magnitude and turning with the voltage angle.
//! With u = |V| / Vn the magnitude is multiplied by u / vmax above vmax; below vmin by the line from (vmin, 1) down to
//! (vlow, vlow), and by u below vlow (InterpolateY95I_YLow of OpenDSS's Load.pas). All pieces meet, so the law is
//! min(max(1, u / vmax), max(line(u), u)). Returns I / conj(S).
template <class Lane, class Real>
GQ_HD Lane constant_current(const InjectionRecord<Real>& r, const Lane& amount, const Lane& v2) {
  const Lane inverse = lane_rsqrt(v2);
  const Lane u = v2 * inverse * Lane(r.ratio);
  const Lane above = lane_max(Lane(Real(1)), u * Lane(Real(1) / r.high));
  const Lane below = lane_max(Lane(r.low) + (u - Lane(r.low)) * Lane(r.slope), u);
  return lane_min(above, below) * inverse * amount;
}

//! I = conj(S) V / |V|^2; constant impedance outside of [low, high] (OpenDSS PVSystem). Returns I / (conj(S) V).
template <class Lane, class Real>
GQ_HD Lane constant_power(const InjectionRecord<Real>& r, const Lane& amount, const Lane& v2) {
  return amount / lane_min(lane_max(v2, Lane(r.low)), Lane(r.high));
}

//! `amount` times what the record draws from its node `n`, taken from j.
template <class Lane, class Real>
GQ_HD void inject(const InjectionRecord<Real>& r, int n, const Lane& amount, const Cx<Lane>& v, Cx<Lane>& j) {
  const Lane k = r.law == InjectionLaw::constant_current ? constant_current(r, amount, abs2(v))
                                                         : constant_power(r, amount, abs2(v));
  // conj(S) V = (p - jq)(re + j im)
  j.re -= k * (Lane(r.p[n]) * v.re + Lane(r.q[n]) * v.im);
  j.im -= k * (Lane(r.p[n]) * v.im - Lane(r.q[n]) * v.re);
}

//! Everything at the bus but line charging, added to j.
template <int N, class Lane, class Real, class Rows>
GQ_HD void inject_bus(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const StepRecord<Real>& step,
                      const Cx<Lane> (&v)[N], Cx<Lane> (&j)[N]) {
  if (b.shunt >= 0) {
    const Real* y = f.coefficient + b.shunt;
    unroll<N>([&](auto r) GQ_INLINE {
      unroll<N>([&](auto c) GQ_INLINE { add_product(j[r], -y[2 * (r * N + c)], -y[2 * (r * N + c) + 1], v[c]); });
    });
  }
  const Real* level = f.level + step.level;
  for (std::int32_t i = b.injection; i < b.injection + b.injections; ++i) {
    const InjectionRecord<Real>& r = f.injection[i];
    const Lane amount(level[r.shape]);
    unroll<N>([&](auto n) GQ_INLINE { inject(r, n, amount, v[n], j[n]); });
  }
  const Real sun = level[f.unit.shape];
  if (b.der >= 0 && sun > Real(0)) {
    const Lane power = w[f.plan.der + b.der];
    if (any(power > Lane(Real(0)))) {
      const Lane now = power * Lane(sun);
      unroll<N>([&](auto n) GQ_INLINE { inject(f.unit, n, now, v[n], j[n]); });
    }
  }
}

}  // namespace gridqueue
