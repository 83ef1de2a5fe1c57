// What the parts of the emulated runtime share: devices, their memory and their streams.
#pragma once
#include <cuda_runtime.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "tests/cuda_emulation/device/device.hpp"

struct CUstream_st {
  struct Work {
    std::function<void()> run;
    std::uintptr_t to = 0;  //!< what a copy writes
    std::size_t bytes = 0;
    bool waits = false;       //!< for another stream
    std::uintptr_t from = 0;  //!< page-locked or device memory that a copy reads
  };
  int device = 0;
  std::deque<Work> waiting = {};
  std::uint64_t done = 0;
};
struct CUevent_st {
  cudaStream_t stream = nullptr;  //!< null: nothing to wait for
  std::uint64_t until = 0;
};

namespace cuda_emulation {

constexpr std::size_t kMemory = std::size_t{1} << 30;  //!< [bytes] of a device
//! [bytes] and threads of a multiprocessor, as of an H100.
constexpr int kSharedPerBlock = 232448, kSharedUnasked = 48 << 10, kSharedPerMultiprocessor = 233472,
              kSharedReserved = 1024, kThreadsPerMultiprocessor = 2048;

using Address = std::uintptr_t;
struct Piece {
  std::size_t bytes;
  int device;  //!< -1: page-locked
};

//! All calls, and the kernels that they start, one after the other.
struct Runtime {
  std::recursive_mutex mutex;
  std::map<Address, Piece> pieces;
  CUstream_st legacy[kDevices];  //!< the default stream of each device
  std::set<cudaStream_t> streams;
  std::map<const void*, int> shared[kDevices];  //!< [bytes] that a kernel may take
  std::size_t used[kDevices] = {};

  Runtime() {
    for (int d = 0; d < kDevices; ++d) legacy[d].device = d, streams.insert(&legacy[d]);
  }
};
Runtime& runtime();
using Lock = std::lock_guard<std::recursive_mutex>;

//! Kept for cudaGetLastError() where it is an error.
cudaError_t done(cudaError_t status);
//! Dynamic shared memory [bytes] that a kernel may take on the current device.
int shared_allowed(const void* kernel);

//! Every call of the runtime that a device answers begins so: counts it; the error with which it fails (faults.hpp).
cudaError_t called(const char* function);
cudaError_t lost_with(int device);  //!< cudaSuccess where it is not

//! What holds [data, data + bytes); null where nothing does.
const Piece* piece_at(const void* data, std::size_t bytes);
bool on_device(const void* data, std::size_t bytes);
cudaError_t check_copy(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);

//! The stream that a program names so; null where there is none. Legacy: that of the current device.
cudaStream_t stream_of(cudaStream_t named);
//! Does what waits in a stream, or in all of a device.
void drain(cudaStream_t stream, std::uint64_t until = UINT64_MAX);
void drain_device(int device);
//! The stream whose work is under way; null where none is.
cudaStream_t active_stream();
//! Whether a copy waits that reads or writes there.
bool copy_waits(Address data, std::size_t bytes);
//! Whether a copy to [data, data + bytes) waits in another stream than the active one, with nothing that it waits for.
bool copy_may_be_under_way(Address data, std::size_t bytes);

}  // namespace cuda_emulation
