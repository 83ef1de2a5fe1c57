// What a results file says before any order is walked: where it comes from, the queue, names of places.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/results/results_writer.hpp"

namespace gridqueue {

void write_seconds(h5::File& file, const RunSeconds& seconds);
//! Provenance, places, and of one queue whose orders are kept its units and areas.
void write_frame(h5::File& file, const NewResults& about);
//! The meaning of flags, as CF spells it; needs the tables.
void describe_flags(h5::File& file);

}  // namespace gridqueue
