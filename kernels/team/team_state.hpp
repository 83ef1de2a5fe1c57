// What a team of lanes keeps of one evaluation: registers of each lane, scratch that all share.
//
// A team runs each(f): f(lane, state) for every lane, then a barrier. Between barriers a lane reads no number of the
// scratch that another one writes. scan<N>(access) turns access(state)[0..N) into the sums over the lanes before;
// max(access) and any(access) see all lanes.
#pragma once
#include "kernels/ac/observe.hpp"
#include "kernels/team/team_view.hpp"

namespace gridqueue {

//! What a lane keeps in registers.
template <class Real>
struct TeamLane {
  Cx<Real> v[kTeamBuses][kTeamSlots], j[kTeamBuses][kTeamSlots];
  Cx<Real> x[kTeamBuses][kTeamSlots];  //!< of a sweep: prefix sums on the way up, drops and their sums on the way down
  Real scale[kTeamBuses], der[kTeamBuses];
  Real sum[kTeamParts];  //!< of the lane's numbers; after a scan of those of the lanes before
  Real largest;          //!< voltage step
  bool flag;
};

template <class Real, class Team>
struct TeamState {
  const FeederView<Real>& f;
  const TeamView<Real>& t;
  const TeamScratch& plan;
  Real* scratch;
  Team& team;

  //! Workspace rows from plan.previous on.
  GQ_HD RowsFrom<Real> rows() const { return {scratch + plan.rows, f.plan.previous}; }
  GQ_HD Real number(std::int32_t field, std::int32_t i, std::int32_t lane) const {
    return t.number[t.at(num_team_numbers, field, i, lane)];
  }
  GQ_HD std::int32_t index(std::int32_t field, std::int32_t i, std::int32_t lane) const {
    return t.index[t.at(num_team_indices, field, i, lane)];
  }
  //! Voltage of the parent of a zone's root.
  GQ_HD Real* above(std::int32_t zone) const { return scratch + plan.above + kTeamParts * zone; }
  //! Of the lane's nodes below 1 kV.
  GQ_HD Column<Real> low_voltage(std::int32_t lane) const {
    return {scratch + plan.low_voltage + tiled(num_low_voltage_rows, 0, lane), kWarp};
  }
  //! The lane's extrema, of which sweeps keep nothing in registers.
  GQ_HD Extrema<Real> extrema(std::int32_t lane) const {
    const Column<Real> x{scratch + plan.extrema + tiled(kExtrema, 0, lane), kWarp};
    return {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8]};
  }
  GQ_HD void keep_extrema(const Extrema<Real>& e, std::int32_t lane) const {
    const Column<Real> x{scratch + plan.extrema + tiled(kExtrema, 0, lane), kWarp};
    x[0] = e.vdiff, x[1] = e.vdiff_code, x[2] = e.vmax, x[3] = e.vmax_code, x[4] = e.vmin, x[5] = e.vmin_code;
    x[6] = e.emergency, x[7] = e.emergency_code, x[8] = e.above;
  }
  //! Part `part` of the number at `place` (TeamView) of the prefix sums.
  GQ_HD Real& sums(std::int32_t part, std::int32_t place) const { return scratch[plan.sums + part * kWarp + place]; }
};

template <class Real>
GQ_HD void clear(Cx<Real> (&x)[kTeamSlots]) {
  unroll<kTeamSlots>([&](auto n) GQ_INLINE { x[n] = {Real(0), Real(0)}; });
}
template <class Real>
GQ_HD void add(const Cx<Real> (&x)[kTeamSlots], Cx<Real> (&to)[kTeamSlots]) {
  unroll<kTeamSlots>([&](auto n) GQ_INLINE { to[n] = {to[n].re + x[n].re, to[n].im + x[n].im}; });
}
template <class Real>
GQ_HD void read_slots(const Real* from, Cx<Real> (&x)[kTeamSlots]) {
  unroll<kTeamSlots>([&](auto n) GQ_INLINE { x[n] = {from[2 * n], from[2 * n + 1]}; });
}
template <class Real>
GQ_HD void write_slots(const Cx<Real> (&x)[kTeamSlots], Real* to) {
  unroll<kTeamSlots>([&](auto n) GQ_INLINE {
    to[2 * n] = x[n].re;
    to[2 * n + 1] = x[n].im;
  });
}

}  // namespace gridqueue
