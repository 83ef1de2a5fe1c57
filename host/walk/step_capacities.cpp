#include "host/walk/step_capacities.hpp"

#include <algorithm>
#include <tuple>

namespace gridqueue {

void Walker::Capacities::ask(std::vector<HostingQuery>& queries, std::vector<Upgrades>& sets) {
  const auto& units = walker_.queue_.units;
  std::map<UpgradeSetId, UpgradeSetId> joint;
  std::map<std::tuple<UnitSet, UpgradeSetId, UnitSite>, std::size_t> known;
  first_ = queries.size();
  for (std::size_t& s = walker_.hosting_asked_; s < walker_.steps_.size(); ++s) {
    const Step& step = walker_.steps_[s];
    if (!each() && step.limits == 0) continue;
    const State& state = walker_.states_[(each() ? step.to : step.from).index()];
    const UnitSite site = units[step.unit.index()].site;
    const auto [at, is_new] = known.try_emplace({state.in, state.upgrades, site}, queries.size());
    asked_.emplace_back(s, at->second);
    if (!is_new) continue;
    const auto [set, new_set] = joint.try_emplace(state.upgrades, UpgradeSetId(sets.size()));
    if (new_set) sets.push_back(walker_.upgrade_sets_[state.upgrades.index()]);
    HostingQuery q{{}, set->second, site};
    for (std::size_t u = 0; u < units.size(); ++u)
      if (state.in.has(UnitId(u))) q.der.emplace_back(units[u].site, units[u].kw);
    queries.push_back(std::move(q));
  }
  size_ = queries.size() - first_;
}

void Walker::Capacities::learn(std::span<const HostingCapacity> found, double seconds) {
  walker_.counters_.evaluate_seconds += seconds;
  for (std::size_t i = first_; i < first_ + size_; ++i) walker_.counters_.evaluations += found[i].evaluations;
  for (const auto& [s, query] : asked_) {
    Step& step = walker_.steps_[s];
    walker_.counters_.requests += found[query].evaluations;
    step.hosting_kw = each() ? found[query].kw : std::min(found[query].kw, walker_.queue_.units[step.unit.index()].kw);
  }
}

}  // namespace gridqueue
