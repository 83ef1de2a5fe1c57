// Google Benchmark's own main, with what the figures depend on in the file's context.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/work.hpp"
#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/run/version.hpp"

namespace gridqueue::bench {
namespace {

void add_work(const char* precision, Precision p) {
  const Work w = count_work(p);
  const auto add = [&](const char* what, double value) {
    benchmark::AddCustomContext(fmt::format("{}_per_evaluation_{}", what, precision), fmt::format("{:.6g}", value));
  };
  add("flops", w.flops);
  add("instructions", w.instructions);
  add("workspace_bytes", w.bytes);
  add("sweeps", w.sweeps);
  for (const bool screened : {false, true}) {
    const LinearWork linear = count_linear_work(p, screened);
    const char* model = screened ? "screened" : "linear";
    const auto add_linear = [&](const char* what, double value) {
      benchmark::AddCustomContext(fmt::format("{}_per_{}_evaluation_{}", what, model, precision),
                                  fmt::format("{:.6g}", value));
    };
    add_linear("flops", linear.flops);
    add_linear("instructions", linear.instructions);
    add_linear("workspace_bytes", linear.bytes);
    add_linear("device_bytes", linear.memory);
    add_linear("copied_bytes", linear.copied);
    add_linear("model_bytes", linear.model);
  }
  const Peak core = measure_core(p);
  benchmark::AddCustomContext(fmt::format("core_instructions_per_s_{}", precision),
                              fmt::format("{:.6g}", core.instructions));
  benchmark::AddCustomContext(fmt::format("core_bytes_per_s_{}", precision), fmt::format("{:.6g}", core.bytes));
}

void add_machine() {
  EvaluatorOptions options;
  options.backend = Backend::cpu;
  benchmark::AddCustomContext("commit", program_commit());
  benchmark::AddCustomContext("compiler", GRIDQUEUE_COMPILERS);
  benchmark::AddCustomContext("cpu", choose_machine(options)->description());
  const std::string why = backend_unavailable_reason(Backend::cuda);
  options.backend = Backend::cuda;
  benchmark::AddCustomContext("device",
                              why.empty() ? choose_machine(options)->description() : fmt::format("none ({})", why));
}

}  // namespace
}  // namespace gridqueue::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return static_cast<int>(gridqueue::ExitCode::usage);
  gridqueue::bench::add_machine();
  gridqueue::bench::add_work("float", gridqueue::Precision::single);
  gridqueue::bench::add_work("double", gridqueue::Precision::dual);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
