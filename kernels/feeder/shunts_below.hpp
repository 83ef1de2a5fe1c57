// What anticipating currents needs to know of shunts. Host only.
#pragma once
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! What stands at every bus and below, capacitors as they are at first, as seen from it: BusRecord::shunts_below.
template <class Real>
void add_shunts_below(std::int32_t num_nodes, CompiledFeeder<Real>& feeder);

}  // namespace gridqueue
