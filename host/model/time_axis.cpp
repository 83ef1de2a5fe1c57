#include "gridqueue/time_axis.hpp"

#include <fmt/core.h>

#include <cmath>

namespace gridqueue {

TimeAxis time_axis(const Network& network) { return {network.step_s, network.days}; }

//! Step k is the state at its end.
std::string clock_time(const TimeAxis& axis, int step) {
  if (step < 0) return "";
  std::size_t day = 0;
  while (day + 1 < axis.days.size() && axis.days[day + 1].first_step <= step) ++day;
  const Day& of = axis.days[day];
  const auto minutes = std::lround((of.start_hour * 3600 + (step - of.first_step + 1) * axis.step_s) / 60);
  constexpr long kDay = 24 * 60;
  const long before = (minutes - 1) / kDay;  // midnight ends a day
  const std::string clock = fmt::format("{:02}:{:02}", (minutes - before * kDay) / 60, minutes % 60);
  return before == 0 && axis.days.size() == 1 ? clock : fmt::format("{} of day {}", clock, before + 1);
}

}  // namespace gridqueue
