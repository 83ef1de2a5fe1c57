// The states in which the orders of a results file end.
#pragma once
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/outcome/final_states.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

//! Of all orders, most probable first. Reads orders in pieces, so memory does not grow with them.
std::vector<FinalState> read_final_states(const h5::File& f, const ResultsInfo& info);

}  // namespace gridqueue
