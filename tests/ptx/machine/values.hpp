// What PTX's arithmetic means in C++: registers are bits, and an instruction says what it takes them for.
#pragma once
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace ptx {

//! A register's bits as a T: a narrower one is extended by zeros, a wider one cut.
template <class T, class Register>
T as(Register x) {
  if constexpr (std::same_as<T, Register>) {
    return x;
  } else if constexpr (std::floating_point<T> || std::floating_point<Register>) {
    static_assert(sizeof(T) == sizeof(Register));
    return std::bit_cast<T>(x);
  } else {
    return static_cast<T>(x);
  }
}
template <class Register, class T>
void assign(Register& to, T x) {
  to = as<Register>(x);
}
template <class T>
T read_bits(const void* at) {
  T x;
  std::memcpy(&x, at, sizeof x);
  return x;
}
template <class T>
void write_bits(void* at, T x) {
  std::memcpy(at, &x, sizeof x);
}

// Integers wrap.
template <class T>
using Unsigned = std::make_unsigned_t<T>;
template <class T>
using Wrapping = std::conditional_t<(sizeof(T) < 4), std::uint32_t, Unsigned<T>>;
template <class T>
T add(T a, T b) {
  if constexpr (std::floating_point<T>) return a + b;
  else return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
}
template <class T>
T sub(T a, T b) {
  if constexpr (std::floating_point<T>) return a - b;
  else return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
}
template <class T>
T mul(T a, T b) {
  if constexpr (std::floating_point<T>) return a * b;
  else return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
}
template <std::integral T>
T mul_high(T a, T b) {
  using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
  return static_cast<T>((static_cast<Wide>(a) * b) >> (8 * sizeof(T)));
}
//! By zero a GPU's integer division has no defined result; all bits set is what devices give.
template <std::integral T>
T div(T a, T b) {
  if (b == 0) return static_cast<T>(-1);
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return sub<T>(0, a);
  return static_cast<T>(a / b);
}
template <std::integral T>
T rem(T a, T b) {
  if (b == 0) return a;
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return 0;
  return static_cast<T>(a % b);
}
template <class T>
T neg(T a) {
  if constexpr (std::floating_point<T>) return -a;
  else return sub<T>(0, a);
}
template <class T>
T absolute(T a) {
  if constexpr (std::floating_point<T>) return std::fabs(a);
  else return a < 0 ? neg<T>(a) : a;
}
//! Of a number and NaN the number.
template <class T>
T least(T a, T b) {
  if constexpr (std::floating_point<T>) return std::fmin(a, b);
  else return a < b ? a : b;
}
template <class T>
T largest(T a, T b) {
  if constexpr (std::floating_point<T>) return std::fmax(a, b);
  else return a > b ? a : b;
}
template <std::integral T>
T shift_left(T a, std::uint32_t by) {
  return by >= 8 * sizeof(T) ? T(0) : static_cast<T>(static_cast<Wrapping<T>>(a) << by);
}
template <std::integral T>
T shift_right(T a, std::uint32_t by) {
  if (by >= 8 * sizeof(T)) return std::is_signed_v<T> && a < 0 ? static_cast<T>(-1) : T(0);
  return static_cast<T>(a >> by);
}
//! Of 64 bits `high` over `low` the upper half after a shift to the left, or the lower after one to the right.
inline std::uint32_t funnel(std::uint32_t low, std::uint32_t high, std::uint32_t by, bool left, bool wrap) {
  by = wrap ? by & 31 : (by > 32 ? 32 : by);
  const std::uint64_t both = (static_cast<std::uint64_t>(high) << 32) | low;
  return static_cast<std::uint32_t>(left ? (both << by) >> 32 : both >> by);
}
inline std::uint32_t reverse_bits(std::uint32_t x) {
  std::uint32_t y = 0;
  for (int i = 0; i < 32; ++i) y = (y << 1) | ((x >> i) & 1);
  return y;
}
template <std::unsigned_integral T>
T field_mask(std::uint32_t at, std::uint32_t count) {
  const T ones = count >= 8 * sizeof(T) ? static_cast<T>(-1) : static_cast<T>((T(1) << count) - 1);
  return shift_left<T>(ones, at);
}
template <std::unsigned_integral T>
T insert_field(T field, T into, std::uint32_t at, std::uint32_t count) {
  const T mask = field_mask<T>(at & 255, count & 255);
  return static_cast<T>((into & ~mask) | (shift_left<T>(field, at & 255) & mask));
}
template <std::integral T>
T extract_field(T a, std::uint32_t at, std::uint32_t count) {
  using U = Unsigned<T>;
  at &= 255, count &= 255;
  if (count == 0) return 0;
  const std::uint32_t width = 8 * sizeof(T);
  const U field = shift_right<U>(static_cast<U>(a), at) & field_mask<U>(0, count);
  const std::uint32_t top = at + count - 1 < width ? at + count - 1 : width - 1;
  const bool negative = std::is_signed_v<T> && (shift_right<U>(static_cast<U>(a), top) & 1) != 0;
  return static_cast<T>(negative ? field | static_cast<U>(~field_mask<U>(0, count)) : field);
}
//! Bytes of {low, high} by the four digits of `which`; a digit of 8 and more is the byte's sign.
inline std::uint32_t permute(std::uint32_t low, std::uint32_t high, std::uint32_t which) {
  const std::uint64_t both = (static_cast<std::uint64_t>(high) << 32) | low;
  std::uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t digit = (which >> (4 * i)) & 15;
    auto byte = static_cast<std::uint32_t>((both >> (8 * (digit & 7))) & 255);
    if (digit & 8) byte = byte & 128 ? 255 : 0;
    out |= byte << (8 * i);
  }
  return out;
}

//! To an integer, clamped to its range. NaN is 0, or with 64 bits on either side the least.
template <std::integral I, std::floating_point F>
I to_integer(F x) {
  if (std::isnan(x))
    return sizeof(I) == 8 || sizeof(F) == 8 ? (sizeof(I) == 8 ? static_cast<I>(1ull << 63) : I(0)) : I(0);
  if (x < static_cast<F>(std::numeric_limits<I>::min())) return std::numeric_limits<I>::min();
  if (x >= static_cast<F>(std::numeric_limits<I>::max())) return std::numeric_limits<I>::max();
  return static_cast<I>(x);
}
template <std::floating_point F>
F flush(F x) {  // .ftz
  return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(F(0), x) : x;
}
template <std::floating_point F>
F saturate(F x) {
  return std::isnan(x) || x < 0 ? F(0) : x > 1 ? F(1) : x;
}
//! What a GPU only approximates is off by up to one unit in the last place, always the same for one operand.
template <std::floating_point F>
F approximate(F exact, F operand) {
  using Bits = std::conditional_t<sizeof(F) == 4, std::uint32_t, std::uint64_t>;
  if (!std::isnormal(exact)) return exact;
  const std::uint64_t hash = std::uint64_t{std::bit_cast<Bits>(operand)} * 0x9E3779B97F4A7C15u;
  return std::bit_cast<F>(static_cast<Bits>(std::bit_cast<Bits>(exact) + (hash >> 40) % 3 - 1));
}

}  // namespace ptx
