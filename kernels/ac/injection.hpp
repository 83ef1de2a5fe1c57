// Currents injected at a bus by loads, units and fixed shunts, from the last voltages.
#pragma once
#include "kernels/ac/capacitor_law.hpp"

namespace gridqueue {

//! |I| / |I at nominal voltage| at u, within the band. `inverse` = 1 / |V|.
template <InjectionLaw law, class Lane, class Real>
GQ_HD Lane inside_band(const FeederView<Real>& f, const InjectionRecord<Real>& r, const Lane& u, const Lane& inverse) {
  if constexpr (law == InjectionLaw::current) return Lane(Real(1));
  if constexpr (law == InjectionLaw::power) return inverse * Lane(Real(1) / r.ratio);
  if constexpr (law == InjectionLaw::impedance) return u;
  const Real* c = f.coefficient + r.polynomial;
  const Lane x = (u - Lane(c[0])) * Lane(c[1]);
  Lane y(c[2 + r.degree]);
  for (std::int32_t k = r.degree - 1; k >= 0; --k) y = y * x + Lane(c[2 + k]);
  return y;
}

//! `amount` times the current of a share at the voltage v across it. Outside the band: OpenDSS's Load.pas,
//! InterpolateY95_YLow, Y95I_YLow, Yeq95, Yeq105.
template <InjectionLaw law, class Lane, class Real>
GQ_HD Cx<Lane> drawn(const FeederView<Real>& f, const InjectionRecord<Real>& r, int share, const Lane& amount,
                     const Cx<Lane>& v) {
  const Lane m2 = abs2(v);
  const Lane inverse = lane_rsqrt(m2);
  const Lane u = m2 * inverse * Lane(r.ratio);
  Lane ratio = inside_band<law>(f, r, u, inverse);
  const MaskOf<Lane> above = Lane(r.vmax) < u, within = Lane(r.vmin) < u;
  if (any(above || !within)) {
    const Lane below = select(Lane(r.vlow) < u, Lane(r.offset) + u * Lane(r.slope), u);
    ratio = select(within, select(above, u * Lane(r.high), ratio), below);
  }
  const Lane k = ratio * inverse * amount;
  // conj(S) V = (p - jq)(re + j im)
  return {k * (Lane(r.p[share]) * v.re + Lane(r.q[share]) * v.im),
          k * (Lane(r.p[share]) * v.im - Lane(r.q[share]) * v.re)};
}

template <InjectionLaw law, bool General, int N, class Lane, class Real>
GQ_HD void inject_by(const FeederView<Real>& f, const InjectionRecord<Real>& r, const Lane& amount,
                     const Cx<Lane> (&v)[N], Cx<Lane> (&j)[N]) {
  if (!General || r.connection == Connection::ground) {
    unroll<N>([&](auto n) GQ_INLINE {
      const Cx<Lane> i = drawn<law>(f, r, n, amount, v[n]);
      j[n].re -= i.re;
      j[n].im -= i.im;
    });
    return;
  }
  Cx<Lane> across{Lane(Real(0)), Lane(Real(0))};
  const auto sign = [&](int n) GQ_INLINE { return Lane(Real(n == r.from) - Real(n == r.to)); };
  unroll<N>([&](auto n) GQ_INLINE {
    across.re += sign(n) * v[n].re;
    across.im += sign(n) * v[n].im;
  });
  const Cx<Lane> i = drawn<law>(f, r, 0, amount, across);
  unroll<N>([&](auto n) GQ_INLINE {
    j[n].re -= sign(n) * i.re;
    j[n].im -= sign(n) * i.im;
  });
}

//! `amount` times what the record draws, taken from j. General: of any law and connection, see FeederView::general.
template <bool General, int N, class Lane, class Real>
GQ_HD void inject(const FeederView<Real>& f, const InjectionRecord<Real>& r, const Lane& amount, const Cx<Lane> (&v)[N],
                  Cx<Lane> (&j)[N]) {
  if (r.law == InjectionLaw::current) return inject_by<InjectionLaw::current, General>(f, r, amount, v, j);
  if (r.law == InjectionLaw::power) return inject_by<InjectionLaw::power, General>(f, r, amount, v, j);
  if constexpr (General) {
    if (r.law == InjectionLaw::impedance) inject_by<InjectionLaw::impedance, true>(f, r, amount, v, j);
    else inject_by<InjectionLaw::polynomial, true>(f, r, amount, v, j);
  }
}

//! What the shunt with coefficients at y draws where `in` is 1.
template <int N, class Lane, class Real>
GQ_HD void switched_shunt(const Real* y, const Lane& in, const Cx<Lane> (&v)[N], Cx<Lane> (&j)[N]) {
  unroll<N>([&](auto c) GQ_INLINE {
    const Cx<Lane> x{in * v[c].re, in * v[c].im};
    unroll<N>([&](auto r) GQ_INLINE { add_product(j[r], -y[2 * (r * N + c)], -y[2 * (r * N + c) + 1], x); });
  });
}

// Strong shunts, such as a grounded star in front of a delta, draw more than a sweep alone can carry. With Y such
// shunts and W the impedances of and between their ways to the source, their currents follow from sweep to sweep as
//     I += (1 + Y W)^-1 (-Y V - I),
// so that I and what it does to V agree at once where nothing else changes. I = -Y V in the end.

//! each(bus, place of its first node among the held ones).
template <class Real, class Each>
GQ_HD void each_held_bus(const FeederView<Real>& f, const Each& each) {
  for (std::int32_t i = f.first_held; i >= 0; i = f.bus[i].next_held) each(f.bus[i], f.bus[i].held / 2);
}

//! Takes coefficients at `m` times the numbers in `rows`, node by node of a bus, from x.
template <class Lane, class Real, class Rows>
GQ_HD void subtract_held(const Real* m, std::int32_t nodes, const Rows& rows, Cx<Lane>& x) {
  for (std::int32_t n = 0; n < nodes; ++n)
    add_product(x, -m[2 * n], -m[2 * n + 1], Cx<Lane>{rows[2 * n], rows[2 * n + 1]});
}

//! Before every sweep.
template <class Lane, class Real, class Rows>
GQ_HD void hold_shunts(const FeederView<Real>& f, const Rows& w, MaskOf<Lane> active) {
  const Real* of_voltage = f.coefficient + f.held_coefficient;
  const Real* of_current = of_voltage + 2 * f.held_nodes * f.held_nodes;
  for (std::int32_t k = 0; k < f.held_nodes; ++k) {
    Cx<Lane> now{w[f.plan.held + 2 * k], w[f.plan.held + 2 * k + 1]};
    each_held_bus(f, [&](const BusRecord& b, std::int32_t first) GQ_INLINE {
      const std::int32_t at = 2 * (k * f.held_nodes + first);
      subtract_held<Lane>(of_voltage + at, b.num_nodes, w.from(f.plan.voltage + 2 * b.node), now);
      subtract_held<Lane>(of_current + at, b.num_nodes, w.from(f.plan.held + 2 * first), now);
    });
    w[f.plan.held_next + 2 * k] = now.re;
    w[f.plan.held_next + 2 * k + 1] = now.im;
  }
  for (std::int32_t r = 0; r < 2 * f.held_nodes; ++r)
    w[f.plan.held + r] = select(active, w[f.plan.held_next + r], w[f.plan.held + r]);
}

//! Everything at the bus, added to j: where charging is exact (General) with that of lines of scale 1.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void inject_bus(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const StepRecord<Real>& step,
                      const Cx<Lane> (&v)[N], Cx<Lane> (&j)[N]) {
  const std::int32_t shunt = General ? b.admittance : b.shunt;
  if (shunt >= 0) {
    const Real* y = f.coefficient + shunt;
    unroll<N>([&](auto r) GQ_INLINE {
      unroll<N>([&](auto c) GQ_INLINE { add_product(j[r], -y[2 * (r * N + c)], -y[2 * (r * N + c) + 1], v[c]); });
    });
    for (std::int32_t c = b.capacitor; c < b.capacitor + b.capacitors; ++c)
      switched_shunt<N>(f.coefficient + f.capacitor[c].shunt, capacitor_in<Lane>(f, w, c), v, j);
  }
  if constexpr (General)
    if (b.held >= 0)
      unroll<N>([&](auto n) GQ_INLINE {
        j[n].re += w[f.plan.held + b.held + 2 * n];
        j[n].im += w[f.plan.held + b.held + 2 * n + 1];
      });
  const Real* level = f.level + step.level;
  for (std::int32_t i = b.injection; i < b.injection + b.injections; ++i) {
    const InjectionRecord<Real>& r = f.injection[i];
    inject<General>(f, r, Lane(level[r.shape]), v, j);
  }
  const Real sun = level[f.unit.shape];
  if (b.der >= 0 && sun > Real(0)) {
    const Lane power = w[f.plan.der + b.der];
    if (any(power > Lane(Real(0)))) inject<General>(f, f.unit, Lane(power * Lane(sun)), v, j);
  }
  if constexpr (General)
    for (std::int32_t i = b.part; i < b.part + b.parts && sun > Real(0); ++i) {
      const Lane power = w[f.plan.part + i];
      if (any(power > Lane(Real(0))))
        inject_by<InjectionLaw::power, true>(f, f.injection[f.first_part + i], Lane(power * Lane(sun)), v, j);
    }
}

//! What units at the bus give [pu]: above 0 where one stands.
template <bool General, class Lane, class Real, class Rows>
GQ_HD Lane unit_power(const FeederView<Real>& f, const BusRecord& b, const Rows& w) {
  if constexpr (!General) return w[f.plan.der + b.der];
  Lane power = b.der >= 0 ? w[f.plan.der + b.der] : Lane(Real(0));
  for (std::int32_t i = b.part; i < b.part + b.parts; ++i) power += w[f.plan.part + i];
  return power;
}

}  // namespace gridqueue
