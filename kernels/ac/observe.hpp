// Running limit quantities: what a settled step adds to the day's extrema. No day of voltages is stored.
#pragma once
#include "kernels/ac/observe_asked.hpp"

namespace gridqueue {

template <class Lane>
struct Extrema {
  Lane vdiff, vdiff_code, vmax, vmax_code, vmin, vmin_code, emergency, emergency_code;
  Lane above;  //!< 1: some element is above its watched current at some step
};

//! Largest and smallest squared node voltage.
template <class Lane>
GQ_HD void observe_node(const Lane& m2, MaskOf<Lane> active, RealOf<Lane> code, Extrema<Lane>& e) {
  keep_largest(e.vmax, e.vmax_code, m2, active, code);
  keep_largest(e.vmin, e.vmin_code, Lane(-m2), active, code);
}

//! The same of a node below 1 kV, in rows (LowVoltageRow): no feeder without such nodes carries them along.
template <class Lane, class Rows>
GQ_HD void observe_low_voltage(const Lane& m2, MaskOf<Lane> active, RealOf<Lane> code, const Rows& rows) {
  keep_largest(rows[lv_vmax], rows[lv_vmax_code], m2, active, code);
  keep_largest(rows[lv_vmin], rows[lv_vmin_code], Lane(-m2), active, code);
}

//! Change of a monitored bus's average magnitude since the last step; counts always, or where a DER stands.
template <class Lane, class Real, class Rows>
GQ_HD void observe_change(const FeederView<Real>& f, std::int32_t monitor, bool always, const Lane& der,
                          std::int32_t bus, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                          const Lane& average, Extrema<Lane>& e) {
  Lane& previous = w[f.plan.previous + monitor];
  if (step.changed != kNewDay) {
    Lane change = lane_abs(average - previous);
    if (!always) change = select(Lane(Real(0)) < der, change, Lane(Real(0)));
    Lane& largest = w[f.plan.change + monitor];
    largest = select(active, lane_max(largest, change), largest);
    keep_largest(e.vdiff, e.vdiff_code, change, active, static_cast<Real>(step.step * f.num_buses + bus));
  }
  previous = average;
}

//! A node's own largest and smallest squared voltage.
template <class Lane, class Real, class Rows>
GQ_HD void keep_node(const FeederView<Real>& f, std::int32_t node, const Lane& m2, const Rows& w, MaskOf<Lane> active) {
  Lane &high = w[f.plan.high + node], &low = w[f.plan.low + node];
  high = select(active, lane_max(high, m2), high);
  low = select(active, lane_min(low, m2), low);
}

//! Squared voltage by which node n is judged: to ground, or where that means nothing to the next node, over sqrt(3).
template <bool General, int N, class Lane>
GQ_HD Lane judged_voltage2(const BusRecord& b, const Cx<Lane> (&v)[N], int n) {
  if constexpr (General && N > 1)
    if (b.floating) {
      const Cx<Lane>&one = v[n], &next = v[(n + 1) % N];
      return abs2(Cx<Lane>{one.re - next.re, one.im - next.im}) * Lane(RealOf<Lane>(1) / RealOf<Lane>(3));
    }
  return abs2(v[n]);
}

//! Compares the bus's nodes with the day's extremes so far one by one: which comes first decides its code.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void observe_nodes(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const StepRecord<Real>& step,
                         MaskOf<Lane> active, const Lane (&m2)[N], Extrema<Lane>& e) {
  const Real first_code = static_cast<Real>(step.step * f.num_nodes + b.node);
  for (int n = 0; n < N; ++n) {
    if (General && (b.neutrals >> n & 1)) continue;
    const Real code = first_code + static_cast<Real>(n);
    if (b.low_voltage) observe_low_voltage(m2[n], active, code, w.from(f.plan.low_voltage));
    else observe_node(m2[n], active, code, e);
  }
}

//! Lanes in which some node of the bus is beyond the day's extremes so far.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> beyond_extremes(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Lane (&m2)[N],
                                   const Extrema<Lane>& e) {
  Lane high(-Real(1e30)), low(Real(1e30));
  for (int n = 0; n < N; ++n) {
    if (General && (b.neutrals >> n & 1)) continue;
    high = lane_max(high, m2[n]);
    low = lane_min(low, m2[n]);
  }
  if (!b.low_voltage) return (e.vmax < high) || (e.vmin < Lane(-low));
  return (w[f.plan.low_voltage + lv_vmax] < high) || (w[f.plan.low_voltage + lv_vmin] < Lane(-low));
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void observe_voltage(const FeederView<Real>& f, const BusRecord& b, std::int32_t bus, const Rows& w,
                           const StepRecord<Real>& step, MaskOf<Lane> active, const Cx<Lane> (&v)[N],
                           Extrema<Lane>& e) {
  Lane m2[N];
  for (int n = 0; n < N; ++n) m2[n] = judged_voltage2<General>(b, v, n);
  if (any(active && beyond_extremes<General>(f, b, w, m2, e))) observe_nodes<General>(f, b, w, step, active, m2, e);
  if (!f.by_place && b.monitor < 0) return;
  Lane sum(Real(0));
  Real phases(0);
  for (int n = 0; n < N; ++n) {
    if (General && (b.neutrals >> n & 1)) continue;
    if (f.by_place) keep_node<Lane>(f, b.node + n, m2[n], w, active);
    sum += m2[n] * lane_rsqrt(m2[n]);
    phases += Real(1);
  }
  if (b.monitor < 0) return;
  const Lane der = b.always_monitored ? Lane(Real(0)) : unit_power<General, Lane>(f, b, w);
  observe_change(f, b.monitor, b.always_monitored != 0, der, bus, w, step, active, Lane(sum * Lane(Real(1) / phases)),
                 e);
}

//! Squared current per unit of the original rating; hours and loading are kept only where a lane is above the watched
//! current.
template <class Lane, class Real, class Rows>
GQ_HD void observe_loading(const FeederView<Real>& f, std::int32_t rated, const RatingRecord<Real>& rating,
                           std::int32_t bus, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                           const Lane& current2, Extrema<Lane>& e) {
  const Lane loading = current2 * Lane(rating.inverse_emergency2);
  keep_largest(e.emergency, e.emergency_code, loading, active, static_cast<Real>(step.step * f.num_buses + bus));
  const MaskOf<Lane> above = active && (Lane(Real(1)) < current2 * Lane(rating.inverse_watch2));
  if (!any(above)) return;
  Lane& hours = w[f.plan.hours + rated];
  hours += select(above && (Lane(Real(1)) < current2 * Lane(rating.inverse_normal2)), Lane(step.weight), Lane(Real(0)));
  Lane& overload = w[f.plan.overload + rated];
  overload = select(above, lane_max(overload, loading), overload);
  e.above = select(above, Lane(Real(1)), e.above);
}

//! Largest squared current at terminal 1 of a two-port's element.
template <int N, class Lane, class Real, class Rows>
GQ_HD Lane two_port_current2(const FeederView<Real>& f, const BusRecord& b, const RatingRecord<Real>& rating,
                             const Rows& w, const Cx<Lane> (&j)[N]) {
  Lane largest(Real(0)), x(Real(1)), x_no_load(Real(1));
  if (rating.tap >= 0) {
    x = term_factor<Lane>(f, w, rating.tap);
    if (f.regulator[rating.tap].inverse) x_no_load = x * x;
  }
  for (int i = 0; i < kMaxNodes; ++i) {
    const Real* m = f.coefficient + rating.current + 2 * N * i;
    Cx<Lane> c{Lane(Real(0)), Lane(Real(0))};
    unroll<N>([&](auto n) GQ_INLINE { add_product(c, m[2 * n], m[2 * n + 1], j[n]); });
    c = {x * c.re, x * c.im};
    for (std::int32_t p = 0; p < b.parent_nodes && rating.no_load >= 0; ++p) {
      const Real* y = f.coefficient + rating.no_load + 2 * (b.parent_nodes * i + p);
      const auto above = w.from(f.plan.voltage + 2 * (b.parent_node + p));
      add_product(c, y[0], y[1], Cx<Lane>{x_no_load * above[0], x_no_load * above[1]});
    }
    largest = lane_max(largest, abs2(c));
  }
  return largest;
}

//! Largest squared current at terminal 1 of a branch that is no two-port, per unit of its ratings as they were.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD Lane branch_current2(const FeederView<Real>& f, const BusRecord& b, const RatingRecord<Real>& rating,
                           const Rows& w, const Cx<Lane> (&v)[N], const Cx<Lane> (&j)[N]) {
  Cx<Lane> out[N];
  Lane scale(Real(1));
  if (b.kind == SweepKind::line) {
    scale = w[f.plan.scale + b.line];
    Cx<Lane> charging[N];
    const bool at_parent = rating.charging_sign > Real(0);
    end_charging<General>(f, b, w, at_parent, scale, v, charging);
    for (int n = 0; n < N; ++n)
      out[n] = at_parent ? Cx<Lane>{j[n].re - charging[n].re, j[n].im - charging[n].im}
                         : Cx<Lane>{j[n].re + charging[n].re, j[n].im + charging[n].im};
  } else {
    refer_to_parent<N>(f, b, w, j, out);
    if (rating.no_load >= 0) {
      Cx<Lane> above[N];
      load_parent<N>(f, b, w, above);
      add_matrix<N>(f.coefficient + rating.no_load, above, out);
    }
  }
  Lane largest = abs2(out[0]);
  for (int n = 1; n < N; ++n) largest = lane_max(largest, abs2(out[n]));
  return largest * (scale * scale);  // ratings * factor
}

//! Lanes whose current at terminal 1 may be above the day's largest loading so far, or the watched one.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> beyond_loading(const FeederView<Real>& f, const BusRecord& b, const RatingRecord<Real>& rating,
                                  const Rows& w, const Lane& most2, const Extrema<Lane>& e) {
  Lane scale2(Real(1));
  if (b.kind == SweepKind::line) scale2 = w[f.plan.scale + b.line] * w[f.plan.scale + b.line];
  const Lane bound = (Lane(rating.share_bound2) * most2 + Lane(rating.own_bound2) * scale2) * scale2;
  return (e.emergency < bound * Lane(rating.inverse_emergency2)) ||
         (Lane(Real(1)) < bound * Lane(rating.inverse_watch2));
}

//! Lanes in which some voltage of the day was too high for RatingRecord::own_bound2.
template <class Lane, class Real, class Rows>
GQ_HD MaskOf<Lane> beyond_bounds(const FeederView<Real>& f, const Rows& w, const Extrema<Lane>& e) {
  const Lane most(static_cast<Real>(kBoundedVoltage * kBoundedVoltage));
  const MaskOf<Lane> high = most < e.vmax;
  return f.num_low_voltage == 0 ? high : high || (most < w[f.plan.low_voltage + lv_vmax]);
}

//! Terminal-1 currents of the branch against its ratings; in detail where that may change what is kept.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void observe_current(const FeederView<Real>& f, const BusRecord& b, std::int32_t bus, const Rows& w,
                           const StepRecord<Real>& step, MaskOf<Lane> active, const Cx<Lane> (&v)[N],
                           Extrema<Lane>& e) {
  Cx<Lane> j[N];
  load_rows(w, f.plan.current + 2 * b.node, j);
  if (b.kind == SweepKind::two_port) scale_by_tap<N>(f, b, w, j);
  Lane most2(Real(0));
  unroll<N>([&](auto n) GQ_INLINE { most2 = lane_max(most2, abs2(j[n])); });
  const MaskOf<Lane> unbounded = beyond_bounds<Lane>(f, w, e);
  for (std::int32_t r = b.rated; r < b.rated + b.ratings; ++r) {
    const RatingRecord<Real>& rating = f.rating[r];
    if (!any(active && (unbounded || beyond_loading(f, b, rating, w, most2, e)))) continue;
    const Lane current2 = General && b.kind == SweepKind::two_port ? two_port_current2<N>(f, b, rating, w, j)
                                                                   : branch_current2<General, N>(f, b, rating, w, v, j);
    observe_loading(f, r, rating, bus, w, step, active, current2, e);
  }
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void observe_bus(const FeederView<Real>& f, const BusRecord& b, std::int32_t bus, const Rows& w,
                       const StepRecord<Real>& step, MaskOf<Lane> active, Extrema<Lane>& e) {
  Cx<Lane> v[N];
  load_rows(w, f.plan.voltage + 2 * b.node, v);
  observe_voltage<General, N>(f, b, bus, w, step, active, v, e);
  if (b.ratings > 0) observe_current<General, N>(f, b, bus, w, step, active, v, e);
}

//! Adds the power of a node's current, which is injected below and so flows towards the source.
template <class Lane>
GQ_HD void add_power(const Cx<Lane>& v, const Cx<Lane>& j, Cx<Lane>& s) {
  s.re -= v.re * j.re + v.im * j.im;
  s.im -= v.im * j.re - v.re * j.im;
}
template <class Lane>
GQ_HD Cx<Lane> in_kva(const Cx<Lane>& s) {
  const Lane kva(static_cast<RealOf<Lane>>(kBaseVa / 1e3));
  return {s.re * kva, s.im * kva};
}

//! Complex power [kVA] through a recloser, positive away from the source.
template <class Lane, class Real, class Rows>
GQ_HD Cx<Lane> recloser_power(const FeederView<Real>& f, const RecloserRecord& r, const Rows& w) {
  const BusRecord& b = f.bus[r.bus];
  Cx<Lane> s{Lane(Real(0)), Lane(Real(0))};
  for (std::int32_t n = 0; n < b.num_nodes; ++n) {
    const std::int32_t row = f.plan.current + 2 * (b.node + n);
    const std::int32_t node = r.at_parent ? b.parent_node + b.select[n] : b.node + n;
    const Cx<Lane> v{w[f.plan.voltage + 2 * node], w[f.plan.voltage + 2 * node + 1]};
    add_power(v, Cx<Lane>{w[row], w[row + 1]}, s);
  }
  return in_kva(s);
}

//! What is kept of a flow over the day: the lowest, the highest, the nearest to none.
template <class Lane>
struct FlowExtrema {
  Lane low, high, least;
};
template <class Lane>
GQ_HD FlowExtrema<Lane> with_flow(const FlowExtrema<Lane>& kept, const Lane& x) {
  return {lane_min(kept.low, x), lane_max(kept.high, x), lane_min(kept.least, lane_abs(x))};
}

template <class Lane, class Rows>
GQ_HD void keep_flow(const Rows& w, std::int32_t row, MaskOf<Lane> active, const Lane& x) {
  const FlowExtrema<Lane> now = with_flow<Lane>({w[row], w[row + 1], w[row + 2]}, x);
  w[row] = select(active, now.low, w[row]);
  w[row + 1] = select(active, now.high, w[row + 1]);
  w[row + 2] = select(active, now.least, w[row + 2]);
}

//! Power leaving an area through its reclosers, power(r) [kVA] each: area r + 1 lies below recloser r.
template <class Lane, class Real, class Rows, class Power>
GQ_HD void observe_area(const FeederView<Real>& f, std::int32_t area, const Rows& w, MaskOf<Lane> active,
                        const Power& power) {
  Cx<Lane> leaving{Lane(Real(0)), Lane(Real(0))};
  for (std::int32_t r = 0; r < f.num_reclosers; ++r) {
    if (f.recloser[r].area_above != area && r + 1 != area) continue;
    const Cx<Lane> s = power(r);
    const Lane sign(Real(r + 1 == area ? -1 : 1));
    leaving.re += sign * s.re;
    leaving.im += sign * s.im;
  }
  const std::int32_t row = f.plan.flow + area * kFlowRows;
  keep_flow(w, row, active, leaving.re);
  keep_flow(w, row + 3, active, leaving.im);
}

template <class Lane, class Real, class Rows>
GQ_HD void observe_areas(const FeederView<Real>& f, const Rows& w, MaskOf<Lane> active) {
  for (std::int32_t area = 0; area <= f.num_reclosers; ++area)
    observe_area<Lane>(f, area, w, active,
                       [&](std::int32_t r) GQ_INLINE { return recloser_power<Lane>(f, f.recloser[r], w); });
}

template <bool General, class Lane, class Real, class Rows>
GQ_HD void observe_buses(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                         Extrema<Lane>& e) {
  for (std::int32_t i = 0; i < f.num_buses; ++i)
    with_nodes<General>(f.bus[i].num_nodes, [&](auto nodes) GQ_INLINE {
      observe_bus<General, decltype(nodes)::value>(f, f.bus[i], i, w, step, active, e);
    });
}

//! Adds a settled step of the `active` lanes to the day's quantities.
template <class Lane, class Real, class Rows>
GQ_HD void observe(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                   Extrema<Lane>& e) {
  if (f.general) observe_buses<true>(f, w, step, active, e);
  else observe_buses<false>(f, w, step, active, e);
  if (f.num_reclosers > 0) observe_areas<Lane>(f, w, active);
  if (f.num_three_phase > 0 || f.num_power_meters > 0) observe_asked<Lane>(f, w, step, active);
}

}  // namespace gridqueue
