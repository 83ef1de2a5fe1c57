// The linearized feeder on devices, whatever these are: tests emulate them.
#pragma once
#include <functional>
#include <vector>

#include "kernels/device/device_linear.hpp"
#include "kernels/linear/linear_launcher.hpp"

namespace gridqueue {

//! Makes the devices once the rows of an evaluation are known.
template <class Real>
using LinearDevices =
    std::function<std::vector<std::unique_ptr<DeviceLinear<Real>>>(const LinearRows&, const LinearMargins<Real>&)>;

//! Batches of all jobs together, spread over the devices; no answer depends on how many there are.
template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_device_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                  const Network& network, const LinearRules& rules,
                                                                  int threads, LinearDevices<Real> make);

//! On these CUDA devices. References are kept.
template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_cuda_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                const Network& network, const LinearRules& rules,
                                                                const std::vector<int>& devices, int threads);

}  // namespace gridqueue
