// What the CUDA devices here are.
#include "kernels/cuda/cuda_call.cuh"
#include "kernels/device/device_day.hpp"

namespace gridqueue {

std::string cuda_unavailable_reason() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) return cudaGetErrorString(status);
  return count > 0 ? "" : "no CUDA device is present";
}

int cuda_device_count() {
  int count = 0;
  return cudaGetDeviceCount(&count) == cudaSuccess ? count : 0;
}

namespace {
double attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  CUDA_CALL(cudaDeviceGetAttribute(&value, which, device));
  return value;
}
}  // namespace

DeviceInfo cuda_device_info(int device) {
  cudaDeviceProp p{};
  CUDA_CALL(cudaGetDeviceProperties(&p, device));
  DeviceInfo info;
  info.name = p.name;
  info.major = p.major;
  info.minor = p.minor;
  CUDA_CALL(cudaSetDevice(device));
  CUDA_CALL(cudaMemGetInfo(&info.free_bytes, &info.total_bytes));
  info.multiprocessors = p.multiProcessorCount;
  info.shared_per_multiprocessor = p.sharedMemPerMultiprocessor;
  info.shared_per_block = p.sharedMemPerBlockOptin;
  info.threads_per_multiprocessor = p.maxThreadsPerMultiProcessor;
  info.clock_hz = 1e3 * attribute(cudaDevAttrClockRate, device);
  info.memory_bytes_per_s = 2e3 * attribute(cudaDevAttrMemoryClockRate, device) *
                            attribute(cudaDevAttrGlobalMemoryBusWidth, device) / 8;  // two transfers a clock
  return info;
}

}  // namespace gridqueue
