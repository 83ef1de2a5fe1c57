// What a results file says before any order is walked: where it comes from, the queue, names of places.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/results/provenance.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

//! Replaces an older results file, nothing else: a wrong --out must not cost anyone a file.
h5::File create_results_file(const std::string& path);
void write_seconds(h5::File& file, const RunSeconds& seconds);
void write_provenance(h5::File& file, const Provenance& provenance, const std::string& file_type);
//! Buses, nodes, elements; what a line costs is the walker's rule.
void write_places(h5::File& file, const Walker& walker);
//! Both, the queue, and the areas.
void write_frame(h5::File& file, const Provenance& provenance, const Walker& walker);
//! The meaning of flags, as CF spells it; needs the tables.
void describe_flags(h5::File& file);

}  // namespace gridqueue
