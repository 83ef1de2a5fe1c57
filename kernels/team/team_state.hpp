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
  Cx<Real> x[kTeamBuses][kTeamSlots];  //!< prefix sums on the way up, drops and their sums on the way down
  Real scale[kTeamBuses], der[kTeamBuses];
  Real sum[kTeamParts];  //!< of the lane's numbers; after a scan of those of the lanes before
  Real largest;          //!< voltage step
  bool flag;
  Extrema<Real> e;
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
    return t.number[t.at(field, i, lane)];
  }
  GQ_HD std::int32_t index(std::int32_t field, std::int32_t i, std::int32_t lane) const {
    return t.index[t.at(field, i, lane)];
  }
  //! Of the lane's nodes below 1 kV.
  GQ_HD Column<Real> low_voltage(std::int32_t lane) const { return {scratch + plan.low_voltage + lane, t.size}; }
  //! Part `part` of the number at `place` of the prefix sums.
  GQ_HD Real& sums(std::int32_t part, std::int32_t place) const {
    const std::int32_t places = (t.tour > kTeamBuses ? t.tour : kTeamBuses) * t.size;
    return scratch[plan.sums + part * places + place];
  }
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
