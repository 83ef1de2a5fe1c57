// What a results file keeps of the orders of its one queue.
#pragma once
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! Who decided what: states and steps without limit quantities.
struct Decisions {
  std::vector<State> states;
  std::vector<Step> steps;
  std::vector<Upgrades> upgrade_sets;
};
Decisions read_decisions(const h5::File& file);

//! [upgrade_set].
std::vector<Upgrades> read_upgrade_sets(const h5::File& file);

//! Steps of orders first .. first + count - 1.
Trajectories read_trajectories(const h5::File& file, std::uint64_t first, std::uint64_t count);

}  // namespace gridqueue
