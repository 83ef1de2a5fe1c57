// Buses of a DssModel in depth-first order with the two-port of each branch.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Network with buses, branches and shunts; controls, loads and shapes are added by the caller. Without branches where
//! the buses are no tree.
Network build_tree(const DssModel& model, Obstacles& obstacles);

const DssBranch& find_branch(const DssModel& model, const std::string& element);
//! Child bus of a branch element, which may be one of several between two buses.
BusId child_of(const DssModel& model, const Network& network, const std::string& element);

}  // namespace gridqueue
