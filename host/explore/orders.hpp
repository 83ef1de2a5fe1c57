// Orders of a queue, and the walk of many orders level by level.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "host/explore/sampling.hpp"
#include "host/explore/walker_group.hpp"

namespace gridqueue {

//! [count][num_units], row-major: unit at each position.
struct Orders {
  std::size_t num_units = 0;
  std::vector<std::int32_t> unit;
  [[nodiscard]] std::size_t count() const { return num_units ? unit.size() / num_units : 0; }
};

//! Orders first .. first + count - 1 of the study: sorted Philox keys of (seed, realization, unit), the id breaks ties;
//! the same for any batching and number of threads. Antithetic: orders 2k and 2k + 1 are draw k and its reverse.
//! Every queue of a study of many has orders of its own.
Orders random_orders(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling = Sampling::independent, std::uint32_t queue = 0);

//! The step each order takes at each position, [realization][position].
struct Trajectories {
  std::size_t num_units = 0;
  std::vector<StepId> step;
  [[nodiscard]] std::size_t count() const { return num_units ? step.size() / num_units : 0; }
};

//! Walks all orders, one more unit per level; equal states of different orders are considered once.
//! `progress(level, num_units)` is called after each level.
Trajectories walk_orders(Walker& walker, const Orders& orders,
                         const std::function<void(std::size_t, std::size_t)>& progress = {});
//! The same for several walkers of one evaluator in lock step; orders[w] are of walkers[w]'s queue.
std::vector<Trajectories> walk_together(std::span<Walker* const> walkers, std::span<const Orders> orders,
                                        const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace gridqueue
