// One walker's consider() in rounds, so that what many walkers miss goes to the evaluator in one batch.
#pragma once
#include <span>
#include <vector>

#include "host/explore/hosting_capacity.hpp"
#include "host/explore/unique_pairs.hpp"
#include "host/explore/walker.hpp"

namespace gridqueue {

//! Touches its own walker only: those of different walkers may run side by side.
class Walker::Consideration {
 public:
  Consideration(Walker& walker, std::span<const StateUnit> pairs);

  // Rounds: while (c.active()) { c.ask(); evaluate c.missing(); c.learn(answers, seconds); }
  [[nodiscard]] std::size_t active() const { return active_.size(); }  //!< units being tried
  void ask();
  [[nodiscard]] const StateBatch& missing() const { return missing_; }
  void learn(std::span<Quantities> answers, double seconds);

  //! Then, where hosting capacities are wanted: queries into upgrade_sets of the walker, and their answers.
  [[nodiscard]] const std::vector<HostingQuery>& ask_capacities();
  void learn_capacities(std::span<const HostingCapacity> found, double seconds);

  //! The step of every pair; counts what a walk of every order on its own would have needed.
  [[nodiscard]] std::vector<StepId> steps();

 private:
  struct Attempt;
  void start(std::size_t slot, StateUnit pair);
  bool advance(Attempt& attempt);
  StepId finish(const Attempt& attempt);

  Walker& walker_;
  std::vector<StepId> step_;           //!< of every pair; invalid while it is new
  std::vector<std::size_t> new_pairs_;  //!< those whose step was not known
  UniquePairs unique_;                 //!< among the new ones
  std::vector<StepId> new_step_;       //!< of the unique pair
  std::vector<Attempt> active_;
  std::size_t first_step_;        //!< the first new one
  StateBatch missing_;
  std::vector<HostingQuery> queries_;
  std::vector<std::size_t> asked_;  //!< step of each query
};

//! A unit being tried: where its walk stands.
struct Walker::Consideration::Attempt {
  std::size_t slot = 0;          //!< unique pair
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

}  // namespace gridqueue
