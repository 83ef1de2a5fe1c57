// Why units pay what they pay, over many queues: the variance of a unit's cost in three parts.
//
// X = cost of unit u of queue q in order o. By the law of total variance, twice (E and V over what the index names):
//   V X = E_q E_u V_o X  +  E_q V_u E_o X  +  V_q E_u E_o X
//         order             place and size    queue
// Means over sampled orders carry errors, which add to the second and third part what they scatter: taken off.
#pragma once
#include <span>
#include <vector>

#include "host/statistics/statistics.hpp"

namespace gridqueue {

//! What one queue tells of it.
struct QueueCosts {
  std::vector<QueueMoments> unit;  //!< [num_units] over its orders [USD]
  QueueMoments total;              //!< of an order's total [USD]
};

struct CostVariance {
  double order = 0;  //!< [USD^2] the same unit in another order of the same queue
  double unit = 0;   //!< [USD^2] units of one queue, means over orders: place and size
  double queue = 0;  //!< [USD^2] queues, means over orders and units
  [[nodiscard]] double sum() const { return order + unit + queue; }
};

//! Needs at least two queues.
CostVariance cost_variance(std::span<const QueueCosts> queues);

//! Shares of the sum with their standard errors (jackknife over at most 100 groups of queues).
struct CostShares {
  Estimate order, unit, queue;
};
CostShares cost_shares(std::span<const QueueCosts> queues);

}  // namespace gridqueue
