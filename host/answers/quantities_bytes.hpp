// Quantities as bytes, for answers that hold for their limits only.
#pragma once
#include <span>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! In place of what the answer held.
void pack_quantities(const Quantities& quantities, Answer& bytes);
//! Throws Error(input) where the bytes are no quantities of this network.
Quantities unpack_quantities(std::span<const std::uint8_t> bytes, const Network& network);

}  // namespace gridqueue
