// A queue of units, and sets of its units.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "gridqueue/unit_site.hpp"

namespace gridqueue {

struct Unit {
  UnitSite site;
  double kw = 0;  //!< [kW], PV of unity power factor in total over its phases
  std::string name{};
};

struct Queue {
  std::vector<Unit> units;
  std::vector<UnitId> actual{};  //!< unit at each position of the real queue; empty = there is none
};

//! What tables call each unit: its name, else its place; numbered where two would be the same.
std::vector<std::string> unit_labels(const std::vector<std::string>& names, const std::vector<std::string>& places);

constexpr std::size_t kMaxUnits = 128;

//! A set of units as bits; trivially copyable and totally ordered, so that Thrust can sort it.
struct UnitSet {
  std::array<std::uint64_t, kMaxUnits / 64> word{};

  [[nodiscard]] constexpr bool has(UnitId u) const { return (word[u.index() / 64] >> (u.index() % 64)) & 1u; }
  constexpr void add(UnitId u) { word[u.index() / 64] |= std::uint64_t{1} << (u.index() % 64); }
  [[nodiscard]] constexpr UnitSet with(UnitId u) const {
    UnitSet s = *this;
    s.add(u);
    return s;
  }
  [[nodiscard]] constexpr int count() const {
    int n = 0;
    for (auto w : word) n += __builtin_popcountll(w);
    return n;
  }
  friend constexpr auto operator<=>(const UnitSet&, const UnitSet&) = default;
};

}  // namespace gridqueue
