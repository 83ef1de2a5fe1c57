#include "gridqueue/contracts.hpp"
#include "kernels/cpu_evaluator.hpp"
#include "kernels/cuda_evaluator.hpp"

namespace gridqueue {

std::string backend_unavailable_reason(Backend backend) {
  return backend == Backend::cpu ? std::string() : cuda_unavailable_reason();
}

std::unique_ptr<Evaluator> make_evaluator(const Network& network, const EvaluatorOptions& options) {
  const bool single = options.precision == Precision::single;
  if (options.backend == Backend::cpu)
    return single ? make_cpu_evaluator<float>(network, options) : make_cpu_evaluator<double>(network, options);
  if (const std::string why = cuda_unavailable_reason(); !why.empty())
    fail(ExitCode::unavailable, "the cuda backend cannot run here ({}); use --backend cpu", why);
  return single ? make_cuda_evaluator<float>(network, options) : make_cuda_evaluator<double>(network, options);
}

}  // namespace gridqueue
