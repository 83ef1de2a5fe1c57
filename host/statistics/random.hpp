// Counter-based random numbers: a draw is a pure function of (seed, purpose, realization, unit, draw), never of the
// thread, rank or batch that asks. Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
#pragma once
#include <array>
#include <cstdint>

#if defined(__CUDACC__)
#define GQ_RANDOM_HD __host__ __device__
#else
#define GQ_RANDOM_HD
#endif

namespace gridqueue {

//! What a stream of draws is for: streams of different purpose never share numbers.
enum class Purpose : std::uint32_t {
  order = 1,         //!< position of a unit in a realization's order
  queue_bus = 2,     //!< bus of a unit of a random queue
  queue_size = 3,    //!< size of a unit of a random queue; redraws count up `draw`
  bootstrap = 4,     //!< resampling of realizations for intervals
  verification = 5,  //!< which states a model's error is measured on
  forecast = 6,      //!< which orders are tried to foresee the size of a lattice
};

using Philox = std::array<std::uint32_t, 4>;

GQ_RANDOM_HD constexpr Philox philox4x32(Philox counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(a)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

//! 64 random bits. The upper half of the seed is folded into the purpose word of the key.
GQ_RANDOM_HD constexpr std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t realization,
                                                 std::uint32_t unit, std::uint32_t draw = 0) {
  const Philox r =
      philox4x32({static_cast<std::uint32_t>(realization), static_cast<std::uint32_t>(realization >> 32), unit, draw},
                 static_cast<std::uint32_t>(seed),
                 static_cast<std::uint32_t>(seed >> 32) ^ (static_cast<std::uint32_t>(purpose) << 16));
  return (static_cast<std::uint64_t>(r[0]) << 32) | r[1];
}

//! Uniform in [0, 1) with 53 bits.
GQ_RANDOM_HD constexpr double random_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

}  // namespace gridqueue
