// From output rows to Quantities, and the verdict on the limits. Host only.
#pragma once
#include <cstddef>

#include "gridqueue/evaluation.hpp"
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! One evaluation's numbers by row of the workspace.
template <class Real>
struct RowReader {
  const Real* data;       //!< of row `first`
  std::ptrdiff_t stride;  //!< between rows
  std::int32_t first = 0;
  double operator()(std::int32_t row) const { return static_cast<double>(data[(row - first) * stride]); }
};

//! Adds what the base case (no DER, no upgrades) reaches beyond the limits to what its places may reach. Node voltages
//! and loadings below the ratings count where the feeder keeps them (Keep). False where it does not converge.
template <class Real>
[[nodiscard]] bool admit_base_case(const CompiledFeeder<Real>& feeder, const Network& network,
                                   const RowReader<Real>& row, const Limits& limits, Thresholds& pass);

//! Only the extremes: no verdict, no hours, no areas.
template <class Real>
Quantities read_extremes(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row);

template <class Real>
Quantities read_quantities(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row,
                           const Limits& limits, const Thresholds& pass);

}  // namespace gridqueue
