// Every CUDA call is checked. Sticky errors (the context is lost) abort; others throw Error(unavailable).
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
