// What a sample of orders says of every unit, and when to stop sampling.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/statistics/tally.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! Grows batch by batch, in order of the realizations; how they are split into batches changes no bit.
class SampleStatistics {
 public:
  SampleStatistics(std::size_t num_units, Sampling sampling);

  void append(const Walker& walker, const Trajectories& orders);  //!< always of the same walker
  //! One unit of the order that is being added; finish_order() ends it.
  void add(UnitId unit, double cost_usd, bool triggered, bool rejected);
  void finish_order();

  [[nodiscard]] std::uint64_t orders() const { return orders_; }
  [[nodiscard]] std::size_t num_units() const { return cost_.size(); }
  [[nodiscard]] Sampling sampling() const { return sampling_; }
  [[nodiscard]] const Tally& cost_usd(UnitId u) const { return cost_[u.index()]; }
  [[nodiscard]] const Tally& total_usd() const {
    return total_;
  }  //!< to the cent: the same lines add up to the same total
  [[nodiscard]] Estimate trigger_probability(UnitId u) const {
    return trigger_[u.index()].probability();
  }  //!< rejected or not
  [[nodiscard]] Estimate reject_probability(UnitId u) const { return reject_[u.index()].probability(); }

 private:
  Sampling sampling_;
  std::uint64_t orders_ = 0;
  std::vector<Tally> cost_;                   //!< [num_units]
  std::vector<ShareTally> trigger_, reject_;  //!< [num_units]
  Tally total_;
  double open_total_ = 0;

  struct StepOutcome {
    std::uint32_t cost;  //!< the tally's code
    std::uint8_t unit;
    bool triggered, rejected;
  };
  std::vector<StepOutcome> step_;  //!< [step] of the walker, the first ones

  StepOutcome outcome(const Step& step);
};

enum class StopStatistic {
  mean,                 //!< every unit's mean cost [USD]
  total_mean,           //!< the mean total [USD]
  quantile,             //!< a quantile of every unit's cost [USD]
  total_quantile,       //!< the same of the total [USD]
  trigger_probability,  //!< every unit's
};

struct StoppingRule {
  StopStatistic statistic = StopStatistic::mean;
  double probability = 0.5;         //!< of the quantile
  double half_width = 1000;         //!< of the 95 % interval, of the widest one where there is one per unit
  std::uint64_t min_orders = 1000;  //!< before that a rare cost may not have been seen, and its error looks like zero
  std::uint64_t max_orders = 1'000'000;
  [[nodiscard]] std::string text() const;  //!< "mean within 1000 USD"
};

//! Widest half width of the rule's statistic so far; infinite before there are two clusters of orders.
double widest_half_width(const SampleStatistics& sample, const StoppingRule& rule);

//! How many orders to have walked before looking again; sample.orders() = stop. Few looks, each at a number of orders
//! that follows from the results alone, so that batches and restarts change nothing. (Every look is a chance to stop on
//! a lucky error: looking after every order would make the interval too narrow.)
std::uint64_t orders_needed(const SampleStatistics& sample, const StoppingRule& rule);

}  // namespace gridqueue
