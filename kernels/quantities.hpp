// From output rows to Quantities, and the verdict on the limits. Host only.
#pragma once
#include <functional>

#include "gridqueue/evaluation.hpp"
#include "kernels/compiled_feeder.hpp"

namespace gridqueue {

//! Largest values that still pass: limit + tolerance, or no worse than the base case.
struct Thresholds {
  double vdiff_pct, vmax_pu, vmin_pu, emergency_pct, normal_hours;
};
//! `base` = quantities without DER and upgrades; null for the base case itself.
Thresholds thresholds(const Limits& limits, const Quantities* base);

//! One evaluation's numbers by row of the workspace.
using RowReader = std::function<double(std::int32_t row)>;

template <class Real>
Quantities read_quantities(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader& row,
                           const Limits& limits, const Thresholds& pass);

}  // namespace gridqueue
