// What the parts of the emulated runtime share: devices, their memory and their streams.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "tests/cuda_emulation/device/cuda_runtime.h"

struct CUstream_st {
  int device = 0;
  std::deque<std::function<void()>> waiting = {};
  std::uint64_t done = 0;
};
struct CUevent_st {
  cudaStream_t stream = nullptr;  //!< null: nothing to wait for
  std::uint64_t until = 0;
};

namespace cuda_emulation {

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
  CUstream_st legacy[kDevices];  //!< the default stream of each device
  std::set<cudaStream_t> streams;
  std::map<const void*, int> shared;  //!< [bytes] that a kernel may take
  std::size_t used[kDevices] = {};

  Runtime() {
    for (int d = 0; d < kDevices; ++d) legacy[d].device = d, streams.insert(&legacy[d]);
  }
};
Runtime& runtime();
using Lock = std::lock_guard<std::recursive_mutex>;

//! Kept for cudaGetLastError() where it is an error.
cudaError_t done(cudaError_t status);

//! What holds [data, data + bytes); null where nothing does.
const Piece* piece_at(const void* data, std::size_t bytes);
bool on_device(const void* data, std::size_t bytes);
cudaError_t check_copy(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);

//! The stream that a program names so; null where there is none. Legacy: that of the current device.
cudaStream_t stream_of(cudaStream_t named);
//! Does what waits in a stream, or in all of a device.
void drain(cudaStream_t stream, std::uint64_t until = UINT64_MAX);
void drain_device(int device);

}  // namespace cuda_emulation
