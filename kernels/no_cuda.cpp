// Stands in for cuda_evaluator.cu in a build without nvcc.
#include "kernels/cuda_evaluator.hpp"

#include "gridqueue/contracts.hpp"

#if !defined(GRIDQUEUE_HAS_CUDA)
namespace gridqueue {

std::string cuda_unavailable_reason() {
  return "this gridqueue was built without CUDA; configure with nvcc on the PATH and -DGRIDQUEUE_CUDA=ON";
}

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network&, const EvaluatorOptions&) {
  fail(ExitCode::unavailable, "{}", cuda_unavailable_reason());
}
template std::unique_ptr<Evaluator> make_cuda_evaluator<float>(const Network&, const EvaluatorOptions&);
template std::unique_ptr<Evaluator> make_cuda_evaluator<double>(const Network&, const EvaluatorOptions&);

}  // namespace gridqueue
#endif
