// What a state is, whoever asks: units by where they stand and how large they are, measures by what they are.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! Hash (XXH3, 128 bits) of a state's units by (bus, phases, kW) and upgrades by (element, kind, option), each sorted.
//! No number of a unit, cost, order or batch enters it. Among 10^12 states two are equal by chance once in 10^15.
struct StateKey {
  std::uint64_t low = 0, high = 0;
  friend constexpr auto operator<=>(const StateKey&, const StateKey&) = default;
};
struct StateKeyHash {
  std::size_t operator()(const StateKey& k) const { return k.low; }
};

//! The states with their units sorted as keys have them: whoever evaluates one evaluates the same.
StateBatch sorted_states(const StateBatch& states);
//! Of a state of a batch that is sorted so.
StateKey sorted_key(const StateBatch& states, std::size_t state);

}  // namespace gridqueue
