// What a sample of orders says of every unit, and when to stop sampling.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/statistics/tally.hpp"
#include "host/walk/order_distribution.hpp"
#include "host/walk/orders.hpp"
#include "host/walk/walk_view.hpp"

namespace gridqueue {

//! What the means were after so many orders.
struct ConvergencePoint {
  std::uint64_t orders = 0;
  std::vector<Estimate> mean_usd;  //!< [num_units]
};

//! Grows batch by batch, in order of the realizations; how they are split into batches changes no bit.
class SampleStatistics {
 public:
  SampleStatistics(std::size_t num_units, Sampling sampling);

  //! `steps`: of the walk, which may have learned more since the last call.
  void append(std::span<const Step> steps, const Trajectories& orders);
  void append(const Walker& walker, const Trajectories& orders) { append(walker.steps(), orders); }
  //! Keeps what the means were after 10, 13, 18, ... orders or pairs; before the first order.
  void track_convergence() { next_point_ = kFirstPoint; }

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

  [[nodiscard]] const std::vector<ConvergencePoint>& convergence() const { return convergence_; }
  //! All that the orders come to.
  [[nodiscard]] OrderDistribution distribution(const WalkView& walk) const;

 private:
  static constexpr double kFirstPoint = 10, kPointFactor = 1.333521432163324;  //!< clusters; 8 points a decade

  struct StepOutcome {
    std::uint32_t cost;  //!< the tally's code
    std::uint8_t unit;
    bool triggered, rejected;
  };
  StepOutcome outcome(const Step& step);
  void take(const StepOutcome& step);
  void finish_order();
  void keep_point();

  Sampling sampling_;
  std::uint64_t orders_ = 0;
  std::vector<Tally> cost_;                   //!< [num_units]
  std::vector<ShareTally> trigger_, reject_;  //!< [num_units]
  Tally total_;
  double open_total_ = 0;
  std::size_t open_triggers_ = 0;
  std::vector<StepOutcome> step_;     //!< [step] of the walk, the first ones
  std::vector<std::uint64_t> taken_;  //!< [step] orders that took it
  std::vector<double> triggers_;      //!< [num_units + 1] orders with that many triggers
  std::vector<ConvergencePoint> convergence_;
  double next_point_ = kInfinity;  //!< clusters
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
