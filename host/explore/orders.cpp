#include "host/explore/orders.hpp"

#include <algorithm>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "gridqueue/random.hpp"

namespace gridqueue {

Orders random_orders(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling) {
  Orders orders{num_units, std::vector<std::int32_t>(num_units * count)};
#pragma omp parallel for if (count > 4096)  // fewer are sorted before a team has started
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t order = first + k, draw = order / cluster_size(sampling);
    const bool reversed = order % cluster_size(sampling) == 1;
    std::vector<std::pair<std::uint64_t, std::int32_t>> keys(num_units);
    for (std::size_t u = 0; u < num_units; ++u)
      keys[u] = {random_bits(seed, Purpose::order, draw, static_cast<std::uint32_t>(u)), static_cast<std::int32_t>(u)};
    std::sort(keys.begin(), keys.end());
    if (reversed) std::reverse(keys.begin(), keys.end());
    for (std::size_t p = 0; p < num_units; ++p) orders.unit[k * num_units + p] = keys[p].second;
  }
  return orders;
}

Trajectories walk_orders(Walker& walker, const Orders& orders,
                         const std::function<void(std::size_t, std::size_t)>& progress) {
  const std::size_t n = orders.num_units, count = orders.count();
  GQ_EXPECT(n == walker.queue().units.size());
  Trajectories t{n, std::vector<StepId>(n * count)};
  std::vector<StateUnit> pairs(count);
  std::vector<StateId> state(count, walker.root());
  for (std::size_t position = 0; position < n; ++position) {
    for (std::size_t k = 0; k < count; ++k) pairs[k] = {state[k], UnitId(orders.unit[k * n + position])};
    const auto steps = walker.consider(pairs);
    for (std::size_t k = 0; k < count; ++k) {
      t.step[k * n + position] = steps[k];
      state[k] = walker.steps()[steps[k].index()].to;
    }
    if (progress) progress(position + 1, n);
  }
  return t;
}

}  // namespace gridqueue
