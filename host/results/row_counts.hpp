// How many rows the growing tables of a results file have.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/results/growing_table.hpp"

namespace gridqueue {

layout::RowCounts read_row_counts(const h5::File& file);
void write_row_counts(h5::File& file, const layout::RowCounts& counts);

}  // namespace gridqueue
