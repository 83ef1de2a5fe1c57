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

[[noreturn]] void failed() { fail_input("a kept answer is no list of limit quantities; it is damaged"); }

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  template <class T>
  void one(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    if constexpr (std::is_same_v<T, bool>)
      if (!bytes_.empty() && bytes_[0] > 1) failed();
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
  void copy(void* to, std::size_t size) {
    if (size > bytes_.size()) failed();
    if (size > 0) std::memcpy(to, bytes_.data(), size);
    bytes_ = bytes_.subspan(size);
  }
  std::span<const std::uint8_t> bytes_;
};

//! Numbers of places of this kind are below it.
std::size_t place_end(PlaceKind kind, const Network& network) {
  switch (kind) {
    case PlaceKind::bus:
    case PlaceKind::element: return network.buses.size();
    case PlaceKind::node: return network.buses.size() * kMaxNodesPerBus;
    case PlaceKind::area: return network.reclosers.size() + 1;
    case PlaceKind::regulator: return network.regulators.size() + 1;
    case PlaceKind::none: return 0;
  }
  return 0;
}

//! They will be indices.
void check_places(const Quantities& q, const Network& network) {
  const auto need = [](int number, std::size_t end) {
    if (number < -1 || (number >= 0 && static_cast<std::size_t>(number) >= end)) failed();
  };
  for (const LimitInfo& l : kLimits) {
    const LimitQuantity& limit = q[l.bit];
    for (const int place : {limit.place, limit.excess.place}) need(place, place_end(l.kind, network));
    need(limit.step, network.num_steps());
  }
  for (const auto* buses : {&q.vdiff_buses, &q.overloaded_branches})
    for (const BusId bus : *buses)
      if (bus.value < 0 || bus.index() >= network.buses.size()) failed();
}

}  // namespace

void pack_quantities(const Quantities& quantities, Answer& bytes) {
  std::size_t size = 0;
  each_member(
      quantities, [&](const auto& value) { size += sizeof value; },
      [&](const auto& values) { size += sizeof(std::uint32_t) + values.size() * sizeof *values.data(); });
  bytes.resize(size);
  std::uint8_t* at = bytes.data();
  const auto put = [&](const void* from, std::size_t count) {
    if (count > 0) std::memcpy(at, from, count);
    at += count;
  };
  each_member(
      quantities, [&](const auto& value) { put(&value, sizeof value); },
      [&](const auto& values) {
        const auto count = static_cast<std::uint32_t>(values.size());
        put(&count, sizeof count), put(values.data(), count * sizeof *values.data());
      });
}

Quantities unpack_quantities(std::span<const std::uint8_t> bytes, const Network& network) {
  Unpacker from(bytes);
  Quantities q;
  each_member(
      q, [&](auto& value) { from.one(value); }, [&](auto& values) { from.list(values); });
  from.end();
  check_places(q, network);
  return q;
}

}  // namespace gridqueue
