#include "host/explore/walker_group.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "gridqueue/contracts.hpp"
#include "host/explore/consideration.hpp"
#include "host/explore/parallel.hpp"

namespace gridqueue {
namespace {

using Considerations = std::vector<std::unique_ptr<Walker::Consideration>>;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

//! `seconds` of a batch, shared out by the evaluations asked for.
double share(double seconds, std::size_t some, std::size_t all) {
  return all ? seconds * static_cast<double>(some) / static_cast<double>(all) : 0;
}

void join(StateBatch& all, const StateBatch& some) {
  const auto sets = static_cast<std::int32_t>(all.upgrade_sets.size());
  const std::uint32_t der = all.der_offset.back();
  all.upgrade_sets.insert(all.upgrade_sets.end(), some.upgrade_sets.begin(), some.upgrade_sets.end());
  all.der_bus.insert(all.der_bus.end(), some.der_bus.begin(), some.der_bus.end());
  all.der_kw.insert(all.der_kw.end(), some.der_kw.begin(), some.der_kw.end());
  for (std::size_t i = 0; i < some.size(); ++i) {
    all.der_offset.push_back(der + some.der_offset[i + 1]);
    all.upgrade_set.emplace_back(sets + some.upgrade_set[i].value);
  }
}

StateBatch joined(const Considerations& all) {
  StateBatch batch;
  batch.upgrade_sets.clear();
  for (const auto& c : all) join(batch, c->missing());
  return batch;
}

void evaluate_round(Evaluator& evaluator, Considerations& all) {
  std::size_t attempts = 0;
  for (const auto& c : all) attempts += c->active();
  for_each_parallel(all.size(), attempts, [&](std::size_t w) { all[w]->ask(); });
  const StateBatch batch = all.size() > 1 ? joined(all) : StateBatch();
  const StateBatch& missing = all.size() > 1 ? batch : all.front()->missing();
  const auto start = Clock::now();
  std::vector<Quantities> answers;
  if (missing.size() > 0) answers = evaluator.evaluate(missing);
  const double seconds = since(start);
  std::vector<std::size_t> first(1, 0);
  for (const auto& c : all) first.push_back(first.back() + c->missing().size());
  for_each_parallel(all.size(), attempts, [&](std::size_t w) {
    const std::size_t size = all[w]->missing().size();
    all[w]->learn({answers.data() + first[w], size}, share(seconds, size, answers.size()));
  });
}

void find_capacities(Evaluator& evaluator, std::span<Walker* const> walkers, Considerations& all) {
  std::vector<HostingQuery> queries;
  std::vector<std::vector<BusId>> sets;
  std::vector<std::size_t> first(1, 0);
  for (std::size_t w = 0; w < all.size(); ++w) {
    std::map<UpgradeSetId, UpgradeSetId> joint;
    for (HostingQuery q : all[w]->ask_capacities()) {
      const auto [at, is_new] = joint.try_emplace(q.upgrade_set, UpgradeSetId(sets.size()));
      if (is_new) sets.push_back(walkers[w]->upgrade_sets()[q.upgrade_set.index()]);
      q.upgrade_set = at->second;
      queries.push_back(std::move(q));
    }
    first.push_back(queries.size());
  }
  if (queries.empty()) return;
  const auto start = Clock::now();
  const auto found = hosting_capacities(evaluator, queries, sets, HostingSearchOptions());
  const double seconds = since(start);
  for (std::size_t w = 0; w < all.size(); ++w) {
    const std::size_t size = first[w + 1] - first[w];
    all[w]->learn_capacities({found.data() + first[w], size}, share(seconds, size, found.size()));
  }
}

}  // namespace

std::vector<std::vector<StepId>> consider_together(std::span<Walker* const> walkers,
                                                   std::span<const std::span<const StateUnit>> pairs) {
  GQ_EXPECT(!walkers.empty() && walkers.size() == pairs.size());
  Evaluator& evaluator = walkers.front()->evaluator();
  Considerations all(walkers.size());
  std::size_t items = 0;
  for (const auto& p : pairs) items += p.size();
  for_each_parallel(all.size(), items, [&](std::size_t w) { all[w] = std::make_unique<Walker::Consideration>(*walkers[w], pairs[w]); });
  while (std::any_of(all.begin(), all.end(), [](const auto& c) { return c->active() > 0; })) evaluate_round(evaluator, all);
  find_capacities(evaluator, walkers, all);
  std::vector<std::vector<StepId>> steps(all.size());
  for_each_parallel(all.size(), items, [&](std::size_t w) { steps[w] = all[w]->steps(); });
  return steps;
}

WalkerGroup::WalkerGroup(Evaluator& evaluator, std::vector<Queue> queues, const UpgradeRules& rules, HostingCapacityMode hosting) {
  for (Queue& queue : queues) {
    const Quantities* base = walker_.empty() ? nullptr : &walker_.front()->evaluations().front();
    walker_.push_back(std::make_unique<Walker>(evaluator, std::move(queue), rules, hosting, base));
    pointer_.push_back(walker_.back().get());
  }
}

WalkCounters WalkerGroup::counters() const {
  WalkCounters sum;
  for (const Walker* w : pointer_) {
    sum.evaluations += w->counters().evaluations;
    sum.requests += w->counters().requests;
    sum.evaluate_seconds += w->counters().evaluate_seconds;
  }
  return sum;
}

}  // namespace gridqueue
