// cuBLAS, cuSOLVER and cuSPARSE are not emulated: what asks for them is told so and falls back on the CPU, as where a
// machine lacks them.
#include "gridqueue/contracts.hpp"
#include "kernels/device_basis.hpp"
#include "kernels/device_response.hpp"

namespace gridqueue {

std::unique_ptr<DeviceBasis> make_device_basis(int) {
  fail(ExitCode::unavailable, "cuBLAS cannot be used (this device is emulated)");
}

std::unique_ptr<DeviceResponse> make_device_response(const SparseRows&, const OrderedFactors&, int) {
  fail(ExitCode::unavailable, "cuSOLVER and cuSPARSE cannot be used (this device is emulated)");
}

}  // namespace gridqueue
