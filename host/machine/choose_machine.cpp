#include <omp.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/machine/cpu_machine.hpp"
#include "host/machine/cuda_machine.hpp"
#include "kernels/device/backend_choice.hpp"

namespace gridqueue {

std::shared_ptr<Machine> choose_machine(const EvaluatorOptions& options) {
  const int threads = options.threads > 0 ? options.threads : omp_get_max_threads();
  const BackendChoice choice = choose_backend(options, threads, [&] { return devices_problem(options); });
  const bool cuda = choice.backend == Backend::cuda;
  if (options.backend == Backend::automatic) log_debug("backend: {} ({})", cuda ? "cuda" : "cpu", choice.reason);
  return cuda ? make_cuda_machine(options) : make_cpu_machine(options);
}

void tell_cpu_takes_over(const DeviceFailed& why) {
  log_warn("backend: cpu from here on, from the beginning (the device failed: {})", why.what());
}

std::unique_ptr<Evaluator> make_evaluator(const Network& network, const EvaluatorOptions& options) {
  if (options.machine) return options.machine->evaluator(network, options);
  const auto machine = choose_machine(options);
  try {
    return machine->evaluator(network, options);
  } catch (const Error& e) {
    if (options.backend != Backend::automatic || e.code() != ExitCode::unavailable) throw;
    log_warn("backend: cpu (the device failed: {})", e.what());
    return make_cpu_machine(options)->evaluator(network, options);
  }
}

}  // namespace gridqueue
