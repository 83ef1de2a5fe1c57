// The limits of a feeder: one table of what the verdict, files, JSON and printing know of each, and what its places may
// reach. Neutrals are judged by none of them (neutral_nodes(), unit_site.hpp).
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
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
  limit_convergence = 1u << 6,  //!< no solution of the power flow is found at some step, or its controls hunt
  limit_lv_vmax = 1u << 7,
  limit_lv_vmin = 1u << 8,
  limit_reverse_power = 1u << 9,
  limit_unbalance = 1u << 10,
};
constexpr int kNumLimits = 11;
//! Place of a limit in arrays by limit, and back.
constexpr std::size_t limit_index(LimitBit bit) {
  return static_cast<std::size_t>(std::countr_zero(std::uint32_t{bit}));
}
constexpr LimitBit limit_at(int index) { return static_cast<LimitBit>(1u << index); }

//! A limit that is not judged, and a quantity that no place has.
constexpr double kNotJudged = std::numeric_limits<double>::infinity();
constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

//! Limits and tolerances; the defaults are i2x's (docs/evaluation.md).
struct Limits {
  double vdiff_pct = 3.0, vdiff_tolerance_pct = 0.01;
  double vmax_pu = 1.05, vmin_pu = 0.95, voltage_tolerance_pu = 0.001;
  double emergency_pct = 100.0, emergency_tolerance_pct = 0.01;
  double normal_hours = 3.0, normal_hours_tolerance = 0.01;
  double island_p_fraction = 0.30, island_p_tolerance = 0.01;
  double island_q_fraction = 0.05, island_q_tolerance = 0.01;
  double lv_vmax_pu = 1.05, lv_vmin_pu = 0.95;  //!< at buses below 1 kV (low_voltage()); the same tolerance
  double reverse_power_kw = kNotJudged, reverse_power_tolerance_kw = 0.1;
  double unbalance_pct = kNotJudged, unbalance_tolerance_pct = 0.01;
};

//! What a limit is judged at, and how such a place is numbered: bus index, NodeId, child bus of a line or transformer,
//! area, 0 = the source or 1 + index of a regulator. Files count rows of /bus, /node, /element, /regulator.
enum class PlaceKind { none, bus, node, element, area, regulator };

//! One row of the table of limits. A limit without a `value` key has no quantity of its own (areas have flows). One
//! without a finite threshold is not judged.
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
    {limit_lv_vmax, "voltage_lv_vmax", "lv_vmax_pu", "lv_vmax_node", "lv_vmax_step", "lv_vmax_excess_pu",
     "lv_vmax_excess_node", "1", "pu", "pu", 4, PlaceKind::node, 1, &Limits::lv_vmax_pu, &Limits::voltage_tolerance_pu,
     "largest voltage per unit of a node below 1 kV", "highest below 1 kV"},
    {limit_lv_vmin, "voltage_lv_vmin", "lv_vmin_pu", "lv_vmin_node", "lv_vmin_step", "lv_vmin_excess_pu",
     "lv_vmin_excess_node", "1", "pu", "pu", 4, PlaceKind::node, -1, &Limits::lv_vmin_pu, &Limits::voltage_tolerance_pu,
     "smallest voltage per unit of a node below 1 kV", "lowest below 1 kV"},
    {limit_reverse_power, "reverse_power", "reverse_power_kw", "reverse_power_at", "reverse_power_step",
     "reverse_power_excess_kw", "reverse_power_excess_at", "kW", "kW", "kW", 1, PlaceKind::regulator, 1,
     &Limits::reverse_power_kw, &Limits::reverse_power_tolerance_kw,
     "largest active power towards the source through a regulator or the source", "reverse power"},
    {limit_unbalance, "unbalance", "unbalance_pct", "unbalance_bus", "unbalance_step", "unbalance_excess_pct",
     "unbalance_excess_bus", "percent", "%", "%-points", 3, PlaceKind::bus, 1, &Limits::unbalance_pct,
     &Limits::unbalance_tolerance_pct, "largest negative over positive sequence voltage of a three-phase bus",
     "voltage unbalance"},
}};
constexpr const LimitInfo& limit_info(LimitBit bit) { return kLimits[limit_index(bit)]; }

//! Limits with a quantity of their own, and the k-th of them in the order of the table.
constexpr std::size_t kNumQuantities = [] {
  std::size_t count = 0;
  for (const LimitInfo& l : kLimits) count += l.value != nullptr;
  return count;
}();
constexpr const LimitInfo& quantity_info(std::size_t k) {
  std::size_t row = 0;
  for (std::size_t seen = 0; !kLimits[row].value || seen++ < k;) ++row;
  return kLimits[row];
}

//! Whether the limit has a threshold; one that has no quantity of its own always has.
constexpr bool judged(const Limits& limits, LimitBit bit) {
  const LimitInfo& l = limit_info(bit);
  return !l.limit || limits.*l.limit < kNotJudged;
}

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
