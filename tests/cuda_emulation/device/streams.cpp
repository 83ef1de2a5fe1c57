// Streams, events and what is queued: copies and kernels.
#include <algorithm>
#include <utility>
#include <vector>

#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {

void drain(cudaStream_t stream, std::uint64_t until) {
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

cudaError_t copy_from_thrust(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(runtime().mutex);
  if (kind != cudaMemcpyDeviceToHost || !piece_at(to, bytes) || !runtime().streams.contains(stream))
    return done(cudaErrorInvalidValue);
  stream->waiting.emplace_back([=] { std::memcpy(to, from, bytes); });
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
  } else if (!runtime().streams.contains(grid.stream) || grid.stream->device != current_device()) {
    done(cudaErrorInvalidResourceHandle);
  } else {
    grid.stream->waiting.emplace_back(std::move(run));
  }
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

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
  *stream = new CUstream_st{current_device(), {}, 0};
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
