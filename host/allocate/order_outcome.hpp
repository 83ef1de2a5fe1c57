// What the sharing rules take from the orders of a queue, whichever way they were walked.
#pragma once
#include "host/allocate/shapley.hpp"
#include "host/outcome/queue_outcome.hpp"

namespace gridqueue {

struct OrderOutcome {
  OrderSource source = OrderSource::all;
  std::vector<OrderCost> unit;   //!< [unit] what it pays as the trigger, over orders
  std::vector<double> accepted;  //!< [unit] probability that it is let in
  OrderCost total;
  std::vector<FinalState> ends;  //!< likely_ends()
  Upgrades upgrades{};           //!< the set that orders end with most often, whichever units are in
  double upgrades_probability = 0;
  double order_gap_usd = 0;  //!< largest_order_gap() of the walk
  [[nodiscard]] OrderGap gap() const { return {source, total.min, total.mean, total.max, order_gap_usd}; }
};

OrderOutcome outcome_of(const QueueOutcome& queue, OrderSource source, Sampling sampling = Sampling::independent);

}  // namespace gridqueue
