// Names of thresholds and tolerances: keys of a study's [limits], and of --limit.
#pragma once
#include <array>

#include "gridqueue/limits.hpp"

namespace gridqueue {

struct LimitKey {
  const char* name;
  double Limits::*member;
};
inline constexpr std::array kLimitKeys = {
    LimitKey{"vdiff_pct", &Limits::vdiff_pct},
    LimitKey{"vdiff_tolerance_pct", &Limits::vdiff_tolerance_pct},
    LimitKey{"vmax_pu", &Limits::vmax_pu},
    LimitKey{"vmin_pu", &Limits::vmin_pu},
    LimitKey{"lv_vmax_pu", &Limits::lv_vmax_pu},
    LimitKey{"lv_vmin_pu", &Limits::lv_vmin_pu},
    LimitKey{"voltage_tolerance_pu", &Limits::voltage_tolerance_pu},
    LimitKey{"emergency_pct", &Limits::emergency_pct},
    LimitKey{"emergency_tolerance_pct", &Limits::emergency_tolerance_pct},
    LimitKey{"normal_hours", &Limits::normal_hours},
    LimitKey{"normal_hours_tolerance", &Limits::normal_hours_tolerance},
    LimitKey{"island_p_fraction", &Limits::island_p_fraction},
    LimitKey{"island_p_tolerance", &Limits::island_p_tolerance},
    LimitKey{"island_q_fraction", &Limits::island_q_fraction},
    LimitKey{"island_q_tolerance", &Limits::island_q_tolerance},
    LimitKey{"reverse_power_kw", &Limits::reverse_power_kw},
    LimitKey{"reverse_power_tolerance_kw", &Limits::reverse_power_tolerance_kw},
    LimitKey{"unbalance_pct", &Limits::unbalance_pct},
    LimitKey{"unbalance_tolerance_pct", &Limits::unbalance_tolerance_pct},
};

//! A lower and an upper limit of one quantity.
struct LimitPair {
  const char *low_name, *high_name;
  double Limits::*low, Limits::*high;
};
inline constexpr std::array kLimitPairs = {
    LimitPair{"vmin_pu", "vmax_pu", &Limits::vmin_pu, &Limits::vmax_pu},
    LimitPair{"lv_vmin_pu", "lv_vmax_pu", &Limits::lv_vmin_pu, &Limits::lv_vmax_pu},
};

}  // namespace gridqueue
