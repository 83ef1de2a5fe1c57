// The CPU launcher: one native vector of evaluations per group, groups spread over threads.
#pragma once
#include "kernels/ac/quantities.hpp"

namespace gridqueue {

//! With the vectors of this name (lane.hpp); make_cpu_evaluator chooses them.
template <class Vectors, class Real>
std::unique_ptr<Evaluator> make_vector_evaluator(const Network& network, const EvaluatorOptions& options);

template <class Real>
std::unique_ptr<Evaluator> make_cpu_evaluator(const Network& network, const EvaluatorOptions& options);

}  // namespace gridqueue
