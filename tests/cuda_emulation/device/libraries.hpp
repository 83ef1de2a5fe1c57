// What the emulated libraries share. Where the documentation names a status for a wrong argument they return it;
// anything else that it does not allow ends the program.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "tests/cuda_emulation/device/runtime.hpp"

namespace cuda_emulation {

//! A call that computes, in the legacy stream: after what was queued there.
struct InLegacyStream {
  Lock lock{runtime().mutex};
  InLegacyStream() { drain(stream_of(cudaStreamLegacy)); }
};

struct LibraryFunction {
  const char* name;
  void* address;
};
std::span<const LibraryFunction> cublas_functions();
std::span<const LibraryFunction> cusolver_functions();
std::span<const LibraryFunction> cusparse_functions();

//! What a library hands out and takes back; nothing else points to it, so that LeakSanitizer sees what is not
//! destroyed.
class Owned {
 public:
  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { mark_ = 0; }
  [[nodiscard]] bool alive() const { return mark_ == kMark; }
  [[nodiscard]] int device() const { return device_; }  //!< that it was made for

 private:
  static constexpr std::uint64_t kMark = 0x6c69627261727921;
  volatile std::uint64_t mark_ = kMark;
  int device_ = current_device();
};

template <class T>
T& alive(T* object) {
  if (!object || !object->alive()) refuse("what a library was handed is no handle or description");
  return *object;
}
template <class T>
T& usable(T* object) {
  if (alive(object).device() != current_device()) refuse("a library's handle or description is another device's");
  return *object;
}

//! Memory of the current device, as libraries are handed it.
template <class T>
T* device_array(T* data, std::size_t count) {
  if (count == 0) return data;
  const Piece* piece = piece_at(data, count * sizeof(T));
  if (!piece || piece->device != current_device())
    refuse("a library was handed what is no memory of the current device, or too little");
  if (reinterpret_cast<Address>(data) % alignof(T) != 0) refuse("a library was handed misaligned memory");
  return data;
}
template <class T>
T* host_array(T* data) {
  if (!data || on_device(data, 1)) refuse("a library was handed what is no host memory");
  return data;
}

inline std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

//! Whether these are the rows of a matrix in CSR with as many entries, indices from 0.
bool is_csr(std::int64_t rows, std::int64_t columns, std::int64_t entries, const int* begin, const int* column);

}  // namespace cuda_emulation
