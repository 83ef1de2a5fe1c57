// The limit quantities of one state with the names of their places: what people and files read.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! LimitQuantity with names.
struct ObservedLimit {
  double value = 0;
  std::string place;  //!< bus, "bus.phase", "line.name" or area; "" = nowhere
  int step = -1;      //!< step of the day, -1 = never
  double excess = 0;
  std::string excess_place;
};

struct Observed {
  bool converged = false;
  std::uint32_t violations = 0;  //!< LimitBit's
  std::array<ObservedLimit, kNumLimits> limits;
  ObservedLimit& operator[](LimitBit bit) { return limits[limit_index(bit)]; }
  const ObservedLimit& operator[](LimitBit bit) const { return limits[limit_index(bit)]; }
  int taps_min = 0, taps_max = 0;
  std::vector<std::string> area_names;  //!< as `areas`
  std::vector<AreaFlow> areas;
};

//! "bus.phase" of a node code (bus index * kMaxNodesPerBus + position); "" for -1.
std::string node_name(const Network& network, int code);
//! Name of a limit's place (PlaceKind); "" for -1.
std::string place_name(const Network& network, PlaceKind kind, int place);
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
