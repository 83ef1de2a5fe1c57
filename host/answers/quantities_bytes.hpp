// Quantities as bytes, for answers that hold for their limits only.
#pragma once
#include <span>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

Answer pack_quantities(const Quantities& quantities);
//! Throws Error(input) where the bytes are no quantities.
Quantities unpack_quantities(std::span<const std::uint8_t> bytes);

}  // namespace gridqueue
