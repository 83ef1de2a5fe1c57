#include "host/outcome/final_states.hpp"

#include <algorithm>

namespace gridqueue {
namespace {

std::vector<FinalState> describe(const Walker& walker, const std::map<StateId, double>& probability) {
  std::vector<FinalState> ends;
  for (const auto& [id, p] : probability) {
    const State& s = walker.states()[id.index()];
    ends.push_back({id, s.in, s.upgrades, walker.upgrade_sets()[s.upgrades.index()], p});
  }
  sort_final_states(ends);
  return ends;
}

}  // namespace

void sort_final_states(std::vector<FinalState>& ends) {
  std::sort(ends.begin(), ends.end(), [](const FinalState& a, const FinalState& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.state < b.state;
  });
}

std::vector<FinalState> likely_ends(std::vector<FinalState> sorted) {
  double covered = 0;
  std::size_t count = 0;
  while (count < std::min(kMostEnds, sorted.size()) && covered < kLikelyEnds) covered += sorted[count++].probability;
  sorted.resize(count);
  return sorted;
}

std::vector<FinalState> final_states(const Walker& walker, const ExactDistribution& exact) {
  return describe(walker, exact.ends);
}

std::vector<FinalState> final_states(const Walker& walker, const Trajectories& orders) {
  std::map<StateId, double> probability;
  for (std::size_t r = 0; r < orders.count(); ++r)
    probability[walker.steps()[orders.step[(r + 1) * orders.num_units - 1].index()].to] += 1;
  for (auto& [id, p] : probability) p /= static_cast<double>(orders.count());
  return describe(walker, probability);
}

}  // namespace gridqueue
