#include "host/outcome/final_states.hpp"

#include <algorithm>

namespace gridqueue {

std::vector<FinalState> likely_ends(const WalkView& walk, const OrderDistribution& orders) {
  std::vector<FinalState> ends;
  for (const auto& [id, p] : orders.ends) {
    const State& s = walk.states[id.index()];
    ends.push_back({id, s.in, walk.upgrade_sets[s.upgrades.index()], p});
  }
  std::sort(ends.begin(), ends.end(), [](const FinalState& a, const FinalState& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.state < b.state;
  });
  double covered = 0;
  std::size_t count = 0;
  while (count < std::min(kMostEnds, ends.size()) && covered < kLikelyEnds) covered += ends[count++].probability;
  ends.resize(count);
  return ends;
}

}  // namespace gridqueue
