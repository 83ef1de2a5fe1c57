#include "host/model/quantities_bytes.hpp"

#include <bit>
#include <cstring>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! How a number stands there, two bits.
enum NumberForm : std::uint8_t { form_zero, form_none, form_float, form_double };
//! Of a limit's byte, above the forms of its value and its excess.
constexpr unsigned has_place = 16, has_step = 32, has_excess_place = 64, excess_at_place = 128;
constexpr unsigned state_converged = 1, state_linear = 2, state_near = 4;  //!< of the state's flags

NumberForm form_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  if (bits == 0) return form_zero;
  if (bits == std::bit_cast<std::uint64_t>(kNoValue)) return form_none;
  // a NaN keeps its bits as a double only
  return static_cast<double>(static_cast<float>(x)) == x ? form_float : form_double;
}

class QuantitiesPacker {
 public:
  explicit QuantitiesPacker(std::vector<std::uint8_t>& bytes) : to_(bytes) { to_.clear(); }

  template <class T>
  void copy(const T& value) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    to_.insert(to_.end(), from, from + sizeof value);
  }
  void byte(unsigned value) { to_.push_back(static_cast<std::uint8_t>(value)); }
  //! Few bytes where it is -1 or small.
  void number(int value) {
    auto rest = static_cast<std::uint32_t>(value) + 1;
    for (; rest >= 128; rest >>= 7) byte(rest | 128U);
    byte(rest);
  }
  //! Few where its absolute value is small: 0, -1, 1, -2 are 0, 1, 2, 3.
  void signed_number(int value) {
    const auto sign = static_cast<std::uint32_t>(value >> 31);
    number(static_cast<int>((static_cast<std::uint32_t>(value) << 1 ^ sign) - 1));
  }
  void real(double x, NumberForm form) {
    if (form == form_float) copy(static_cast<float>(x));
    if (form == form_double) copy(x);
  }

  void limit(const LimitQuantity& l) {
    const NumberForm value = form_of(l.value), excess = form_of(l.excess.value);
    const bool same = l.excess.place == l.place && l.place != -1, other = !same && l.excess.place != -1;
    byte(static_cast<unsigned>(value) | static_cast<unsigned>(excess) << 2 | (l.place != -1 ? has_place : 0U) |
         (l.step != -1 ? has_step : 0U) | (other ? has_excess_place : 0U) | (same ? excess_at_place : 0U));
    real(l.value, value), real(l.excess.value, excess);
    if (l.place != -1) number(l.place);
    if (l.step != -1) number(l.step);
    if (other) number(l.excess.place);
  }
  void range(const FlowRange& r) {
    const double value[] = {r.min, r.max, r.min_abs};
    unsigned forms = 0;
    for (int i = 0; i < 3; ++i) forms |= static_cast<unsigned>(form_of(value[i])) << (2 * i);
    byte(forms);
    for (const double x : value) real(x, form_of(x));
  }
  void list(const std::vector<BusId>& buses) {
    number(static_cast<int>(buses.size()));
    for (const BusId b : buses) number(b.value);
  }

 private:
  std::vector<std::uint8_t>& to_;
};

[[noreturn]] void not_quantities() { fail_input("a kept answer is no list of limit quantities; it is damaged"); }

class QuantitiesUnpacker {
 public:
  explicit QuantitiesUnpacker(std::span<const std::uint8_t> bytes) : from_(bytes) {}

  template <class T>
  T copy() {
    if (sizeof(T) > from_.size()) not_quantities();
    T value;
    std::memcpy(&value, from_.data(), sizeof value);
    from_ = from_.subspan(sizeof value);
    return value;
  }
  std::uint8_t byte() { return copy<std::uint8_t>(); }
  int number() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint32_t b = byte();
      value |= (b & 127U) << shift;
      if (b < 128) return static_cast<int>(value - 1);
    }
    not_quantities();
  }
  int signed_number() {
    const std::uint32_t folded = static_cast<std::uint32_t>(number()) + 1;
    return static_cast<int>(folded >> 1 ^ (0U - (folded & 1U)));
  }
  double real(unsigned form) {
    if (form == form_zero) return 0;
    if (form == form_none) return kNoValue;
    return form == form_float ? static_cast<double>(copy<float>()) : copy<double>();
  }

  void limit(LimitQuantity& l) {
    const unsigned what = byte();
    if ((what & has_excess_place) && (what & excess_at_place)) not_quantities();
    l.value = real(what & 3U), l.excess.value = real(what >> 2 & 3U);
    if (what & has_place) l.place = number();
    if (what & has_step) l.step = number();
    if (what & has_excess_place) l.excess.place = number();
    if (what & excess_at_place) l.excess.place = l.place;
  }
  void range(FlowRange& r) {
    const unsigned forms = byte();
    r.min = real(forms & 3U), r.max = real(forms >> 2 & 3U), r.min_abs = real(forms >> 4 & 3U);
  }
  template <class T>
  void list(std::vector<T>& all, auto read) {
    const int count = number();
    if (count < 0 || static_cast<std::size_t>(count) > from_.size()) not_quantities();  // each has a byte at least
    all.resize(static_cast<std::size_t>(count));
    for (T& one : all) read(one);
  }
  void end() const {
    if (!from_.empty()) not_quantities();
  }

 private:
  std::span<const std::uint8_t> from_;
};

}  // namespace

void pack_quantities(const Quantities& q, std::vector<std::uint8_t>& bytes) {
  QuantitiesPacker to(bytes);
  to.copy(q.violations);
  to.byte((q.converged ? state_converged : 0U) | (q.linear ? state_linear : 0U) | (q.near ? state_near : 0U));
  if (q.near) to.copy(q.near);
  for (const LimitQuantity& l : q.limits) to.limit(l);
  to.signed_number(q.taps_min), to.signed_number(q.taps_max);
  to.number(static_cast<int>(q.areas.size()));
  for (const AreaFlow& a : q.areas) to.range(a.p), to.range(a.q);
  to.list(q.vdiff_buses), to.list(q.overloaded_branches);
}

Quantities unpack_quantities(std::span<const std::uint8_t> bytes) {
  QuantitiesUnpacker from(bytes);
  Quantities q;
  q.violations = from.copy<std::uint32_t>();
  const unsigned flags = from.byte();
  if (flags >= 2U * state_near) not_quantities();
  q.converged = flags & state_converged, q.linear = flags & state_linear;
  if (flags & state_near) q.near = from.copy<std::uint32_t>();
  for (LimitQuantity& l : q.limits) from.limit(l);
  q.taps_min = from.signed_number(), q.taps_max = from.signed_number();
  from.list(q.areas, [&](AreaFlow& a) { from.range(a.p), from.range(a.q); });
  for (auto* buses : {&q.vdiff_buses, &q.overloaded_branches})
    from.list(*buses, [&](BusId& b) { b = BusId(from.number()); });
  from.end();
  return q;
}

std::uint32_t packed_violations(std::span<const std::uint8_t> bytes) {
  GQ_EXPECT(bytes.size() >= sizeof(std::uint32_t));
  std::uint32_t violations = 0;
  std::memcpy(&violations, bytes.data(), sizeof violations);
  return violations;
}

}  // namespace gridqueue
