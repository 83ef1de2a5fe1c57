// Devices, and what went wrong.
#include "tests/cuda_emulation/device/runtime.hpp"

#include <cstdio>
#include <cstdlib>

namespace cuda_emulation {
namespace {

thread_local int device_now = 0;
thread_local cudaError_t last_error = cudaSuccess;

}  // namespace

Runtime& runtime() {
  static auto* all = new Runtime;  // outlives whatever static objects free
  return *all;
}

cudaError_t done(cudaError_t status) {
  if (status != cudaSuccess) last_error = status;
  return status;
}

void refuse(const char* what) {
  std::fprintf(stderr, "emulated CUDA device: %s\n", what);
  std::abort();
}

int current_device() { return device_now; }

}  // namespace cuda_emulation

using namespace cuda_emulation;

cudaError_t cudaGetLastError() {
  const cudaError_t error = last_error;
  last_error = lost_with(device_now);
  return error;
}
cudaError_t cudaPeekAtLastError() { return last_error; }
const char* cudaGetErrorName(cudaError_t error) { return cudaGetErrorString(error); }
const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorInvalidConfiguration: return "invalid configuration argument";
    case cudaErrorInvalidDevice: return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle: return "invalid resource handle";
    case cudaErrorIllegalAddress: return "an illegal memory access was encountered";
    default: break;
  }
  return "unrecognized error code";
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = kDevices;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  if (device < 0 || device >= kDevices) return done(cudaErrorInvalidDevice);
  device_now = device;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
  *device = device_now;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int device) {
  if (device < 0 || device >= kDevices) return done(cudaErrorInvalidDevice);
  *p = {};
  std::snprintf(p->name, sizeof p->name, "CUDA emulated on the CPU for tests");
  p->major = compute_capability() / 10, p->minor = compute_capability() % 10;
  p->multiProcessorCount = 1, p->maxThreadsPerMultiProcessor = kThreadsPerMultiprocessor;
  p->sharedMemPerMultiprocessor = kSharedPerMultiprocessor, p->sharedMemPerBlockOptin = kSharedPerBlock;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: *value = 1024; break;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = kSharedUnasked; break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = kSharedPerBlock; break;
    case cudaDevAttrReservedSharedMemoryPerBlock: *value = kSharedReserved; break;
    case cudaDevAttrMaxGridDimX: *value = 0x7fffffff; break;
    case cudaDevAttrWarpSize: *value = kWarp; break;
    case cudaDevAttrComputeCapabilityMajor: *value = compute_capability() / 10; break;
    case cudaDevAttrComputeCapabilityMinor: *value = compute_capability() % 10; break;
    case cudaDevAttrClockRate:
    case cudaDevAttrMemoryClockRate:
    case cudaDevAttrGlobalMemoryBusWidth:
    case cudaDevAttrMultiProcessorCount: *value = 1; break;
    default: refuse("an attribute of the device is asked for that is not emulated");
  }
  return done(device < 0 || device >= kDevices ? cudaErrorInvalidDevice : cudaSuccess);
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  *total = kMemory;
  *free = kMemory - runtime().used[device_now];
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  drain_device(device_now);
  return cudaSuccess;
}
