// The day that an import covers.
#pragma once
#include <string>

#include "host/dss/engine.hpp"

namespace gridqueue {

struct DayChoice {
  std::string mode = "daily";  //!< of OpenDSS: daily or yearly, which says what shapes count
  double start_hour = 0;       //!< [h] where the first step begins
  int steps = 288;
  double step_s = 300;  //!< [s]

  [[nodiscard]] double end_of(int step) const { return start_hour + (step + 1) * step_s / 3600; }  //!< [h]
};

//! The next `solve` is a snapshot, whatever was solved before.
void start_snapshot(DssEngine& dss, const std::string& control_mode);
//! The next `solve` is the day's first step, likewise.
void start_day(DssEngine& dss, const DayChoice& day, const std::string& control_mode);

}  // namespace gridqueue
