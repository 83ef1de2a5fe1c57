// OpenDSS's own day of the model as it stands.
#pragma once
#include "gridqueue/network.hpp"
#include "host/dss/engine.hpp"

namespace gridqueue {

//! Solves the day step by step in the compiled circuit (which is left at its end).
BaseCase solve_base_case(DssEngine& dss, const Network& network);

}  // namespace gridqueue
