// What of a feeder's voltages its user should know.
#pragma once
#include "gridqueue/network.hpp"

namespace gridqueue {

//! Warns of buses without a path to ground, of deltas that are grounded at one place, and of buses whose base case is
//! far from their voltage base.
void tell_voltages(const Network& network);

}  // namespace gridqueue
