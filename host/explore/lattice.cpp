#include "host/explore/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "gridqueue/contracts.hpp"
#include "host/explore/parallel.hpp"

namespace gridqueue {
namespace {

//! A state of the present level.
struct Node {
  double probability = 0;
  std::vector<double> triggers;  //!< [so many triggers so far] probability
};
using Level = std::unordered_map<StateId, Node>;

//! Steps worked out at once: a level of 20 units has 1.8 million, each some hundred bytes while it is tried.
constexpr std::size_t kPairs = 200'000;

//! The lattice of one queue, level by level.
class Lattice {
 public:
  explicit Lattice(Walker& walker) : walker_(walker), n_(walker.queue().units.size()), level_{{walker.root(), {1, {1}}}} {
    out_.units.resize(n_);
    out_.level_states.push_back(1);
    for (ExactUnit& u : out_.units) {
      u.mean_by_position.assign(n_, 0);
      u.trigger_by_position.assign(n_, 0);
      u.mean_after.assign(n_, 0);
    }
  }

  [[nodiscard]] std::size_t levels() const { return n_; }
  std::span<const StateUnit> next() {
    pairs_ = position_ < n_ ? pairs_of(level_) : std::vector<StateUnit>();
    return pairs_;
  }
  //! The steps of next()'s pairs, slice by slice.
  void take(std::span<const StepId> steps) {
    advance(steps);
    if (taken_ < pairs_.size() || position_ == n_) return;
    level_ = std::move(next_);
    next_.clear();
    taken_ = 0;
    ++position_;
    out_.level_states.push_back(level_.size());
  }
  ExactDistribution distribution() {
    finish(level_);
    return std::move(out_);
  }

  //! Pairs of the level in the order of state ids, so that sums have a fixed order.
  [[nodiscard]] std::vector<StateUnit> pairs_of(const Level& level) const {
    std::vector<StateId> states;
    for (const auto& [state, node] : level) states.push_back(state);
    std::sort(states.begin(), states.end());
    std::vector<StateUnit> pairs;
    for (StateId s : states)
      for (std::size_t u = 0; u < n_; ++u)
        if (!walker_.states()[s.index()].considered.has(UnitId(u))) pairs.push_back({s, UnitId(u)});
    return pairs;
  }

  void advance(std::span<const StepId> steps) {
    const double share = 1.0 / static_cast<double>(n_ - position_);
    for (const StepId id : steps) {
      const Node& from = level_.at(pairs_[taken_++].state);
      const Step& step = walker_.steps()[id.index()];
      const double p = from.probability * share;
      count(step, p);
      Node& to = next_[step.to];
      to.probability += p;
      to.triggers.resize(n_ + 1, 0.0);
      for (std::size_t t = 0; t < from.triggers.size(); ++t)
        if (from.triggers[t] > 0) to.triggers[t + (step.limits ? 1 : 0)] += from.triggers[t] * share;
    }
  }

  void count(const Step& step, double p) {
    ExactUnit& u = out_.units[step.unit.index()];
    u.distribution[step.cost_usd] += p;
    if (step.limits) u.trigger_probability += p, u.trigger_by_position[position_] += p * static_cast<double>(n_);
    if (step.decision == Decision::reject) u.reject_probability += p;
    if (step.cost_usd == 0) return;
    u.mean_by_position[position_] += p * step.cost_usd * static_cast<double>(n_);  // P(position) = 1 / N
    const UnitSet& before = walker_.states()[step.from.index()].considered;
    for (std::size_t j = 0; j < n_; ++j)
      if (before.has(UnitId(j))) u.mean_after[j] += 2 * p * step.cost_usd;  // P(j before i) = 1 / 2
  }

  void finish(const Level& last) {
    std::vector<StateId> states;
    for (const auto& [state, node] : last) states.push_back(state);
    std::sort(states.begin(), states.end());
    out_.triggers.assign(n_ + 1, 0.0);
    for (StateId s : states) {
      const Node& node = last.at(s);
      const State& state = walker_.states()[s.index()];
      double total = 0;
      for (BusId line : walker_.upgrade_sets()[state.upgrades.index()]) total += walker_.line_cost(line);
      out_.total[std::round(total * 100) / 100] += node.probability;  // to the cent, as samples are
      out_.upgrades[state.upgrades] += node.probability;
      out_.ends[s] = node.probability;
      UnitSet rejected;
      for (std::size_t w = 0; w < rejected.word.size(); ++w) rejected.word[w] = state.considered.word[w] & ~state.in.word[w];
      out_.rejected[rejected] += node.probability;
      for (std::size_t t = 0; t < node.triggers.size(); ++t) out_.triggers[t] += node.triggers[t];
    }
    for (std::size_t i = 0; i < n_; ++i) moments(out_.units[i], i);
    out_.states = walker_.states().size();
  }

  static void moments(ExactUnit& u, std::size_t own) {
    for (const auto& [usd, p] : u.distribution) u.mean_usd += usd * p;
    double variance = 0;
    for (const auto& [usd, p] : u.distribution) variance += (usd - u.mean_usd) * (usd - u.mean_usd) * p;
    u.sd_usd = std::sqrt(variance);
    u.mean_after[own] = std::numeric_limits<double>::quiet_NaN();
  }

  Walker& walker_;
  std::size_t n_, position_ = 0;
  Level level_, next_;            //!< present and growing
  std::vector<StateUnit> pairs_;  //!< of the level
  std::size_t taken_ = 0;         //!< of the pairs
  ExactDistribution out_;
};

}  // namespace

double ExactUnit::quantile(double p) const {
  double sum = 0;
  for (const auto& [usd, probability] : distribution)
    if ((sum += probability) >= p * (1 - 1e-12)) return usd;
  return distribution.empty() ? 0 : distribution.rbegin()->first;
}

double lattice_states(std::size_t num_units) { return std::ldexp(1.0, static_cast<int>(num_units)); }

void check_least_states(std::size_t num_units, std::size_t max_states, const std::string& what) {
  const double states = lattice_states(num_units);
  if (states > static_cast<double>(max_states))
    fail_input("{} of {} units are a lattice of at least {:.3g} states (orders.max_states is {}); sample instead: orders.method = \"random\"", what,
               num_units, states, max_states);
}

namespace {

//! "the lattice", of one queue among several "queue 17: the lattice".
std::string named(std::size_t w, std::size_t queues, const LatticeOptions& options, const char* what) {
  return queues == 1 ? what : fmt::format("queue {}: {}", options.first_queue + w, what);
}

void check_grown(std::span<Walker* const> walkers, const LatticeOptions& options) {
  for (std::size_t w = 0; w < walkers.size(); ++w)
    if (walkers[w]->states().size() > options.max_states)
      fail_input("{} of {} units has more than {} states (upgrades multiply them); sample instead: orders.method = \"random\", "
                 "or raise orders.max_states", named(w, walkers.size(), options, "the lattice"), walkers[w]->queue().units.size(), options.max_states);
}

}  // namespace

std::vector<ExactDistribution> enumerate_together(std::span<Walker* const> walkers, const LatticeOptions& options,
                                                  const std::function<void(std::size_t, std::size_t)>& progress) {
  for (std::size_t w = 0; w < walkers.size(); ++w)
    check_least_states(walkers[w]->queue().units.size(), options.max_states, named(w, walkers.size(), options, "all orders"));
  std::vector<Lattice> lattices;
  std::size_t levels = 0;
  for (Walker* w : walkers) levels = std::max(levels, lattices.emplace_back(*w).levels());
  std::vector<std::span<const StateUnit>> pairs(walkers.size()), slices(walkers.size());
  std::size_t items = 0;  // pairs of the level before
  const std::size_t slice = kPairs / walkers.size() + 1;
  for (std::size_t level = 0; level < levels; ++level) {
    for_each_parallel(lattices.size(), items, [&](std::size_t w) { pairs[w] = lattices[w].next(); });
    std::size_t most = 0;
    items = 0;
    for (const auto& p : pairs) items += p.size(), most = std::max(most, p.size());
    for (std::size_t first = 0; first < most; first += slice) {
      for (std::size_t w = 0; w < pairs.size(); ++w) {
        const std::size_t from = std::min(first, pairs[w].size());
        slices[w] = pairs[w].subspan(from, std::min(slice, pairs[w].size() - from));
      }
      const auto steps = consider_together(walkers, slices);
      check_grown(walkers, options);
      for_each_parallel(lattices.size(), items, [&](std::size_t w) { lattices[w].take(steps[w]); });
    }
    if (progress) progress(level + 1, levels);
  }
  std::vector<ExactDistribution> all;
  for (Lattice& l : lattices) all.push_back(l.distribution());
  return all;
}

ExactDistribution enumerate_orders(Walker& walker, const LatticeOptions& options,
                                   const std::function<void(std::size_t, std::size_t)>& progress) {
  Walker* const self = &walker;
  return std::move(enumerate_together({&self, 1}, options, progress).front());
}

}  // namespace gridqueue
