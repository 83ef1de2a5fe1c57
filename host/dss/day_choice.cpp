#include "host/dss/day_choice.hpp"

#include <fmt/core.h>

#include <cmath>

namespace gridqueue {

std::vector<Day> DayChoice::days() const {
  std::vector<Day> all;
  for (double hour : start_hours) all.push_back({steps * static_cast<int>(all.size()), hour});
  return all;
}

// After a change of mode OpenDSS goes on with admittances of loads that the matrix does not hold, and converges to
// voltages that are none, unless the matrix is built again.
void start_snapshot(DssEngine& dss, const std::string& control_mode) {
  dss.command("set mode=snapshot controlmode=" + control_mode);
  dss.command("buildy");
}

void start_day(DssEngine& dss, const DayChoice& day, const std::string& control_mode, std::size_t which) {
  // The mode comes first, because it sets what follows to defaults of its own.
  dss.command(fmt::format("set mode={} controlmode={} number=1 stepsize={}s", day.mode, control_mode, day.step_s));
  const double start = day.start_hours.at(which), hour = std::floor(start);
  dss.command(fmt::format("set time=({}, {})", hour, (start - hour) * 3600));
  dss.command("buildy");
}

}  // namespace gridqueue
