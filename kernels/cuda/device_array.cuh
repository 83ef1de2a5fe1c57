// Device memory, page-locked host memory and streams, each with an owner.
#pragma once
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/cuda/cuda_call.cuh"

namespace gridqueue {

//! On the device.
struct DeviceMemory {
  static void take(void** data, std::size_t bytes) { CUDA_CALL(cudaMalloc(data, bytes)); }
  static void release(void* data) { cudaFree(data); }
};
//! On the host, page-locked: copies to and from it run beside kernels.
struct PinnedMemory {
  static void take(void** data, std::size_t bytes) { CUDA_CALL(cudaMallocHost(data, bytes)); }
  static void release(void* data) { cudaFreeHost(data); }
};

//! What lies in it after construction or growth is undefined.
template <class T, class Memory>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) : size_(size) {
    void* data = nullptr;
    if (size) Memory::take(&data, size * sizeof(T));
    data_ = static_cast<T*>(data);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& o) noexcept : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)) {}
  Buffer& operator=(Buffer&& o) noexcept {
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
    return *this;
  }
  ~Buffer() {
    if (data_) Memory::release(data_);
  }

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  //! Room for at least `size`; drops what it held where it grows.
  void grow(std::size_t size) {
    if (size_ >= size) return;
    *this = Buffer(0);
    *this = Buffer(size);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

template <class T>
using DeviceArray = Buffer<T, DeviceMemory>;
template <class T>
using PinnedArray = Buffer<T, PinnedMemory>;

//! From the host's memory to the current device's; it has arrived when this returns. cudaMemcpy alone does not promise
//! that: from pageable memory it may return before its DMA ends, and a Stream does not wait for the legacy stream.
inline void send_to_device(void* device, const void* host, std::size_t bytes) {
  CUDA_CALL(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice));
  CUDA_CALL(cudaStreamSynchronize(cudaStreamLegacy));
}

template <class T>
DeviceArray<T> to_device(const std::vector<T>& host) {
  DeviceArray<T> device(host.size());
  if (!host.empty()) send_to_device(device.data(), host.data(), host.size() * sizeof(T));
  return device;
}

template <class T>
std::vector<T> to_host(const DeviceArray<T>& device) {
  std::vector<T> host(device.size());
  if (!host.empty()) CUDA_CALL(cudaMemcpy(host.data(), device.data(), host.size() * sizeof(T), cudaMemcpyDeviceToHost));
  return host;
}

class Stream {
 public:
  Stream() { CUDA_CALL(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { cudaStreamDestroy(stream_); }
  [[nodiscard]] cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

}  // namespace gridqueue
