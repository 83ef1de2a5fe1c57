// How the upgrade bill spreads over a queue's units, over all orders walked, and how well the orders tell it.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "host/outcome/sample_statistics.hpp"

namespace gridqueue {

//! Quantiles that are reported.
inline constexpr std::array kQuantiles = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

//! [USD]; a quantile is the smallest cost with at least that share of the orders at or below it. Intervals hold for
//! random orders only.
struct Spread {
  Estimate mean;
  double sd = 0, min = 0, max = 0;
  std::array<Estimate, kQuantiles.size()> quantile;  //!< [kQuantiles]
  [[nodiscard]] const Estimate& median() const { return quantile[2]; }
  [[nodiscard]] const Estimate& p95() const { return quantile[5]; }
};

struct UnitSummary {
  Estimate trigger_probability;  //!< share of orders in which adding it in full violates a limit (rejected or not)
  Estimate reject_probability;
  Spread pays;
};

//! Share of the orders whose total lies in [low, high]; low == high where few totals are distinct.
struct HistogramBin {
  double low = 0, high = 0, share = 0;
};
//! Of a distribution: value -> share.
std::vector<HistogramBin> histogram(const std::map<double, double>& distribution);

struct Summary {
  std::uint64_t orders = 0;
  std::vector<UnitSummary> units;
  Spread total;
  std::vector<HistogramBin> histogram;  //!< of the total, rising
};

Summary summarize(const SampleStatistics& sample);

}  // namespace gridqueue
