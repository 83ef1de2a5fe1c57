// What the orders of one queue among many say.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "host/outcome/cost_variance.hpp"
#include "host/outcome/final_states.hpp"
#include "host/outcome/sample_statistics.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {

//! [USD]; standard errors are 0 where all orders are known.
struct QueueUnit {
  BusId bus;
  double kw = 0;  //!< [kW]
  double mean_usd = 0, mean_se_usd = 0, sd_usd = 0;
  double min_usd = 0, median_usd = 0, p95_usd = 0, max_usd = 0;
  double deviation_usd = 0;  //!< mean over orders of |cost - mean|
  double trigger_probability = 0, trigger_se = 0, reject_probability = 0;
  std::vector<std::pair<double, double>> distribution;  //!< a cost [USD], rising, and its share of the orders
};

struct QueueTotal {
  double mean_usd = 0, mean_se_usd = 0, sd_usd = 0, min_usd = 0, max_usd = 0;
  double order_gap_usd = 0;  //!< largest_order_gap() of the walk
};

struct QueueOutcome {
  std::vector<QueueUnit> units;
  QueueTotal total;
  std::vector<BusId> lines;  //!< built in the end, by child bus: the most probable set
  double lines_probability = 0;
  std::vector<FinalState> ends;  //!< likely_ends(); `state` and `upgrades` count them, and mean nothing else
  std::uint64_t evaluations = 0;
  [[nodiscard]] QueueCosts costs() const;
};

//! Of all orders.
QueueOutcome queue_outcome(const Walker& walker, const ExactDistribution& exact);
//! Of the orders walked.
QueueOutcome queue_outcome(const Walker& walker, const Trajectories& orders, Sampling sampling);

}  // namespace gridqueue
