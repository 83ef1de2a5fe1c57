// The evaluator on a device: packs batches, runs them through DeviceDay, reads the quantities.
#pragma once
#include "kernels/device_day.hpp"

namespace gridqueue {

template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options);

}  // namespace gridqueue
