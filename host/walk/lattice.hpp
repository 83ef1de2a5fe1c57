// All orders at once: the exact distribution over every one of the N! orders of a queue, without sampling.
//
// The states of a walk form a lattice; a state's probability is the sum over its predecessors of probability / (units
// left), and the cost that a unit triggers in a state is a number. So one pass over the lattice, level by level, gives
// every distribution below. The mean cost of a unit is its Shapley value where the order changes no total
// (order_gap.hpp).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "host/walk/orders.hpp"

namespace gridqueue {

struct ExactUnit {
  double mean_usd = 0, sd_usd = 0;
  double trigger_probability = 0, reject_probability = 0;
  std::map<double, double> distribution;          //!< cost [USD] -> probability
  std::vector<double> mean_by_position;           //!< [num_units] [USD], given the position
  std::vector<double> trigger_by_position;        //!< [num_units], given the position
  std::vector<double> mean_after;                 //!< [num_units] E[cost | that unit comes before] [USD], own entry NaN
  [[nodiscard]] double quantile(double p) const;  //!< smallest cost with at least this probability at or below it
};

struct ExactDistribution {
  std::vector<ExactUnit> units;
  std::map<double, double> total;           //!< total [USD] -> probability
  std::vector<double> triggers;             //!< [num_units + 1] probability of that many triggers in an order
  std::map<UpgradeSetId, double> upgrades;  //!< final set of lines -> probability
  std::map<UnitSet, double> rejected;       //!< units rejected in the end -> probability
  std::map<StateId, double> ends;           //!< state after the last unit -> probability
  std::size_t states = 0;
  std::vector<std::uint64_t> level_states;  //!< [num_units + 1] after so many units
};

struct LatticeOptions {
  std::size_t max_states = 20'000'000;  //!< of one queue
  std::string name = "all orders";      //!< for messages
  std::size_t slice = 200'000;  //!< steps worked out at once: a level of 20 units has 1.8 million, each some hundred
                                //!< bytes while it is tried
};

//! The least number of states, 2^N: that many where no line is ever upgraded and no unit rejected.
double lattice_states(std::size_t num_units);
//! Throws Error(input), with the advice to sample, where that is more than max_states. `what`: "all orders", of some
//! queue.
void check_least_states(std::size_t num_units, std::size_t max_states, const std::string& what = "all orders");

//! The walk of every order of one queue, level by level. Throws Error(input), with the advice to sample, when the
//! lattice has or grows beyond max_states states.
class LatticeCourse final : public Course {
 public:
  LatticeCourse(Walker& walker, LatticeOptions options, LevelProgress progress = {});
  ~LatticeCourse() override;

  std::span<const StateUnit> next() override;
  void take(std::span<const StepId> steps) override;
  [[nodiscard]] bool settled() const override;
  [[nodiscard]] ExactDistribution distribution() const;  //!< at the end

 private:
  class Lattice;
  std::unique_ptr<Lattice> lattice_;
};

ExactDistribution enumerate_orders(Walker& walker, const LatticeOptions& options = {},
                                   const LevelProgress& progress = {});

}  // namespace gridqueue
