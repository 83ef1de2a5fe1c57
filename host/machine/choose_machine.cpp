#include <omp.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "kernels/ac/cpu_evaluator.hpp"
#include "kernels/backends/cuda_evaluator.hpp"
#include "kernels/team/team_cpu.hpp"

namespace gridqueue {
namespace {

//! "" where every device asked for can run.
std::string probe_devices(const EvaluatorOptions& options) {
  if (const std::string why = cuda_unavailable_reason(); !why.empty()) return why;
  const int count = cuda_device_count();
  for (int d : wanted_devices(options)) {
    if (d < 0 || d >= count) return fmt::format("CUDA device {} is not here ({} present)", d, count);
    if (const std::string why = device_problem(d, cuda_device_info(d)); !why.empty()) return why;
  }
  return "";
}

EvaluatorOptions on_cpu(EvaluatorOptions options) {
  options.backend = Backend::cpu;
  return options;
}

//! Teams of lanes as a GPU runs them, on the CPU.
template <class Real>
std::unique_ptr<Evaluator> make_emulated(const Network& network, const EvaluatorOptions& options) {
  return make_batched_evaluator<Real>(network, on_cpu(options), [&](const CompiledFeeder<Real>& feeder) {
    DeviceDays<Real> devices;
    devices.push_back(make_emulated_team_day(feeder, options.team_size));
    return devices;
  });
}

std::unique_ptr<Evaluator> make_cpu(const Network& network, const EvaluatorOptions& options) {
  const bool single = options.precision == Precision::single;
  if (options.mapping == Mapping::team)
    return single ? make_emulated<float>(network, options) : make_emulated<double>(network, options);
  return single ? make_cpu_evaluator<float>(network, on_cpu(options))
                : make_cpu_evaluator<double>(network, on_cpu(options));
}

std::unique_ptr<Evaluator> make_cuda(const Network& network, const EvaluatorOptions& options) {
  return options.precision == Precision::single ? make_cuda_evaluator<float>(network, options)
                                                : make_cuda_evaluator<double>(network, options);
}

}  // namespace

std::string backend_unavailable_reason(Backend backend) {
  return backend == Backend::cuda ? cuda_unavailable_reason() : std::string();
}

std::vector<std::string> device_names(const EvaluatorOptions& options) {
  std::vector<std::string> names;
  for (int d : wanted_devices(options))
    names.push_back(fmt::format("{} (CUDA device {})", cuda_device_info(d).name, d));
  return names;
}

std::unique_ptr<Evaluator> make_evaluator(const Network& network, const EvaluatorOptions& options) {
  const int threads = options.threads > 0 ? options.threads : omp_get_max_threads();
  const BackendChoice choice = choose_backend(options, threads, [&] { return probe_devices(options); });
  const bool asked = options.backend != Backend::automatic;
  if (!asked) log_debug("backend: {} ({})", choice.backend == Backend::cuda ? "cuda" : "cpu", choice.reason);
  if (choice.backend == Backend::cpu) return make_cpu(network, options);
  if (asked) return make_cuda(network, options);
  try {
    return make_cuda(network, options);
  } catch (const Error& e) {
    if (e.code() != ExitCode::unavailable) throw;
    log_warn("backend: cpu (the device failed: {})", e.what());
    return make_cpu(network, options);
  }
}

}  // namespace gridqueue
