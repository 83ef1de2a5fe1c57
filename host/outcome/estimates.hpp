// How well a sample of orders tells what all orders come to: /estimate of a results file.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "host/outcome/sample_statistics.hpp"

namespace gridqueue {

//! Quantiles that are reported.
inline constexpr std::array kQuantiles = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

//! [USD]; a quantile is the smallest cost with at least that share of the orders at or below it.
struct CostEstimates {
  Estimate mean;
  std::array<Estimate, kQuantiles.size()> quantile;  //!< [kQuantiles]
};

struct UnitEstimates {
  Estimate trigger_probability;  //!< share of orders in which adding it in full violates a limit (rejected or not)
  Estimate reject_probability;
  CostEstimates pays;
};

struct OrderEstimates {
  std::uint64_t orders = 0;
  std::vector<UnitEstimates> units;
  CostEstimates total;
  std::vector<ConvergencePoint> convergence;
};

//! Of at least one order.
OrderEstimates estimate(const SampleStatistics& sample);

}  // namespace gridqueue
