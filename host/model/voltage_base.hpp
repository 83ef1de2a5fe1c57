// Whether two buses have one voltage base: only then is a line or regulator the same in volts and per unit.
#pragma once
#include <cmath>

#include "gridqueue/network.hpp"

namespace gridqueue {

inline bool same_base(const Bus& a, const Bus& b) { return std::abs(a.kv_base / b.kv_base - 1) < 1e-9; }

}  // namespace gridqueue
