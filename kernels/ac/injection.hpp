// Currents injected at a bus by loads, PV and fixed shunts, from the last voltages.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

//! OpenDSS load model 5: I = conj(S / (Vn * V / |V|)), constant in magnitude and turning with the voltage angle.
//! With u = |V| / Vn the magnitude is multiplied by u / vmax above vmax; below vmin by the line from (vmin, 1) down to
//! (vlow, vlow), and by u below vlow (InterpolateY95I_YLow of OpenDSS's Load.pas). All pieces meet, so the law is
//! min(max(1, u / vmax), max(line(u), u)).
template <class Lane, class Real>
GQ_HD void draw_load(const LoadRecord<Real>& load, Real multiplier, const Cx<Lane>& v, Cx<Lane>& j) {
  const Lane m2 = abs2(v);
  const Lane inverse = lane_rsqrt(m2);
  const Lane u = m2 * inverse * Lane(load.ratio);
  const Lane above = lane_max(Lane(Real(1)), u * Lane(Real(1) / load.vmax));
  const Lane below = lane_max(Lane(load.vlow) + (u - Lane(load.vlow)) * Lane(load.slope), u);
  const Lane k = lane_min(above, below) * inverse * Lane(multiplier);
  // conj(S) V = (p - jq)(re + j im)
  j.re -= k * (Lane(load.p) * v.re + Lane(load.q) * v.im);
  j.im -= k * (Lane(load.p) * v.im - Lane(load.q) * v.re);
}

//! PV of unity power factor: I = P V / |V|^2; constant impedance outside [vmin, vmax] (OpenDSS PVSystem).
template <class Lane, class Real>
GQ_HD void inject_pv(const Lane& power, Real vmin2, Real vmax2, const Cx<Lane>& v, Cx<Lane>& j) {
  const Lane k = power / lane_min(lane_max(abs2(v), Lane(vmin2)), Lane(vmax2));
  j.re += k * v.re;
  j.im += k * v.im;
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
  for (int layer = 0; layer < b.load_layers; ++layer) {
    const LoadRecord<Real>* load = f.load + b.load + layer * N;
    unroll<N>([&](auto n) GQ_INLINE { draw_load(load[n], step.load, v[n], j[n]); });
  }
  if (b.der >= 0 && step.pv > Real(0)) {
    const Lane power = w[f.plan.der + b.der];
    if (any(power > Lane(Real(0)))) {
      const Lane now = power * Lane(step.pv);
      unroll<N>([&](auto n) GQ_INLINE { inject_pv(now, f.pv_vmin2, f.pv_vmax2, v[n], j[n]); });
    }
  }
}

}  // namespace gridqueue
