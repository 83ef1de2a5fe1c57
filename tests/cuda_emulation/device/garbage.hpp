// What memory holds that nobody has written.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cuda_emulation {

//! Not a number in float and in double; as integers far below any index.
constexpr std::uint64_t kGarbage = 0xFFF4BAD0FFC4BAD0u;

inline void fill_with_garbage(void* data, std::size_t bytes) {
  auto* at = static_cast<unsigned char*>(data);
  for (std::size_t i = 0; i < bytes; i += sizeof kGarbage)
    std::memcpy(at + i, &kGarbage, bytes - i < sizeof kGarbage ? bytes - i : sizeof kGarbage);
}

}  // namespace cuda_emulation
