// The limits of a feeder: one table of what the verdict, files, JSON and printing know of each, and what its places may
// reach.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace gridqueue {

//! Which limits are violated; the bits of /order/limit in a results file.
enum LimitBit : std::uint32_t {
  limit_vdiff = 1u << 0,
  limit_vmax = 1u << 1,
  limit_vmin = 1u << 2,
  limit_emergency = 1u << 3,
  limit_normal_hours = 1u << 4,
  limit_island = 1u << 5,
  limit_convergence = 1u << 6,  //!< the power flow has no solution we can find
};
constexpr int kNumLimits = 7;
//! Place of a limit in arrays by limit, and back.
constexpr std::size_t limit_index(LimitBit bit) {
  return static_cast<std::size_t>(std::countr_zero(std::uint32_t{bit}));
}
constexpr LimitBit limit_at(int index) { return static_cast<LimitBit>(1u << index); }

//! Limits and tolerances; the defaults are i2x's (docs/evaluation.md).
struct Limits {
  double vdiff_pct = 3.0, vdiff_tolerance_pct = 0.01;
  double vmax_pu = 1.05, vmin_pu = 0.95, voltage_tolerance_pu = 0.001;
  double emergency_pct = 100.0, emergency_tolerance_pct = 0.01;
  double normal_hours = 3.0, normal_hours_tolerance = 0.01;
  double island_p_fraction = 0.30, island_p_tolerance = 0.01;
  double island_q_fraction = 0.05, island_q_tolerance = 0.01;
};

//! What a limit is judged at, and how such a place is numbered: bus index, node code (bus index * kMaxNodesPerBus +
//! position within the bus), child bus of a line or transformer, area. Files count rows of /bus, /node, /element.
enum class PlaceKind { none, bus, node, element, area };

//! One row of the table of limits. A limit without a `value` key has no quantity of its own (areas have flows).
struct LimitInfo {
  LimitBit bit;
  const char* name;                    //!< i2x's
  const char *value, *place, *step;    //!< keys in files and JSON; step null where the day has no one moment
  const char *excess, *excess_place;   //!< likewise
  const char* unit;                    //!< in files
  const char *symbol, *excess_symbol;  //!< printed
  int decimals;                        //!< printed
  PlaceKind kind;
  double sign;  //!< -1: a lower limit
  double Limits::*limit, Limits::*tolerance;
  const char *meaning, *label;  //!< in files, in print
};

constexpr std::array<LimitInfo, kNumLimits> kLimits = {{
    {limit_vdiff, "voltage_vdiff", "vdiff_pct", "vdiff_bus", "vdiff_step", "vdiff_excess_pct", "vdiff_excess_bus",
     "percent", "%", "%-points", 3, PlaceKind::bus, 1, &Limits::vdiff_pct, &Limits::vdiff_tolerance_pct,
     "largest voltage change between steps at a monitored bus", "largest voltage change"},
    {limit_vmax, "voltage_vmax", "vmax_pu", "vmax_node", "vmax_step", "vmax_excess_pu", "vmax_excess_node", "1", "pu",
     "pu", 4, PlaceKind::node, 1, &Limits::vmax_pu, &Limits::voltage_tolerance_pu, "largest node voltage per unit",
     "highest voltage"},
    {limit_vmin, "voltage_vmin", "vmin_pu", "vmin_node", "vmin_step", "vmin_excess_pu", "vmin_excess_node", "1", "pu",
     "pu", 4, PlaceKind::node, -1, &Limits::vmin_pu, &Limits::voltage_tolerance_pu, "smallest node voltage per unit",
     "lowest voltage"},
    {limit_emergency, "thermal_emerg", "emergency_pct", "emergency_element", "emergency_step", "emergency_excess_pct",
     "emergency_excess_element", "percent", "%", "%-points", 2, PlaceKind::element, 1, &Limits::emergency_pct,
     &Limits::emergency_tolerance_pct, "largest current over emergency rating", "emergency loading"},
    {limit_normal_hours, "thermal_norm_hrs", "normal_hours", "normal_hours_element", nullptr, "normal_hours_excess",
     "normal_hours_excess_element", "h", "h", "h", 2, PlaceKind::element, 1, &Limits::normal_hours,
     &Limits::normal_hours_tolerance, "longest time of an element above its normal rating", "above normal rating"},
    {limit_island, "island_pq", nullptr, nullptr, nullptr, nullptr, nullptr, "", "", "", 0, PlaceKind::area, 1, nullptr,
     nullptr, "", ""},
    {limit_convergence, "not_converged", nullptr, nullptr, nullptr, nullptr, nullptr, "", "", "", 0, PlaceKind::none, 1,
     nullptr, nullptr, "", ""},
}};
//! Limits with a quantity of their own; they come first.
constexpr std::size_t kNumQuantities = 5;
static_assert(kLimits[kNumQuantities - 1].value && !kLimits[kNumQuantities].value);
constexpr const LimitInfo& limit_info(LimitBit bit) { return kLimits[limit_index(bit)]; }

std::vector<std::string> limit_names(std::uint32_t bits);

//! What each place of one limit may reach: `limit`, or where the base case is beyond it (without any DER or upgrade)
//! the base case's own value, and the tolerance on top. Units are the limit's.
struct PlaceBounds {
  double limit = 0;
  double tolerance = 0;    //!< >= 0
  double sign = 1;         //!< -1: a lower limit
  std::vector<double> at;  //!< by place, where the base case is beyond the limit somewhere; else empty
  [[nodiscard]] bool uniform() const { return at.empty(); }
  [[nodiscard]] double bound(std::size_t place) const { return at.empty() ? limit : at[place]; }
  //! Last value that passes.
  [[nodiscard]] double pass(std::size_t place = 0) const { return bound(place) + sign * tolerance; }
  //! How far a value is beyond what passes; the verdict is "> 0".
  [[nodiscard]] double excess(double value, std::size_t place = 0) const { return sign * (value - pass(place)); }
  //! The base case has `value` at one of `places` places.
  void admit(std::size_t place, double value, std::size_t places);
};

//! "No worse than the base case", place by place: nodes in bus order, else by bus, child bus or area. The island's
//! quantity is island_excess (evaluation.hpp), which has its tolerance within.
class Thresholds {
 public:
  Thresholds() = default;
  explicit Thresholds(const Limits& limits);  //!< the same at every place
  PlaceBounds& operator[](LimitBit bit) { return bounds_[limit_index(bit)]; }
  const PlaceBounds& operator[](LimitBit bit) const { return bounds_[limit_index(bit)]; }
  [[nodiscard]] bool uniform() const;
  //! Some excess cannot be told from the extremes over all places and the rows that are kept anyway.
  [[nodiscard]] bool need_places() const;

 private:
  std::array<PlaceBounds, kNumLimits> bounds_;
};

}  // namespace gridqueue
