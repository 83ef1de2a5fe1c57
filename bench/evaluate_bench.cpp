// AC evaluations per second, and OpenDSS's own daily solve beside them in the same run.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "bench/cases.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"

namespace gridqueue::bench {
namespace {

constexpr std::size_t kStates = 2048;

void evaluate(benchmark::State& state, Precision precision, Backend backend) {
  if (const auto why = backend_unavailable_reason(backend); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  const auto e = evaluator(precision, static_cast<int>(state.range(0)), backend);
  const StateBatch batch = states(fifteen_units(), backend == Backend::cuda ? 65536 : kStates);
  for (auto _ : state) benchmark::DoNotOptimize(e->evaluate(batch));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.size()));
  state.counters["power_flows/s"] = benchmark::Counter(
      static_cast<double>(batch.size() * radial().num_steps()) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(evaluate, ac_float_cpu, Precision::single, Backend::cpu)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_double_cpu, Precision::dual, Backend::cpu)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_float_cuda, Precision::single, Backend::cuda)->ArgName("threads")->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_double_cuda, Precision::dual, Backend::cuda)->ArgName("threads")->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

//! A bare `solve` of the 288 steps on the exported model with fifteen units, compile time left out.
void opendss_daily_solve(benchmark::State& state) {
  if (const auto why = dss_unavailable_reason(); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  DssState model;
  for (const Unit& u : fifteen_units().units) model.der.emplace_back(u.bus, u.kw);
  const auto folder = std::filesystem::temp_directory_path() / "gridqueue-bench-model";
  const std::string master = export_dss(radial(), model, folder.string());
  for (auto _ : state) state.SetIterationTime(solve_day_with_dss(master, radial()).seconds);
  state.SetItemsProcessed(state.iterations());
  std::filesystem::remove_all(folder);
}
BENCHMARK(opendss_daily_solve)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
}  // namespace gridqueue::bench

BENCHMARK_MAIN();
