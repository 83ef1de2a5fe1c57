#include "host/walk/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "gridqueue/contracts.hpp"
#include "host/walk/walk_view.hpp"

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
        n_(walker.queue().units.size()), level_{{walker.root(), {1, {1}}}}, sum_(n_, true) {
    check_least_states(n_, options_.max_states, options_.name);
  }

  //! Slice by slice.
  std::span<const StateUnit> next() {
    if (taken_ == 0) {
      if (progress_ && position_ > 0) progress_(position_, n_);
      if (position_ == n_) return {};
      pairs_ = pairs_of(level_);
    }
    const auto slice = std::span(pairs_).subspan(taken_, std::min(options_.slice, pairs_.size() - taken_));
    if (options_.before_slice) options_.before_slice(walker_, slice);
    return slice;
  }
  void take(std::span<const StepId> steps) {
    check_grown();
    advance(steps);
    if (taken_ < pairs_.size()) return;
    level_ = std::move(next_);
    next_.clear();
    taken_ = 0;
    ++position_;
    level_states_.push_back(level_.size());
  }
  [[nodiscard]] bool settled() const { return taken_ == 0; }
  [[nodiscard]] OrderDistribution distribution() const {
    OrderSum sum = sum_;
    const std::vector<double> usd = view_of(walker_).set_usd;
    std::vector<double> triggers(n_ + 1, 0.0);
    for (StateId s : states_of(level_)) {
      const Node& node = level_.at(s);
      const State& state = walker_.states()[s.index()];
      sum.end(s, state, usd[state.upgrades.index()], node.probability);
      for (std::size_t t = 0; t < node.triggers.size(); ++t) triggers[t] += node.triggers[t];
    }
    OrderDistribution d = sum.distribution(std::move(triggers), 1);
    d.level_states = level_states_;
    return d;
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

  //! In the order of their ids, so that sums have a fixed order.
  static std::vector<StateId> states_of(const Level& level) {
    std::vector<StateId> states;
    for (const auto& [state, node] : level) states.push_back(state);
    std::sort(states.begin(), states.end());
    return states;
  }
  [[nodiscard]] std::vector<StateUnit> pairs_of(const Level& level) const {
    std::vector<StateUnit> pairs;
    for (StateId s : states_of(level))
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
      sum_.add(step, walker_.states()[step.from.index()].considered, p);
      Node& to = next_[step.to];
      to.probability += p;
      to.triggers.resize(n_ + 1, 0.0);
      for (std::size_t t = 0; t < from.triggers.size(); ++t)
        if (from.triggers[t] > 0) to.triggers[t + (step.limits ? 1 : 0)] += from.triggers[t] * share;
    }
  }

  Walker& walker_;
  LatticeOptions options_;
  LevelProgress progress_;
  std::size_t n_, position_ = 0;
  Level level_, next_;            //!< present and growing
  std::vector<StateUnit> pairs_;  //!< of the level
  std::size_t taken_ = 0;         //!< of the pairs
  OrderSum sum_;
  std::vector<std::uint64_t> level_states_{1};
};

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
OrderDistribution LatticeCourse::distribution() const { return lattice_->distribution(); }

OrderDistribution enumerate_orders(Walker& walker, const LatticeOptions& options, const LevelProgress& progress) {
  LatticeCourse lattice(walker, options, progress);
  Walker* const self = &walker;
  Course* const course = &lattice;
  walk_courses({&self, 1}, {&course, 1});
  return lattice.distribution();
}

}  // namespace gridqueue
