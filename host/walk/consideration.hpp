// One walker's consider() in rounds, so that what many walkers miss goes to the evaluator in one batch.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "host/walk/unique_pairs.hpp"
#include "host/walk/walker.hpp"

namespace gridqueue {

//! Touches its own walker only: those of different walkers may run side by side.
class Walker::Consideration {
 public:
  Consideration(Walker& walker, std::span<const StateUnit> pairs);

  // Rounds: while (c.active()) { c.ask(ahead); evaluate c.missing(); c.learn(answers, seconds); }
  [[nodiscard]] std::size_t active() const { return active_.size(); }  //!< units being tried
  //! `ahead`: states to try beyond the next one of every upgrade walk, in case the walk comes to them. They change how
  //! many rounds there are, and nothing else.
  void ask(std::size_t ahead);
  [[nodiscard]] const StateBatch& missing() const { return missing_; }
  void learn(std::span<Quantities> answers, double seconds);

  //! The step of every pair; counts what a walk of every order on its own would have needed.
  [[nodiscard]] std::vector<StepId> steps();

 private:
  struct Attempt;
  void start(std::size_t slot, StateUnit pair);
  bool advance(Attempt& attempt);
  StepId finish(const Attempt& attempt);
  void add_state(const UnitSet& in, UpgradeSetId set);
  void guess(const Attempt& attempt, std::size_t ahead);

  //! A new evaluation of the walker: of the batch, or one that was tried ahead.
  struct Incoming {
    bool guessed;
    std::size_t place;  //!< in missing_ or guess_
  };

  Walker& walker_;
  std::vector<StepId> step_;            //!< of every pair; invalid while it is new
  std::vector<std::size_t> new_pairs_;  //!< those whose step was not known
  UniquePairs unique_;                  //!< among the new ones
  std::vector<StepId> new_step_;        //!< of the unique pair
  std::vector<Attempt> active_;
  StateBatch missing_;
  std::vector<Incoming> incoming_;
  std::vector<std::size_t> guesses_;                             //!< states of missing_ that are tried ahead
  std::map<std::pair<UnitSet, Upgrades>, std::size_t> guessed_;  //!< units in, what is built -> guess_
  std::vector<Quantities> guess_;
};

//! A unit being tried: where its walk stands.
struct Walker::Consideration::Attempt {
  std::size_t slot = 0;  //!< unique pair
  StateId from;
  UnitId unit;
  UnitSet in;         //!< with the unit
  Upgrades upgraded;  //!< sorted
  UpgradeSetId set;
  Upgrades built;        //!< by this unit, in order
  Upgrades plan;         //!< of the present pass
  std::size_t next = 0;  //!< into plan
  EvaluationId added, current;
  std::uint32_t evaluations = 0;
  Decision decision = Decision::accept;
};

}  // namespace gridqueue
