#include "host/explore/hosting_guess.hpp"

#include <algorithm>
#include <limits>

namespace gridqueue {
namespace {

//! What is known of one bus: everything up to `passes` passes, everything from `violates` on violates.
struct Guessed {
  double passes = 0, violates = std::numeric_limits<double>::infinity();
  double guess = 0, step = 0;
  std::uint32_t binding = 0;
  double slope = 0;  //!< of the binding limit's excess [per kW]; 0 = not to be used (any more)
  std::uint32_t limits = 0, evaluations = 0;
  double low = 0, high = 0;  //!< bracket to prove
  bool done = false;
};

//! The bracket in which `bisect` ends if the capacity is the guess.
void end_of_bisection(Guessed& g, double start, double tolerance) {
  const auto passes = [&](double kw) { return kw <= g.passes || (kw < g.violates && kw <= g.guess); };
  g.low = 0, g.high = start;
  while (passes(g.high)) g.low = g.high, g.high *= 2;
  while (g.high - g.low > tolerance) {
    const double middle = 0.5 * (g.low + g.high);
    if (passes(middle)) g.low = middle;
    else g.high = middle;
  }
}

class Closing {
 public:
  Closing(const std::vector<HostingQuery>& queries, const HostingSearchOptions& options, const Limits& limits,
          const std::vector<CapacityGuess>& guesses)
      : queries_(queries), options_(options), limits_(limits) {
    for (const CapacityGuess& g : guesses) {
      all_.push_back({});
      Guessed& to = all_.back();
      to.guess = g.found.kw, to.step = options.tolerance_kw, to.binding = g.found.limits, to.slope = g.slope,
      to.done = g.found.unlimited;
    }
  }

  bool ask(StateBatch& batch) {
    asked_.clear();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      Guessed& g = all_[i];
      if (g.done) continue;
      end_of_bisection(g, first_size(queries_[i], options_), options_.tolerance_kw);
      if (g.low > g.passes) add(batch, i, g.low);
      const bool lower = g.low > g.passes, sure = g.slope == 0 && g.step == options_.tolerance_kw;
      if (g.high < g.violates && (!lower || sure)) add(batch, i, g.high);  // else one end tells where to go on
      g.done = g.low <= g.passes && g.high >= g.violates;
    }
    return !asked_.empty();
  }

  void learn(const std::vector<Quantities>& answers) {
    for (std::size_t k = 0; k < answers.size(); ++k) {
      Guessed& g = all_[asked_[k].first];
      const double kw = asked_[k].second;
      if (kw <= g.passes || kw >= g.violates) continue;  // the lower end has told already
      if (answers[k].violations == 0) g.passes = kw;
      else g.violates = kw, g.limits = answers[k].violations;
      if (g.slope <= 0) continue;
      g.guess = kw - limit_excess(answers[k], g.binding, limits_) / g.slope;
      g.slope = 0;
    }
    for (Guessed& g : all_) correct(g);
  }

  [[nodiscard]] std::vector<HostingCapacity> found() const {
    std::vector<HostingCapacity> found;
    for (const Guessed& g : all_)
      found.push_back({g.low, g.limits, g.violates == std::numeric_limits<double>::infinity(), g.evaluations});
    return found;
  }

 private:
  void add(StateBatch& batch, std::size_t i, double kw) {
    add_query(batch, queries_[i], kw);
    asked_.emplace_back(i, kw);
    ++all_[i].evaluations;
  }

  //! Steps away from a guess that was wrong, further every time until the capacity is enclosed, then halves.
  void correct(Guessed& g) const {
    if (g.done) return;
    const bool enclosed = g.passes > 0 && g.violates < std::numeric_limits<double>::infinity();
    if (g.guess >= g.violates) g.guess = g.violates - g.step;
    else if (g.high <= g.passes) g.guess = g.passes + g.step;
    else return;
    g.step *= 4;
    if (enclosed && (g.guess <= g.passes || g.guess >= g.violates)) g.guess = 0.5 * (g.passes + g.violates);
    g.guess = std::max(g.guess, 0.0);
  }

  const std::vector<HostingQuery>& queries_;
  const HostingSearchOptions& options_;
  const Limits& limits_;
  std::vector<Guessed> all_;
  std::vector<std::pair<std::size_t, double>> asked_;
};

}  // namespace

double limit_excess(const Quantities& q, std::uint32_t limit, const Limits& limits) {
  switch (limit) {
    case limit_vdiff: return q.vdiff_pct - limits.vdiff_pct - limits.vdiff_tolerance_pct;
    case limit_vmax: return q.vmax_pu - limits.vmax_pu - limits.voltage_tolerance_pu;
    case limit_vmin: return limits.vmin_pu - limits.voltage_tolerance_pu - q.vmin_pu;
    case limit_emergency: return q.emergency_pct - limits.emergency_pct - limits.emergency_tolerance_pct;
    case limit_island: break;
    default: return std::numeric_limits<double>::quiet_NaN();
  }
  double worst = -std::numeric_limits<double>::infinity();
  for (const AreaFlow& area : q.areas) worst = std::max(worst, island_excess(area, limits));
  return worst;
}

std::vector<HostingCapacity> close_guesses(Evaluator& evaluator, const std::vector<HostingQuery>& queries,
                                           const std::vector<std::vector<BusId>>& upgrade_sets,
                                           const HostingSearchOptions& options,
                                           const std::vector<CapacityGuess>& guesses) {
  Closing closing(queries, options, evaluator.options().limits, guesses);
  for (;;) {
    StateBatch batch;
    batch.upgrade_sets = upgrade_sets;
    if (!closing.ask(batch)) return closing.found();
    closing.learn(evaluator.evaluate(batch));
  }
}

}  // namespace gridqueue
