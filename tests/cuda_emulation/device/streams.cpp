// Streams, events and what is queued: copies and kernels.
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {
namespace {

cudaStream_t active = nullptr;

cudaStream_t legacy() { return &runtime().legacy[current_device()]; }

//! What comes from pageable memory is put aside at once and reaches the device when the stream comes to it; what goes
//! there has come when the call returns.
void queue_copy(cudaStream_t stream, void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const bool in = kind == cudaMemcpyHostToDevice, pageable = !piece_at(in ? from : to, bytes);
  if (in && pageable) {
    const auto* first = static_cast<const std::byte*>(from);
    stream->waiting.push_back(
        {[to, staged = std::vector<std::byte>(first, first + bytes)] { std::memcpy(to, staged.data(), staged.size()); },
         reinterpret_cast<Address>(to), bytes});
    return;
  }
  stream->waiting.push_back({[=] { std::memcpy(to, from, bytes); }, reinterpret_cast<Address>(to), bytes, false,
                             reinterpret_cast<Address>(from)});
  if (pageable) drain(stream);
}

}  // namespace

cudaStream_t stream_of(cudaStream_t named) {
  if (named == nullptr || named == cudaStreamLegacy) return legacy();
  return runtime().streams.contains(named) ? named : nullptr;
}

void drain(cudaStream_t stream, std::uint64_t until) {
  if (!runtime().streams.contains(stream)) return;
  if (lost_with(stream->device) != cudaSuccess) stream->done += stream->waiting.size(), stream->waiting.clear();
  while (!stream->waiting.empty() && stream->done < until) {
    const auto work = std::move(stream->waiting.front());
    stream->waiting.pop_front();
    const cudaStream_t outer = std::exchange(active, stream);
    work.run();
    active = outer;
    ++stream->done;
  }
}
void drain_device(int device) {
  const std::vector<cudaStream_t> all(runtime().streams.begin(), runtime().streams.end());
  for (cudaStream_t s : all)
    if (s->device == device) drain(s);
}

cudaStream_t active_stream() { return active; }

bool copy_waits(Address data, std::size_t bytes) {
  const auto meets = [&](Address at, std::size_t size) { return at && at < data + bytes && data < at + size; };
  for (cudaStream_t s : runtime().streams)
    for (const auto& work : s->waiting)
      if (meets(work.to, work.bytes) || meets(work.from, work.bytes)) return true;
  return false;
}

bool copy_may_be_under_way(Address data, std::size_t bytes) {
  for (cudaStream_t s : runtime().streams) {
    if (s == active) continue;
    for (const auto& work : s->waiting) {
      if (work.waits) break;
      if (work.to < data + bytes && data < work.to + work.bytes) return true;
    }
  }
  return false;
}

cudaError_t copy_from_thrust(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (kind != cudaMemcpyDeviceToHost || !piece_at(to, bytes) || !runtime().streams.contains(stream))
    return done(cudaErrorInvalidValue);
  stream->waiting.push_back({[=] { std::memcpy(to, from, bytes); }, reinterpret_cast<Address>(to), bytes});
  return cudaSuccess;
}

void submit(const void* kernel, const Grid& grid, std::function<void(unsigned)> run_block) {
  const Lock lock(runtime().mutex);
  const auto most = static_cast<std::size_t>(shared_allowed(kernel));
  if (grid.blocks == 0 || grid.blocks > 0x7fffffffu || grid.threads == 0 || grid.threads > 1024 || grid.shared > most) {
    done(cudaErrorInvalidConfiguration);
    return;
  }
  auto run = [blocks = grid.blocks, run_block = std::move(run_block)] {
#pragma omp parallel for schedule(dynamic, 1)
    for (unsigned b = 0; b < blocks; ++b) run_block(b);
  };
  if (const cudaError_t lost = lost_with(current_device()); lost != cudaSuccess) {
    done(lost);
    return;
  }
  const cudaStream_t stream = stream_of(grid.stream);
  if (!stream || stream->device != current_device()) {
    done(cudaErrorInvalidResourceHandle);
    return;
  }
  stream->waiting.push_back({std::move(run)});
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

//! Waits for the legacy stream before it begins. From page-locked memory, and to the host, it ends before it returns.
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (bytes == 0) return cudaSuccess;
  if (const cudaError_t wrong = check_copy(to, from, bytes, kind); wrong != cudaSuccess) return done(wrong);
  drain(legacy());
  queue_copy(legacy(), to, from, bytes, kind);
  if (kind == cudaMemcpyDeviceToHost || piece_at(from, bytes)) drain(legacy());
  return cudaSuccess;
}
cudaError_t cudaMemset(void* to, int value, std::size_t bytes) {
  return cudaMemsetAsync(to, value, bytes, cudaStreamLegacy);
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (bytes == 0) return cudaSuccess;
  if (!on_device(to, bytes)) return done(cudaErrorInvalidValue);
  const cudaStream_t s = stream_of(stream);
  if (!s) return done(cudaErrorInvalidResourceHandle);
  s->waiting.push_back({[=] { std::memset(to, value, bytes); }, reinterpret_cast<Address>(to), bytes});
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (bytes == 0) return cudaSuccess;
  if (const cudaError_t wrong = check_copy(to, from, bytes, kind); wrong != cudaSuccess) return done(wrong);
  const cudaStream_t s = stream_of(stream);
  if (!s) return done(cudaErrorInvalidResourceHandle);
  queue_copy(s, to, from, bytes, kind);
  return cudaSuccess;
}

//! A stream that waits for the legacy one would hide what a program forgets.
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  if (flags != cudaStreamNonBlocking) refuse("only streams that do not wait for the legacy stream are emulated");
  *stream = new CUstream_st{current_device()};
  runtime().streams.insert(*stream);
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (stream_of(stream) != stream) return done(cudaErrorInvalidResourceHandle);
  drain(stream);
  runtime().streams.erase(stream);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  const cudaStream_t s = stream_of(stream);
  if (!s) return done(cudaErrorInvalidResourceHandle);
  drain(s);
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  const cudaStream_t s = stream_of(stream);
  if (!s) return done(cudaErrorInvalidResourceHandle);
  if (event->stream)
    s->waiting.push_back({[from = event->stream, until = event->until] { drain(from, until); }, 0, 0, true});
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (const cudaError_t failed = called(__func__); failed != cudaSuccess) return failed;
  const cudaStream_t s = stream_of(stream);
  if (!s) return done(cudaErrorInvalidResourceHandle);
  *event = {s, s->done + s->waiting.size()};
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
