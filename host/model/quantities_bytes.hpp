// Quantities as few bytes, to the last bit: what a walk remembers of a state, and answers that hold for their limits
// only.
//
// violations (4 bytes), flags, near, then each limit: a byte that says what is there, and that. A number takes no byte
// where it is 0 or "no value", 4 where a float holds it, else 8; a place or step 1 to 5 (LEB128 of itself plus one, so
// that -1 is 0). Taps, areas and lists of buses follow likewise. Some 300 bytes where a Quantities takes 700.
#pragma once
#include <span>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! Raised whenever the bytes mean something else.
constexpr int kQuantitiesBytesVersion = 2;

//! In place of what `bytes` held.
void pack_quantities(const Quantities& quantities, std::vector<std::uint8_t>& bytes);
//! Throws Error(input) where the bytes are none. Their places are not judged.
Quantities unpack_quantities(std::span<const std::uint8_t> bytes);
//! Quantities::violations alone, of bytes that pack_quantities() made.
std::uint32_t packed_violations(std::span<const std::uint8_t> bytes);

}  // namespace gridqueue
