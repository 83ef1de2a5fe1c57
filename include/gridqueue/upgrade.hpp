// What is built: today lines with half the impedance and twice the ratings, by a factor (EvaluatorOptions). Other
// kinds of measures have their place here.
#pragma once
#include <compare>
#include <cstdint>
#include <vector>

#include "gridqueue/ids.hpp"

namespace gridqueue {

enum class UpgradeKind : std::uint8_t { line = 0 };

struct Upgrade {
  BusId element;  //!< the branch, by child bus
  UpgradeKind kind = UpgradeKind::line;
  std::int32_t option = 0;  //!< among what the kind offers
  double usd = 0;           //!< [USD] cost

  Upgrade() = default;
  Upgrade(BusId line, double cost = 0) : element(line), usd(cost) {}  // NOLINT: a line is an upgrade
  //! What is built, whatever it costs.
  friend bool operator==(const Upgrade& a, const Upgrade& b) { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const Upgrade& a, const Upgrade& b) {
    if (const auto c = a.element <=> b.element; c != 0) return c;
    if (const auto c = a.kind <=> b.kind; c != 0) return c;
    return a.option <=> b.option;
  }
};

//! Ascending where it is a set; in the order of building where it is a list.
using Upgrades = std::vector<Upgrade>;

inline double usd_of(const Upgrades& upgrades) {
  double usd = 0;
  for (const Upgrade& u : upgrades) usd += u.usd;
  return usd;
}

//! By child bus, where upgrades can be of lines only.
std::vector<BusId> lines_of(const Upgrades& upgrades);

}  // namespace gridqueue
