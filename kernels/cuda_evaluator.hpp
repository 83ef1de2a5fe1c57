// The CUDA launcher: one evaluation per thread. Without nvcc at build time only the reason is left.
#pragma once
#include <memory>
#include <string>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! "" where a usable device is found.
std::string cuda_unavailable_reason();

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options);

}  // namespace gridqueue
