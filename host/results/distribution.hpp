// The group /distribution of a results file: what holds over all orders of a queue, exactly.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {

//! Writes or replaces the group; docs/results-format.md lists its datasets.
void write_distribution(h5::File& file, const ExactDistribution& exact);
//! Reads it back; `states` is not in the group.
ExactDistribution read_distribution(const h5::File& file);

}  // namespace gridqueue
