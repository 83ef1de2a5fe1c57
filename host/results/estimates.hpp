// /estimate: how well a sample of orders tells what all come to.
#pragma once
#include <optional>

#include "host/hdf5/h5.hpp"
#include "host/outcome/estimates.hpp"

namespace gridqueue {

//! Replaces what was there.
void write_estimates(h5::File& file, const OrderEstimates& estimates);

//! None where the file has none. Without its points of convergence, which only pictures want.
std::optional<OrderEstimates> read_estimates(const h5::File& file, std::size_t num_units);

}  // namespace gridqueue
