// How tap changers move the branches in which they stand.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Orders the regulators; refers each one's branch to ratio 1, as a bank of one per phase, as one that moves all nodes,
//! or as terms of their own (Regulator::node, gang, term).
void place_regulators(const DssModel& model, Network& network, Obstacles& obstacles);

}  // namespace gridqueue
