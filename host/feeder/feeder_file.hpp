// Our own feeder format (HDF5): every member of Network; docs/feeder-format.md lists the datasets.
#pragma once
#include <string>

#include "gridqueue/network.hpp"

namespace gridqueue {

void write_feeder(const Network& network, const std::string& path);
//! Throws Error(input) with the file's name when it is no feeder file of a version we read, or inconsistent.
Network read_feeder(const std::string& path);

}  // namespace gridqueue
