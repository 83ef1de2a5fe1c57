// Devices, their memory and their streams.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "tests/cuda_emulation/device/cuda_runtime.h"
#include "tests/cuda_emulation/device/garbage.hpp"

struct CUstream_st {
  int device;
  std::deque<std::function<void()>> waiting;
  std::uint64_t done = 0;
};
struct CUevent_st {
  cudaStream_t stream = nullptr;  //!< null: nothing to wait for
  std::uint64_t until = 0;
};

namespace cuda_emulation {
namespace {

constexpr std::size_t kMemory = std::size_t{1} << 30;  //!< [bytes] of a device
constexpr int kSharedPerBlock = 232448, kSharedUnasked = 48 << 10;

using Address = std::uintptr_t;
struct Piece {
  std::size_t bytes;
  int device;  //!< -1: page-locked
};

//! All calls, and the kernels that they start, one after the other.
struct Runtime {
  std::recursive_mutex mutex;
  std::map<Address, Piece> pieces;
  std::set<cudaStream_t> streams;
  std::map<const void*, int> shared;  //!< [bytes] that a kernel may take
  std::size_t used[kDevices] = {};
};
Runtime& runtime() {
  static auto* all = new Runtime;  // outlives whatever static objects free
  return *all;
}
using Lock = std::lock_guard<std::recursive_mutex>;

thread_local int device_now = 0;
thread_local cudaError_t last_error = cudaSuccess;

cudaError_t done(cudaError_t status) {
  if (status != cudaSuccess) last_error = status;
  return status;
}

//! What holds [data, data + bytes); null where nothing does.
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

void drain(cudaStream_t stream, std::uint64_t until = UINT64_MAX) {
  if (!runtime().streams.contains(stream)) return;
  while (!stream->waiting.empty() && stream->done < until) {
    const auto work = std::move(stream->waiting.front());
    stream->waiting.pop_front();
    work();
    ++stream->done;
  }
}
void drain_device(int device) {
  const std::vector<cudaStream_t> all(runtime().streams.begin(), runtime().streams.end());
  for (cudaStream_t s : all)
    if (s->device == device) drain(s);
}

bool is_legacy(cudaStream_t stream) { return stream == nullptr || stream == cudaStreamLegacy; }

bool is_mapped(Address at) {
  const auto page = static_cast<Address>(sysconf(_SC_PAGESIZE));
  unsigned char resident = 0;
  return mincore(reinterpret_cast<void*>(at / page * page), 1, &resident) == 0;
}

cudaError_t allocate(void** data, std::size_t bytes, int device) {
  *data = std::malloc(bytes);
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
  fill_with_garbage(data, found->second.bytes);
  runtime().pieces.erase(found);
  std::free(data);
  return cudaSuccess;
}

cudaError_t check_copy(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const bool in = kind == cudaMemcpyHostToDevice;
  if (!on_device(in ? to : from, bytes) || on_device(in ? from : to, 1)) return cudaErrorInvalidValue;
  if (in) check_pointers(from, bytes, -1);
  return cudaSuccess;
}

}  // namespace

void refuse(const char* what) {
  std::fprintf(stderr, "emulated CUDA device: %s\n", what);
  std::abort();
}

int current_device() { return device_now; }

void check_pointers(const void* words, std::size_t bytes, int device) {
  constexpr Address lowest = 0x550000000000,
                    highest = 0x800000000000;  // program, heap and stacks; no pair of small integers
  constexpr Address small = 0x20000;           // an index beside what an address left in a gap between members
  const Lock lock(runtime().mutex);
  const auto* at = static_cast<const unsigned char*>(words);
  for (std::size_t i = 0; i + sizeof(Address) <= bytes; i += sizeof(Address)) {
    Address word = 0;
    std::memcpy(&word, at + i, sizeof word);
    if (word < lowest || word >= highest || (word & 0xffffffffu) < small || !is_mapped(word)) continue;
    const auto* data = reinterpret_cast<const void*>(word);
    const Piece* piece = piece_at(data, 0);
    if (!piece || (piece->device != device && device >= 0))
      std::fprintf(stderr, "%p at byte %zu of %zu\n", data, i, bytes);
    if (!piece || piece->device < 0) refuse("what goes to a device holds the address of host memory");
    if (device >= 0 && piece->device != device)
      refuse("a kernel's argument holds the address of another device's memory");
  }
}

cudaError_t copy_from_thrust(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (kind != cudaMemcpyDeviceToHost || !piece_at(to, bytes) || !runtime().streams.contains(stream))
    return done(cudaErrorInvalidValue);
  stream->waiting.emplace_back([=] { std::memcpy(to, from, bytes); });
  return cudaSuccess;
}

cudaError_t allow_shared_memory(const void* kernel, int bytes) {
  const Lock lock(runtime().mutex);
  if (bytes > kSharedPerBlock) return done(cudaErrorInvalidValue);
  runtime().shared[kernel] = bytes;
  return cudaSuccess;
}

void submit(const void* kernel, const Grid& grid, std::function<void()> thread) {
  const Lock lock(runtime().mutex);
  const auto allowed = runtime().shared.find(kernel);
  const auto most = static_cast<std::size_t>(
      allowed == runtime().shared.end() ? kSharedUnasked : std::max(allowed->second, kSharedUnasked));
  if (grid.blocks == 0 || grid.blocks > 0x7fffffffu || grid.threads == 0 || grid.threads > 1024 || grid.shared > most) {
    done(cudaErrorInvalidConfiguration);
    return;
  }
  auto run = [grid, thread = std::move(thread)] {
#pragma omp parallel for schedule(dynamic, 1)
    for (unsigned b = 0; b < grid.blocks; ++b) run_block(grid, b, thread);
  };
  if (is_legacy(grid.stream)) {
    run();
  } else if (!runtime().streams.contains(grid.stream) || grid.stream->device != device_now) {
    done(cudaErrorInvalidResourceHandle);
  } else {
    grid.stream->waiting.emplace_back(std::move(run));
  }
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

cudaError_t cudaGetLastError() {
  const cudaError_t error = last_error;
  last_error = cudaSuccess;
  return error;
}
const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorInvalidConfiguration: return "invalid configuration argument";
    case cudaErrorInvalidDevice: return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle: return "invalid resource handle";
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
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int device) {
  if (device < 0 || device >= kDevices) return done(cudaErrorInvalidDevice);
  *p = {};
  std::snprintf(p->name, sizeof p->name, "CUDA emulated on the CPU for tests");
  p->major = 9, p->multiProcessorCount = 1, p->maxThreadsPerMultiProcessor = 2048;
  p->sharedMemPerMultiprocessor = 233472, p->sharedMemPerBlockOptin = kSharedPerBlock;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr, int device) {
  *value = 1;
  return done(device < 0 || device >= kDevices ? cudaErrorInvalidDevice : cudaSuccess);
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  const Lock lock(runtime().mutex);
  *total = kMemory;
  *free = kMemory - runtime().used[device_now];
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  const Lock lock(runtime().mutex);
  drain_device(device_now);
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** data, std::size_t bytes) {
  const Lock lock(runtime().mutex);
  *data = nullptr;
  if (bytes > kMemory - runtime().used[device_now]) return done(cudaErrorMemoryAllocation);
  runtime().used[device_now] += bytes;
  return done(allocate(data, bytes, device_now));
}
cudaError_t cudaFree(void* data) {
  const Lock lock(runtime().mutex);
  return done(release(data, true));
}
cudaError_t cudaMallocHost(void** data, std::size_t bytes) {
  const Lock lock(runtime().mutex);
  return done(allocate(data, bytes, -1));
}
cudaError_t cudaFreeHost(void* data) {
  const Lock lock(runtime().mutex);
  return done(release(data, false));
}

cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const Lock lock(runtime().mutex);
  if (bytes == 0) return cudaSuccess;
  if (const cudaError_t wrong = check_copy(to, from, bytes, kind); wrong != cudaSuccess) return done(wrong);
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (bytes == 0) return cudaSuccess;
  if (const cudaError_t wrong = check_copy(to, from, bytes, kind); wrong != cudaSuccess) return done(wrong);
  if (is_legacy(stream)) return cudaMemcpy(to, from, bytes, kind);
  if (!runtime().streams.contains(stream)) return done(cudaErrorInvalidResourceHandle);
  stream->waiting.emplace_back([=] { std::memcpy(to, from, bytes); });
  if (!piece_at(kind == cudaMemcpyHostToDevice ? from : to, bytes)) drain(stream);  // not page-locked
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  const Lock lock(runtime().mutex);
  *stream = new CUstream_st{device_now, {}, 0};
  runtime().streams.insert(*stream);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (!runtime().streams.contains(stream)) return done(cudaErrorInvalidResourceHandle);
  drain(stream);
  runtime().streams.erase(stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (is_legacy(stream)) return cudaSuccess;
  if (!runtime().streams.contains(stream)) return done(cudaErrorInvalidResourceHandle);
  drain(stream);
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event) {
  const Lock lock(runtime().mutex);
  if (event->stream && !is_legacy(stream))
    stream->waiting.emplace_back([from = event->stream, until = event->until] { drain(from, until); });
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  *event = is_legacy(stream) ? CUevent_st{} : CUevent_st{stream, stream->done + stream->waiting.size()};
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
