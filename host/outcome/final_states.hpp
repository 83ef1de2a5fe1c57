// Where orders end: which units are in, which lines were upgraded, and how likely that is.
#pragma once
#include <vector>

#include "host/walk/order_distribution.hpp"
#include "host/walk/walk_view.hpp"

namespace gridqueue {

struct FinalState {
  StateId state;      //!< row of /state in a results file; none where states are not kept
  UnitSet in;         //!< units accepted
  Upgrades upgrades;  //!< built, ascending
  double probability = 0;
};

//! Final states that are looked at one by one: the most probable ones, until they make up this share of the orders, and
//! at most so many.
constexpr double kLikelyEnds = 0.999;
constexpr std::size_t kMostEnds = 16;
//! Most probable first; of equally probable ones the one with the smaller state.
std::vector<FinalState> likely_ends(const WalkView& walk, const OrderDistribution& orders);

}  // namespace gridqueue
