// What a sample of orders says of every unit, and when to stop sampling.
#pragma once
#include <cstdint>
#include <vector>

#include "host/explore/orders.hpp"
#include "host/explore/statistics.hpp"

namespace gridqueue {

//! Grows batch by batch, in order of the realizations; how they are split into batches changes no bit.
class SampleStatistics {
 public:
  SampleStatistics(std::size_t num_units, Sampling sampling);

  void append(const Walker& walker, const Trajectories& orders);

  [[nodiscard]] std::uint64_t orders() const { return orders_; }
  [[nodiscard]] std::size_t num_units() const { return cost_.size(); }
  [[nodiscard]] Sampling sampling() const { return sampling_; }
  [[nodiscard]] Estimate mean_usd(UnitId u) const { return cost_[u.index()].mean(); }
  [[nodiscard]] Estimate trigger_probability(UnitId u) const { return trigger_[u.index()].probability(); }
  [[nodiscard]] Estimate reject_probability(UnitId u) const { return reject_[u.index()].probability(); }
  [[nodiscard]] Estimate mean_total_usd() const { return total_.mean(); }

 private:
  Sampling sampling_;
  std::uint64_t orders_ = 0;
  std::vector<RunningMean> cost_, trigger_, reject_;  //!< [num_units]
  RunningMean total_;
};

enum class StopStatistic {
  mean,                 //!< every unit's mean cost [USD]
  total,                //!< the mean total [USD]
  trigger_probability,  //!< every unit's
};

struct StoppingRule {
  StopStatistic statistic = StopStatistic::mean;
  double half_width = 1000;  //!< of the 95 % interval, of the widest one where there is one per unit
  std::uint64_t min_orders = 1000;  //!< before that a rare cost may not have been seen, and its error looks like zero
  std::uint64_t max_orders = 1'000'000;
};

//! Widest half width of the rule's statistic so far.
double widest_half_width(const SampleStatistics& sample, const StoppingRule& rule);

//! How many orders to have walked before looking again; sample.orders() = stop. Few looks, each at a number of orders
//! that follows from the results alone, so that batches and restarts change nothing. (Every look is a chance to stop on a
//! lucky error: looking after every order would make the interval too narrow.)
std::uint64_t orders_needed(const SampleStatistics& sample, const StoppingRule& rule);

}  // namespace gridqueue
