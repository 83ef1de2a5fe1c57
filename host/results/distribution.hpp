// The group /distribution of a results file: what holds over all orders of a queue, exactly.
#pragma once
#include <string>

#include "host/explore/lattice.hpp"

namespace gridqueue {

//! Adds the group to a closed results file; docs/results-format.md lists its datasets.
void write_distribution(const std::string& path, const ExactDistribution& exact);

}  // namespace gridqueue
