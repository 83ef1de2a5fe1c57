// The days that an import covers.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gridqueue/network.hpp"
#include "host/dss/engine.hpp"

namespace gridqueue {

//! All days are of equal length; steps count through them.
struct DayChoice {
  std::string mode = "daily";          //!< of OpenDSS: daily or yearly, which says what shapes count
  std::vector<double> start_hours{0};  //!< [day] [h] where its first step begins
  int steps = 288;                     //!< of a day
  double step_s = 300;                 //!< [s]

  [[nodiscard]] int all_steps() const { return steps * static_cast<int>(start_hours.size()); }
  [[nodiscard]] double end_of(int step) const {  //!< [h]
    return start_hours[static_cast<std::size_t>(step / steps)] + (step % steps + 1) * step_s / 3600;
  }
  [[nodiscard]] std::vector<Day> days() const;
};

//! Told what is being done and how far it is, 0 to 1; below 0: it is over. May be empty.
using DssProgress = std::function<void(const std::string& what, double fraction)>;

//! The next `solve` is a snapshot, whatever was solved before.
void start_snapshot(DssEngine& dss, const std::string& control_mode);
//! The next `solve` is the first step of a day, likewise.
void start_day(DssEngine& dss, const DayChoice& days, const std::string& control_mode, std::size_t which = 0);

}  // namespace gridqueue
