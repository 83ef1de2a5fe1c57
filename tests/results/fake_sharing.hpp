// Shares of the invented walk, as far as they need no feeder.
#pragma once
#include "host/results/allocation.hpp"
#include "tests/results/fake_walk.hpp"

namespace gridqueue::test {

//! Two rules, and one linear program that has no answer.
inline StudySharing fake_sharing(const FakeWalk& walk, OrderOutcome outcome) {
  StudySharing s;
  s.source = outcome.source;
  std::vector<SharingUnit> units;
  for (std::size_t u = 0; u < walk.walker.queue().units.size(); ++u) {
    units.emplace_back();
    units.back().name = "bus_3";
    units.back().kw = walk.walker.queue().units[u].kw;
    units.back().accepted = outcome.accepted[u];
    units.back().trigger = outcome.unit[u];
  }
  s.table = share_costs(std::move(units), outcome.total, {SharingRule::trigger, SharingRule::pro_rata_kw});
  for (FinalState& end : outcome.ends)
    s.programs.push_back({std::move(end), 0, 0, "an invented feeder has no program", {}});
  return s;
}

}  // namespace gridqueue::test
