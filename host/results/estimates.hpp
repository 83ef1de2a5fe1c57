// The group /estimate of a results file: what a sample of orders says of all orders, with its errors.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/outcome/summary.hpp"

namespace gridqueue {

//! Writes or replaces the group; docs/results-format.md lists its datasets.
void write_estimates(h5::File& file, const Summary& summary);

}  // namespace gridqueue
