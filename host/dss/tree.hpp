// Buses of a DssModel in depth-first order with the two-port of each branch.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Network with buses, branches and shunts; controls, loads and shapes are added by the caller. Refuses meshes.
Network build_tree(const DssModel& model);

}  // namespace gridqueue
