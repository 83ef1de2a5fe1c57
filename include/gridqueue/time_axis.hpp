// When steps are.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue {

struct TimeAxis {
  double step_s = 300;  //!< [s]
  std::vector<Day> days{{}};
};
TimeAxis time_axis(const Network& network);

//! Time of a step's end, "12:35"; where there is more than one day, "12:35 of day 183", from hour 0 of the shapes; ""
//! for -1.
std::string clock_time(const TimeAxis& axis, int step);

}  // namespace gridqueue
