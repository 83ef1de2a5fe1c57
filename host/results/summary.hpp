// How the upgrade bill spreads over a queue's units, over all orders walked.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "host/explore/orders.hpp"

namespace gridqueue {

//! What a unit pays, over all orders. Quantiles interpolate linearly between neighbours.
struct UnitSummary {
  std::string bus;
  double kw = 0;
  double trigger_probability = 0;  //!< share of orders in which adding it in full violates a limit (rejected or not)
  double reject_probability = 0;
  double mean_usd = 0, sd_usd = 0;  //!< sd: of the sample (n - 1)
  double se_usd = 0;                //!< of the mean
  double median_usd = 0, p95_usd = 0, max_usd = 0;
};

struct TotalSummary {
  double mean_usd = 0, sd_usd = 0, min_usd = 0, max_usd = 0, median_usd = 0, p95_usd = 0;
  //! Distinct totals (to the cent) and their shares; largest shares first, at most 20.
  std::vector<std::pair<double, double>> distribution;
};

struct Summary {
  std::size_t orders = 0;
  std::vector<UnitSummary> units;
  TotalSummary total;
};

Summary summarize(const Walker& walker, const Trajectories& trajectories);

}  // namespace gridqueue
