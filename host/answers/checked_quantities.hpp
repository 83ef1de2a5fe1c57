// Limit quantities of a kept answer, whose places will be indices.
#pragma once
#include <span>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! Throws Error(input) where the bytes are no quantities (host/model/quantities_bytes.hpp) of this network.
Quantities checked_quantities(std::span<const std::uint8_t> bytes, const Network& network);

}  // namespace gridqueue
