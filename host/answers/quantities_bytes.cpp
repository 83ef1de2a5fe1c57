#include "host/answers/quantities_bytes.hpp"

#include <cstring>
#include <type_traits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Both directions are one list of members.
template <class Q>
void each_member(Q& q, auto&& one, auto&& list) {
  one(q.converged), one(q.linear), one(q.near), one(q.violations);
  for (auto& l : q.limits) one(l.value), one(l.place), one(l.step), one(l.excess.value), one(l.excess.place);
  one(q.taps_min), one(q.taps_max);
  list(q.areas), list(q.vdiff_buses), list(q.overloaded_branches);
}

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  template <class T>
  void one(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    copy(&value, sizeof value);
  }
  template <class T>
  void list(std::vector<T>& values) {
    std::uint32_t count = 0;
    one(count);
    if (count > bytes_.size() / sizeof(T)) failed();
    values.resize(count);
    copy(values.data(), count * sizeof(T));
  }
  void end() const {
    if (!bytes_.empty()) failed();
  }

 private:
  [[noreturn]] static void failed() { fail_input("a kept answer is no list of limit quantities; it is damaged"); }
  void copy(void* to, std::size_t size) {
    if (size > bytes_.size()) failed();
    if (size > 0) std::memcpy(to, bytes_.data(), size);
    bytes_ = bytes_.subspan(size);
  }
  std::span<const std::uint8_t> bytes_;
};

}  // namespace

Answer pack_quantities(const Quantities& quantities) {
  Answer bytes;
  const auto one = [&](const auto& value) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), from, from + sizeof value);
  };
  each_member(quantities, one, [&](const auto& values) {
    one(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) one(value);
  });
  return bytes;
}

Quantities unpack_quantities(std::span<const std::uint8_t> bytes) {
  Unpacker from(bytes);
  Quantities q;
  each_member(
      q, [&](auto& value) { from.one(value); }, [&](auto& values) { from.list(values); });
  from.end();
  return q;
}

}  // namespace gridqueue
