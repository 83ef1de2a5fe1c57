// The CUDA runtime on the CPU, for tests of the .cu files without a GPU: what they use of it, and no more.
//
// - Device memory is heap memory full of NaNs (as integers: far out of any range), so that what is read before it is
//   written shows, and AddressSanitizer sees every step beyond an allocation. Copies must name device memory of one
//   allocation on the device's side and none on the host's.
// - Streams, the legacy stream among them, are as late as CUDA allows: work in them is done when something waits for
// it,
//   so that results read or buffers reused too early show. What is copied from pageable memory may be reused at once,
//   but arrives as late as all else.
// - A kernel's arguments and what is copied to a device must hold no address of host memory, arguments none of another
//   device.
// - The threads of a block take turns: each runs up to its next barrier or shuffle, where all lanes must meet in the
//   same one (block.cpp). Every other block runs its threads from the last to the first, so that what passes between
//   threads without a barrier shows.
// It shows no timing, no weak memory order within a barrier's interval beyond these two orders, no overlap of streams.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <type_traits>

#include "tests/cuda_emulation/device/device.hpp"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __grid_constant__

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInvalidDevice = 101,
  cudaErrorInvalidResourceHandle = 400,
  cudaErrorIllegalAddress = 700,
};
enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2, cudaMemcpyDeviceToDevice = 3 };
enum cudaDeviceAttr {
  cudaDevAttrMaxThreadsPerBlock = 1,
  cudaDevAttrMaxGridDimX = 5,
  cudaDevAttrMaxSharedMemoryPerBlock = 8,
  cudaDevAttrWarpSize = 10,
  cudaDevAttrClockRate = 13,
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrMemoryClockRate = 36,
  cudaDevAttrGlobalMemoryBusWidth = 37,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
  cudaDevAttrMaxSharedMemoryPerBlockOptin = 97,
  cudaDevAttrReservedSharedMemoryPerBlock = 111,
};
enum cudaFuncAttribute { cudaFuncAttributeMaxDynamicSharedMemorySize = 8 };
struct cudaFuncAttributes {
  std::size_t sharedSizeBytes, localSizeBytes;
  int maxThreadsPerBlock, numRegs, ptxVersion, binaryVersion, maxDynamicSharedSizeBytes;
};
constexpr unsigned cudaStreamNonBlocking = 1, cudaEventDisableTiming = 2;

struct cudaDeviceProp {
  char name[256];
  int major, minor, multiProcessorCount, maxThreadsPerMultiProcessor;
  std::size_t sharedMemPerMultiprocessor, sharedMemPerBlockOptin;
};

using cudaStream_t = struct CUstream_st*;
using cudaEvent_t = struct CUevent_st*;
#define cudaStreamLegacy (reinterpret_cast<cudaStream_t>(1))

extern "C" {
cudaError_t cudaGetLastError();
cudaError_t cudaPeekAtLastError();
const char* cudaGetErrorName(cudaError_t error);
const char* cudaGetErrorString(cudaError_t error);

cudaError_t cudaGetDeviceCount(int* count);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDevice(int* device);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device);
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device);
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total);
cudaError_t cudaDeviceSynchronize();

cudaError_t cudaMalloc(void** data, std::size_t bytes);
cudaError_t cudaFree(void* data);
cudaError_t cudaMallocHost(void** data, std::size_t bytes);
cudaError_t cudaFreeHost(void* data);
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);
cudaError_t cudaMemset(void* to, int value, std::size_t bytes);
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream);
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream);

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags = 0);
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value);
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel);
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* kernel, int threads,
                                                          std::size_t shared);
}

namespace cuda_emulation {

//! As cudaMemcpyAsync, from memory that Thrust calls the device's: here that is the host's.
cudaError_t copy_from_thrust(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream);

//! Runs one block's threads on this thread of the host.
void run_block(const Grid& grid, unsigned block, const std::function<void()>& thread);

// Called by the threads of a block.
void* shared_memory();
enum class Meeting : int { none, syncwarp, any, shuffle, syncthreads, syncthreads_or };
void meet(Meeting meeting);
bool meet_any(Meeting meeting, bool mine);
//! What the lane `source` of the warp brings.
std::uint64_t shuffle(unsigned mask, std::uint64_t mine, int source);
int rank();  //!< in the warp
void check_mask(unsigned mask);

template <class T>
T shuffle_number(unsigned mask, T mine, int source) {
  static_assert(std::is_arithmetic_v<T>);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &mine, sizeof mine);
  bits = shuffle(mask, bits, source);
  std::memcpy(&mine, &bits, sizeof mine);
  return mine;
}

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Grid& grid, const Arguments&... arguments) {
  (check_pointers(&arguments, sizeof arguments, current_device()), ...);
  submit(reinterpret_cast<const void*>(kernel), grid, [grid, thread = std::function<void()>([kernel, arguments...] {
                                                               kernel(arguments...);
                                                             })](unsigned block) { run_block(grid, block, thread); });
}

}  // namespace cuda_emulation

//! How kernels/cuda/launch.cuh starts a kernel here, and what it takes for shared memory.
#define GQ_LAUNCH(kernel, blocks, threads, shared, stream, ...) \
  ::cuda_emulation::launch(kernel, ::cuda_emulation::Grid{blocks, threads, shared, stream}, __VA_ARGS__)
#define GQ_DYNAMIC_SHARED(name) auto* const name = static_cast<double*>(::cuda_emulation::shared_memory())

#if defined(GRIDQUEUE_EMULATED_THRUST)
#define cudaMemcpyAsync ::cuda_emulation::copy_from_thrust
#endif

struct CudaIndex {
  unsigned x = 0;
};
extern constinit thread_local CudaIndex threadIdx, blockIdx, blockDim;

inline void __syncwarp() { cuda_emulation::meet(cuda_emulation::Meeting::syncwarp); }
inline void __syncthreads() { cuda_emulation::meet(cuda_emulation::Meeting::syncthreads); }
inline int __syncthreads_or(int mine) {
  return cuda_emulation::meet_any(cuda_emulation::Meeting::syncthreads_or, mine != 0);
}
inline int __any_sync(unsigned mask, int mine) {
  cuda_emulation::check_mask(mask);
  return cuda_emulation::meet_any(cuda_emulation::Meeting::any, mine != 0);
}
template <class T>
T __shfl_sync(unsigned mask, T mine, int source) {
  return cuda_emulation::shuffle_number(mask, mine, source % cuda_emulation::kWarp);
}
template <class T>
T __shfl_up_sync(unsigned mask, T mine, int by) {
  const int r = cuda_emulation::rank();
  return cuda_emulation::shuffle_number(mask, mine, r >= by ? r - by : r);
}
template <class T>
T __shfl_down_sync(unsigned mask, T mine, int by) {
  const int r = cuda_emulation::rank();
  return cuda_emulation::shuffle_number(mask, mine, r + by < cuda_emulation::kWarp ? r + by : r);
}
