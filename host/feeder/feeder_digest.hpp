// One number for what a feeder is, whatever file it lies in.
#pragma once
#include <string>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! SHA-256 (hexadecimal) of every name and number of the network, as feeder_tables.hpp lists them: two networks have
//! the same one if and only if they are equal, bit by bit. No matter how HDF5 lays a file out, in which order, or what
//! else stands in it. A table or column that only some feeders have enters where this one has it, so that a new one
//! changes no digest of before.
std::string feeder_digest(const Network& network);

}  // namespace gridqueue
