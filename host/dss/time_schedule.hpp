// When a CapControl by time of day acts (CapControl.pas, Sample, NormalizeToTOD).
#pragma once
#include <cmath>
#include <vector>

#include "host/dss/day_choice.hpp"

namespace gridqueue {

//! [h] from 0 to 24, both inclusive.
inline double time_of_day(double hours) {
  constexpr double kEpsilon = 1e-12;
  const int hour = static_cast<int>(std::floor(hours + 1e-9));
  const double of_day = (hour > 24 ? hour - (hour - 1) / 24 * 24 : hour) + (hours - hour);
  return of_day - 24 > kEpsilon ? of_day - 24 : of_day;
}

//! 1 at steps where it closes, -1 where it opens. `on`, `off` [h]
inline std::vector<double> time_schedule(double on, double off, const DayChoice& day) {
  std::vector<double> schedule;
  for (int k = 0; k < day.all_steps(); ++k) {
    const double hour = time_of_day(day.end_of(k));
    const bool same_day = off > on;
    const bool closes = hour >= on && hour < (same_day ? off : 24.0);
    const bool opens = same_day ? hour >= off || hour < on : hour >= off && hour < on;
    schedule.push_back(closes ? 1 : opens ? -1 : 0);
  }
  return schedule;
}

}  // namespace gridqueue
