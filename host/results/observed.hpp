// The limit quantities of one state with the names of their places: what people and files read.
#pragma once
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

struct Observed {
  bool converged = false;
  std::uint32_t violations = 0;  //!< LimitBit's
  double vdiff_pct = 0;
  std::string vdiff_bus;  //!< "" = nowhere, likewise below
  int vdiff_step = -1;    //!< step of the day, -1 = never, likewise below
  double vmax_pu = 0, vmin_pu = 0;
  std::string vmax_node, vmin_node;  //!< "bus.phase"
  int vmax_step = -1, vmin_step = -1;
  double emergency_pct = 0;
  std::string emergency_element;  //!< "line.name"
  int emergency_step = -1;
  double normal_hours = 0;
  std::string normal_hours_element;
  int taps_min = 0, taps_max = 0;
  std::vector<std::string> area_names;  //!< as `areas`
  std::vector<AreaFlow> areas;
};

//! "bus.phase" of a node code (bus index * kMaxNodesPerBus + position); "" for -1.
std::string node_name(const Network& network, int code);
//! "substation", then the recloser each further area lies behind.
std::vector<std::string> area_names(const Network& network);

Observed observe(const Network& network, const Quantities& quantities);

//! Value, place and time of one violated limit, e.g. "3.420 % at bus_1113, 12:35".
std::string describe_violation(const Observed& observed, LimitBit limit);
//! One sentence per violated limit: value, place and time, e.g. "voltage_vdiff: 3.42 % at bus_1113, 12:35".
std::vector<std::string> describe_violations(const Observed& observed, std::uint32_t limits);
//! Time of day of a step's end, "12:35"; "" for -1.
std::string clock_time(int step);

}  // namespace gridqueue
