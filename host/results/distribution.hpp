// /distribution of a file that keeps the orders of one queue: what its rows of /queue, /mass and /total leave out.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/outcome/queue_outcome.hpp"

namespace gridqueue {

//! Replaces what was there.
void write_distribution(h5::File& file, const OrderDistribution& orders);
//! `outcome`: the queue's, with its masses. `ends` are left out: those that count are the outcome's.
OrderDistribution read_distribution(const h5::File& file, const QueueOutcome& outcome);

}  // namespace gridqueue
