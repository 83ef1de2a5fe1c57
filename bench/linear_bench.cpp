// The linearized feeder beside AC: evaluations of one walk of 10,000 orders of fifteen units on one core, models made
// anew in every iteration. Time is that of the evaluator.
#include <benchmark/benchmark.h>

#include "bench/cases.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue::bench {
namespace {

//! As a study finds it for this queue: no line is upgraded in nearly all states.
LinearScope scope_of(const Queue& queue) {
  LinearScope scope;
  scope.sets.emplace().insert(Upgrades());
  for (const Unit& u : queue.units) scope.units.push_back(u.site);
  return scope;
}

void model_walk(benchmark::State& state, PowerFlow model) {
  const auto ac = evaluator(Precision::single, 1);
  const Queue queue = fifteen_units();
  const Orders orders = random_orders(queue.units.size(), 1, 0, 10000);
  double evaluations = 0;
  for (auto _ : state) {
    std::unique_ptr<LinearEvaluator> linear;
    if (model != PowerFlow::ac) linear = make_linear_evaluator(*ac, {model, scope_of(queue)});
    Walker walker(linear ? *linear : *ac, queue, upgrade_policy(*ac), HostingCapacityMode::none);
    benchmark::DoNotOptimize(walk_orders(walker, orders));
    evaluations += static_cast<double>(walker.counters().evaluations);
    state.SetIterationTime(walker.counters().evaluate_seconds);
    if (!linear) continue;
    const ModelCounters& done = linear->counters();
    state.counters["models"] = static_cast<double>(done.models);
    state.counters["build_ms"] = 1e3 * done.build_seconds;
    state.counters["ac_few"] = static_cast<double>(done.ac_few);
    state.counters["ac_near"] = static_cast<double>(done.ac_near);
  }
  state.counters["states/s"] = benchmark::Counter(evaluations, benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(model_walk, ac, PowerFlow::ac)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(model_walk, linear, PowerFlow::linear)->Unit(benchmark::kMillisecond)->UseManualTime();
BENCHMARK_CAPTURE(model_walk, screened, PowerFlow::screened)->Unit(benchmark::kMillisecond)->UseManualTime();

//! Batches of states of one set of lines, whose model is there: what a machine answers once it is under way.
void model_batch(benchmark::State& state, PowerFlow model, Backend backend) {
  if (const auto why = backend_unavailable_reason(backend); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  const auto ac = evaluator(Precision::single, 0, backend, kEmulatedDevice ? Mapping::lanes : Mapping::automatic);
  const Queue queue = fifteen_units();
  const auto linear = make_linear_evaluator(*ac, {model, scope_of(queue)});
  StateBatch batch;
  for (std::size_t i = 0; i < 4 * kDeviceStates; ++i) add_subset(batch, queue, i, UpgradeSetId(0));
  linear->evaluate(batch);
  for (auto _ : state) benchmark::DoNotOptimize(linear->evaluate(batch));
  state.counters["states/s"] =
      benchmark::Counter(static_cast<double>(batch.size()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(model_batch, linear_float_cuda, PowerFlow::linear, Backend::cuda)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(model_batch, screened_float_cuda, PowerFlow::screened, Backend::cuda)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace gridqueue::bench
