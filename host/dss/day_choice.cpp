#include "host/dss/day_choice.hpp"

#include <fmt/core.h>

#include <cmath>

namespace gridqueue {

// After a change of mode OpenDSS goes on with admittances of loads that the matrix does not hold, and converges to
// voltages that are none, unless the matrix is built again.
void start_snapshot(DssEngine& dss, const std::string& control_mode) {
  dss.command("set mode=snapshot controlmode=" + control_mode);
  dss.command("buildy");
}

void start_day(DssEngine& dss, const DayChoice& day, const std::string& control_mode) {
  // The mode comes first, because it sets what follows to defaults of its own.
  dss.command(fmt::format("set mode={} controlmode={} number=1 stepsize={}s", day.mode, control_mode, day.step_s));
  const double hour = std::floor(day.start_hour);
  dss.command(fmt::format("set time=({}, {})", hour, (day.start_hour - hour) * 3600));
  dss.command("buildy");
}

}  // namespace gridqueue
