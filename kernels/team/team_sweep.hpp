// The sweep of sweep.hpp as prefix sums, one evaluation per team of lanes, buses spread over the lanes.
//
// Within a zone all branches are lines, A = 1 slot by slot. With x_b = I_b(V_b) - c_b - p_b (the charging of
// either end, p_b at the parent's), J_b = p_b + sum of x over b's subtree, a contiguous range of the depth-first order:
//     J_b = S[last(b)] - S[b - 1] + p_b,   S the prefix sums of x over all buses
// A branch that is no line passes O_r = A^T J_r on, not J_r: O_r - J_r is added to every bus above it, deepest zones
// first.
//     V_b = base(zone) + P_b,   P_b the sum of the drops d_a = s Z_a J_a over the buses a from the zone's root (d = 0)
//     to b
// P is a prefix sum over the tour that adds d_a where it enters a's subtree and takes it back where it leaves it.
#pragma once
#include "kernels/team/team_zones.hpp"

namespace gridqueue {

//! Charging current of one end of bus i's line at the voltage v there.
template <class Real, class Team>
GQ_HD void slot_charging(const TeamState<Real, Team>& d, const TeamLane<Real>& s, std::int32_t i, std::int32_t lane,
                         const Cx<Real> (&v)[kTeamSlots], Cx<Real> (&c)[kTeamSlots]) {
  clear(c);
  Cx<Real> sv[kTeamSlots];
  unroll<kTeamSlots>([&](auto n) GQ_INLINE {
    sv[n] = {s.scale[i] * v[n].re, s.scale[i] * v[n].im};
    add_product(c[n], d.number(t_charging + 2 * n, i, lane), d.number(t_charging + 2 * n + 1, i, lane), sv[n]);
  });
  if (!d.f.exact_charging) return;
  unroll<kTeamSlots>([&](auto k) GQ_INLINE {
    constexpr int one = decltype(k)::value == 2 ? 1 : 0, two = decltype(k)::value == 0 ? 1 : 2;
    const Real re = d.number(t_coupling + 2 * k, i, lane), im = d.number(t_coupling + 2 * k + 1, i, lane);
    add_product(c[one], re, im, sv[two]);
    add_product(c[two], re, im, sv[one]);
  });
}

//! s Z J: what the voltage of bus i lies above that of its parent.
template <class Real, class Team>
GQ_HD void slot_drop(const TeamState<Real, Team>& d, const TeamLane<Real>& s, std::int32_t i, std::int32_t lane,
                     Cx<Real> (&drop)[kTeamSlots]) {
  Cx<Real> z[6];
  unroll<3>([&](auto k) GQ_INLINE {
    z[k] = {d.number(t_z + 2 * k, i, lane), d.number(t_z + 2 * k + 1, i, lane)};
    z[k + 3] = {d.number(t_z + 2 * k + 6, i, lane), d.number(t_z + 2 * k + 7, i, lane)};
  });
  clear(drop);
  unroll<kTeamSlots>([&](auto r) GQ_INLINE {
    unroll<kTeamSlots>([&](auto c) GQ_INLINE {
      constexpr int low = r < c ? r : c, high = r < c ? c : r;
      constexpr int at = low == 0 ? high : low + high + 1;
      add_product(drop[r], z[at].re, z[at].im, Cx<Real>{s.scale[i] * s.j[i][c].re, s.scale[i] * s.j[i][c].im});
    });
  });
}

//! Charging currents at the child's end of bus i's line and at the parent's, whose voltage is V - s Z J.
template <class Real, class Team>
GQ_HD void slot_charging_ends(const TeamState<Real, Team>& d, const TeamLane<Real>& s, std::int32_t i,
                              std::int32_t lane, ChargingEnds<kTeamSlots, Real>& ends) {
  slot_charging(d, s, i, lane, s.v[i], ends.child);
  if (!d.f.exact_charging) {
    unroll<kTeamSlots>([&](auto n) GQ_INLINE { ends.parent[n] = ends.child[n]; });
    return;
  }
  Cx<Real> above[kTeamSlots];
  slot_drop(d, s, i, lane, above);
  unroll<kTeamSlots>([&](auto n) GQ_INLINE { above[n] = {s.v[i][n].re - above[n].re, s.v[i][n].im - above[n].im}; });
  slot_charging(d, s, i, lane, above, ends.parent);
}

//! As inject(), of any law: a team has no records between nodes (make_team_feeder).
template <class Real>
GQ_HD void inject_to_ground(const FeederView<Real>& f, const InjectionRecord<Real>& r, Real amount,
                            const Cx<Real> (&v)[kTeamSlots], Cx<Real> (&x)[kTeamSlots]) {
  if (r.law == InjectionLaw::current) inject_by<InjectionLaw::current, false>(f, r, amount, v, x);
  else if (r.law == InjectionLaw::power) inject_by<InjectionLaw::power, false>(f, r, amount, v, x);
  else if (r.law == InjectionLaw::impedance) inject_by<InjectionLaw::impedance, false>(f, r, amount, v, x);
  else inject_by<InjectionLaw::polynomial, false>(f, r, amount, v, x);
}

//! Loads, units and shunts of bus i.
template <class Real, class Team>
GQ_HD void inject_slots(const TeamState<Real, Team>& d, const TeamLane<Real>& s, std::int32_t i, std::int32_t lane,
                        const StepRecord<Real>& step, Cx<Real> (&x)[kTeamSlots]) {
  clear(x);
  const std::int32_t shunt = d.index(t_shunt, i, lane);
  if (shunt >= 0) {
    const Real* y = d.t.shunt + shunt;
    unroll<kTeamSlots>([&](auto r) GQ_INLINE {
      unroll<kTeamSlots>([&](auto c) GQ_INLINE {
        add_product(x[r], -y[2 * (r * kTeamSlots + c)], -y[2 * (r * kTeamSlots + c) + 1], s.v[i][c]);
      });
    });
  }
  const Real* level = d.f.level + step.level;
  const Real power = s.der[i] * level[d.f.unit.shape];
  const std::int32_t loads = d.index(t_injections, i, lane), all = loads + (power > Real(0) ? 1 : 0);  // the unit last
  for (std::int32_t k = 0; k < all; ++k) {
    const InjectionRecord<Real>& r = d.t.injection[k < loads ? d.t.at(d.t.most_injections, k, i, lane) : d.t.unit];
    inject_to_ground(d.f, r, k < loads ? level[r.shape] : power, s.v[i], x);
  }
}

//! Currents J of all buses from the voltages.
template <class Real, class Team>
GQ_HD void sum_currents(const TeamState<Real, Team>& d, const StepRecord<Real>& step) {
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    Cx<Real> sum[kTeamSlots];
    clear(sum);
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      ChargingEnds<kTeamSlots, Real> c;
      inject_slots(d, s, i, lane, step, s.x[i]);
      slot_charging_ends(d, s, i, lane, c);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        s.j[i][n] = {c.parent[n].re - sum[n].re, c.parent[n].im - sum[n].im};
        sum[n].re += s.x[i][n].re - (c.child[n].re + c.parent[n].re);
        sum[n].im += s.x[i][n].im - (c.child[n].im + c.parent[n].im);
        s.x[i][n] = sum[n];
      });
    });
    write_slots(sum, s.sum);
  });
  d.team.template scan<kTeamParts>([](TeamLane<Real>& s) GQ_INLINE -> Real(&)[kTeamParts] { return s.sum; });
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        d.sums(2 * n, d.t.place(i, lane)) = s.x[i][n].re + s.sum[2 * n];
        d.sums(2 * n + 1, d.t.place(i, lane)) = s.x[i][n].im + s.sum[2 * n + 1];
      });
    });
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      const std::int32_t place = d.index(t_subtree, i, lane);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        s.j[i][n].re += d.sums(2 * n, place) - s.sum[2 * n];
        s.j[i][n].im += d.sums(2 * n + 1, place) - s.sum[2 * n + 1];
      });
    });
  });
}

//! Adds O_r - J_r of every branch that is no line to the buses above it.
template <class Real, class Team>
GQ_HD void correct_currents(const TeamState<Real, Team>& d) {
  for (std::int32_t k = d.t.num_zones - 1; k > 0; --k) {
    const ZoneRecord& z = d.t.zone[k];
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
      if (lane != z.root / kTeamBuses) return;
      Cx<Real> j[kTeamSlots], out[kTeamSlots];
      pick(s.j, z.root % kTeamBuses, j);
      pass_on(d, z, j, out);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE { out[n] = {out[n].re - j[n].re, out[n].im - j[n].im}; });
      write_slots(out, d.scratch + d.plan.change);
    });
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
      Cx<Real> change[kTeamSlots];
      read_slots(d.scratch + d.plan.change, change);
      unroll<kTeamBuses>([&](auto i) GQ_INLINE {
        if (lane * kTeamBuses + i <= z.parent && z.parent <= d.index(t_last, i, lane)) add(change, s.j[i]);
      });
    });
  }
}

//! x_b becomes P_b.
template <class Real, class Team>
GQ_HD void sum_drops(const TeamState<Real, Team>& d) {
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      slot_drop(d, s, i, lane, s.x[i]);
      const std::int32_t enter = d.index(t_enter, i, lane), leave = d.index(t_leave, i, lane);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        if (enter >= 0) d.sums(2 * n, enter) = s.x[i][n].re, d.sums(2 * n + 1, enter) = s.x[i][n].im;
        if (leave >= 0) d.sums(2 * n, leave) = -s.x[i][n].re, d.sums(2 * n + 1, leave) = -s.x[i][n].im;
      });
    });
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamParts>([&](auto part) GQ_INLINE {
      s.sum[part] = Real(0);
      for (std::int32_t i = 0; i < d.t.tour; ++i) s.sum[part] += d.sums(part, d.t.place(i, lane));
    });
  });
  d.team.template scan<kTeamParts>([](TeamLane<Real>& s) GQ_INLINE -> Real(&)[kTeamParts] { return s.sum; });
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamParts>([&](auto part) GQ_INLINE {
      for (std::int32_t i = 0; i < d.t.tour; ++i) {
        Real& place = d.sums(part, d.t.place(i, lane));
        place = s.sum[part] += place;
      }
    });
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      const std::int32_t before = d.index(t_before, i, lane);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        s.x[i][n].re += d.sums(2 * n, before);
        s.x[i][n].im += d.sums(2 * n + 1, before);
      });
    });
  });
}

//! Voltages of all buses from the sums of their drops; the largest step of each lane.
template <class Real, class Team>
GQ_HD void add_drops(const TeamState<Real, Team>& d, const StepRecord<Real>& step) {
  for (std::int32_t k = 0; k < d.t.num_zones; ++k) {
    const ZoneRecord& z = d.t.zone[k];
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
      if (lane != z.root / kTeamBuses) return;
      Cx<Real> parent[kTeamSlots], drops[kTeamSlots], j[kTeamSlots], v[kTeamSlots];
      pick(s.j, z.root % kTeamBuses, j);
      pick(s.x, z.root % kTeamBuses, drops);  // to the parent: the root's own is 0
      if (k == 0) {
        const Real* e = d.f.source + step.source;
        unroll<kTeamSlots>([&](auto n) GQ_INLINE {
          const bool here = n < d.f.bus[0].num_nodes;
          parent[n] = {here ? e[2 * n] : Real(1), here ? e[2 * n + 1] : Real(0)};
        });
      } else {
        read_slots(d.scratch + d.plan.base + kTeamParts * z.above, parent);
        add(drops, parent);
        write_slots(parent, d.above(k));
      }
      enter_zone(d, z, parent, j, v);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE { v[n] = {v[n].re - drops[n].re, v[n].im - drops[n].im}; });
      write_slots(v, d.scratch + d.plan.base + kTeamParts * k);
    });
  }
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    s.largest = Real(0);
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      Cx<Real> v[kTeamSlots];
      read_slots(d.scratch + d.plan.base + kTeamParts * d.index(t_zone, i, lane), v);
      add(s.x[i], v);
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        s.largest = lane_max(s.largest, lane_max(lane_abs(v[n].re - s.v[i][n].re), lane_abs(v[n].im - s.v[i][n].im)));
        s.v[i][n] = v[n];
      });
    });
  });
}

//! One sweep; returns the largest voltage step [pu]. NaN, or never small, where the evaluation has diverged.
template <class Real, class Team>
GQ_HD Real team_sweep(const TeamState<Real, Team>& d, const StepRecord<Real>& step) {
  sum_currents(d, step);
  correct_currents(d);
  sum_drops(d);
  add_drops(d, step);
  return d.team.max([](const TeamLane<Real>& s) GQ_INLINE { return s.largest; });
}

}  // namespace gridqueue
