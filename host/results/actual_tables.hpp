// /actual: the real order of the one queue among all its orders.
#pragma once
#include <optional>

#include "host/hdf5/h5.hpp"
#include "host/outcome/actual_order.hpp"

namespace gridqueue {

void write_actual(h5::File& file, const ActualOrder& actual);
//! None where the study has none. `num_units`: of the queue.
std::optional<ActualOrder> read_actual(const h5::File& file, std::size_t num_units);

}  // namespace gridqueue
