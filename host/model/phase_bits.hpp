// Nodes of a bus as bits, bit p - 1 = node p, and where the base case is by its voltage base.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue::phase_bits {

constexpr int kPhases = 3, kNodes = 4;
inline constexpr double kLowest = 0.7, kHighest = 1.3;  //!< of the voltage base, which is wrong beyond

inline std::uint8_t bit_of(int node) { return static_cast<std::uint8_t>(1u << (node - 1)); }
inline std::uint8_t both(std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a & b); }
inline std::uint8_t without(std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a & ~b); }
inline std::uint8_t either(std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a | b); }
inline bool has(std::uint8_t phases, int node) { return node >= 1 && node <= kNodes && (phases & bit_of(node)) != 0; }

inline std::vector<int> numbers_of(std::uint8_t phases) {
  std::vector<int> numbers;
  for (int node = 1; node <= kNodes; ++node)
    if (has(phases, node)) numbers.push_back(node);
  return numbers;
}

//! Positions of phases within a bus.
std::vector<int> nodes_of(const Bus& bus, std::uint8_t phases);
//! Of the voltage base: lowest and highest base-case voltage of the phases, to ground or between each two; 1 where
//! these are not known.
std::pair<double, double> base_range(const Bus& bus, const std::vector<int>& nodes);
bool base_is_wrong(const Bus& bus, const std::vector<int>& nodes);

}  // namespace gridqueue::phase_bits
