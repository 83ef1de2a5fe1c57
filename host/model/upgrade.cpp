#include "gridqueue/upgrade.hpp"

#include "gridqueue/contracts.hpp"

namespace gridqueue {

std::vector<BusId> lines_of(const Upgrades& upgrades) {
  std::vector<BusId> lines;
  for (const Upgrade& u : upgrades) {
    GQ_EXPECT(u.kind == UpgradeKind::line);
    lines.push_back(u.element);
  }
  return lines;
}

}  // namespace gridqueue
