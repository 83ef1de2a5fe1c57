// Memory of devices, and page-locked memory: what is whose, and what may be copied between them.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/cuda_emulation/device/garbage.hpp"
#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {
namespace {

bool is_mapped(Address at) {
  const auto page = static_cast<Address>(sysconf(_SC_PAGESIZE));
  unsigned char resident = 0;
  return mincore(reinterpret_cast<void*>(at / page * page), 1, &resident) == 0;
}

cudaError_t allocate(void** data, std::size_t bytes, int device) {
  *data = std::malloc(bytes + gap_after_memory());
  if (!*data) return cudaErrorMemoryAllocation;
  fill_with_garbage(*data, bytes);
  runtime().pieces[reinterpret_cast<Address>(*data)] = {bytes, device};
  return cudaSuccess;
}

cudaError_t release(void* data, bool of_device) {
  if (!data) return cudaSuccess;
  const auto found = runtime().pieces.find(reinterpret_cast<Address>(data));
  if (found == runtime().pieces.end() || (found->second.device >= 0) != of_device) return cudaErrorInvalidValue;
  if (of_device) {
    drain_device(found->second.device);
    runtime().used[found->second.device] -= found->second.bytes;
  }
  if (!of_device && copy_waits(found->first, found->second.bytes))
    refuse("page-locked memory is freed that a copy still reads or writes");
  fill_with_garbage(data, found->second.bytes);
  runtime().pieces.erase(found);
  std::free(data);
  return cudaSuccess;
}

}  // namespace

const Piece* piece_at(const void* data, std::size_t bytes) {
  const auto at = reinterpret_cast<Address>(data);
  auto next = runtime().pieces.upper_bound(at);
  if (next == runtime().pieces.begin()) return nullptr;
  --next;
  return at + bytes <= next->first + next->second.bytes ? &next->second : nullptr;
}
bool on_device(const void* data, std::size_t bytes) {
  const Piece* p = piece_at(data, bytes);
  return p && p->device >= 0;
}

cudaError_t check_copy(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (kind < cudaMemcpyHostToDevice || kind > cudaMemcpyDeviceToDevice) refuse("this kind of copy is not emulated");
  const auto stands = [bytes](const void* data, bool device) {
    return device ? on_device(data, bytes) : !on_device(data, 1);
  };
  if (!stands(to, kind != cudaMemcpyDeviceToHost) || !stands(from, kind != cudaMemcpyHostToDevice))
    return cudaErrorInvalidValue;
  if (kind == cudaMemcpyHostToDevice) check_pointers(from, bytes, -1);
  return cudaSuccess;
}

void check_pointers(const void* words, std::size_t bytes, int device) {
  constexpr Address lowest = 0x550000000000,
                    highest = 0x800000000000;  // program, heap and stacks; no pair of small integers
  constexpr Address small = 0x20000;           // an index beside what an address left in a gap between members
  constexpr Address odd = 3;                   // no number lies there: -1 (no index) beside a large index
  const Lock lock(runtime().mutex);
  const auto* at = static_cast<const unsigned char*>(words);
  for (std::size_t i = 0; i + sizeof(Address) <= bytes; i += sizeof(Address)) {
    Address word = 0;
    std::memcpy(&word, at + i, sizeof word);
    if (word < lowest || word >= highest || (word & 0xffffffffu) < small || (word & odd) != 0 || !is_mapped(word))
      continue;
    const auto* data = reinterpret_cast<const void*>(word);
    const Piece* piece = piece_at(data, 0);
    if (!piece || (piece->device != device && device >= 0))
      std::fprintf(stderr, "%p at byte %zu of %zu\n", data, i, bytes);
    if (!piece || piece->device < 0) refuse("what goes to a device holds the address of host memory");
    if (device >= 0 && piece->device != device)
      refuse("a kernel's argument holds the address of another device's memory");
  }
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cudaError_t cudaMalloc(void** data, std::size_t bytes) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  *data = nullptr;
  if (bytes > kMemory - runtime().used[current_device()]) return done(cudaErrorMemoryAllocation);
  runtime().used[current_device()] += bytes;
  return done(allocate(data, bytes, current_device()));
}
cudaError_t cudaFree(void* data) {
  const Lock lock(runtime().mutex);
  const cudaError_t failed = called(__func__), status = release(data, true);  // its memory is gone with a device
  return failed != cudaSuccess ? failed : done(status);
}
cudaError_t cudaMallocHost(void** data, std::size_t bytes) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  return done(allocate(data, bytes, -1));
}
cudaError_t cudaFreeHost(void* data) {
  const Lock lock(runtime().mutex);
  return done(release(data, false));
}
