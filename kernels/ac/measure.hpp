// What controls measure: voltages between nodes, currents of branches, of one phase or of the highest, lowest or
// average.
#pragma once
#include "kernels/ac/tap_law.hpp"

namespace gridqueue {

template <class Lane, class Rows>
GQ_HD Cx<Lane> phasor(const Rows& w, std::int32_t first, std::int32_t node) {
  return {w[first + 2 * node], w[first + 2 * node + 1]};
}

//! Phase p of the voltages that a control measures; voltage(node) is a phasor.
template <class Lane, class Voltage>
GQ_HD Cx<Lane> measured_voltage(const MeasuredNodes& m, int p, const Voltage& voltage) {
  Cx<Lane> v = voltage(m.node[p]);
  if (m.to_node[p] < 0) return v;
  const Cx<Lane> to = voltage(m.to_node[p]);
  return {v.re - to.re, v.im - to.im};
}

//! The magnitude that counts; magnitude(p) is phase p's.
template <class Lane, class Magnitude>
GQ_HD Lane chosen(const MeasuredNodes& m, const Magnitude& magnitude) {
  using Real = RealOf<Lane>;
  Lane x = magnitude(0);
  for (int p = 1; p < m.count; ++p) {
    const Lane next = magnitude(p);
    if (m.choice == PhaseChoice::highest) x = lane_max(x, next);
    else if (m.choice == PhaseChoice::lowest) x = lane_min(x, next);
    else x += next;
  }
  return m.choice == PhaseChoice::average ? x * Lane(Real(1) / static_cast<Real>(m.count)) : x;
}

//! What a regulator compares with its set point, per unit of `volts`: the voltage of the phase that counts, less what
//! its current drops on the way to the load (RegControl.pas, Sample). current(node) is J: it flows into the winding.
template <class Lane, class Real, class Voltage, class Current>
GQ_HD Lane regulated_voltage(const RegulatorRecord<Real>& r, Real drop_re, Real drop_im, const Voltage& voltage,
                             const Current& current) {
  Cx<Lane> v = measured_voltage<Lane>(r.measured, 0, voltage), j{Lane(Real(0)), Lane(Real(0))};
  if (r.compensates) j = current(r.measured.node[0]);
  for (int p = 1; p < r.measured.count; ++p) {
    const Cx<Lane> next = measured_voltage<Lane>(r.measured, p, voltage);
    const MaskOf<Lane> counts = r.measured.choice == PhaseChoice::highest ? abs2(v) < abs2(next) : abs2(next) < abs2(v);
    v = {select(counts, next.re, v.re), select(counts, next.im, v.im)};
    if (!r.compensates) continue;
    const Cx<Lane> here = current(r.measured.node[p]);
    j = {select(counts, here.re, j.re), select(counts, here.im, j.im)};
  }
  if (r.compensates == 2) return lane_abs(lane_sqrt(abs2(v)) - Lane(drop_re) * lane_sqrt(abs2(j)));
  if (r.compensates) add_product(v, drop_re, drop_im, j);
  return lane_sqrt(abs2(v));
}

template <class Lane, class Real, class Voltage, class Current>
GQ_HD Lane regulated_voltage(const RegulatorRecord<Real>& r, const Voltage& voltage, const Current& current) {
  return regulated_voltage<Lane>(r, r.drop_re, r.drop_im, voltage, current);
}

//! What a limit looks at, per unit of `volts`: the same without its current (RegControl.pas, Vlocalbus). `regulated`:
//! what is regulated.
template <class Lane, class Real, class Voltage>
GQ_HD Lane local_voltage(const RegulatorRecord<Real>& r, const Lane& regulated, const Voltage& voltage) {
  if (!r.limits || !r.compensates) return regulated;
  return chosen<Lane>(r.measured,
                      [&](int p) GQ_INLINE { return lane_sqrt(abs2(measured_voltage<Lane>(r.measured, p, voltage))); });
}

//! Active power [kW] through nodes of a branch's child bus, or of the source, towards the source.
template <class Lane, class Real, class Rows>
GQ_HD Lane power_towards_source(const FeederView<Real>& f, const NodesRecord& meter, const Rows& w) {
  Lane power(Real(0));
  for (std::int32_t n = 2 * meter.node; n < 2 * (meter.node + meter.nodes); n += 2) {
    power += w[f.plan.voltage + n] * w[f.plan.current + n];
    power += w[f.plan.voltage + n + 1] * w[f.plan.current + n + 1];
  }
  return power * Lane(static_cast<Real>(kBaseVa / 1e3));
}

//! Current into an end of the line to bus `b`, at its node n: J and what the line draws there itself.
template <class Lane, class Real, class Rows>
GQ_HD Cx<Lane> line_current(const FeederView<Real>& f, const BusRecord& b, const Rows& w, std::int32_t n,
                            bool at_parent) {
  const Real* y = f.coefficient + b.coefficient + 2 * (b.num_nodes * b.num_nodes + n);
  const Lane scale = w[f.plan.scale + b.line];
  const Cx<Lane> v = phasor<Lane>(w, f.plan.voltage, b.node + n), j = phasor<Lane>(w, f.plan.current, b.node + n);
  const Lane sign(Real(at_parent ? -1 : 1));
  Cx<Lane> into{sign * j.re, sign * j.im};
  add_product(into, y[0], y[1], Cx<Lane>{scale * v.re, scale * v.im});
  return into;
}

//! Current into a conductor of the terminal that a capacitor's control measures.
template <class Lane, class Real, class Rows>
GQ_HD Cx<Lane> terminal_current(const FeederView<Real>& f, const CapacitorRecord<Real>& c, const Rows& w,
                                std::int32_t conductor) {
  const BusRecord& b = f.bus[c.line];
  if (c.terminal < 0) return line_current<Lane>(f, b, w, conductor, c.at_parent != 0);
  const Real* of_current = f.coefficient + c.terminal + 2 * conductor * (b.num_nodes + b.parent_nodes);
  const Real* of_voltage = of_current + 2 * b.num_nodes;
  Cx<Lane> into{Lane(Real(0)), Lane(Real(0))};
  for (std::int32_t n = 0; n < b.num_nodes; ++n)
    add_product(into, of_current[2 * n], of_current[2 * n + 1], phasor<Lane>(w, f.plan.current, b.node + n));
  Lane square(Real(1));
  if (c.tap >= 0) {
    const Lane x = term_factor<Lane>(f, w, c.tap);
    into = {x * into.re, x * into.im};
    if (f.regulator[c.tap].inverse) square = x * x;
  }
  for (std::int32_t p = 0; p < b.parent_nodes; ++p) {
    const Cx<Lane> v = phasor<Lane>(w, f.plan.voltage, b.parent_node + p);
    add_product(into, of_voltage[2 * p], of_voltage[2 * p + 1], Cx<Lane>{square * v.re, square * v.im});
  }
  return into;
}

//! Power into that terminal, all conductors.
template <class Lane, class Real, class Rows>
GQ_HD Cx<Lane> terminal_power(const FeederView<Real>& f, const CapacitorRecord<Real>& c, const Rows& w) {
  Cx<Lane> power{Lane(Real(0)), Lane(Real(0))};
  for (std::int32_t n = 0; n < c.conductors; ++n) {
    const Cx<Lane> v = phasor<Lane>(w, f.plan.voltage, c.conductor_node[n]);
    const Cx<Lane> i = terminal_current<Lane>(f, c, w, n);
    power.re += v.re * i.re + v.im * i.im;
    power.im += v.im * i.re - v.re * i.im;
  }
  return power;
}

}  // namespace gridqueue
