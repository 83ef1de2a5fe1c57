// Which answers of the linearized feeder AC might decide otherwise. Host only.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <vector>

#include "kernels/ac/quantities.hpp"

namespace gridqueue {

//! How far from a limit a state is worth a second look in AC. Errors grow with a state's strength e, the largest
//! relative change of a unit's current from the base (about the voltage rise); fitted on states of 8 to 30 units of 50
//! to 1000 kW with up to four upgraded paths (docs/linear-model.md).
struct ScreeningMargins {
  double vdiff_pct = 0.004, vdiff_growth = 3;  //!< [%-points] a + b e^2
  double voltage_pu = 0.001;
  double loading = 0.005;  //!< relative
  //! Error of the controlled voltage that may move a tap, a + b e^3 sun^2.
  double controlled_pu = 3e-5, controlled_growth = 1;
  double controlled_overshoot = 0.02;  //!< of its distance from the set point, before taps have moved
  double tap_pu = 0.009;               //!< what a tap more adds to a voltage, and a little
  double flow = 0.005, flow_kva = 10;  //!< error of an area's power: relative to its largest, and at least
  double strength = 0.05;              //!< beyond it AC decides
};

struct Interval {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};

//! Answers at the edges of the margins, beside the quantities: over controlled voltages off by +-controlled_pu.
struct ScreeningRange {
  double strength2 = 0;
  bool near_hours = false;  //!< a loading off by `loading` changes the verdict on normal hours
  std::array<Interval, kNumLimits> limits{};
  Interval& operator[](LimitBit bit) { return limits[limit_index(bit)]; }
  const Interval& operator[](LimitBit bit) const { return limits[limit_index(bit)]; }
};

//! Margin of the voltage change [%-points].
inline double vdiff_margin(const ScreeningMargins& m, double strength2) {
  return m.vdiff_pct + m.vdiff_growth * strength2;
}

//! What of a monitored bus decides which line is upgraded first: the deepest bus above the limit that has one.
struct MonitorRank {
  std::vector<int> depth;        //!< branches to the source, by monitor
  std::vector<char> upgradable;  //!< some line on the way to the source can still be upgraded
};
MonitorRank rank_monitors(const Network& network, const std::vector<BusId>& monitors, const Upgrades& upgraded);

//! Why AC decides: the LimitBit's whose verdict could differ, and
enum NearBit : std::uint32_t {
  near_line = 1u << kNumLimits,             //!< another line could be upgraded first
  near_strength = 1u << (kNumLimits + 1),   //!< the state is beyond the model
  near_base_case = 1u << (kNumLimits + 2),  //!< the base case is beyond a limit: places have thresholds of their own
  near_feeder = 1u << (kNumLimits + 3),     //!< the feeder has what the model does not know
  near_phases = 1u << (kNumLimits + 4),     //!< a unit stands on some phases only
};
constexpr int kNumNear = kNumLimits + 5;
constexpr std::size_t near_index(NearBit bit) { return static_cast<std::size_t>(std::countr_zero(std::uint32_t{bit})); }
const char* near_name(int bit);  //!< a limit's name, "line", "strength", "base_case", "feeder" or "phases"

//! How AC could differ, 0 = not: another set of limits violated, or another line to upgrade first. `change_pct(m)` =
//! lowest and highest largest voltage change of monitor m [%].
template <class Change>
std::uint32_t near_limit(const Quantities& q, const ScreeningRange& range, const Limits& limits, const Thresholds& pass,
                         const ScreeningMargins& margins, const MonitorRank& rank, const Change& change_pct);

//! The limits alone, whose thresholds must be uniform.
std::uint32_t near_verdict(const Quantities& q, const ScreeningRange& range, const Limits& limits,
                           const Thresholds& pass, const ScreeningMargins& margins);

template <class Change>
std::uint32_t near_limit(const Quantities& q, const ScreeningRange& range, const Limits& limits, const Thresholds& pass,
                         const ScreeningMargins& margins, const MonitorRank& rank, const Change& change_pct) {
  if (const std::uint32_t near = near_verdict(q, range, limits, pass, margins)) return near;
  if (q.violations == 0) return 0;
  if (q.violations & ~(limit_vdiff | limit_island)) return near_line;  // which element comes first is AC's to say
  const double margin = vdiff_margin(margins, range.strength2);
  int certain = -1, possible = -1;
  for (std::size_t m = 0; m < rank.depth.size(); ++m) {
    if (!rank.upgradable[m]) continue;
    const auto [low, high] = change_pct(m);
    if (low > limits.vdiff_pct + margin) certain = std::max(certain, rank.depth[m]);
    else if (high > limits.vdiff_pct - margin) possible = std::max(possible, rank.depth[m]);
  }
  return possible >= certain && possible >= 0 ? std::uint32_t{near_line} : 0u;
}

}  // namespace gridqueue
