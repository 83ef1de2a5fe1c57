#include "host/walk/consideration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "gridqueue/contracts.hpp"
#include "host/walk/walk_tables.hpp"

namespace gridqueue {

Walker::Consideration::Consideration(Walker& walker, std::span<const StateUnit> pairs)
    : walker_(walker), step_(pairs.size()) {
  const StepTable& known = walker_.tables_->step;
#pragma omp parallel for if (pairs.size() >= kParallelPairs)
  for (std::size_t i = 0; i < pairs.size(); ++i) step_[i] = known.find(pairs[i]);
  std::vector<StateUnit> unknown;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (!step_[i].valid()) new_pairs_.push_back(i), unknown.push_back(pairs[i]);
  unique_ = unique_pairs(unknown);
  new_step_.resize(unique_.key.size());
  for (std::size_t i = 0; i < unique_.key.size(); ++i) start(i, unpack_pair(unique_.key[i]));
}

void Walker::Consideration::start(std::size_t slot, StateUnit pair) {
  const State& from = walker_.states_[pair.state.index()];
  GQ_EXPECT(!from.considered.has(pair.unit));
  Attempt a;
  a.slot = slot;
  a.from = pair.state;
  a.unit = pair.unit;
  a.in = from.in.with(pair.unit);
  a.set = from.upgrades;
  a.upgraded = walker_.upgrade_sets_[from.upgrades.index()];
  active_.push_back(std::move(a));
}

//! Sets `current` of every attempt; each (units in, upgrades) is evaluated once in the walker's life.
void Walker::Consideration::ask(std::size_t ahead) {
  missing_ = StateBatch();
  missing_.upgrade_sets.clear();
  incoming_.clear();
  guesses_.clear();
  std::vector<const Attempt*> asking;
  std::map<std::int32_t, UpgradeSetId> local;  // upgrade sets of this batch only
  for (Attempt& a : active_) {
    ++a.evaluations;
    const auto [id, is_new] = walker_.tables_->evaluation.find_or_add({a.in, a.set});
    a.current = id;
    if (!is_new) continue;
    if (const auto guessed = guessed_.find({a.in, a.upgraded}); guessed != guessed_.end()) {
      incoming_.push_back({true, guessed->second});
      continue;
    }
    const auto [set, new_set] = local.try_emplace(a.set.value, UpgradeSetId(missing_.upgrade_sets.size()));
    if (new_set) missing_.upgrade_sets.push_back(a.upgraded);
    incoming_.push_back({false, missing_.size()});
    add_state(a.in, set->second);
    asking.push_back(&a);
  }
  if (ahead > 0)
    for (const Attempt* a : asking) guess(*a, ahead);
}

void Walker::Consideration::add_state(const UnitSet& in, UpgradeSetId set) {
  const auto& units = walker_.queue_.units;
  for (std::size_t u = 0; u < units.size(); ++u)
    if (in.has(UnitId(u))) missing_.add_der(units[u].site, units[u].kw);
  missing_.finish_state(set);
}

//! The next states of the attempt's plan, should its walk come that far.
void Walker::Consideration::guess(const Attempt& a, std::size_t ahead) {
  Upgrades upgraded = a.upgraded;
  for (std::size_t i = a.next; i < std::min(a.plan.size(), a.next + ahead); ++i) {
    upgraded.insert(std::upper_bound(upgraded.begin(), upgraded.end(), a.plan[i]), a.plan[i]);
    const UpgradeSetId set = walker_.known_set(upgraded);
    if (set.valid() && walker_.tables_->evaluation.contains({a.in, set})) continue;
    if (!guessed_.try_emplace({a.in, upgraded}, guess_.size() + guesses_.size()).second) continue;
    guesses_.push_back(missing_.size());
    add_state(a.in, UpgradeSetId(missing_.upgrade_sets.size()));
    missing_.upgrade_sets.push_back(upgraded);
  }
}

//! Evaluations are numbered in the order in which attempts came to them, whenever they were made.
void Walker::Consideration::learn(std::span<Quantities> answers, double seconds) {
  GQ_EXPECT(answers.size() == missing_.size());
  walker_.counters_.evaluations += incoming_.size();
  walker_.counters_.evaluate_seconds += seconds;
  for (const std::size_t i : guesses_) guess_.push_back(std::move(answers[i]));
  for (const Incoming& in : incoming_)
    walker_.evaluations_.push_back(in.guessed ? guess_[in.place] : answers[in.place]);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (!advance(active_[i])) {
      const StepId step = finish(active_[i]);
      new_step_[active_[i].slot] = step;
      walker_.tables_->step.insert({active_[i].from, active_[i].unit}, step);
      continue;
    }
    if (kept != i) active_[kept] = std::move(active_[i]);
    ++kept;
  }
  active_.resize(kept);
}

//! Goes on after an evaluation; true while another one is needed.
bool Walker::Consideration::advance(Attempt& a) {
  if (!a.added.valid()) a.added = a.current;
  if (walker_.evaluations_.violations(a.current.index()) == 0) {
    a.decision = a.built.empty() ? Decision::accept : Decision::upgrade;
    return false;
  }
  if (a.next == a.plan.size()) {
    a.plan = walker_.policy_->measures({walker_.evaluations_[a.current.index()], walker_.queue_, a.in, a.upgraded});
    a.next = 0;
    if (a.plan.empty()) {
      a.decision = Decision::reject;
      return false;
    }
  }
  const Upgrade next = a.plan[a.next++];
  a.built.push_back(next);
  a.upgraded.insert(std::upper_bound(a.upgraded.begin(), a.upgraded.end(), next), next);
  a.set = walker_.intern(a.upgraded);
  return true;
}

StepId Walker::Consideration::finish(const Attempt& a) {
  const State from = walker_.states_[a.from.index()];
  Step step;
  step.from = a.from;
  step.unit = a.unit;
  step.decision = a.decision;
  step.added = a.added;
  step.limits = walker_.evaluations_.violations(a.added.index());
  step.hosting_kw = std::numeric_limits<double>::quiet_NaN();
  const UnitSet considered = from.considered.with(a.unit);
  if (a.decision == Decision::reject) {
    step.to = walker_.state_of(considered, from.in, from.upgrades, from.evaluation);
  } else {
    step.to = walker_.state_of(considered, a.in, a.set, a.current);
    step.built = a.built;
    Upgrades all = a.built;  // in one order, so that the same lines always cost the same, to the last bit
    std::sort(all.begin(), all.end());
    step.cost_usd = usd_of(all);
    if (std::isnan(step.cost_usd))
      for (const Upgrade& u : step.built)
        if (std::isnan(u.usd)) (void)walker_.policy_->usd(u);  // throws by name
  }
  walker_.steps_.push_back(std::move(step));
  walker_.tables_->step_evaluations.push_back(a.evaluations);
  return StepId(walker_.steps_.size() - 1);
}

std::vector<StepId> Walker::Consideration::steps() {
  for (std::size_t i = 0; i < new_pairs_.size(); ++i) step_[new_pairs_[i]] = new_step_[unique_.place[i]];
  const auto& evaluations = walker_.tables_->step_evaluations;
  std::uint64_t requests = 0;
#pragma omp parallel for reduction(+ : requests) if (step_.size() >= kParallelPairs)
  for (std::size_t i = 0; i < step_.size(); ++i) requests += evaluations[step_[i].index()];
  walker_.counters_.requests += requests;
  return std::move(step_);
}

}  // namespace gridqueue
