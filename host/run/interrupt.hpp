// Signals: SIGINT and SIGTERM end a run within a fraction of a second, at a point where the results file is whole.
#pragma once
#include <algorithm>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! Thrown where a run may stop; what was being walked is given up, what is committed stays.
struct Interrupted {};

//! The first signal stops the run at the next check, a second one kills the program.
void catch_signals();
bool interrupted();
void check_interrupted();  //!< throws Interrupted

//! Hands batches on in slices that take a fraction of a second, and checks in between.
class InterruptibleEvaluator final : public Evaluator {
 public:
  explicit InterruptibleEvaluator(Evaluator& evaluator)
      : evaluator_(evaluator), slice_(std::max<std::size_t>(2048, evaluator.width())) {}
  std::vector<Quantities> evaluate(const StateBatch& states) override;
  DayTrace trace(const StateBatch& states) override { return evaluator_.trace(states); }
  [[nodiscard]] std::size_t width() const override { return evaluator_.width(); }
  [[nodiscard]] const Network& network() const override { return evaluator_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return evaluator_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return evaluator_.thresholds(); }
  [[nodiscard]] double seconds() const { return seconds_; }  //!< spent on evaluations, given up ones too

 private:
  Evaluator& evaluator_;
  double seconds_ = 0;
  std::size_t slice_;  //!< states at once; grows while they take little time
};

}  // namespace gridqueue
