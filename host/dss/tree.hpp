// Buses of a DssModel in depth-first order with the two-port of each branch.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Network with buses, branches and shunts; controls, loads and shapes are added by the caller. Without branches where
//! the buses are no tree.
Network build_tree(const DssModel& model, Obstacles& obstacles);

const DssBranch& find_branch(const DssModel& model, const std::string& element);
//! Child bus of a branch, which may be one of several between two buses.
BusId child_of(const Network& network, const DssBranch& branch);
//! Of an element. `winding` (from 1) chooses among the branches of a transformer with windings at three buses.
BusId child_of(const DssModel& model, const Network& network, const std::string& element, int winding = 1);

}  // namespace gridqueue
