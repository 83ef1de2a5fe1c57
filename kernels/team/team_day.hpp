// One evaluation on a team of lanes: the rules of day.hpp, the sweep of team_sweep.hpp.
#pragma once
#include "kernels/ac/day.hpp"
#include "kernels/team/team_sweep.hpp"

namespace gridqueue {

//! Current at terminal 1 of the branch to a zone's root, the lane's bus i, on the parent's slots.
template <class Real, class Team>
GQ_HD void root_current(const TeamState<Real, Team>& d, std::int32_t zone, const TeamLane<Real>& s, std::int32_t i,
                        std::int32_t rated, Cx<Real> (&out)[kTeamSlots]) {
  const ZoneRecord& z = d.t.zone[zone];
  pass_on(d, z, s.j[i], out);
  const std::int32_t no_load = d.f.rating[rated].no_load;
  if (no_load < 0) return;
  Cx<Real> parent[kTeamSlots];
  read_slots(d.above(zone), parent);
  add_no_load(d, z, d.f.coefficient + no_load, parent, out);
}

//! Voltages and currents of one bus against its limits.
template <class Real, class Team>
GQ_HD void observe_slots(const TeamState<Real, Team>& d, const TeamLane<Real>& s, std::int32_t i, std::int32_t lane,
                         const StepRecord<Real>& step, bool active, Extrema<Real>& e) {
  const std::int32_t present = d.index(t_present, i, lane), bus = lane * kTeamBuses + i;
  if (present == 0) return;
  const std::int32_t monitor = d.index(t_monitor, i, lane);
  const bool low_voltage = d.f.num_low_voltage > 0 && d.f.bus[bus].low_voltage;
  std::int32_t node = d.index(t_node, i, lane);
  Real code = static_cast<Real>(step.step * d.f.num_nodes + node), sum(0);
  unroll<kTeamSlots>([&](auto n) GQ_INLINE {
    if (!(present >> n & 1)) return;
    const Real m2 = abs2(s.v[i][n]);
    if (low_voltage) observe_low_voltage(m2, active, code, d.low_voltage(lane));
    else observe_node(m2, active, code, e);
    if (d.f.by_place) keep_node<Real>(d.f, node++, m2, d.rows(), active);
    sum += m2 * lane_rsqrt(m2);
    code += Real(1);
  });
  if (monitor >= 0)
    observe_change(d.f, monitor, d.index(t_always, i, lane) != 0, s.der[i], bus, d.rows(), step, active,
                   sum * d.number(t_share, i, lane), e);
  const std::int32_t rated = d.index(t_rated, i, lane);
  if (rated < 0) return;
  const RatingRecord<Real> rating{d.number(t_inverse_normal2, i, lane),
                                  d.number(t_inverse_emergency2, i, lane),
                                  d.number(t_inverse_watch2, i, lane),
                                  d.number(t_charging_sign, i, lane),
                                  -1,
                                  -1,
                                  -1};
  const std::int32_t zone = d.index(t_zone, i, lane);
  Cx<Real> out[kTeamSlots];
  if (d.t.zone[zone].root == bus) {
    root_current(d, zone, s, i, rated, out);
  } else {
    ChargingEnds<kTeamSlots, Real> c;
    slot_charging_ends(d, s, i, lane, c);
    const bool at_parent = rating.charging_sign > Real(0);
    unroll<kTeamSlots>([&](auto n) GQ_INLINE {
      out[n] = at_parent ? Cx<Real>{s.j[i][n].re - c.parent[n].re, s.j[i][n].im - c.parent[n].im}
                         : Cx<Real>{s.j[i][n].re + c.child[n].re, s.j[i][n].im + c.child[n].im};
    });
  }
  Real largest(0);
  unroll<kTeamSlots>([&](auto n) GQ_INLINE { largest = lane_max(largest, abs2(out[n])); });
  observe_loading(d.f, rated, rating, bus, d.rows(), step, active, largest * s.scale[i] * s.scale[i], e);
}

//! Where a recloser's voltage [0, 6) and current [6, 12) are left for the lanes that add up areas.
template <class Real, class Team>
GQ_HD Real* watched(const TeamState<Real, Team>& d, std::int32_t recloser) {
  return d.scratch + d.plan.watch + 2 * kTeamParts * recloser;
}

template <class Real, class Team>
GQ_HD void observe_team_areas(const TeamState<Real, Team>& d, bool active) {
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    for (std::int32_t r = 0; r < d.f.num_reclosers; ++r) {
      const std::int32_t bus = d.f.recloser[r].bus, at = d.f.recloser[r].at_parent ? d.t.parent_of_recloser[r] : bus;
      Cx<Real> x[kTeamSlots];
      if (at / kTeamBuses == lane) {
        pick(s.v, at % kTeamBuses, x);
        write_slots(x, watched(d, r));
      }
      if (bus / kTeamBuses == lane) {
        pick(s.j, bus % kTeamBuses, x);
        write_slots(x, watched(d, r) + kTeamParts);
      }
    }
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>&) GQ_INLINE {
    for (std::int32_t area = lane; area <= d.f.num_reclosers; area += d.t.size)
      observe_area<Real>(d.f, area, d.rows(), active, [&](std::int32_t r) GQ_INLINE {
        Cx<Real> v[kTeamSlots], j[kTeamSlots], power{Real(0), Real(0)};
        read_slots(watched(d, r), v);
        read_slots(watched(d, r) + kTeamParts, j);  // 0 in slots without a node
        unroll<kTeamSlots>([&](auto n) GQ_INLINE { add_power(v[n], j[n], power); });
        return in_kva(power);
      });
  });
}

//! Samples the regulators at the root of a zone, which measure there.
template <class Real, class Team>
GQ_HD void sample_zone(const TeamState<Real, Team>& d, const ZoneRecord& z, const TeamLane<Real>& s) {
  const BusRecord& b = d.f.bus[z.root];
  Cx<Real> v[kTeamSlots], j[kTeamSlots];
  pick(s.v, z.root % kTeamBuses, v);
  pick(s.j, z.root % kTeamBuses, j);
  with_slots(b.num_nodes, [&](auto nodes) GQ_INLINE {
    constexpr int N = decltype(nodes)::value;
    Cx<Real> volts[N], amps[N];
    pack<N>(z, v, volts);
    pack<N>(z, j, amps);
    const auto at = [&](const Cx<Real>(&x)[N], std::int32_t node) GQ_INLINE {
      Cx<Real> found = x[0];
      unroll<N>([&](auto n) GQ_INLINE {
        if (b.node + n == node) found = x[n];
      });
      return found;
    };
    const std::int32_t regulators = b.kind == SweepKind::regulator ? N : 1;
    for (std::int32_t i = b.regulator; i < b.regulator + regulators; ++i)
      sample_regulator<Real>(
          d.f, d.rows(), i, [&](std::int32_t n) GQ_INLINE { return at(volts, n); },
          [&](std::int32_t n) GQ_INLINE { return at(amps, n); }, true);
  });
}

//! A team of lanes as the machine of day.hpp: what the rules see is one evaluation.
template <class Real, class Team>
struct TeamMachine {
  using Lane = Real;
  static constexpr bool kManyDays = false;  //!< make_team_feeder refuses them
  const TeamState<Real, Team>& d;

  GQ_HD const FeederView<Real>& feeder() const { return d.f; }
  GQ_HD bool has_der() const {
    return d.team.any([](const TeamLane<Real>& s) GQ_INLINE {
      bool has = false;
      unroll<kTeamBuses>([&](auto i) GQ_INLINE { has = has || Real(0) < s.der[i]; });
      return has;
    });
  }
  GQ_HD Real sweep(const StepRecord<Real>& step, bool, const Pace<Real>&) { return team_sweep(d, step); }
  //! Each lane samples the regulators at its buses, then one lane lets the nearest act.
  GQ_HD bool act(const StepRecord<Real>& step, bool active) {
    if (!active || d.f.num_regulators == 0) return false;
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
      for (std::int32_t k = 1; k < d.t.num_zones; ++k) {
        const ZoneRecord& z = d.t.zone[k];
        if (z.root / kTeamBuses == lane && d.f.bus[z.root].regulator >= 0) sample_zone(d, z, s);
      }
    });
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s)
                    GQ_INLINE { s.flag = lane == 0 && act_nearest<Real>(d.f, d.rows(), step, true); });
    return d.team.any([](const TeamLane<Real>& s) GQ_INLINE { return s.flag; });
  }
  GQ_HD void keep_taps() {
    d.team.each([&](std::int32_t lane, TeamLane<Real>&) GQ_INLINE {
      if (lane == 0) gridqueue::keep_taps<Real>(d.f, d.rows());
    });
  }
  GQ_HD void observe(const StepRecord<Real>& step, bool active) {
    d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
      Extrema<Real> e = d.extrema(lane);
      unroll<kTeamBuses>([&](auto i) GQ_INLINE { observe_slots(d, s, i, lane, step, active, e); });
      d.keep_extrema(e, lane);
    });
    if (d.f.num_reclosers > 0) observe_team_areas(d, active);
  }
};

//! Inputs: rows of scale and DER. The scratch is cleared, so that no number is read before it is written.
template <class Real, class Team>
GQ_HD void start_team_day(const TeamState<Real, Team>& d, const Real* inputs) {
  d.team.each([&](std::int32_t lane, TeamLane<Real>& s) GQ_INLINE {
    for (std::int32_t k = lane; k < d.plan.size; k += d.t.size) d.scratch[k] = Real(0);
    unroll<kTeamBuses>([&](auto i) GQ_INLINE {
      const std::int32_t line = d.index(t_line, i, lane), der = d.index(t_der, i, lane);
      s.scale[i] = line < 0 ? Real(1) : inputs[d.f.plan.scale + line];
      s.der[i] = der < 0 ? Real(0) : inputs[d.f.plan.der + der];
      unroll<kTeamSlots>([&](auto n) GQ_INLINE {
        s.v[i][n] = {d.t.initial_voltage[d.t.at(kTeamParts, 2 * n, i, lane)],
                     d.t.initial_voltage[d.t.at(kTeamParts, 2 * n + 1, i, lane)]};
        s.j[i][n] = {Real(0), Real(0)};
      });
    });
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>&) GQ_INLINE {
    Extrema<Real> e;
    clear_extrema(e);
    d.keep_extrema(e, lane);
    if (d.f.num_low_voltage > 0) d.low_voltage(lane)[lv_vmin] = e.vmin;
    if (lane != 0) return;
    const auto beyond_last_bus = d.scratch + (d.plan.base + kTeamParts * d.t.num_zones);
    unroll<kTeamSlots>([&](auto n) GQ_INLINE { beyond_last_bus[2 * n] = Real(1); });
    clear_outputs<Real>(d.f, d.rows());
    start_controls<Real>(d.f, d.rows());
  });
}

//! The larger of two extrema, the earlier code where they are equal.
template <class Real>
GQ_HD void join(Real x, Real x_code, Real& best, Real& code) {
  const bool better = best < x || (!(x < best) && x_code < code);
  best = select(better, x, best);
  code = select(better, x_code, code);
}

template <class Real, class Team>
GQ_HD void join_low_voltage(const TeamState<Real, Team>& d) {
  const auto to = d.rows().from(d.f.plan.low_voltage);
  for (std::int32_t k = 0; k < d.t.size; ++k) {
    const auto x = d.low_voltage(k);
    join(x[lv_vmax], x[lv_vmax_code], to[lv_vmax], to[lv_vmax_code]);
    join(x[lv_vmin], x[lv_vmin_code], to[lv_vmin], to[lv_vmin_code]);
  }
}

//! Joins the lanes' extrema and writes the output rows.
template <class Real, class Team>
GQ_HD void finish_team_day(const TeamState<Real, Team>& d, bool failed, Real sweeps, Real* outputs) {
  d.team.each([&](std::int32_t lane, TeamLane<Real>&) GQ_INLINE {
    if (lane != 0) return;
    Extrema<Real> e;
    clear_extrema(e);
    for (std::int32_t k = 0; k < d.t.size; ++k) {
      const Extrema<Real> x = d.extrema(k);
      join(x.vdiff, x.vdiff_code, e.vdiff, e.vdiff_code);
      join(x.vmax, x.vmax_code, e.vmax, e.vmax_code);
      join(x.vmin, x.vmin_code, e.vmin, e.vmin_code);
      join(x.emergency, x.emergency_code, e.emergency, e.emergency_code);
      e.above = lane_max(e.above, x.above);
    }
    if (d.f.num_low_voltage > 0) join_low_voltage(d);
    finish_day<Real>(d.f, d.rows(), e, failed, sweeps);
  });
  d.team.each([&](std::int32_t lane, TeamLane<Real>&) GQ_INLINE {
    const std::int32_t rows = d.f.plan.rows - d.f.plan.first_output;
    for (std::int32_t r = lane; r < rows; r += d.t.size) outputs[r] = d.rows()[d.f.plan.first_output + r];
  });
}

//! Evaluates one state: its input rows, its output rows.
template <class Real, class Team>
GQ_HD void evaluate_team_day(const TeamState<Real, Team>& d, const Real* inputs, Real* outputs) {
  start_team_day(d, inputs);
  TeamMachine<Real, Team> machine{d};
  Real sweeps(0);
  const bool failed = walk_steps(machine, sweeps, [](std::int32_t) GQ_INLINE {});
  finish_team_day(d, failed, sweeps, outputs);
}

}  // namespace gridqueue
