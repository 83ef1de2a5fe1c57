// Neutrals of loads that hang on nothing.
#pragma once
#include "host/dss/loads.hpp"
#include "host/dss/reader.hpp"

namespace gridqueue {

//! Loads at nodes that no other element and no source holds are obstacles; those nodes are taken out of the model, so
//! that nothing else is blamed for them.
void check_load_neutrals(const std::vector<DssLoad>& loads, DssModel& model, Obstacles& obstacles);

}  // namespace gridqueue
