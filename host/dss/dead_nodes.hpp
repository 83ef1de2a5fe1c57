// Phases behind a conductor that is open.
#pragma once
#include "host/dss/loads.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Whether a conductor of a branch's end leads nowhere: OpenDSS takes its row out of the element's admittance.
bool is_open(const DssBranch& branch, std::size_t end, std::size_t conductor);

//! Leaves out nodes that only open conductors of lines, or none, lead to, with what stands between them and ground, and
//! says so. What bridges such a node and another is an obstacle: the node then has a voltage that nothing but loads
//! hold.
void leave_out_dead_nodes(DssModel& model, std::vector<DssLoad>& loads, Obstacles& obstacles);

}  // namespace gridqueue
