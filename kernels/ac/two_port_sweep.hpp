// Two-ports between any nodes, and what tap changers make of them (include/gridqueue/network.hpp, TapTerm).
#pragma once
#include "kernels/ac/injection.hpp"
#include "kernels/ac/tap_law.hpp"

namespace gridqueue {

//! x += Z J with the coefficients at z.
template <int N, class Lane, class Real>
GQ_HD void add_matrix(const Real* z, const Cx<Lane> (&j)[N], Cx<Lane> (&x)[N]) {
  unroll<N>([&](auto r) GQ_INLINE {
    unroll<N>([&](auto c) GQ_INLINE { add_product(x[r], z[2 * (r * N + c)], z[2 * (r * N + c) + 1], j[c]); });
  });
}

template <int N, class Lane>
GQ_HD void scale(const Lane& factor, Cx<Lane> (&x)[N]) {
  unroll<N>([&](auto n) GQ_INLINE { x[n] = {factor * x[n].re, factor * x[n].im}; });
}

//! T x of a branch whose tap changer moves all nodes: with its ratio t on the child's side Z = t^2 Z(1), A = t A(1),
//! exactly, since the tap scales the winding's conductors.
template <int N, class Lane, class Real, class Rows>
GQ_HD void scale_by_tap(const FeederView<Real>& f, const BusRecord& b, const Rows& w, Cx<Lane> (&x)[N]) {
  if (b.regulator >= 0) scale<N>(tap_ratio<Lane>(f, w, b.regulator), x);
}

template <class Lane, class Real, class Rows>
GQ_HD void start_side(const FeederView<Real>& f, const BusRecord& b, const Rows& w) {
  if (b.side_first)
    for (int n = 0; n < 2 * b.parent_nodes; ++n) w[f.plan.side + b.parent_side + n] = Lane(Real(0));
}

//! Adds A^T J to what the parent collects.
template <int N, class Lane, class Real, class Rows>
GQ_HD void add_leaving(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Real* a,
                       const Cx<Lane> (&j)[N]) {
  for (std::int32_t p = 0; p < b.parent_nodes; ++p) {
    const auto side = w.from(f.plan.side + b.parent_side + 2 * p);
    Cx<Lane> out{side[0], side[1]};
    unroll<N>([&](auto r) GQ_INLINE {
      const Real* entry = a + 2 * (r * b.parent_nodes + p);
      add_product(out, entry[0], entry[1], j[r]);
    });
    side[0] = out.re;
    side[1] = out.im;
  }
}

//! v += A V_p.
template <int N, class Lane, class Real, class Rows>
GQ_HD void add_entering(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Real* a, Cx<Lane> (&v)[N]) {
  for (std::int32_t p = 0; p < b.parent_nodes; ++p) {
    const auto parent = w.from(f.plan.voltage + 2 * (b.parent_node + p));
    const Cx<Lane> above{parent[0], parent[1]};
    unroll<N>([&](auto n) GQ_INLINE {
      const Real* entry = a + 2 * (n * b.parent_nodes + p);
      add_product(v[n], entry[0], entry[1], above);
    });
  }
}

//! Takes x^2 Y V_p of a tap changer from what the parent collects.
template <class Lane, class Real, class Rows>
GQ_HD void add_parent_shunt(const FeederView<Real>& f, const BusRecord& b, const Rows& w, const Real* y,
                            const Lane& x) {
  const Lane x2 = x * x;
  for (std::int32_t p = 0; p < b.parent_nodes; ++p) {
    Cx<Lane> drawn{Lane(Real(0)), Lane(Real(0))};
    for (std::int32_t q = 0; q < b.parent_nodes; ++q) {
      const auto above = w.from(f.plan.voltage + 2 * (b.parent_node + q));
      const Real* entry = y + 2 * (p * b.parent_nodes + q);
      add_product(drawn, entry[0], entry[1], Cx<Lane>{above[0], above[1]});
    }
    const auto side = w.from(f.plan.side + b.parent_side + 2 * p);
    side[0] -= x2 * drawn.re;
    side[1] -= x2 * drawn.im;
  }
}

//! Coefficients of the term of a two-port's tap changer.
template <int N, class Real>
struct TermView {
  const Real *z, *a, *y;
  GQ_HD TermView(const FeederView<Real>& f, const BusRecord& b, std::int32_t k) {
    const std::int32_t own = 2 * N * (N + b.parent_nodes), size = own + 2 * b.parent_nodes * b.parent_nodes;
    z = f.coefficient + b.coefficient + own + k * size;
    a = z + 2 * N * N;
    y = z + own;
  }
};

//! What the parent collects of a two-port.
template <int N, class Lane, class Real, class Rows>
GQ_HD void leave_two_port(const FeederView<Real>& f, const BusRecord& b, const Rows& w, Cx<Lane> (&j)[N]) {
  start_side<Lane>(f, b, w);
  scale_by_tap<N>(f, b, w, j);
  add_leaving<N>(f, b, w, f.coefficient + b.coefficient + 2 * N * N, j);
  for (std::int32_t k = 0; k < b.taps; ++k) {
    const TermView<N, Real> term(f, b, k);
    const Lane x = term_factor<Lane>(f, w, b.tap + k);
    Cx<Lane> scaled[N];
    unroll<N>([&](auto n) GQ_INLINE { scaled[n] = {x * j[n].re, x * j[n].im}; });
    add_leaving<N>(f, b, w, term.a, scaled);
    if (f.regulator[b.tap + k].inverse) add_parent_shunt<Lane>(f, b, w, term.y, x);
  }
}

//! V = A V_p + Z J of a two-port.
template <int N, class Lane, class Real, class Rows>
GQ_HD void enter_two_port(const FeederView<Real>& f, const BusRecord& b, const Rows& w, Cx<Lane> (&j)[N],
                          Cx<Lane> (&v)[N]) {
  const Real* z = f.coefficient + b.coefficient;
  unroll<N>([&](auto n) GQ_INLINE { v[n] = {Lane(Real(0)), Lane(Real(0))}; });
  add_entering<N>(f, b, w, z + 2 * N * N, v);
  scale_by_tap<N>(f, b, w, j);
  add_matrix<N>(z, j, v);
  scale_by_tap<N>(f, b, w, v);
  for (std::int32_t k = 0; k < b.taps; ++k) {
    const TermView<N, Real> term(f, b, k);
    const Lane x = term_factor<Lane>(f, w, b.tap + k);
    Cx<Lane> part[N], scaled[N];
    unroll<N>([&](auto n) GQ_INLINE {
      part[n] = {Lane(Real(0)), Lane(Real(0))};
      scaled[n] = {x * j[n].re, x * j[n].im};
    });
    add_entering<N>(f, b, w, term.a, part);
    add_matrix<N>(term.z, scaled, part);
    unroll<N>([&](auto n) GQ_INLINE { v[n] = {v[n].re + x * part[n].re, v[n].im + x * part[n].im}; });
  }
}

}  // namespace gridqueue
