// States of a queue and the steps between them. A step - one unit considered in one state - is worked out once,
// whichever and however many orders pass through it (docs/evaluation.md, "A queue, walked unit by unit").
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/policy/policy.hpp"
#include "host/walk/evaluation_table.hpp"

namespace gridqueue {

using StepId = Id<struct StepTag>;
using EvaluationId = Id<struct EvaluationTag>;

enum class Decision : std::uint8_t { accept = 0, upgrade = 1, reject = 2 };

enum class HostingCapacityMode { none, trigger, each };

//! What next decisions depend on; nothing else does.
struct State {
  UnitSet considered;
  UnitSet in;  //!< accepted units, a subset of `considered`
  UpgradeSetId upgrades;
  EvaluationId evaluation;  //!< quantities of (in, upgrades)
};

//! Unit `unit` considered in state `from`.
struct Step {
  StateId from, to;
  UnitId unit;
  Decision decision = Decision::accept;
  std::uint32_t limits = 0;  //!< LimitBit's violated when the unit was added in full, 0 = accepted as it is
  double cost_usd = 0;       //!< what the unit pays as the trigger
  double hosting_kw = 0;     //!< as HostingCapacityMode asks, NaN where not asked
  EvaluationId added;        //!< quantities with the unit in full, before any upgrade
  Upgrades built;            //!< in order; empty when rejected
};

struct WalkCounters {
  std::uint64_t evaluations = 0;  //!< power-flow days solved that a walk came to
  std::uint64_t requests = 0;     //!< evaluations a walk of every order on its own would have needed
  double evaluate_seconds = 0;    //!< inside the evaluator
};

struct StateUnit {
  StateId state;
  UnitId unit;
};

struct WalkTables;

//! The tables only grow; ids stay valid. Numbering depends on the calls made, never on threads.
class Walker {
 public:
  //! `base`: quantities of the feeder without any unit where they are known already; they count as evaluated here.
  Walker(Evaluator& evaluator, Queue queue, std::shared_ptr<const Policy> policy, HostingCapacityMode hosting,
         const Quantities* base = nullptr);
  ~Walker();
  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  class Consideration;  //!< consider() in rounds
  class Capacities;     //!< of steps

  [[nodiscard]] StateId root() const { return StateId(0); }  //!< no unit considered, no line upgraded
  //! Considers a unit in a state for every pair (pairs may repeat; no unit twice); all upgrade walks advance in lock
  //! step and every distinct state is evaluated once.
  std::vector<StepId> consider(std::span<const StateUnit> pairs);

  //! Another walker of the same queue, that has been nowhere yet.
  [[nodiscard]] std::unique_ptr<Walker> beside() const;
  //! A state of another walker of the same queue, numbered here; its own quantities are not known.
  StateId adopt(const Walker& other, StateId state);

  [[nodiscard]] const Queue& queue() const { return queue_; }
  [[nodiscard]] const Policy& policy() const { return *policy_; }
  [[nodiscard]] const Network& network() const { return evaluator_.network(); }
  [[nodiscard]] Evaluator& evaluator() { return evaluator_; }
  [[nodiscard]] const std::vector<State>& states() const { return states_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] const EvaluationTable& evaluations() const { return evaluations_; }
  [[nodiscard]] const std::vector<Upgrades>& upgrade_sets() const { return upgrade_sets_; }
  [[nodiscard]] const WalkCounters& counters() const { return counters_; }
  //! The step of every (state, unit) that has one: [state][num_units], as far as there are any.
  [[nodiscard]] std::span<const StepId> step_table() const;
  //! Evaluations that walks on their own would have needed beyond those considered here.
  void count_requests(std::uint64_t more) { counters_.requests += more; }
  void forget_requests() { counters_.requests = 0; }  //!< of steps that will be asked for again
  //! Steps whose hosting capacity is wanted, or may be, and is not known yet.
  [[nodiscard]] std::size_t capacities_due() const {
    return hosting_ == HostingCapacityMode::none ? 0 : steps_.size() - hosting_asked_;
  }
  //! Evaluations that a step needs on its own.
  [[nodiscard]] std::uint32_t evaluations_of(StepId step) const;

 private:
  Evaluator& evaluator_;
  Queue queue_;
  std::shared_ptr<const Policy> policy_;
  HostingCapacityMode hosting_;
  std::size_t hosting_asked_ = 0;  //!< steps whose hosting capacity is known or not wanted
  std::vector<State> states_;
  std::vector<Step> steps_;
  EvaluationTable evaluations_;
  std::vector<Upgrades> upgrade_sets_;
  WalkCounters counters_;
  std::unique_ptr<WalkTables> tables_;  //!< look-ups by exact key

  [[nodiscard]] UpgradeSetId intern(const Upgrades& upgrades);
  [[nodiscard]] UpgradeSetId known_set(const Upgrades& upgrades) const;  //!< invalid where it is none
  [[nodiscard]] Quantities evaluate_base();
  StateId state_of(const UnitSet& considered, const UnitSet& in, UpgradeSetId upgrades, EvaluationId evaluation);
};

//! Called before steps are considered that processes may work out together, each a part, beside the walk.
using BeforeSlice = std::function<void(const Walker&, std::span<const StateUnit>)>;

}  // namespace gridqueue
