// What the orders of one queue come to, filled alike by all orders at once (lattice.hpp) and by a sample of them
// (host/outcome/sample_statistics.hpp): both only say how likely an order takes a step.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

struct UnitDistribution {
  double mean_usd = 0, sd_usd = 0;  //!< of a sample: sd of the orders (n - 1)
  double trigger_probability = 0, reject_probability = 0;
  std::map<double, double> distribution;    //!< cost [USD] -> probability
  std::vector<double> mean_by_position;     //!< [num_units] [USD], given the position; NaN = no order has it there
  std::vector<double> trigger_by_position;  //!< [num_units], given the position
  std::vector<double> mean_after;           //!< [num_units] E[cost | that unit comes before] [USD], own entry NaN
  [[nodiscard]] double quantile(double p) const;  //!< smallest cost with at least this probability at or below it
};

struct OrderDistribution {
  std::vector<UnitDistribution> units;
  std::map<double, double> total;           //!< total [USD], to the cent -> probability
  std::vector<double> triggers;             //!< [num_units + 1] probability of that many triggers in an order
  std::map<UpgradeSetId, double> upgrades;  //!< final set of lines -> probability
  std::map<UnitSet, double> rejected;       //!< units rejected in the end -> probability
  std::map<StateId, double> ends;           //!< state after the last unit -> probability
  std::vector<std::uint64_t> level_states;  //!< [num_units + 1] after so many units; empty of a sample
};

//! Mean and standard deviation of a distribution: value -> probability.
struct Moments {
  double mean = 0, sd = 0;
};
Moments moments_of(const std::map<double, double>& distribution);

//! Adds up what orders do at each of their steps. Weights: probabilities, or numbers of orders.
class OrderSum {
 public:
  //! `all`: every order counts, so how often a unit stands somewhere needs no counting.
  OrderSum(std::size_t num_units, bool all);

  //! A step that orders of this weight take, from a state in which `considered` are considered.
  void add(const Step& step, const UnitSet& considered, double weight);
  //! A state that they end in, with lines for `usd`.
  void end(StateId id, const State& state, double usd, double weight);
  //! `triggers`: weight of the orders with that many; `whole`: of all orders.
  [[nodiscard]] OrderDistribution distribution(std::vector<double> triggers, double whole) const;

 private:
  [[nodiscard]] UnitDistribution unit(std::size_t u, double whole) const;

  std::size_t n_;
  bool all_;
  OrderDistribution sum_;                             //!< by_position, after: not divided yet
  std::vector<std::vector<double>> position_weight_;  //!< [unit][position] of the orders, where not all count
  std::vector<std::vector<double>> after_weight_;     //!< [unit][other unit]
};

}  // namespace gridqueue
