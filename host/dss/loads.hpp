// Loads and generators of an imported model.
#pragma once
#include <utility>

#include "host/dss/measured_day.hpp"
#include "host/dss/obstacles.hpp"

namespace gridqueue {

//! A load or generator as the model has it.
struct DssLoad {
  DssInjection injection;
  std::string bus, shape;                  //!< LoadShape in the day's mode, "" = none
  std::vector<std::pair<int, int>> phase;  //!< nodes of both ends, 0 = ground; none where they are one
  Load law;                                //!< kw, kvar: of a phase, by the element's own numbers
  bool fixed_kvar = false;                 //!< kvar whatever shape and growth
  double kw_share = 1, kvar_share = 1;     //!< of what the element draws in all
};

//! Enabled loads, then generators. Says where no shape counts in the day's mode that others would have.
std::vector<DssLoad> read_loads(DssEngine& dss, const DssModel& model, const DayChoice& day, Obstacles& obstacles);

std::vector<DssInjection> injections_of(const std::vector<DssLoad>& loads);

//! Loads and shapes of the network.
void add_loads(DssEngine& dss, const std::vector<DssLoad>& loads, const MeasuredDay& measured, const DayChoice& day,
               Network& network);

}  // namespace gridqueue
