// Where orders end: which units are in, which lines were upgraded, and how likely that is.
#pragma once
#include <map>
#include <vector>

#include "host/walk/lattice.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

struct FinalState {
  StateId state;  //!< row of /state in a results file
  UnitSet in;     //!< units accepted
  UpgradeSetId upgrades;
  std::vector<BusId> lines;  //!< upgraded, by child bus, ascending
  double probability = 0;
};

//! Most probable first; of equally probable ones the one with the smaller state.
void sort_final_states(std::vector<FinalState>& ends);
//! Final states that are looked at one by one: the most probable ones, until they make up this share of the orders, and
//! at most so many.
constexpr double kLikelyEnds = 0.999;
constexpr std::size_t kMostEnds = 16;
std::vector<FinalState> likely_ends(std::vector<FinalState> sorted);
//! Of all orders: after enumerate_orders() on the same walker.
std::vector<FinalState> final_states(const Walker& walker, const ExactDistribution& exact);
//! Of walked orders, each equally likely.
std::vector<FinalState> final_states(const Walker& walker, const Trajectories& orders);

}  // namespace gridqueue
