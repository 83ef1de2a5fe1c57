// What a piece of PTX does when it is run once, as the translator counts it.
#pragma once
#include <array>
#include <cstdint>

namespace ptx {

//! Kinds of instructions, in the order of kinds.py.
inline constexpr const char* kKinds[] = {"fma.f32", "f32",   "fma.f64", "f64",    "special", "integer", "move",
                                         "load",    "store", "atomic",  "branch", "shuffle", "barrier"};
inline constexpr std::size_t kNumKinds = std::size(kKinds);
//! Memory by space, in the order of kinds.py; what an address of any space meant is known when it runs.
inline constexpr const char* kSpaces[] = {"global", "shared", "local", "param", "constant"};
inline constexpr std::size_t kNumSpaces = std::size(kSpaces);

struct Work {
  std::array<std::uint64_t, kNumKinds> instructions{};
  std::array<std::uint64_t, kNumSpaces> bytes{};

  void add(const Work& other, std::uint64_t times = 1) {
    for (std::size_t i = 0; i < kNumKinds; ++i) instructions[i] += times * other.instructions[i];
    for (std::size_t i = 0; i < kNumSpaces; ++i) bytes[i] += times * other.bytes[i];
  }
};

}  // namespace ptx
