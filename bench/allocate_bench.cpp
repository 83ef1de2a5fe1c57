// Sharing rules after a walk, and bases of linear programs in batches.
#include <benchmark/benchmark.h>

#include "bench/cases.hpp"
#include "host/allocate/study_sharing.hpp"
#include "host/policy/upgrade_policy.hpp"

namespace gridqueue::bench {
namespace {

//! As fifteen_units(), up to 1000 kW: nearly every order ends with lines of its own.
Queue fifteen_large_units() {
  Queue q = fifteen_units();
  for (std::size_t u = 0; u < q.units.size(); ++u) q.units[u].kw = 50 + static_cast<double>((u * 577) % 951);
  return q;
}

//! All five rules from what random orders came to; the walk is not counted.
void allocate(benchmark::State& state, const Queue& queue, std::size_t orders) {
  const auto walk = evaluator(Precision::single, 2);
  Walker walker(*walk, queue, upgrade_policy(*walk), HostingCapacityMode::none);
  const Trajectories t = walk_orders(walker, random_orders(queue.units.size(), 1, 0, orders));
  SampleStatistics sample(queue.units.size(), Sampling::independent);
  sample.append(walker, t);
  const StudyOrders study{queue, upgrade_policy(*walk),
                          outcome_of(sum_up(view_of(walker), sample, false).outcome, OrderSource::random)};
  std::size_t programs = 0;
  for (auto _ : state) {
    const auto exact = sharing_evaluator(*walk);
    programs = share_study(*exact, study).programs.size();
  }
  state.counters["programs"] = static_cast<double>(programs);
}
BENCHMARK_CAPTURE(allocate, fifteen_units, fifteen_units(), 10000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(allocate, fifteen_large_units, fifteen_large_units(), 500)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

//! 1,000 bases of 64 variables: factors, inverses, solutions.
void basis_batch(benchmark::State& state, Backend backend) {
  if (const auto why = backend_unavailable_reason(backend); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  constexpr std::size_t n = 64, size = 1000;
  BasisBatch batch{n, std::vector<double>(size * n * n), std::vector<double>(size * n, 1),
                   std::vector<double>(size * n, 1)};
  for (std::size_t i = 0; i < batch.a.size(); ++i)
    batch.a[i] = static_cast<double>((i * 2654435761u) % 1000) / 1000 + (i % (n * n) % (n + 1) == 0 ? n : 0);
  const auto solver = backend == Backend::cpu ? make_cpu_basis_solver() : make_cuda_basis_solver(0);
  for (auto _ : state) benchmark::DoNotOptimize(solver->solve(batch));
  state.counters["bases/s"] = benchmark::Counter(static_cast<double>(size) * static_cast<double>(state.iterations()),
                                                 benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(basis_batch, cpu, Backend::cpu)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(basis_batch, cuda, Backend::cuda)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace gridqueue::bench
