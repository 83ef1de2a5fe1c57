// AC evaluations per second, and OpenDSS's own daily solve beside them in the same run.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <map>

#include "bench/cases.hpp"
#include "bench/work.hpp"
#include "host/dss/engine.hpp"
#include "host/dss/export.hpp"
#include "host/dss/reference.hpp"

namespace gridqueue::bench {
namespace {

constexpr std::size_t kStates = 2048;

//! Counted and measured once per precision.
const Work& counted(Precision precision) {
  static const Work work[] = {count_work(Precision::single), count_work(Precision::dual)};
  return work[precision == Precision::dual];
}
const Peak& reachable(Precision precision, Backend backend) {
  static std::map<std::pair<Precision, Backend>, Peak> peaks;
  const auto [at, is_new] = peaks.try_emplace({precision, backend});
  if (is_new) at->second = backend == Backend::cuda ? device_peak(0, precision) : measure_core(precision);
  return at->second;
}

void evaluate(benchmark::State& state, Precision precision, Backend backend, Mapping mapping) {
  if (const auto why = backend_unavailable_reason(backend); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  const auto e = evaluator(precision, static_cast<int>(state.range(0)), backend, mapping);
  const StateBatch batch = states(fifteen_units(), backend == Backend::cuda ? kDeviceStates : kStates);
  for (auto _ : state) benchmark::DoNotOptimize(e->evaluate(batch));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.size()));
  const Work& work = counted(precision);
  const Peak& peak = reachable(precision, backend);
  const double evaluations = static_cast<double>(batch.size()) * static_cast<double>(state.iterations());
  const double parts = backend == Backend::cuda ? 1.0 : static_cast<double>(state.range(0));  // cores
  const auto rate = [&](const char* name, double per_evaluation) {
    state.counters[name] = benchmark::Counter(evaluations * per_evaluation, benchmark::Counter::kIsRate);
  };
  rate("power_flows/s", static_cast<double>(radial().num_steps()));
  rate("flops/s", work.flops);
  rate("instruction_share", work.instructions / (peak.instructions * parts));
  rate("bytes_share", (mapping == Mapping::team ? work.copied_bytes : work.bytes) / (peak.bytes * parts));
}

BENCHMARK_CAPTURE(evaluate, ac_float_cpu_lanes, Precision::single, Backend::cpu, Mapping::lanes)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_double_cpu_lanes, Precision::dual, Backend::cpu, Mapping::lanes)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_float_cuda_lanes, Precision::single, Backend::cuda, Mapping::lanes)
    ->ArgName("threads")
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_float_cuda_team, Precision::single, Backend::cuda, Mapping::team)
    ->ArgName("threads")
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_double_cuda_lanes, Precision::dual, Backend::cuda, Mapping::lanes)
    ->ArgName("threads")
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(evaluate, ac_double_cuda_team, Precision::dual, Backend::cuda, Mapping::team)
    ->ArgName("threads")
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

//! A bare `solve` of the 288 steps on the exported model with fifteen units, compile time left out.
void opendss_daily_solve(benchmark::State& state) {
  if (const auto why = dss_unavailable_reason(); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  DssState model;
  for (const Unit& u : fifteen_units().units) model.der.emplace_back(u.site, u.kw);
  const auto folder = std::filesystem::temp_directory_path() / "gridqueue-bench-model";
  const std::string master = export_dss(radial(), model, folder.string());
  for (auto _ : state) state.SetIterationTime(solve_day_with_dss(master, radial()).seconds);
  state.SetItemsProcessed(state.iterations());
  std::filesystem::remove_all(folder);
}
BENCHMARK(opendss_daily_solve)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
}  // namespace gridqueue::bench
