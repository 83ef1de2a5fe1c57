// Named lists of monitored buses, as a user gives them.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace gridqueue {

//! "NAME=FILE.json" (an array of bus names, or an object with such an array under "monitors") or "NAME=BUS,BUS,...".
//! Returns the name and the buses, not checked against any feeder.
std::pair<std::string, std::vector<std::string>> parse_monitor_list(const std::string& text);

}  // namespace gridqueue
