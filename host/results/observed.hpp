// The limit quantities of one state with the names of their places: what people and files read.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! How far the worst place of a limit is beyond what it may reach (negative: all pass), and where; as Excess.
struct ObservedExcess {
  double value = 0;
  std::string place;  //!< "" = nowhere
};

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
  std::array<ObservedExcess, kNumLimits> excess;  //!< by bit of LimitBit
  std::vector<std::string> area_names;            //!< as `areas`
  std::vector<AreaFlow> areas;
};

//! Names of a limit's excess and of its place in files and JSON.
struct ExcessKeys {
  LimitBit limit;
  const char *value, *unit, *place, *where;
};
constexpr ExcessKeys kExcessKeys[] = {
    {limit_vdiff, "vdiff_excess_pct", "percent", "vdiff_excess_bus", "where, row of /bus; -1 = nowhere"},
    {limit_vmax, "vmax_excess_pu", "1", "vmax_excess_node", "where, row of /node; -1 = nowhere"},
    {limit_vmin, "vmin_excess_pu", "1", "vmin_excess_node", "where, row of /node; -1 = nowhere"},
    {limit_emergency, "emergency_excess_pct", "percent", "emergency_excess_element",
     "where, row of /element; -1 = nowhere"},
    {limit_normal_hours, "normal_hours_excess", "h", "normal_hours_excess_element",
     "where, row of /element; -1 = nowhere"}};
constexpr bool place_is_node(LimitBit limit) { return limit == limit_vmax || limit == limit_vmin; }

//! "bus.phase" of a node code (bus index * kMaxNodesPerBus + position); "" for -1.
std::string node_name(const Network& network, int code);
//! Name of Excess::place of a limit; "" for -1.
std::string excess_place(const Network& network, LimitBit limit, int place);
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
