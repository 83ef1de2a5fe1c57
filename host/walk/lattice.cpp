#include "host/walk/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

class LatticeCourse::Lattice {
  //! A state of the present level.
  struct Node {
    double probability = 0;
    std::vector<double> triggers;  //!< [so many triggers so far] probability
  };
  using Level = std::unordered_map<StateId, Node>;

 public:
  Lattice(Walker& walker, LatticeOptions options, LevelProgress progress)
      : walker_(walker), options_(std::move(options)), progress_(std::move(progress)),
        n_(walker.queue().units.size()), level_{{walker.root(), {1, {1}}}} {
    check_least_states(n_, options_.max_states, options_.name);
    out_.units.resize(n_);
    out_.level_states.push_back(1);
    for (ExactUnit& u : out_.units) {
      u.mean_by_position.assign(n_, 0);
      u.trigger_by_position.assign(n_, 0);
      u.mean_after.assign(n_, 0);
    }
  }

  //! Slice by slice.
  std::span<const StateUnit> next() {
    if (taken_ == 0) {
      if (progress_ && position_ > 0) progress_(position_, n_);
      if (position_ == n_) return {};
      pairs_ = pairs_of(level_);
    }
    return std::span(pairs_).subspan(taken_, std::min(options_.slice, pairs_.size() - taken_));
  }
  void take(std::span<const StepId> steps) {
    check_grown();
    advance(steps);
    if (taken_ < pairs_.size()) return;
    level_ = std::move(next_);
    next_.clear();
    taken_ = 0;
    ++position_;
    out_.level_states.push_back(level_.size());
  }
  [[nodiscard]] bool settled() const { return taken_ == 0; }
  ExactDistribution distribution() const {
    ExactDistribution out = out_;
    finish(out);
    return out;
  }

 private:
  void check_grown() const {
    if (walker_.states().size() > options_.max_states)
      fail_input(
          "{} of {} units are a lattice of more than {} states (upgrades multiply them); sample instead: orders.method "
          "= \"random\", "
          "or raise orders.max_states",
          options_.name, n_, options_.max_states);
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

  void finish(ExactDistribution& out) const {
    std::vector<StateId> states;
    for (const auto& [state, node] : level_) states.push_back(state);
    std::sort(states.begin(), states.end());
    out.triggers.assign(n_ + 1, 0.0);
    for (StateId s : states) {
      const Node& node = level_.at(s);
      const State& state = walker_.states()[s.index()];
      double total = 0;
      for (BusId line : walker_.upgrade_sets()[state.upgrades.index()]) total += walker_.line_cost(line);
      out.total[std::round(total * 100) / 100] += node.probability;  // to the cent, as samples are
      out.upgrades[state.upgrades] += node.probability;
      out.ends[s] = node.probability;
      UnitSet rejected;
      for (std::size_t w = 0; w < rejected.word.size(); ++w)
        rejected.word[w] = state.considered.word[w] & ~state.in.word[w];
      out.rejected[rejected] += node.probability;
      for (std::size_t t = 0; t < node.triggers.size(); ++t) out.triggers[t] += node.triggers[t];
    }
    for (std::size_t i = 0; i < n_; ++i) moments(out.units[i], i);
    out.states = walker_.states().size();
  }

  static void moments(ExactUnit& u, std::size_t own) {
    for (const auto& [usd, p] : u.distribution) u.mean_usd += usd * p;
    double variance = 0;
    for (const auto& [usd, p] : u.distribution) variance += (usd - u.mean_usd) * (usd - u.mean_usd) * p;
    u.sd_usd = std::sqrt(variance);
    u.mean_after[own] = std::numeric_limits<double>::quiet_NaN();
  }

  Walker& walker_;
  LatticeOptions options_;
  LevelProgress progress_;
  std::size_t n_, position_ = 0;
  Level level_, next_;            //!< present and growing
  std::vector<StateUnit> pairs_;  //!< of the level
  std::size_t taken_ = 0;         //!< of the pairs
  ExactDistribution out_;
};

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
    fail_input(
        "{} of {} units are a lattice of at least {:.3g} states (orders.max_states is {}); sample instead: "
        "orders.method = \"random\"",
        what, num_units, states, max_states);
}

LatticeCourse::LatticeCourse(Walker& walker, LatticeOptions options, LevelProgress progress)
    : lattice_(std::make_unique<Lattice>(walker, std::move(options), std::move(progress))) {}
LatticeCourse::~LatticeCourse() = default;
std::span<const StateUnit> LatticeCourse::next() { return lattice_->next(); }
void LatticeCourse::take(std::span<const StepId> steps) { lattice_->take(steps); }
bool LatticeCourse::settled() const { return lattice_->settled(); }
ExactDistribution LatticeCourse::distribution() const { return lattice_->distribution(); }

ExactDistribution enumerate_orders(Walker& walker, const LatticeOptions& options, const LevelProgress& progress) {
  LatticeCourse lattice(walker, options, progress);
  Walker* const self = &walker;
  Course* const course = &lattice;
  walk_courses({&self, 1}, {&course, 1});
  return lattice.distribution();
}

}  // namespace gridqueue
