// /estimate: how well a sample of orders tells what all come to.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/outcome/estimates.hpp"

namespace gridqueue {

//! Replaces what was there.
void write_estimates(h5::File& file, const OrderEstimates& estimates);

}  // namespace gridqueue
