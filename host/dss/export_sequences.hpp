// Impedances of three phases by their sequences, as OpenDSS takes them.
#pragma once
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

#include "gridqueue/network.hpp"

namespace gridqueue {

//! What a matrix is to positive, negative and zero sequence: its eigenvalues. OpenDSS counts phases as they turn.
struct Sequences {
  Complex positive, negative, zero;
};

//! Of one to three phases' matrix (`entry`(row, column)); none where it is not the same for all phases. That of two
//! phases is symmetric.
template <class Entry>
std::optional<Sequences> sequences_of(std::size_t phases, const Entry& entry) {
  double largest = 0, difference = 0;
  for (std::size_t r = 0; r < phases; ++r)
    for (std::size_t c = 0; c < phases; ++c) {
      largest = std::max(largest, std::abs(entry(r, c)));
      difference = std::max(difference, std::abs(entry(r, c) - entry(0, (c + phases - r) % phases)));
    }
  if (difference > 1e-6 * largest) return {};
  const Complex own = entry(0, 0), next = phases > 1 ? entry(0, 1) : 0, last = phases > 2 ? entry(0, 2) : next;
  if (std::abs(next - last) <= 1e-9 * largest) return Sequences{own - next, own - next, own + 2.0 * next};
  const Complex turn = std::polar(1.0, 2 * std::numbers::pi / 3), back = std::conj(turn);
  return Sequences{own + back * next + turn * last, own + turn * next + back * last, own + next + last};
}

//! [ohm] "z1=(R X) z2=(R X) z0=(R X)".
inline std::string dss_sequences(const Sequences& z) {
  return fmt::format("z1=({} {}) z2=({} {}) z0=({} {})", z.positive.real(), z.positive.imag(), z.negative.real(),
                     z.negative.imag(), z.zero.real(), z.zero.imag());
}

}  // namespace gridqueue
