// The order in which the units of a queue really stand, among all its orders.
#pragma once
#include <vector>

#include "host/outcome/queue_outcome.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! A cost of the actual order, and the shares of the other orders in which it is lower, and in which it is not higher
//! (to the cent). The percentile lies between the two.
struct RankedCost {
  double usd = 0;  //!< [USD]
  double less = 0, at_most = 0;
};

//! What one unit meets at its place.
struct ActualUnit {
  UnitId unit;
  Decision decision = Decision::accept;
  std::uint32_t limits = 0;  //!< LimitBit's
  RankedCost cost;
};

struct ActualOrder {
  std::vector<ActualUnit> units;  //!< [position]
  RankedCost total;
};

//! Of `usd` among the values of a distribution.
RankedCost ranked(double usd, const Masses& distribution);

//! `walked`: that one order; `queue`: what all orders of the queue say.
ActualOrder actual_order(const Walker& walker, const Trajectories& walked, const QueueOutcome& queue);

}  // namespace gridqueue
