// Parts of a feeder without a path to ground, such as those behind an ungrounded delta.
#pragma once
#include "gridqueue/network.hpp"
#include "host/dss/obstacles.hpp"

namespace gridqueue {

//! Marks what lies behind buses with an artificial path to ground (`grounding` [bus], [S]; 0 = none) and hears its
//! common mode. A real path to ground there would carry current that the artificial one takes: an obstacle.
void spread_floating(const std::vector<Complex>& grounding, Network& network, Obstacles& obstacles);
//! Loads from a node to ground there, likewise. Warns of buses that float.
void check_floating_loads(const Network& network, Obstacles& obstacles);

}  // namespace gridqueue
