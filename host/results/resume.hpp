// Going on with a results file: how many rows of its tables are committed, and what its walk has learned.
#pragma once
#include "host/hdf5/h5.hpp"
#include "host/results/growing_table.hpp"
#include "host/results/provenance.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! Rows of the growing tables at the last commit; anything beyond was cut off in the middle.
layout::RowCounts committed_rows(const h5::File& file);
void write_committed_rows(h5::File& file, const layout::RowCounts& rows);

//! Throws Error(input) that names what differs: a run goes on only with the same study on the same feeder and backend.
void check_same_run(const h5::File& file, const Provenance& now);
//! And the same queue.
void check_resumable(const h5::File& file, const Provenance& now, const Queue& queue, const Network& network);

//! All that is committed; no state where nothing is. Not in the file: what limits an upgrade walk has passed on its
//! way, which is worked out again where it matters.
WalkRecord read_walk(const h5::File& file, const Network& network);
//! The same without limit quantities and counters: who decided what.
WalkRecord read_decisions(const h5::File& file);

//! [upgrade_set].
std::vector<Upgrades> read_upgrade_sets(const h5::File& file);

//! Steps of committed orders.
Trajectories read_trajectories(const h5::File& file, std::uint64_t first, std::uint64_t count);

}  // namespace gridqueue
