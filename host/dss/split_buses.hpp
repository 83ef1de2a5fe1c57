// Rings that are none phase by phase: a bus whose phases nothing couples is as many buses.
#pragma once
#include "host/dss/loads.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Splits buses that lie in a loop, and elements between them, into what is coupled: parts "bus.1", "bus.2.3" with
//! DssBus::whole. Changes nothing where no bus lies in a loop.
void split_buses(const std::vector<DssLoad>& loads, DssModel& model);

}  // namespace gridqueue
