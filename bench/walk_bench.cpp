// The table of hosting capacities, and walks of 10,000 orders.
#include <benchmark/benchmark.h>

#include "bench/cases.hpp"
#include "host/hosting/hosting_capacity.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue::bench {
namespace {

//! 53 buses to 0.1 kW on one core.
void hosting_capacity_table(benchmark::State& state) {
  const auto e = evaluator(Precision::single, 1);
  std::vector<HostingQuery> queries;
  for (BusId b : radial().candidate_buses) queries.push_back({{}, UpgradeSetId(0), b});
  for (auto _ : state) benchmark::DoNotOptimize(hosting_capacities(*e, queries, {{}}, HostingSearchOptions()));
}
BENCHMARK(hosting_capacity_table)->Unit(benchmark::kMillisecond)->UseRealTime();

//! 10,000 random orders on two cores, nothing written.
void walk(benchmark::State& state, const Queue& queue) {
  const auto e = evaluator(Precision::single, 2);
  const Orders orders = random_orders(queue.units.size(), 1, 0, 10000);
  double evaluations = 0;
  for (auto _ : state) {
    Walker walker(*e, queue, upgrade_policy(*e), HostingCapacityMode::none);
    benchmark::DoNotOptimize(walk_orders(walker, orders));
    evaluations = static_cast<double>(walker.counters().evaluations);
  }
  state.counters["evaluations"] = evaluations;
  state.counters["orders/s"] =
      benchmark::Counter(1e4 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(walk, notebook_8_units, notebook_queue())->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(walk, fifteen_units, fifteen_units())->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace gridqueue::bench
