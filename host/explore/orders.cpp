#include "host/explore/orders.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "gridqueue/random.hpp"
#include "host/explore/parallel.hpp"

namespace gridqueue {

Orders random_orders(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling, std::uint32_t queue) {
  Orders orders{num_units, std::vector<std::int32_t>(num_units * count)};
#pragma omp parallel for if (count > 4096)  // fewer are sorted before a team has started
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t order = first + k, draw = order / cluster_size(sampling);
    const bool reversed = order % cluster_size(sampling) == 1;
    std::vector<std::pair<std::uint64_t, std::int32_t>> keys(num_units);
    for (std::size_t u = 0; u < num_units; ++u)
      keys[u] = {random_bits(seed, Purpose::order, draw, static_cast<std::uint32_t>(u), queue), static_cast<std::int32_t>(u)};
    std::sort(keys.begin(), keys.end());
    if (reversed) std::reverse(keys.begin(), keys.end());
    for (std::size_t p = 0; p < num_units; ++p) orders.unit[k * num_units + p] = keys[p].second;
  }
  return orders;
}

namespace {

//! Where every order of one queue stands.
class Front {
 public:
  Front(Walker& walker, const Orders& orders)
      : walker_(walker), orders_(orders), state_(orders.count(), walker.root()), pairs_(orders.count()),
        taken_{orders.num_units, std::vector<StepId>(orders.unit.size())} {
    GQ_EXPECT(orders.num_units == walker.queue().units.size());
  }
  std::span<const StateUnit> next() {
    if (position_ == orders_.num_units) return {};
#pragma omp parallel for if (pairs_.size() >= kParallelItems)
    for (std::size_t k = 0; k < pairs_.size(); ++k) pairs_[k] = {state_[k], UnitId(orders_.unit[k * orders_.num_units + position_])};
    return pairs_;
  }
  void take(std::span<const StepId> steps) {
    if (position_ == orders_.num_units) return;
#pragma omp parallel for if (steps.size() >= kParallelItems)
    for (std::size_t k = 0; k < steps.size(); ++k) {
      taken_.step[k * orders_.num_units + position_] = steps[k];
      state_[k] = walker_.steps()[steps[k].index()].to;
    }
    ++position_;
  }
  Trajectories trajectories() { return std::move(taken_); }

 private:
  Walker& walker_;
  const Orders& orders_;
  std::size_t position_ = 0;
  std::vector<StateId> state_;
  std::vector<StateUnit> pairs_;
  Trajectories taken_;
};

}  // namespace

std::vector<Trajectories> walk_together(std::span<Walker* const> walkers, std::span<const Orders> orders,
                                        const std::function<void(std::size_t, std::size_t)>& progress) {
  GQ_EXPECT(walkers.size() == orders.size());
  std::vector<Front> fronts;
  std::size_t levels = 0, items = 0;
  for (std::size_t w = 0; w < walkers.size(); ++w) {
    fronts.emplace_back(*walkers[w], orders[w]);
    levels = std::max(levels, orders[w].num_units);
    items += orders[w].count();
  }
  std::vector<std::span<const StateUnit>> pairs(walkers.size());
  for (std::size_t level = 0; level < levels; ++level) {
    for_each_parallel(fronts.size(), items, [&](std::size_t w) { pairs[w] = fronts[w].next(); });
    const auto steps = consider_together(walkers, pairs);
    for_each_parallel(fronts.size(), items, [&](std::size_t w) { fronts[w].take(steps[w]); });
    if (progress) progress(level + 1, levels);
  }
  std::vector<Trajectories> all;
  for (Front& f : fronts) all.push_back(f.trajectories());
  return all;
}

Trajectories walk_orders(Walker& walker, const Orders& orders, const std::function<void(std::size_t, std::size_t)>& progress) {
  Walker* const self = &walker;
  return std::move(walk_together({&self, 1}, {&orders, 1}, progress).front());
}

}  // namespace gridqueue
