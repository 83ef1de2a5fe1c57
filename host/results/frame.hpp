// What a results file says before any order is walked: where it comes from, the queue, names of places.
#pragma once
#include "host/explore/walker.hpp"
#include "host/hdf5/h5.hpp"
#include "host/results/provenance.hpp"

namespace gridqueue {

void write_frame(h5::File& file, const Provenance& provenance, const Walker& walker);
//! The meaning of flags, as CF spells it; needs the tables.
void describe_flags(h5::File& file);

}  // namespace gridqueue
