// Admittances at a bus that sweeps cannot solve.
#pragma once
#include "gridqueue/network.hpp"
#include "host/dss/obstacles.hpp"

namespace gridqueue {

//! A sweep draws a bus's shunts at the last voltages: it only converges where they draw little through the impedance
//! of the way to the source. A grounded star in front of a delta, which is a shunt for zero sequence, may draw much.
void refuse_strong_shunts(const Network& network, Obstacles& obstacles);

}  // namespace gridqueue
