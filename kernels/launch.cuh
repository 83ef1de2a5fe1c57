// The one place where a kernel is launched: one thread per item, every launch checked.
#pragma once
#include <cstdint>

#include "kernels/cuda_call.cuh"

namespace gridqueue {

constexpr int kBlockThreads = 128;

template <class Functor>
__global__ void __launch_bounds__(kBlockThreads) run_items(std::int64_t count, Functor functor) {
  const std::int64_t item = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (item < count) functor(item);
}

//! functor(item) for 0 <= item < count. The functor is copied to the device: keep it small and trivially copyable.
template <class Functor>
void launch(std::int64_t count, const Functor& functor, cudaStream_t stream = nullptr) {
  static_assert(std::is_trivially_copyable_v<Functor> && sizeof(Functor) <= 1024);
  if (count == 0) return;
  const auto blocks = static_cast<unsigned>((count + kBlockThreads - 1) / kBlockThreads);
  run_items<<<blocks, kBlockThreads, 0, stream>>>(count, functor);
  CUDA_CALL(cudaGetLastError());
#if !defined(NDEBUG)
  CUDA_CALL(cudaStreamSynchronize(stream));
#endif
}

}  // namespace gridqueue
