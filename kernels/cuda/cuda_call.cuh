// Every CUDA call is checked: what fails throws DeviceFailed (gridqueue/machine.hpp), and says so where the error is
// sticky, so that nothing works on the device any more in this process.
#pragma once
#include <cuda_runtime.h>

namespace gridqueue {

//! Defined for the host compiler in cuda_evaluator.cpp.
[[noreturn]] void cuda_failed(const char* call, const char* reason, const char* file, int line, bool device_lost);

inline void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // clears what is not sticky
  const bool lost = cudaGetLastError() != cudaSuccess || cudaDeviceSynchronize() != cudaSuccess;
  cuda_failed(call, cudaGetErrorString(status), file, line, lost);
}

}  // namespace gridqueue

#define CUDA_CALL(call) ::gridqueue::check_cuda((call), #call, __FILE__, __LINE__)

namespace gridqueue {

//! Makes a device current until the end of the scope: for destructors, of which nobody expects that they leave another
//! one. What is wrong was said before.
class CurrentDevice {
 public:
  explicit CurrentDevice(int device) noexcept {
    cudaGetDevice(&before_);
    cudaSetDevice(device);
  }
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;
  ~CurrentDevice() { cudaSetDevice(before_); }

 private:
  int before_ = 0;
};

inline int current_device() {
  int device = 0;
  CUDA_CALL(cudaGetDevice(&device));
  return device;
}

}  // namespace gridqueue
