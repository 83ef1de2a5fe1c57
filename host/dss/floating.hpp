// Parts of a feeder without a path to ground, such as those behind an ungrounded delta.
#pragma once
#include "host/dss/loads.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Whether what stands at a floating bus leads to ground better than the artificial path, of so many S.
bool is_grounded_beside(const Bus& bus, double artificial);
//! Marks what lies behind buses with an artificial path to ground (`grounding` [bus], [S]; 0 = none) and hears its
//! common mode. A real path to ground there would carry current that the artificial one takes: an obstacle.
void spread_floating(const std::vector<Complex>& grounding, Network& network, Obstacles& obstacles);
//! Loads from a node to ground there, likewise, or the transformer whose open conductor lets them float.
void check_floating_loads(const std::vector<DssLoad>& loads, const DssModel& model, const Network& network,
                          Obstacles& obstacles);

}  // namespace gridqueue
