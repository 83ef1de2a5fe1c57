// Where nvcc's host code asks the CUDA runtime to register and start kernels: here they run from their PTX. Memory,
// streams and events are those of tests/cuda_emulation.
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cuda_emulation/device/runtime.hpp"
#include "tests/ptx/machine/block.hpp"
#include "tests/ptx/machine/kernels.hpp"

namespace ptx {
namespace {

struct Configuration {
  dim3 blocks, threads;
  std::size_t shared;
  cudaStream_t stream;
};
thread_local std::vector<Configuration> configurations;

std::map<const void*, std::string>& names() {
  static auto* all = new std::map<const void*, std::string>;
  return *all;
}
const Function* function_of(const void* host) {
  const auto found = names().find(host);
  return found == names().end() ? nullptr : function_named(found->second);
}

//! Parameters lie in memory as the kernel has them, one behind the other.
std::shared_ptr<Launch> make_launch(const Function& f, const Configuration& c, void** arguments) {
  static std::uint32_t serial = 0;
  const auto launch = std::make_shared<Launch>(Launch{&f,
                                                      {c.blocks.x, c.threads.x, c.shared, c.stream},
                                                      cuda_emulation::current_device(),
                                                      ++serial,
                                                      std::strstr(f.name, "N9gridqueue") == f.name + 2,
                                                      {},
                                                      {}});
  std::vector<std::size_t> begin;
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < f.num_parameters; ++i) {
    begin.push_back(bytes);
    bytes += (f.parameters[i] + 15) / 16 * 16;
  }
  launch->arguments.resize(bytes);
  for (std::uint32_t i = 0; i < f.num_parameters; ++i) {
    std::byte* const at = launch->arguments.data() + begin[i];
    std::memcpy(at, arguments[i], f.parameters[i]);
    launch->at.push_back(reinterpret_cast<unsigned char*>(at));
  }
  return launch;
}

//! Of our kernels the first argument is the number of items.
std::uint64_t items_of(const Launch& launch) {
  return launch.judged && !launch.at.empty() && launch.function->parameters[0] == 8
             ? read_bits<std::uint64_t>(launch.at[0])
             : 0;
}

//! Blocks come one after the other, in order.
void run(const Launch& launch, unsigned block, std::optional<Counting>& counting) {
  static cuda_emulation::Stacks stacks;
  stacks.reserve(launch.grid.threads);
  if (block == 0) counting.emplace(*launch.function, items_of(launch));
  Block(launch, block, stacks).run();
  if (block + 1 == launch.grid.blocks) counting.reset();
}

cudaError_t start(const void* host, const Configuration& c, void** arguments) {
  const Function* f = function_of(host);
  if (!f) cuda_emulation::refuse("a kernel is started whose PTX was not translated");
  const dim3 &b = c.blocks, &t = c.threads;
  const std::size_t own = f->shared - kReservedShared;
  const bool flat = b.y == 1 && b.z == 1 && t.y == 1 && t.z == 1;
  if (!flat) cuda_emulation::refuse("only grids and blocks of one dimension are run from PTX");
  if ((f->most_threads && t.x > f->most_threads) || own + c.shared > cuda_emulation::kSharedPerBlock)
    return cuda_emulation::done(cudaErrorInvalidConfiguration);
  const auto launch = make_launch(*f, c, arguments);
  cuda_emulation::submit(host, launch->grid,
                         [launch, counting = std::make_shared<std::optional<Counting>>()](unsigned block) {
                           run(*launch, block, *counting);
                         });
  return cudaPeekAtLastError();
}

}  // namespace
}  // namespace ptx

namespace cuda_emulation {
int compute_capability() { return ptx::architecture(); }
//! PTX has any number of registers: those that ptxas may give a thread of the largest block are taken.
KernelNeeds kernel_needs(const void* host) {
  const ptx::Function* f = ptx::function_of(host);
  if (!f) refuse("a kernel is asked for whose PTX was not translated");
  const int most = f->most_threads ? static_cast<int>(f->most_threads) : 1024;
  return {std::min(255, 65536 / most), most, f->shared - ptx::kReservedShared};
}
std::size_t gap_after_memory() { return 64 << 10; }
}  // namespace cuda_emulation

using ptx::configurations;

extern "C" {

void** __cudaRegisterFatBinary(void*) {
  static void* handle = nullptr;
  return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {}  // the translator refuses uses
void __cudaRegisterFunction(void**, const char* host, char*, const char* name, int, uint3*, uint3*, dim3*, dim3*,
                            int*) {
  ptx::names()[host] = name;
}
unsigned __cudaPushCallConfiguration(dim3 blocks, dim3 threads, std::size_t shared, cudaStream_t stream) {
  configurations.push_back({blocks, threads, shared, stream});
  return 0;
}
cudaError_t __cudaPopCallConfiguration(dim3* blocks, dim3* threads, std::size_t* shared, void* stream) {
  const auto c = configurations.back();
  configurations.pop_back();
  *blocks = c.blocks, *threads = c.threads, *shared = c.shared;
  std::memcpy(stream, &c.stream, sizeof c.stream);
  return cudaSuccess;
}
cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* host) {
  std::memcpy(kernel, &host, sizeof host);
  return cudaSuccess;
}
cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 blocks, dim3 threads, void** arguments, std::size_t shared,
                               cudaStream_t stream) {
  return ptx::start(reinterpret_cast<const void*>(kernel), {blocks, threads, shared, stream}, arguments);
}
cudaError_t cudaLaunchKernel(const void* host, dim3 blocks, dim3 threads, void** arguments, std::size_t shared,
                             cudaStream_t stream) {
  return ptx::start(host, {blocks, threads, shared, stream}, arguments);
}
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* c, const void* host, void** arguments) {
  return ptx::start(host, {c->gridDim, c->blockDim, c->dynamicSmemBytes, c->stream}, arguments);
}

//! As Thrust asks.
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void* host, int threads,
                                                                   std::size_t shared, unsigned) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, host, threads, shared);
}

}  // extern "C"
