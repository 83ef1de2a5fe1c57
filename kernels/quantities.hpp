// From output rows to Quantities, and the verdict on the limits. Host only.
#pragma once
#include <cstddef>

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
template <class Real>
struct RowReader {
  const Real* data;       //!< of row `first`
  std::ptrdiff_t stride;  //!< between rows
  std::int32_t first = 0;
  double operator()(std::int32_t row) const { return static_cast<double>(data[(row - first) * stride]); }
};

template <class Real>
Quantities read_quantities(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row,
                           const Limits& limits, const Thresholds& pass);

}  // namespace gridqueue
