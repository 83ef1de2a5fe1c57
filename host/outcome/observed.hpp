// The limit quantities of one state with the names of their places: what people and files read.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "gridqueue/time_axis.hpp"

namespace gridqueue {

//! LimitQuantity with names; value and excess are NaN where no place has the quantity.
struct ObservedLimit {
  double value = 0;
  std::string place;  //!< bus, "bus.phase", "line.name", area or regulator; "" = nowhere
  int step = -1;      //!< step of the day, -1 = never
  double excess = 0;
  std::string excess_place;
  std::string time{};  //!< clock_time() of `step`
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

//! "bus.phase"; "" where it is invalid.
std::string node_name(const Network& network, NodeId node);
//! Name of a limit's place (PlaceKind); "" for -1.
std::string place_name(const Network& network, PlaceKind kind, int place);
//! "source", then the regulators by the names of their transformers: what reverse power is judged at.
std::vector<std::string> power_meter_names(const Network& network);
//! "substation", then the recloser each further area lies behind.
std::vector<std::string> area_names(const Network& network);

Observed observe(const Network& network, const Quantities& quantities);

//! Value, place and time of one violated limit, e.g. "3.420 % at bus_1113, 12:35".
std::string describe_violation(const Observed& observed, LimitBit limit);
//! One sentence per violated limit: value, place and time, e.g. "voltage_vdiff: 3.42 % at bus_1113, 12:35".
std::vector<std::string> describe_violations(const Observed& observed, std::uint32_t limits);
}  // namespace gridqueue
