// What the orders of one queue say: a row of /queue, with its masses and ends.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "host/outcome/cost_variance.hpp"
#include "host/outcome/estimates.hpp"
#include "host/outcome/final_states.hpp"
#include "host/outcome/order_gap.hpp"

namespace gridqueue {

//! Values [USD], rising, and their shares of the orders.
using Masses = std::vector<std::pair<double, double>>;

//! [USD]; standard errors are 0 where all orders are known.
struct QueueUnit {
  UnitSite site;
  double kw = 0;  //!< [kW]
  double mean_usd = 0, mean_se_usd = 0, sd_usd = 0;
  double min_usd = 0, median_usd = 0, p95_usd = 0, max_usd = 0;
  double deviation_usd = 0;  //!< mean over orders of |cost - mean|
  double trigger_probability = 0, trigger_se = 0, reject_probability = 0;
  Masses distribution;
};

struct QueueTotal {
  double mean_usd = 0, mean_se_usd = 0, sd_usd = 0, min_usd = 0, max_usd = 0;
  double deviation_usd = 0;
  double order_gap_usd = 0;  //!< largest_order_gap() of the walk
  Masses distribution;
};

struct QueueOutcome {
  std::uint64_t orders = 0;  //!< walked; 0 = all
  std::vector<QueueUnit> units;
  QueueTotal total;
  Upgrades upgrades;  //!< built in the end: the most probable set, of several the first
  double upgrades_probability = 0;
  std::vector<FinalState> ends;         //!< likely_ends()
  std::uint64_t evaluations_asked = 0;  //!< daily power flows that its orders need, each on its own; set by the run
  [[nodiscard]] QueueCosts costs() const;
  [[nodiscard]] OrderGap gap(OrderSource source) const {
    return {source, total.min_usd, total.mean_usd, total.max_usd, total.order_gap_usd};
  }
};

//! All that a file says of the orders of one queue.
struct QueueSums {
  QueueOutcome outcome;
  OrderDistribution orders;
  std::optional<OrderEstimates> estimates;  //!< of random orders
};

//! Numbers the sets that orders end with from 0, and returns them: where no other set of the walk is kept.
std::vector<Upgrades> number_final_sets(OrderDistribution& orders, const std::vector<Upgrades>& of_walk);

//! Of all orders.
QueueSums sum_up(const WalkView& walk, OrderDistribution orders);
//! Of at least one order that was walked; `random`: drawn, so that they speak for all.
QueueSums sum_up(const WalkView& walk, const SampleStatistics& sample, bool random);

}  // namespace gridqueue
