// What a kernel takes of a multiprocessor: the attributes that a program reads and sets, and how many blocks fit.
#include <algorithm>

#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {
namespace {

constexpr int kRegisters = 65536, kRegisterUnit = 256, kSharedUnit = 128, kBlocks = 32;  // of compute capability 9.0

int rounded_up(int x, int unit) { return (x + unit - 1) / unit * unit; }

//! Registers are handed out warp by warp, shared memory with what is reserved for each block.
int blocks_that_fit(const KernelNeeds& needs, int threads, int shared) {
  const int warps = (threads + kWarp - 1) / kWarp;
  const int by_registers = kRegisters / rounded_up(needs.registers * kWarp, kRegisterUnit) / warps;
  const int by_shared = kSharedPerMultiprocessor / rounded_up(shared + kSharedReserved, kSharedUnit);
  return std::min({kBlocks, by_registers, by_shared, kThreadsPerMultiprocessor / (warps * kWarp)});
}

}  // namespace

int shared_allowed(const void* kernel) {
  const auto& asked = runtime().shared[current_device()];
  const auto found = asked.find(kernel);
  return found == asked.end() ? kSharedUnasked : found->second;
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) refuse("this attribute of a kernel is not emulated");
  if (value < 0 || value > kSharedPerBlock) return done(cudaErrorInvalidValue);
  runtime().shared[current_device()][kernel] = value;
  return cudaSuccess;
}
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  const KernelNeeds needs = kernel_needs(kernel);
  *attributes = {};
  attributes->numRegs = needs.registers, attributes->maxThreadsPerBlock = needs.most_threads;
  attributes->sharedSizeBytes = needs.shared;
  attributes->ptxVersion = attributes->binaryVersion = compute_capability();
  attributes->maxDynamicSharedSizeBytes = shared_allowed(kernel);
  return cudaSuccess;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* kernel, int threads,
                                                          std::size_t shared) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (threads <= 0) return done(cudaErrorInvalidValue);
  const KernelNeeds needs = kernel_needs(kernel);
  const bool may = threads <= needs.most_threads && shared <= static_cast<std::size_t>(shared_allowed(kernel));
  *blocks = may ? blocks_that_fit(needs, threads, static_cast<int>(needs.shared + shared)) : 0;
  return cudaSuccess;
}
