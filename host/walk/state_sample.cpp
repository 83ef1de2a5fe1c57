#include "host/walk/state_sample.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "host/statistics/random.hpp"
#include "host/walk/walk_tables.hpp"

namespace gridqueue {
namespace {

//! Random, but a function of the state alone: its units and upgrades.
std::uint64_t draw(const Walker& w, const EvaluatedState& e) {
  std::uint64_t h = 0;
  KeyHash::mix(h, e.in);
  KeyHash::mix_all(h, w.upgrade_sets()[e.upgrades.index()]);
  return random_bits(0, Purpose::verification, h, 0);
}

template <class Visit>
void visit_evaluated(const Walker& w, const Visit& visit) {
  std::unordered_set<EvaluationKey, KeyHash> seen;
  const auto once = [&](const UnitSet& in, UpgradeSetId upgrades, EvaluationId id) {
    if (!id.valid() || !seen.insert({in, upgrades}).second) return;
    visit(EvaluatedState{in, upgrades}, id);
  };
  for (const State& s : w.states()) once(s.in, s.upgrades, s.evaluation);
  for (const Step& s : w.steps()) {
    const State& from = w.states()[s.from.index()];
    once(from.in.with(s.unit), from.upgrades, s.added);
  }
}

}  // namespace

std::vector<EvaluatedState> sample_states(const Walker& walker, std::size_t count,
                                          const std::function<bool(const Quantities&)>& wanted) {
  std::multimap<std::uint64_t, EvaluatedState> kept;  // the smallest draws
  visit_evaluated(walker, [&](const EvaluatedState& e, EvaluationId answer) {
    if (count == 0 || !wanted(walker.evaluations()[answer.index()])) return;
    const std::uint64_t d = draw(walker, e);
    if (kept.size() == count && d >= std::prev(kept.end())->first) return;
    kept.emplace(d, e);
    if (kept.size() > count) kept.erase(std::prev(kept.end()));
  });
  std::vector<EvaluatedState> sample;
  for (const auto& [d, e] : kept) sample.push_back(e);
  return sample;
}

StateBatch batch_of(const Walker& walker, std::span<const EvaluatedState> sample) {
  StateBatch batch;
  batch.upgrade_sets.clear();
  std::map<Upgrades, UpgradeSetId> sets;
  const auto& units = walker.queue().units;
  for (const EvaluatedState& e : sample) {
    const Upgrades& upgrades = walker.upgrade_sets()[e.upgrades.index()];
    const auto [at, is_new] = sets.try_emplace(upgrades, UpgradeSetId(batch.upgrade_sets.size()));
    if (is_new) batch.upgrade_sets.push_back(upgrades);
    for (std::size_t u = 0; u < units.size(); ++u)
      if (e.in.has(UnitId(u))) batch.add_der(units[u].site, units[u].kw);
    batch.finish_state(at->second);
  }
  return batch;
}

}  // namespace gridqueue
