// CompiledFeeder -> the tables of a team, built once on the host.
#pragma once
#include <string>
#include <vector>

#include "kernels/feeder/compiled_feeder.hpp"
#include "kernels/team/team_view.hpp"

namespace gridqueue {

template <class Real>
struct TeamFeeder {
  std::vector<Real> number, shunt, initial_voltage;
  std::vector<InjectionRecord<Real>> injection;
  std::vector<std::int32_t> index, parent_of_recloser;
  std::vector<ZoneRecord> zone;
  TeamView<Real> shape{};  //!< the view's numbers; its pointers are null
  TeamScratch scratch{};

  //! View of the host arrays.
  [[nodiscard]] TeamView<Real> view() const;
};

//! Lanes of a GPU's team: a warp, or as many warps as a block needs.
int team_lanes(int num_buses);
//! `lanes` * kTeamBuses must cover the buses. Throws Error(input) for a feeder whose branches a team cannot add up.
template <class Real>
TeamFeeder<Real> make_team_feeder(const CompiledFeeder<Real>& feeder, int lanes);

}  // namespace gridqueue
