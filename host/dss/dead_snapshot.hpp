// A snapshot that OpenDSS gives for a solution where its equations have none.
#pragma once
#include "host/dss/reader.hpp"

namespace gridqueue {

//! An obstacle where the source's bus has next to no voltage although the source has one, as where a node hangs on
//! nothing: with the elements at such nodes.
void check_snapshot(DssEngine& dss, const DssModel& model, Obstacles& obstacles);

}  // namespace gridqueue
