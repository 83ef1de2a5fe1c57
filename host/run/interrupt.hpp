// What ends a run early, within a fraction of a second: signals (SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU), and a
// time.
#pragma once
#include <algorithm>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

//! Thrown where a run may stop; what was being walked is given up, what is committed stays.
struct Interrupted {};

//! The first of each kind stops the run at the next check; a second INT, TERM or HUP kills the program.
void catch_signals();
void interrupt_after(double seconds);  //!< from now
//! Of several processes that must end at the same point: until `agreed` none ends, whatever it was told.
void interrupt_together(bool on = true);
bool told_to_stop();   //!< by a signal or a time
void agree_to_stop();  //!< from now on interrupted()
bool interrupted();
void check_interrupted();  //!< throws Interrupted

//! Hands batches on in slices that take a fraction of a second, and checks in between.
class InterruptibleEvaluator final : public Evaluator {
 public:
  //! `crew`: 0 = alone; else slices for so many at once that do not depend on time: for evaluators that ask others, who
  //! must be asked the same.
  explicit InterruptibleEvaluator(Evaluator& evaluator, std::size_t crew = 0)
      : evaluator_(evaluator), fixed_(crew > 0),
        slice_(std::max(2048 * std::max<std::size_t>(crew, 1), evaluator.width())) {}
  std::vector<Quantities> evaluate(const StateBatch& states) override;
  DayTrace trace(const StateBatch& states) override { return evaluator_.trace(states); }
  [[nodiscard]] std::size_t width() const override { return evaluator_.width(); }
  [[nodiscard]] std::size_t lanes() const override { return evaluator_.lanes(); }
  [[nodiscard]] const Network& network() const override { return evaluator_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return evaluator_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return evaluator_.thresholds(); }
  [[nodiscard]] double seconds() const { return seconds_; }  //!< spent on evaluations, given up ones too

 private:
  Evaluator& evaluator_;
  double seconds_ = 0;
  bool fixed_;
  std::size_t slice_;  //!< states at once; grows while they take little time
};

}  // namespace gridqueue
