#include "host/explore/walker.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "gridqueue/contracts.hpp"
#include "host/explore/hosting_capacity.hpp"
#include "host/explore/unique_pairs.hpp"
#include "host/explore/upgrade_plan.hpp"

namespace gridqueue {
namespace {

struct Hash {
  static void mix(std::uint64_t& h, std::uint64_t x) {
    h = (h ^ x) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 29;
  }
  static void mix(std::uint64_t& h, const UnitSet& s) {
    for (auto w : s.word) mix(h, w);
  }
};

struct EvaluationKey {
  UnitSet in;
  UpgradeSetId upgrades;
  bool operator==(const EvaluationKey&) const = default;
};
struct StateKey {
  UnitSet considered, in;
  UpgradeSetId upgrades;
  bool operator==(const StateKey&) const = default;
};
struct KeyHash {
  std::size_t operator()(const EvaluationKey& k) const {
    std::uint64_t h = static_cast<std::uint64_t>(k.upgrades.value);
    Hash::mix(h, k.in);
    return h;
  }
  std::size_t operator()(const StateKey& k) const {
    std::uint64_t h = static_cast<std::uint64_t>(k.upgrades.value);
    Hash::mix(h, k.in);
    Hash::mix(h, k.considered);
    return h;
  }
};

}  // namespace

struct WalkTables {
  UpgradePlanner planner;
  std::unordered_map<EvaluationKey, EvaluationId, KeyHash> evaluation;
  std::unordered_map<StateKey, StateId, KeyHash> state;
  std::unordered_map<std::uint64_t, StepId> step;      //!< by packed (state, unit)
  std::map<std::vector<BusId>, UpgradeSetId> upgrade_set;
  std::vector<std::uint32_t> step_evaluations;         //!< what each step needs on its own
};

//! A unit being tried: where its walk stands.
struct Walker::Attempt {
  StateId from;
  UnitId unit;
  UnitSet in;                    //!< with the unit
  std::vector<BusId> upgraded;   //!< sorted
  UpgradeSetId set;
  std::vector<BusId> built;      //!< in order
  std::vector<BusId> plan;       //!< of the present pass
  std::size_t next = 0;          //!< into plan
  EvaluationId added, current;
  std::uint32_t evaluations = 0;
  Decision decision = Decision::accept;
};

Walker::Walker(Evaluator& evaluator, Queue queue, UpgradeRules rules, HostingCapacityMode hosting)
    : evaluator_(evaluator), queue_(std::move(queue)), rules_(rules), hosting_(hosting), upgrade_sets_(1) {
  if (queue_.units.empty()) fail_input("the queue has no units");
  if (queue_.units.size() > kMaxUnits) fail_input("the queue has {} units (at most {})", queue_.units.size(), kMaxUnits);
  tables_ = std::make_unique<WalkTables>(
      WalkTables{UpgradePlanner(evaluator.network(), evaluator.options(), queue_, rules_), {}, {}, {}, {}, {}});
  tables_->upgrade_set[{}] = UpgradeSetId(0);
  std::vector<Attempt> nothing(1);
  nothing[0].set = UpgradeSetId(0);
  evaluate_missing(nothing);
  state_of({}, {}, UpgradeSetId(0), nothing[0].current);
}

Walker::~Walker() = default;

double Walker::line_cost(BusId child) const {
  const Branch& b = network().buses[child.index()].branch;
  return b.length_ft * (b.underground ? rules_.underground_usd_per_ft : rules_.overhead_usd_per_ft);
}

UpgradeSetId Walker::intern(const std::vector<BusId>& lines) {
  const auto [at, is_new] = tables_->upgrade_set.try_emplace(lines, UpgradeSetId(upgrade_sets_.size()));
  if (is_new) upgrade_sets_.push_back(lines);
  return at->second;
}

StateId Walker::state_of(const UnitSet& considered, const UnitSet& in, UpgradeSetId upgrades, EvaluationId evaluation) {
  const auto [at, is_new] = tables_->state.try_emplace({considered, in, upgrades}, StateId(states_.size()));
  if (is_new) states_.push_back({considered, in, upgrades, evaluation});
  return at->second;
}

//! Sets `current` of every attempt; each (units in, upgrades) is evaluated once in the walker's life.
void Walker::evaluate_missing(std::vector<Attempt>& attempts) {
  StateBatch batch;
  std::map<std::int32_t, UpgradeSetId> local;  // upgrade sets of this batch only
  batch.upgrade_sets.clear();
  for (Attempt& a : attempts) {
    ++a.evaluations;
    const auto [at, is_new] =
        tables_->evaluation.try_emplace({a.in, a.set}, EvaluationId(evaluations_.size() + batch.size()));
    a.current = at->second;
    if (!is_new) continue;
    const auto [set, new_set] = local.try_emplace(a.set.value, UpgradeSetId(batch.upgrade_sets.size()));
    if (new_set) batch.upgrade_sets.push_back(upgrade_sets_[a.set.index()]);
    for (std::size_t u = 0; u < queue_.units.size(); ++u)
      if (a.in.has(UnitId(u))) batch.add_der(queue_.units[u].bus, queue_.units[u].kw);
    batch.finish_state(set->second);
  }
  if (batch.size() == 0) return;
  const auto start = std::chrono::steady_clock::now();
  auto results = evaluator_.evaluate(batch);
  counters_.evaluate_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  counters_.evaluations += batch.size();
  for (Quantities& q : results) evaluations_.push_back(std::move(q));
}

//! Goes on after an evaluation; true while another one is needed.
bool Walker::advance(Attempt& a) {
  const Quantities& q = evaluations_[a.current.index()];
  if (!a.added.valid()) a.added = a.current;
  if (q.violations == 0) {
    a.decision = a.built.empty() ? Decision::accept : Decision::upgrade;
    return false;
  }
  if (a.next == a.plan.size()) {
    a.plan = tables_->planner.plan(q, a.in, a.upgraded);
    a.next = 0;
    if (a.plan.empty()) {
      a.decision = Decision::reject;
      return false;
    }
  }
  const BusId line = a.plan[a.next++];
  a.built.push_back(line);
  a.upgraded.insert(std::upper_bound(a.upgraded.begin(), a.upgraded.end(), line), line);
  a.set = intern(a.upgraded);
  return true;
}

StepId Walker::finish(const Attempt& a) {
  const State from = states_[a.from.index()];
  Step step;
  step.from = a.from;
  step.unit = a.unit;
  step.decision = a.decision;
  step.added = a.added;
  step.limits = evaluations_[a.added.index()].violations;
  step.hosting_kw = std::numeric_limits<double>::quiet_NaN();
  const UnitSet considered = from.considered.with(a.unit);
  if (a.decision == Decision::reject) {
    step.to = state_of(considered, from.in, from.upgrades, from.evaluation);
  } else {
    step.to = state_of(considered, a.in, a.set, a.current);
    step.lines = a.built;
    std::vector<BusId> lines = a.built;  // in one order, so that the same lines always cost the same, to the last bit
    std::sort(lines.begin(), lines.end());
    for (BusId line : lines) step.cost_usd += line_cost(line);
  }
  steps_.push_back(std::move(step));
  tables_->step_evaluations.push_back(a.evaluations);
  return StepId(steps_.size() - 1);
}

std::vector<StepId> Walker::consider(std::span<const StateUnit> pairs) {
  const UniquePairs unique = unique_pairs(pairs);
  std::vector<Attempt> active;
  std::vector<std::size_t> slot;  // of the unique pair, by attempt
  std::vector<StepId> step(unique.key.size());
  for (std::size_t i = 0; i < unique.key.size(); ++i) {
    const StateUnit pair = unpack_pair(unique.key[i]);
    const State& from = states_[pair.state.index()];
    if (const auto known = tables_->step.find(unique.key[i]); known != tables_->step.end()) {
      step[i] = known->second;
      continue;
    }
    GQ_EXPECT(!from.considered.has(pair.unit));
    Attempt a;
    a.from = pair.state;
    a.unit = pair.unit;
    a.in = from.in.with(pair.unit);
    a.set = from.upgrades;
    a.upgraded = upgrade_sets_[from.upgrades.index()];
    active.push_back(std::move(a));
    slot.push_back(i);
  }
  const std::size_t first_step = steps_.size();
  while (!active.empty()) {
    evaluate_missing(active);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < active.size(); ++i) {
      if (!advance(active[i])) {
        step[slot[i]] = finish(active[i]);
        tables_->step.emplace(unique.key[slot[i]], step[slot[i]]);
        continue;
      }
      if (kept != i) active[kept] = std::move(active[i]), slot[kept] = slot[i];
      ++kept;
    }
    active.resize(kept);
    slot.resize(kept);
  }
  if (hosting_ != HostingCapacityMode::none) find_hosting_capacities(first_step);
  for (std::size_t i = 0; i < step.size(); ++i)
    counters_.requests += std::uint64_t{unique.count[i]} * tables_->step_evaluations[step[i].index()];
  std::vector<StepId> result(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) result[i] = step[unique.place[i]];
  return result;
}

//! `trigger`: how much of a trigger would have fitted where it came. `each`: what is left at the unit's bus afterwards.
void Walker::find_hosting_capacities(std::size_t first_step) {
  std::vector<HostingQuery> queries;
  std::vector<std::size_t> asked;
  const bool each = hosting_ == HostingCapacityMode::each;
  for (std::size_t s = first_step; s < steps_.size(); ++s) {
    if (!each && steps_[s].limits == 0) continue;
    const State& state = states_[(each ? steps_[s].to : steps_[s].from).index()];
    HostingQuery q;
    for (std::size_t u = 0; u < queue_.units.size(); ++u)
      if (state.in.has(UnitId(u))) q.der.emplace_back(queue_.units[u].bus, queue_.units[u].kw);
    q.upgrade_set = state.upgrades;
    q.bus = queue_.units[steps_[s].unit.index()].bus;
    queries.push_back(std::move(q));
    asked.push_back(s);
  }
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t evaluations = 0;
  const auto found = hosting_capacities(evaluator_, queries, upgrade_sets_, HostingSearchOptions(), &evaluations);
  counters_.evaluate_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  counters_.evaluations += evaluations;
  counters_.requests += evaluations;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Step& step = steps_[asked[i]];
    step.hosting_kw = each ? found[i].kw : std::min(found[i].kw, queue_.units[step.unit.index()].kw);
  }
}

}  // namespace gridqueue
