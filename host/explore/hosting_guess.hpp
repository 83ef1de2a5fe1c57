// Hosting capacities from good guesses.
#pragma once
#include "host/explore/hosting_capacity.hpp"

namespace gridqueue {

//! Where a faster model ends, and how the binding limit's excess grows there.
struct CapacityGuess {
  HostingCapacity found;
  double slope = 0;  //!< of limit_excess [per kW]; 0 = unknown
};

//! How far a quantity is beyond its limit with the tolerance, negative where it passes; NaN for limits that jump, and
//! for several at once. Without the base case's own violations: to guess with, not to judge.
double limit_excess(const Quantities& q, std::uint32_t limit, const Limits& limits);

//! What `bisect` would find if it went by the guess, proved: the lower end passes, the upper end violates a limit.
//! Wrong guesses are corrected by what the proof shows. `unlimited` where the guess is. Empty without guesses.
std::vector<HostingCapacity> close_guesses(Evaluator& evaluator, const std::vector<HostingQuery>& queries,
                                           const std::vector<std::vector<BusId>>& upgrade_sets,
                                           const HostingSearchOptions& options,
                                           const std::vector<CapacityGuess>& guesses);

}  // namespace gridqueue
