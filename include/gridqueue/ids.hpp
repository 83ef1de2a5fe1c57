// Typed indices: a BusId cannot be passed where a LineId is meant; invalid by default.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

namespace gridqueue {

template <class Tag>
struct Id {
  std::int32_t value = -1;

  constexpr Id() = default;
  constexpr explicit Id(std::int32_t v) : value(v) {}
  constexpr explicit Id(std::size_t v) : value(static_cast<std::int32_t>(v)) {}
  [[nodiscard]] constexpr bool valid() const { return value >= 0; }
  [[nodiscard]] constexpr std::size_t index() const { return static_cast<std::size_t>(value); }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using BusId = Id<struct BusTag>;  //!< position in Network::buses (depth-first order, 0 = source bus)
constexpr int kMaxNodesPerBus = 4;
//! A node of a bus, as limits name their places: bus index * kMaxNodesPerBus + position within the bus.
struct NodeId : Id<struct NodeTag> {
  using Id::Id;
  constexpr NodeId(BusId bus, int position) : Id(bus.value * kMaxNodesPerBus + position) {}
  [[nodiscard]] constexpr BusId bus() const { return BusId(value / kMaxNodesPerBus); }
  [[nodiscard]] constexpr int position() const { return value % kMaxNodesPerBus; }
};

using UnitId = Id<struct UnitTag>;              //!< position in the queue's list of units
using UpgradeSetId = Id<struct UpgradeSetTag>;  //!< position in the table of distinct upgrade sets
using StateId = Id<struct StateTag>;            //!< row of /state in a results file

}  // namespace gridqueue

template <class Tag>
struct std::hash<gridqueue::Id<Tag>> {
  std::size_t operator()(gridqueue::Id<Tag> id) const noexcept { return std::hash<std::int32_t>{}(id.value); }
};
template <>
struct std::hash<gridqueue::NodeId> : std::hash<gridqueue::Id<gridqueue::NodeTag>> {};
