#include "host/linear/linear_evaluator.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "host/core/parallel.hpp"
#include "host/linear/linear_model.hpp"
#include "kernels/feeder/state_inputs.hpp"
#include "kernels/linear/base_voltages.hpp"
#include "kernels/linear/linear_launcher.hpp"

namespace gridqueue {
namespace {

template <class Real>
class LinearEvaluatorOf final : public LinearEvaluator {
 public:
  LinearEvaluatorOf(Evaluator& ac, const LinearOptions& linear)
      : ac_(ac), linear_(linear), pass_(ac.thresholds()),
        feeder_(compile_feeder<Real>(ac.network(), without_sites(ac.options()))),
        exact_(compile_feeder<double>(ac.network(), without_sites(ac.options()))),
        solver_(ac.options().machine->response_solver()) {
    const std::size_t buses = ac.network().buses.size();
    for (std::size_t b = 0; b < buses; ++b) whole_.push_back(three_phase_site(ac.network(), BusId(b)));
    is_unit_.resize(buses, 0);
    for (UnitSite site : linear_.scope.units)
      if (is_whole(site)) is_unit_[site.bus.index()] = 1;
    const LinearRules rules{ac.options().limits, pass_,
                            linear.model == PowerFlow::screened ? &linear_.margins : nullptr};
    launcher_ = ac.options().machine->linear_launcher(feeder_, ac.network(), rules);
  }

  std::vector<Quantities> evaluate(const StateBatch& states) override {
    std::vector<Quantities> answers = answer(states);
    for (const Quantities& q : answers) count_answer(q, counters_);
    return answers;
  }

  [[nodiscard]] std::size_t width() const override { return ac_.width(); }
  DayTrace trace(const StateBatch& states) override { return ac_.trace(states); }
  [[nodiscard]] const Network& network() const override { return ac_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return ac_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return pass_; }
  [[nodiscard]] const ModelCounters& counters() const override { return counters_; }

 private:
  //! Units on some phases are no part of it.
  static EvaluatorOptions without_sites(EvaluatorOptions options) {
    options.sites.clear();
    options.only_sites = false;
    return options;
  }
  [[nodiscard]] bool is_whole(UnitSite site) const { return site.phases == 0 && whole_.at(site.bus.index()); }
  //! Whether every unit of the state stands at a whole three-phase bus.
  [[nodiscard]] bool knows(const StateBatch& states, std::size_t state) const {
    return std::all_of(states.der_site.begin() + states.der_offset[state],
                       states.der_site.begin() + states.der_offset[state + 1],
                       [&](UnitSite site) { return is_whole(site); });
  }
  static void put(std::vector<Quantities> from, const std::vector<std::size_t>& index, std::vector<Quantities>& to) {
    for (std::size_t i = 0; i < index.size(); ++i) to[index[i]] = std::move(from[i]);
  }

  std::vector<Quantities> answer(const StateBatch& states) {
    std::vector<std::size_t> known, beyond;
    for (std::size_t i = 0; i < states.size(); ++i) (knows(states, i) ? known : beyond).push_back(i);
    if (beyond.empty()) return judge(states);
    std::vector<Quantities> answers(states.size());
    // units on some phases have no response in a linearized day
    put(ac_.evaluate(states.part(beyond)), beyond, answers);
    for (std::size_t i : beyond) answers[i].near = near_phases;
    if (!known.empty()) put(judge(states.part(known)), known, answers);
    return answers;
  }

  std::vector<Quantities> judge(const StateBatch& states) {
    check_inputs(feeder_, network(), states);
    learn_units(states);
    const std::vector<std::vector<std::size_t>> by_set = group(states);
    std::vector<Quantities> answers(states.size());
    std::vector<std::uint32_t> near_limit(states.size(), 0);
    std::vector<std::size_t> exact;  // states to solve in AC
    for (std::size_t first = 0; first < by_set.size(); first += kMostModels)
      answer_linearly(states, by_set, {first, std::min(by_set.size(), first + kMostModels)}, answers, near_limit,
                      exact);
    for (std::size_t i = 0; i < answers.size(); ++i)
      if (near_limit[i]) exact.push_back(i);
    solve_in_ac(states, exact, answers);
    for (std::size_t i : exact) answers[i].near = near_limit[i];
    return answers;
  }

  //! A model serves the units it was built for: a new unit drops all models.
  void learn_units(const StateBatch& states) {
    bool grown = !assembler_;
    for (UnitSite site : states.der_site) grown = !std::exchange(is_unit_[site.bus.index()], char{1}) || grown;
    if (!grown) return;
    std::vector<UnitSite> units;
    for (std::size_t b = 0; b < is_unit_.size(); ++b)
      if (is_unit_[b]) units.emplace_back(BusId(b));
    drop_models();
    assembler_ = std::make_unique<LinearAssembler>(network(), exact_, options().upgrade_factor,
                                                   make_linear_plan(network(), exact_, units));
  }

  static std::vector<std::vector<std::size_t>> group(const StateBatch& states) {
    std::vector<std::vector<std::size_t>> by_set(states.upgrade_sets.size());
    for (std::size_t i = 0; i < states.size(); ++i) by_set[states.upgrade_set[i].index()].push_back(i);
    return by_set;
  }

  void drop_models() {
    models_.clear();
    launcher_->clear();
  }

  //! Some of a batch's sets of lines.
  struct Sets {
    std::size_t first, last;
  };

  //! States whose lines have no model go to `exact`.
  void answer_linearly(const StateBatch& states, const std::vector<std::vector<std::size_t>>& by_set, Sets sets,
                       std::vector<Quantities>& answers, std::vector<std::uint32_t>& near_limit,
                       std::vector<std::size_t>& exact) {
    std::vector<Upgrades> missing = missing_models(states, by_set, sets);
    if (models_.size() + missing.size() > kMostModels) {
      drop_models();
      missing = missing_models(states, by_set, sets);
    }
    build_models(missing);
    std::vector<LinearJob> jobs;
    for (std::size_t s = sets.first; s < sets.last; ++s) {
      const auto found = models_.find(states.upgrade_sets[s]);
      if (by_set[s].empty()) continue;
      if (found == models_.end()) {
        exact.insert(exact.end(), by_set[s].begin(), by_set[s].end());
        continue;
      }
      jobs.push_back({found->second, &by_set[s]});
    }
    launcher_->evaluate(states, jobs, answers, near_limit);
  }

  [[nodiscard]] std::vector<Upgrades> missing_models(const StateBatch& states,
                                                     const std::vector<std::vector<std::size_t>>& by_set,
                                                     Sets sets) const {
    std::vector<Upgrades> missing;
    for (std::size_t s = sets.first; s < sets.last; ++s)
      if (!by_set[s].empty() && !models_.contains(states.upgrade_sets[s]) && in_scope(states.upgrade_sets[s]))
        missing.push_back(states.upgrade_sets[s]);
    return missing;
  }

  [[nodiscard]] bool in_scope(const Upgrades& set) const {
    return !linear_.scope.sets || linear_.scope.sets->contains(set);
  }

  //! Systems of many sets are solved together; all at once would take too much memory.
  void build_models(const std::vector<Upgrades>& missing) {
    constexpr std::size_t together = 64;
    const auto start = std::chrono::steady_clock::now();
    const auto base = base_points(exact_, network(), options().upgrade_factor, missing, assembler_->plan().levels);
    for (std::size_t first = 0; first < missing.size(); first += together) {
      const std::size_t count = std::min(missing.size() - first, together);
      std::vector<ResponseSystem> systems(2 * count);
      for_each_parallel(count, options().threads, [&](std::size_t i) {
        std::vector<ResponseSystem> two = assembler_->systems(missing[first + i], base[first + i]);
        std::move(two.begin(), two.end(), systems.begin() + static_cast<std::ptrdiff_t>(2 * i));
      });
      const std::vector<Eigen::MatrixXd> solved = solver_->responses(systems);
      std::vector<LinearModel<Real>> models(count);
      for_each_parallel(count, options().threads, [&](std::size_t i) {
        models[i] =
            assembler_->template model<Real>(missing[first + i], base[first + i], std::span(solved).subspan(2 * i, 2));
      });
      for (std::size_t i = 0; i < count; ++i)
        models_.emplace(missing[first + i], launcher_->keep(std::move(models[i])));
    }
    counters_.models += missing.size();
    counters_.build_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  void solve_in_ac(const StateBatch& states, const std::vector<std::size_t>& index, std::vector<Quantities>& answers) {
    if (index.empty()) return;
    put(ac_.evaluate(states.part(index)), index, answers);
  }

  Evaluator& ac_;
  LinearOptions linear_;
  const Thresholds& pass_;
  CompiledFeeder<Real> feeder_;
  CompiledFeeder<double> exact_;
  std::unique_ptr<ResponseSolver> solver_;
  std::unique_ptr<LinearAssembler> assembler_;
  std::unique_ptr<LinearLauncher<Real>> launcher_;
  std::vector<char> whole_;         //!< by bus: a unit can stand there on three phases as the model has it
  std::vector<char> is_unit_;       //!< by bus: some state had a unit there
  std::map<Upgrades, int> models_;  //!< numbers of the launcher's models by upgraded lines
  ModelCounters counters_;
};

//! Where nothing can be linearized AC answers every state, and the reason is counted.
class AnsweredInAc final : public LinearEvaluator {
 public:
  AnsweredInAc(Evaluator& ac, NearBit reason) : ac_(ac), reason_(reason) {}

  std::vector<Quantities> evaluate(const StateBatch& states) override {
    std::vector<Quantities> answers = ac_.evaluate(states);
    for (Quantities& q : answers) q.near = reason_, count_answer(q, counters_);
    return answers;
  }
  [[nodiscard]] std::size_t width() const override { return ac_.width(); }
  DayTrace trace(const StateBatch& states) override { return ac_.trace(states); }
  [[nodiscard]] const Network& network() const override { return ac_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return ac_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return ac_.thresholds(); }
  [[nodiscard]] const ModelCounters& counters() const override { return counters_; }

 private:
  Evaluator& ac_;
  ModelCounters counters_;
  NearBit reason_;
};

}  // namespace

void count_answer(const Quantities& q, ModelCounters& c) {
  ++(q.linear ? c.linear : q.near ? c.ac_near : c.ac_few);
  for (int bit = 0; bit < kNumNear; ++bit) {
    if (!(q.near >> bit & 1u)) continue;
    NearStates& near = c.near[static_cast<std::size_t>(bit)];
    const bool measured = bit < kNumLimits && kLimits[static_cast<std::size_t>(bit)].value;
    const double d = measured ? std::abs(q[limit_at(bit)].excess.value) : 0;
    ++near.count, near.sum += d, near.largest = std::max(near.largest, d);
  }
}

ModelCounters operator+(ModelCounters a, const ModelCounters& b) {
  a.linear += b.linear, a.ac_few += b.ac_few, a.ac_near += b.ac_near, a.models += b.models;
  a.build_seconds += b.build_seconds;
  for (std::size_t k = 0; k < a.near.size(); ++k) {
    a.near[k].count += b.near[k].count, a.near[k].sum += b.near[k].sum;
    a.near[k].largest = std::max(a.near[k].largest, b.near[k].largest);
  }
  return a;
}

std::optional<AcOnly> answered_in_ac(const Evaluator& ac) {
  if (std::string why = linear_unavailable_reason(ac.network(), ac.options().limits); !why.empty())
    return AcOnly{near_feeder, std::move(why)};
  if (!ac.thresholds().uniform())
    return AcOnly{near_base_case, "its base case is beyond a limit, and a linearized day keeps extremes only"};
  return {};
}

std::unique_ptr<LinearEvaluator> make_linear_evaluator(Evaluator& ac, const LinearOptions& options) {
  GQ_EXPECT(options.model != PowerFlow::ac);
  if (const std::optional<AcOnly> why = answered_in_ac(ac)) {
    log_warn("feeder '{}' is not linearized ({}): every state is solved in AC", ac.network().name, why->text);
    return std::make_unique<AnsweredInAc>(ac, why->reason);
  }
  if (ac.options().precision == Precision::single) return std::make_unique<LinearEvaluatorOf<float>>(ac, options);
  return std::make_unique<LinearEvaluatorOf<double>>(ac, options);
}

}  // namespace gridqueue
