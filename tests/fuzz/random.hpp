// A stream of random choices that a seed repeats on any machine (splitmix64).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gridqueue::fuzz {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  //! 0 .. n - 1; n > 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits() % n); }
  //! True once in n times.
  bool once_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace gridqueue::fuzz
