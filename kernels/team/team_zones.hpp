// Where prefix sums end: branches that are no line, worked out by the lane of their child bus with the tree walk's own
// laws.
#pragma once
#include "kernels/team/team_state.hpp"

namespace gridqueue {

//! x of the lane's bus i, which is no constant: registers cannot be indexed.
template <class Real>
GQ_HD void pick(const Cx<Real> (&x)[kTeamBuses][kTeamSlots], std::int32_t i, Cx<Real> (&out)[kTeamSlots]) {
  unroll<kTeamSlots>([&](auto n) GQ_INLINE {
    out[n] = x[0][n];
    unroll<kTeamBuses>([&](auto k) GQ_INLINE {
      if (i == k) out[n] = x[k][n];
    });
  });
}

//! The slots of a zone root's nodes, in node order, and back; slots without a node become `other`.
template <int N, class Real>
GQ_HD void pack(const ZoneRecord& z, const Cx<Real> (&x)[kTeamSlots], Cx<Real> (&packed)[N]) {
  unroll<N>([&](auto n) GQ_INLINE {
    packed[n] = x[0];
    unroll<kTeamSlots>([&](auto k) GQ_INLINE {
      if (z.slot[n] == k) packed[n] = x[k];
    });
  });
}
template <int N, class Real>
GQ_HD void unpack(const ZoneRecord& z, const Cx<Real> (&packed)[N], const Cx<Real>& other, Cx<Real> (&x)[kTeamSlots]) {
  unroll<kTeamSlots>([&](auto k) GQ_INLINE {
    x[k] = other;
    unroll<N>([&](auto n) GQ_INLINE {
      if (z.slot[n] == k) x[k] = packed[n];
    });
  });
}
//! body(integral constant N) for the number of nodes N.
template <class Body>
GQ_HD void with_slots(std::int32_t nodes, const Body& body) {
  if (nodes == 3) body(std::integral_constant<int, 3>{});
  else if (nodes == 1) body(std::integral_constant<int, 1>{});
  else body(std::integral_constant<int, 2>{});
}

//! O_r of a zone's root: what its branch passes on.
template <class Real, class Team>
GQ_HD void pass_on(const TeamState<Real, Team>& d, const ZoneRecord& z, const Cx<Real> (&j)[kTeamSlots],
                   Cx<Real> (&out)[kTeamSlots]) {
  const BusRecord& b = d.f.bus[z.root];
  with_slots(b.num_nodes, [&](auto nodes) GQ_INLINE {
    constexpr int N = decltype(nodes)::value;
    Cx<Real> packed[N], referred[N];
    pack<N>(z, j, packed);
    refer_to_parent<N>(d.f, b, d.rows(), packed, referred);
    unpack<N>(z, referred, Cx<Real>{Real(0), Real(0)}, out);
  });
}

//! Adds what no-load currents make at terminal 1 of the branch to a zone's root, y [n][n], by the parent's voltages.
template <class Real, class Team>
GQ_HD void add_no_load(const TeamState<Real, Team>& d, const ZoneRecord& z, const Real* y,
                       const Cx<Real> (&parent)[kTeamSlots], Cx<Real> (&out)[kTeamSlots]) {
  with_slots(d.f.bus[z.root].num_nodes, [&](auto nodes) GQ_INLINE {
    constexpr int N = decltype(nodes)::value;
    Cx<Real> above[N], packed[N];
    pack<N>(z, parent, above);
    pack<N>(z, out, packed);
    add_matrix<N>(y, above, packed);
    unpack<N>(z, packed, Cx<Real>{Real(0), Real(0)}, out);
  });
}

//! V of a zone's root from its parent's.
template <class Real, class Team>
GQ_HD void enter_zone(const TeamState<Real, Team>& d, const ZoneRecord& z, const Cx<Real> (&parent)[kTeamSlots],
                      const Cx<Real> (&j)[kTeamSlots], Cx<Real> (&v)[kTeamSlots]) {
  const BusRecord& b = d.f.bus[z.root];
  with_slots(b.num_nodes, [&](auto nodes) GQ_INLINE {
    constexpr int N = decltype(nodes)::value;
    Cx<Real> above[N], below[N], packed[N];
    pack<N>(z, parent, above);
    pack<N>(z, j, packed);
    lead_to_child<N>(d.f, b, d.rows(), above, packed, below);
    unpack<N>(z, below, Cx<Real>{Real(1), Real(0)}, v);
  });
}

}  // namespace gridqueue
