// Stands in for device_day.cu in a build without nvcc.
#include "gridqueue/contracts.hpp"
#include "kernels/device_day.hpp"

#if !defined(GRIDQUEUE_HAS_CUDA)
namespace gridqueue {

std::string cuda_unavailable_reason() {
  return "this gridqueue was built without CUDA; configure with nvcc on the PATH and -DGRIDQUEUE_CUDA=ON";
}

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>&) {
  fail(ExitCode::unavailable, "{}", cuda_unavailable_reason());
}
template std::unique_ptr<DeviceDay<float>> make_device_day(const CompiledFeeder<float>&);
template std::unique_ptr<DeviceDay<double>> make_device_day(const CompiledFeeder<double>&);

}  // namespace gridqueue
#endif
