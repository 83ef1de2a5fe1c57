// Backward/forward sweep on a tree of two-ports, one evaluation per lane.
//
// Symbols: V_b voltages of bus b, J_b sum of all currents injected at b and below, Z_b, A_b the two-port of the branch
// from b to its parent p (include/gridqueue/network.hpp). One sweep, from the voltages of the last one:
//     backward, leaves first   J_b = I_b(V_b) + sum over children c of O_c,   O_c = A_c^T J_c - charging at p
//     forward, root first      V_b = A_b V_p + Z_b J_b,   V_0 = E + Z_0 J_0
// A line's charging is s y V at either end (FeederView::exact_charging: V_p at the parent's, else V_b there, too);
// s = 1, or 1 / factor for an upgraded line, scales z and y. Kersting, Distribution System Modeling and Analysis,
// ch. 10; the two-port form follows from Ycc V_c + Ycp V_p = J_c.
// Frozen lanes keep V and J: an evaluation's result never depends on its neighbours.
//
// Where constant powers make large drops (FeederView::anticipation) sweeps alone contract by no more than 0.6. There
// the forward sweep goes on to what the currents will be at the voltages that it finds:
//     V_b += Z_b DJ,   DJ = -(J + L V) conj(d / V) - L d,   d = ahead * (its step of V_b)
// with L the shunts at b and below, so that J + L V is what loads and units draw, as constant powers. Only the way to
// the solution changes: there d = 0. A load below its band draws less at a lower voltage, so that anticipating leads
// astray there, and a steep one makes sweeps swing for good: where they do not converge they go on without (Pace), and
// by a smaller share of each step wherever steps grow.
#pragma once
#include <type_traits>

#include "kernels/ac/two_port_sweep.hpp"

namespace gridqueue {

//! How a sweep goes from the last voltages V to its own F(V), beside the tap changers and loads that say it.
template <class Lane>
struct Pace {
  Lane ahead{RealOf<Lane>(0)};    //!< how far currents are anticipated
  Lane relaxed{RealOf<Lane>(1)};  //!< share of the step that is taken
  bool partly = false;            //!< some lane takes less than all of it
};

template <class Lane>
struct Registers {
  Cx<Lane> x[kMaxNodes];  //!< O of the last bus on the way up, V of the last bus on the way down
};

template <int N, class Lane, class Rows>
GQ_HD void load_rows(const Rows& w, std::int32_t row, Cx<Lane> (&x)[N]) {
  const auto from = w.from(row);
  unroll<N>([&](auto n) GQ_INLINE { x[n] = {from[2 * n], from[2 * n + 1]}; });
}
//! Stores where active.
template <int N, class Lane, class Rows>
GQ_HD void store_rows(const Rows& w, std::int32_t row, MaskOf<Lane> active, const Cx<Lane> (&x)[N]) {
  const auto to = w.from(row);
  unroll<N>([&](auto n) GQ_INLINE {
    to[2 * n] = select(active, x[n].re, to[2 * n]);
    to[2 * n + 1] = select(active, x[n].im, to[2 * n + 1]);
  });
}

//! The parent's voltages on the child's phases.
template <int N, class Lane, class Real, class Rows>
GQ_HD void load_parent(const FeederView<Real>& f, const BusRecord& b, const Rows& w, Cx<Lane> (&v)[N]) {
  unroll<N>([&](auto n) GQ_INLINE {
    const std::int32_t row = f.plan.voltage + 2 * (b.parent_node + b.select[n]);
    v[n] = {w[row], w[row + 1]};
  });
}

//! Charging currents at the child's end of a line and at the parent's.
template <int N, class Lane>
struct ChargingEnds {
  Cx<Lane> child[N], parent[N];
};

//! What the coupled charging of a line draws at the end with voltages v.
template <int N, class Lane, class Real>
GQ_HD void coupled_charging(const FeederView<Real>& f, const BusRecord& b, const Lane& scale, const Cx<Lane> (&v)[N],
                            Cx<Lane> (&end)[N]) {
  Cx<Lane> scaled[N];
  unroll<N>([&](auto n) GQ_INLINE {
    scaled[n] = {scale * v[n].re, scale * v[n].im};
    end[n] = {Lane(Real(0)), Lane(Real(0))};
  });
  add_matrix<N>(f.coefficient + b.coefficient + 2 * N * N + 2 * N, scaled, end);
}

//! The charging of a line at its parent's end, or at the child's, whose voltages are v.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void end_charging(const FeederView<Real>& f, const BusRecord& b, const Rows& w, bool at_parent, const Lane& scale,
                        const Cx<Lane> (&v)[N], Cx<Lane> (&end)[N]) {
  if constexpr (General) {
    if (!at_parent) return coupled_charging<N>(f, b, scale, v, end);
    Cx<Lane> parent[N];
    load_parent<N>(f, b, w, parent);
    return coupled_charging<N>(f, b, scale, parent, end);
  }
  const Real* y = f.coefficient + b.coefficient + 2 * N * N;
  unroll<N>([&](auto n) GQ_INLINE {
    end[n] = {Lane(Real(0)), Lane(Real(0))};
    add_product(end[n], y[2 * n], y[2 * n + 1], Cx<Lane>{scale * v[n].re, scale * v[n].im});
  });
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void line_charging(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Lane& scale,
                         const Cx<Lane> (&v)[N], ChargingEnds<N, Lane>& ends) {
  end_charging<General>(f, b, w, false, scale, v, ends.child);
  if constexpr (General) end_charging<General>(f, b, w, true, scale, v, ends.parent);
  else unroll<N>([&](auto n) GQ_INLINE { ends.parent[n] = ends.child[n]; });
}

//! O_c of a line; J less its charging at the child. With General that is among the buses' admittances as far as it does
//! not hang on the line's scale.
template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void leave_line(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Cx<Lane> (&v)[N],
                      Cx<Lane> (&j)[N], Cx<Lane> (&out)[N]) {
  Lane scale = w[f.plan.scale + b.line];
  if constexpr (General) {
    unroll<N>([&](auto n) GQ_INLINE { out[n] = j[n]; });
    scale -= Lane(Real(1));
    if (!any((scale < Lane(Real(0))) || (Lane(Real(0)) < scale))) return;
  }
  ChargingEnds<N, Lane> charging;
  line_charging<General, N>(f, b, w, scale, v, charging);
  unroll<N>([&](auto n) GQ_INLINE {
    j[n] = {j[n].re - charging.child[n].re, j[n].im - charging.child[n].im};
    out[n] = {j[n].re - charging.parent[n].re, j[n].im - charging.parent[n].im};
  });
}

//! O_c = A^T J of a transformer or regulator.
template <int N, class Lane, class Real, class Rows>
GQ_HD void refer_to_parent(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Cx<Lane> (&j)[N],
                           Cx<Lane> (&out)[N]) {
  if (b.kind == SweepKind::regulator) {
    unroll<N>([&](auto n) GQ_INLINE {
      const Lane t = tap_ratio<Lane>(f, w, b.regulator + n);
      out[n] = {t * j[n].re, t * j[n].im};
    });
    return;
  }
  const Real* a = f.coefficient + b.coefficient + 2 * N * N;
  unroll<N>([&](auto c) GQ_INLINE {
    out[c] = {Lane(Real(0)), Lane(Real(0))};
    unroll<N>([&](auto r) GQ_INLINE { add_product(out[c], a[2 * (r * N + c)], a[2 * (r * N + c) + 1], j[r]); });
  });
  scale_by_tap<N>(f, b, w, out);
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void backward_bus(const FeederView<Real>& f, const BusRecord& b, bool carried, const Rows& w,
                        const StepRecord<Real>& step, MaskOf<Lane> active, Registers<Lane>& reg) {
  Cx<Lane> v[N], j[N], out[N];
  load_rows(w, f.plan.voltage + 2 * b.node, v);
  unroll<N>([&](auto n) GQ_INLINE { j[n] = {Lane(Real(0)), Lane(Real(0))}; });
  if (carried) unroll<N>([&](auto n) GQ_INLINE { j[n] = reg.x[n]; });
  if (b.side >= 0)
    unroll<N>([&](auto n) GQ_INLINE {
      j[n].re += w[f.plan.side + b.side + 2 * n];
      j[n].im += w[f.plan.side + b.side + 2 * n + 1];
    });
  inject_bus<General, N>(f, b, w, step, v, j);
  if constexpr (General)
    if (b.kind == SweepKind::two_port) {
      store_rows(w, f.plan.current + b.current, active, j);
      return leave_two_port<N>(f, b, w, j);
    }
  if (b.kind == SweepKind::line) {
    leave_line<General, N>(f, b, w, v, j, out);
  } else if (b.kind != SweepKind::source) {
    refer_to_parent<N>(f, b, w, j, out);
  }
  store_rows(w, f.plan.current + b.current, active, j);
  if (b.kind == SweepKind::source) return;
  if (b.chained) {
    unroll<N>([&](auto n) GQ_INLINE { reg.x[n] = out[n]; });
    return;
  }
  start_side<Lane>(f, b, w);
  unroll<N>([&](auto n) GQ_INLINE {
    w[f.plan.side + b.parent_side + 2 * b.select[n]] += out[n].re;
    w[f.plan.side + b.parent_side + 2 * b.select[n] + 1] += out[n].im;
  });
}

//! V = A V_p + Z J of a branch that is no line.
template <int N, class Lane, class Real, class Rows>
GQ_HD void lead_to_child(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Cx<Lane> (&parent)[N],
                         Cx<Lane> (&j)[N], Cx<Lane> (&v)[N]) {
  const Real* z = f.coefficient + b.coefficient;
  unroll<N>([&](auto n) GQ_INLINE { v[n] = parent[n]; });
  if (b.kind == SweepKind::regulator) {
    unroll<N>([&](auto n) GQ_INLINE {
      const Lane t = tap_ratio<Lane>(f, w, b.regulator + n);
      v[n] = {t * parent[n].re, t * parent[n].im};
      add_product(v[n], z[2 * n], z[2 * n + 1], Cx<Lane>{t * t * j[n].re, t * t * j[n].im});
    });
    return;
  }
  if (b.kind == SweepKind::transformer) {
    unroll<N>([&](auto n) GQ_INLINE { v[n] = {Lane(Real(0)), Lane(Real(0))}; });
    add_matrix<N>(z + 2 * N * N, parent, v);
    scale_by_tap<N>(f, b, w, j);
  }
  add_matrix<N>(z, j, v);
  if (b.kind == SweepKind::transformer) scale_by_tap<N>(f, b, w, v);
}

//! v += Z j with the branch's tap.
template <int N, class Lane, class Real, class Rows>
GQ_HD void add_drop(const FeederView<Real>& f, const BusRecord& b, const Rows& w, Cx<Lane> (&j)[N], Cx<Lane> (&v)[N]) {
  const Real* z = f.coefficient + b.coefficient;
  if (b.kind == SweepKind::regulator) {
    unroll<N>([&](auto n) GQ_INLINE {
      const Lane t = tap_ratio<Lane>(f, w, b.regulator + n), t2 = t * t;
      add_product(v[n], z[2 * n], z[2 * n + 1], Cx<Lane>{t2 * j[n].re, t2 * j[n].im});
    });
    return;
  }
  if (b.kind == SweepKind::line) {
    scale<N>(w[f.plan.scale + b.line], j);
  } else {
    scale_by_tap<N>(f, b, w, j);
    scale_by_tap<N>(f, b, w, j);
  }
  add_matrix<N>(z, j, v);
}

//! Takes v on to where the currents at v will bring it. 1 / |V|^2 is near enough 2 - |V|^2, and 0 beyond 1.4 pu, where
//! that would blow up; what a two-port's own tap changers add to Z is left out.
template <int N, class Lane, class Real, class Rows>
GQ_HD void anticipate(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Lane& ahead,
                      Cx<Lane> (&v)[N]) {
  Cx<Lane> old[N], j[N];
  load_rows(w, f.plan.voltage + 2 * b.node, old);
  load_rows(w, f.plan.current + b.current, j);
  const Real* shunt = f.coefficient + b.shunts_below;
  unroll<N>([&](auto n) GQ_INLINE {
    const Real lr = shunt[2 * n], li = shunt[2 * n + 1];
    const Cx<Lane> d{ahead * (v[n].re - old[n].re), ahead * (v[n].im - old[n].im)};
    const Lane inverse = lane_max(Lane(Real(0)), Lane(Lane(Real(2)) - abs2(old[n])));
    const Cx<Lane> e{inverse * (d.re * old[n].re + d.im * old[n].im), inverse * (d.im * old[n].re - d.re * old[n].im)};
    add_product(j[n], lr, li, old[n]);
    j[n] = {-(j[n].re * e.re + j[n].im * e.im), j[n].re * e.im - j[n].im * e.re};
    add_product(j[n], -lr, -li, d);
  });
  add_drop<N>(f, b, w, j, v);
}

//! Lanes of whole steps keep their bits.
template <int N, class Lane, class Real, class Rows>
GQ_HD void relax(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Lane& share, Cx<Lane> (&v)[N]) {
  Cx<Lane> old[N];
  load_rows(w, f.plan.voltage + 2 * b.node, old);
  const MaskOf<Lane> part = share < Lane(Real(1));
  unroll<N>([&](auto n) GQ_INLINE {
    v[n].re = select(part, old[n].re + share * (v[n].re - old[n].re), v[n].re);
    v[n].im = select(part, old[n].im + share * (v[n].im - old[n].im), v[n].im);
  });
}

template <bool General, int N, class Lane, class Real, class Rows>
GQ_HD void forward_bus(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const StepRecord<Real>& step,
                       MaskOf<Lane> active, const Pace<Lane>& pace, Registers<Lane>& reg, Lane& largest_step) {
  Cx<Lane> parent[N], j[N], v[N];
  load_rows(w, f.plan.current + b.current, j);
  if (b.kind == SweepKind::source) {
    const Real* e = f.source + step.source;
    unroll<N>([&](auto n) GQ_INLINE { parent[n] = {Lane(e[2 * n]), Lane(e[2 * n + 1])}; });
  } else if (b.chained) {
    unroll<N>([&](auto n) GQ_INLINE { parent[n] = reg.x[n]; });
  } else if (!General || b.kind != SweepKind::two_port) {
    load_parent<N>(f, b, w, parent);
  }
  if (b.kind == SweepKind::line) {
    const Lane s = w[f.plan.scale + b.line];
    unroll<N>([&](auto n) GQ_INLINE {
      v[n] = parent[n];
      j[n] = {s * j[n].re, s * j[n].im};
    });
    add_matrix<N>(f.coefficient + b.coefficient, j, v);
  } else if (General && b.kind == SweepKind::two_port) {
    enter_two_port<N>(f, b, w, j, v);
  } else {
    lead_to_child<N>(f, b, w, parent, j, v);
  }
  if constexpr (General) {
    if (f.anticipation > Real(0)) anticipate<N>(f, b, w, pace.ahead, v);
    if (pace.partly) relax<N>(f, b, w, pace.relaxed, v);
  }
  const auto mine = w.from(f.plan.voltage + 2 * b.node);
  unroll<N>([&](auto n) GQ_INLINE {
    const Cx<Lane> old{mine[2 * n], mine[2 * n + 1]};
    largest_step = lane_max(largest_step, lane_max(lane_abs(v[n].re - old.re), lane_abs(v[n].im - old.im)));
    reg.x[n] = {select(active, v[n].re, old.re), select(active, v[n].im, old.im)};
    mine[2 * n] = reg.x[n].re;
    mine[2 * n + 1] = reg.x[n].im;
  });
}

//! body(integral constant N) for the number of nodes N.
template <bool General, class Body>
GQ_HD void with_nodes(std::int32_t nodes, const Body& body) {
  if (nodes == 3) return body(std::integral_constant<int, 3>{});
  if (nodes == 1) return body(std::integral_constant<int, 1>{});
  if constexpr (General)
    if (nodes == 4) return body(std::integral_constant<int, 4>{});
  body(std::integral_constant<int, 2>{});
}

template <bool General, class Lane, class Real, class Rows>
GQ_HD Lane sweep_feeder(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                        const Pace<Lane>& pace) {
  Registers<Lane> reg;
  bool carried = false;
  if constexpr (General)
    if (f.first_held >= 0) hold_shunts<Lane>(f, w, active);
  for (std::int32_t i = f.num_swept - 1; i >= 0; --i) {
    const BusRecord& b = f.swept[i];
    with_nodes<General>(b.num_nodes, [&](auto nodes) GQ_INLINE {
      backward_bus<General, decltype(nodes)::value>(f, b, carried, w, step, active, reg);
    });
    carried = b.chained != 0;
  }
  Lane largest(Real(0));
  for (std::int32_t i = 0; i < f.num_swept; ++i) {
    const BusRecord& b = f.swept[i];
    with_nodes<General>(b.num_nodes, [&](auto nodes) GQ_INLINE {
      forward_bus<General, decltype(nodes)::value>(f, b, w, step, active, pace, reg, largest);
    });
  }
  return largest;
}

//! One sweep of the active lanes; returns the largest voltage step of each [pu]. NaN where a lane has diverged.
template <class Lane, class Real, class Rows>
GQ_HD Lane sweep(const FeederView<Real>& f, const Rows& w, const StepRecord<Real>& step, MaskOf<Lane> active,
                 const Pace<Lane>& pace) {
  return f.general ? sweep_feeder<true, Lane>(f, w, step, active, pace)
                   : sweep_feeder<false, Lane>(f, w, step, active, pace);
}

}  // namespace gridqueue
