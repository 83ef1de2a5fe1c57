// Stands in for the .cu files in a build without nvcc.
#include "gridqueue/contracts.hpp"
#include "kernels/device/device_basis.hpp"
#include "kernels/device/device_day.hpp"
#include "kernels/device/device_linear.hpp"
#include "kernels/device/device_response.hpp"

#if !defined(GRIDQUEUE_HAS_CUDA)
namespace gridqueue {

std::string cuda_unavailable_reason() {
  return "this gridqueue was built without CUDA; configure with nvcc on the PATH and -DGRIDQUEUE_CUDA=ON";
}

int cuda_device_count() { return 0; }

DeviceInfo cuda_device_info(int) { fail(ExitCode::unavailable, "{}", cuda_unavailable_reason()); }

template <class Real>
std::unique_ptr<DeviceDay<Real>> make_device_day(const CompiledFeeder<Real>&, int, Mapping) {
  fail(ExitCode::unavailable, "{}", cuda_unavailable_reason());
}
template std::unique_ptr<DeviceDay<float>> make_device_day(const CompiledFeeder<float>&, int, Mapping);
template std::unique_ptr<DeviceDay<double>> make_device_day(const CompiledFeeder<double>&, int, Mapping);

template <class Real>
std::unique_ptr<DeviceLinear<Real>> make_device_linear(const CompiledFeeder<Real>&, int, const LinearRows&,
                                                       const LinearMargins<Real>&, std::size_t) {
  fail(ExitCode::unavailable, "{}", cuda_unavailable_reason());
}
template std::unique_ptr<DeviceLinear<float>> make_device_linear(const CompiledFeeder<float>&, int, const LinearRows&,
                                                                 const LinearMargins<float>&, std::size_t);
template std::unique_ptr<DeviceLinear<double>> make_device_linear(const CompiledFeeder<double>&, int, const LinearRows&,
                                                                  const LinearMargins<double>&, std::size_t);

std::unique_ptr<DeviceBasis> make_device_basis(int) { fail(ExitCode::unavailable, "{}", cuda_unavailable_reason()); }

std::unique_ptr<DeviceResponse> make_device_response(const SparseRows&, const OrderedFactors&, int) {
  fail(ExitCode::unavailable, "{}", cuda_unavailable_reason());
}

}  // namespace gridqueue
#endif
