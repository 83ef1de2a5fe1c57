// What stands only where the feeder does not reach (isolated.hpp, dead_nodes.hpp) takes no part in OpenDSS's days
// either: a load whose shape begins at 0 would leave a node without admittance there, and with it nothing that a
// solution of the whole circuit can be trusted for.
#pragma once
#include <set>
#include <string>

#include "host/dss/reader.hpp"

namespace gridqueue {

//! "bus.node", as OpenDSS names them.
std::set<std::string> node_names_of(const Network& network);
std::set<std::string> node_names_of(const DssModel& model);

//! Disables all elements none of whose conductors is at one of the nodes, unless a switch cut them off that a day will
//! set back.
void disable_left_out(DssEngine& dss, const std::set<std::string>& nodes);

}  // namespace gridqueue
