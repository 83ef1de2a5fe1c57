// All orders at once: the exact distribution over every one of the N! orders of a queue, without sampling.
//
// The states of a walk form a lattice; a state's probability is the sum over its predecessors of probability / (units
// left), and the cost that a unit triggers in a state is a number. So one pass over the lattice, level by level, gives
// every distribution below. The mean cost of a unit is its Shapley value where the order changes no total
// (order_gap.hpp).
#pragma once
#include <string>

#include "host/walk/order_distribution.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

struct LatticeOptions {
  std::size_t max_states = 20'000'000;  //!< of one queue
  std::string name = "all orders";      //!< for messages
  std::size_t slice = 200'000;  //!< steps worked out at once: a level of 20 units has 1.8 million, each some hundred
                                //!< bytes while it is tried
  BeforeSlice before_slice{};
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
  [[nodiscard]] OrderDistribution distribution() const;  //!< at the end

 private:
  class Lattice;
  std::unique_ptr<Lattice> lattice_;
};

OrderDistribution enumerate_orders(Walker& walker, const LatticeOptions& options = {},
                                   const LevelProgress& progress = {});

}  // namespace gridqueue
