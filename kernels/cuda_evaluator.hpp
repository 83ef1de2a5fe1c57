// The evaluator on devices: packs batches, runs them through DeviceDay, reads the quantities.
#pragma once
#include <vector>

#include "kernels/device_day.hpp"

namespace gridqueue {

template <class Real>
using DeviceDays = std::vector<std::unique_ptr<DeviceDay<Real>>>;

//! Batches spread over `devices`; no result depends on how many there are.
template <class Real>
std::unique_ptr<Evaluator> make_batched_evaluator(const Network& network, const EvaluatorOptions& options,
                                                  DeviceDays<Real> devices);

//! On the CUDA devices that the options name.
template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options);

}  // namespace gridqueue
