#include "host/answers/checked_quantities.hpp"

#include "gridqueue/contracts.hpp"
#include "host/model/quantities_bytes.hpp"

namespace gridqueue {
namespace {

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

void check_kept_number(int number, std::size_t end) {
  if (number < -1 || (number >= 0 && static_cast<std::size_t>(number) >= end))
    fail_input("a kept answer names place or step {} of {}; it is damaged", number, end);
}

}  // namespace

Quantities checked_quantities(std::span<const std::uint8_t> bytes, const Network& network) {
  Quantities q = unpack_quantities(bytes);
  for (const LimitInfo& l : kLimits) {
    const LimitQuantity& limit = q[l.bit];
    for (const int place : {limit.place, limit.excess.place}) check_kept_number(place, place_end(l.kind, network));
    check_kept_number(limit.step, network.num_steps());
  }
  for (const auto* buses : {&q.vdiff_buses, &q.overloaded_branches})
    for (const BusId bus : *buses) {
      check_kept_number(bus.value, network.buses.size());
      if (!bus.valid()) fail_input("a kept answer lists a bus that is none; it is damaged");
    }
  return q;
}

}  // namespace gridqueue
