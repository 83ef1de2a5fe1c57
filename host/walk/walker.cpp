#include "host/walk/walker.hpp"

#include <chrono>

#include "gridqueue/contracts.hpp"
#include "host/walk/rounds.hpp"
#include "host/walk/walk_tables.hpp"

namespace gridqueue {

Walker::Walker(Evaluator& evaluator, Queue queue, std::shared_ptr<const Policy> policy, HostingCapacityMode hosting,
               const Quantities* base)
    : evaluator_(evaluator), queue_(std::move(queue)), policy_(std::move(policy)), hosting_(hosting) {
  if (queue_.units.empty()) fail_input("the queue has no units");
  if (queue_.units.size() > kMaxUnits)
    fail_input("the queue has {} units (at most {})", queue_.units.size(), kMaxUnits);
  tables_ = std::make_unique<WalkTables>(WalkTables{{}, {}, {}, StepTable(queue_.units.size()), {}});
  (void)intern({});
  evaluations_.push_back(base ? *base : evaluate_base());
  counters_.evaluations = 1;
  (void)tables_->evaluation.find_or_add({{}, UpgradeSetId(0)});
  state_of({}, {}, UpgradeSetId(0), EvaluationId(0));
}

Quantities Walker::evaluate_base() {
  StateBatch nothing;
  nothing.finish_state(UpgradeSetId(0));
  const auto start = std::chrono::steady_clock::now();
  Quantities base = std::move(evaluator_.evaluate(nothing).front());
  counters_.evaluate_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return base;
}

Walker::~Walker() = default;

std::unique_ptr<Walker> Walker::beside() const {
  const Quantities base = evaluations_[0];
  return std::make_unique<Walker>(evaluator_, queue_, policy_, hosting_, &base);
}

StateId Walker::adopt(const Walker& other, StateId state) {
  const State& s = other.states_[state.index()];
  return state_of(s.considered, s.in, intern(other.upgrade_sets_[s.upgrades.index()]), EvaluationId());
}

std::span<const StepId> Walker::step_table() const { return tables_->step.all(); }

std::uint32_t Walker::evaluations_of(StepId step) const { return tables_->step_evaluations[step.index()]; }

UpgradeSetId Walker::intern(const Upgrades& upgrades) {
  const auto set = [this](std::int32_t id) -> const Upgrades& { return upgrade_sets_[static_cast<std::size_t>(id)]; };
  const UpgradeSetId next(upgrade_sets_.size());
  const UpgradeSetId id(tables_->upgrade_set.find_or_add(
      KeyHash{}(upgrades), next.value, [&](std::int32_t i) { return set(i) == upgrades; },
      [&](std::int32_t i) { return KeyHash{}(set(i)); }));
  if (id == next) upgrade_sets_.push_back(upgrades);
  return id;
}

UpgradeSetId Walker::known_set(const Upgrades& upgrades) const {
  return UpgradeSetId(tables_->upgrade_set.find(
      KeyHash{}(upgrades), [&](std::int32_t id) { return upgrade_sets_[static_cast<std::size_t>(id)] == upgrades; }));
}

StateId Walker::state_of(const UnitSet& considered, const UnitSet& in, UpgradeSetId upgrades, EvaluationId evaluation) {
  const State wanted{considered, in, upgrades, evaluation};
  const auto state = [this](std::int32_t id) -> const State& { return states_[static_cast<std::size_t>(id)]; };
  const auto is_wanted = [&](std::int32_t id) {
    const State& s = state(id);
    return s.considered == considered && s.in == in && s.upgrades == upgrades;
  };
  const StateId next(states_.size());
  const StateId id(tables_->state.find_or_add(KeyHash{}(wanted), next.value, is_wanted,
                                              [&](std::int32_t i) { return KeyHash{}(state(i)); }));
  if (id == next) states_.push_back(wanted);
  return id;
}

namespace {

//! One question.
class Once final : public Course {
 public:
  explicit Once(std::span<const StateUnit> pairs) : pairs_(pairs) {}
  std::span<const StateUnit> next() override { return asked_ ? std::span<const StateUnit>() : pairs_; }
  void take(std::span<const StepId> steps) override {
    asked_ = true;
    steps_.assign(steps.begin(), steps.end());
  }
  [[nodiscard]] bool settled() const override { return true; }
  std::vector<StepId> steps() { return std::move(steps_); }

 private:
  std::span<const StateUnit> pairs_;
  bool asked_ = false;
  std::vector<StepId> steps_;
};

}  // namespace

std::vector<StepId> Walker::consider(std::span<const StateUnit> pairs) {
  Once once(pairs);
  Walker* const self = this;
  Course* const course = &once;
  walk_courses({&self, 1}, {&course, 1});
  return once.steps();
}

}  // namespace gridqueue
