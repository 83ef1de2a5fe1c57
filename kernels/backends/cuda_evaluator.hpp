// The evaluator on devices: packs batches, runs them through DeviceDay, reads the quantities.
#pragma once
#include <functional>
#include <vector>

#include "kernels/device/device_day.hpp"

namespace gridqueue {

template <class Real>
using DeviceDays = std::vector<std::unique_ptr<DeviceDay<Real>>>;

template <class Real>
using MakeDays = std::function<DeviceDays<Real>(const CompiledFeeder<Real>&)>;

//! Batches spread over the devices of `make_days`; no result depends on how many there are.
template <class Real>
std::unique_ptr<Evaluator> make_batched_evaluator(const Network& network, const EvaluatorOptions& options,
                                                  const MakeDays<Real>& make_days);

//! On the CUDA devices that the options name.
template <class Real>
std::unique_ptr<Evaluator> make_cuda_evaluator(const Network& network, const EvaluatorOptions& options);

}  // namespace gridqueue
