// The power-flow model of a study: AC, or the linearized feeder in front of it, with its error measured. What either
// has answered before is looked up.
#pragma once
#include <memory>
#include <mutex>
#include <optional>

#include "host/answers/stored_evaluator.hpp"
#include "host/results/model_report.hpp"
#include "host/run/interrupt.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

class StudyModel {
 public:
  //! `ac`: as the backend makes it. All are kept by reference; `crew`: null = alone.
  StudyModel(Evaluator& ac, AnswerStore& store, Crew* crew);
  //! Before the queues are walked: chooses what is linearized, where the study has a linear model.
  void prepare(const Study& study, const std::vector<Queue>& queues, const std::shared_ptr<const Policy>& policy);

  //! From now on this process asks for what it needs alone. AC only.
  void leave_crew();

  //! AC, in slices, for what a whole crew asks alike.
  [[nodiscard]] InterruptibleEvaluator& ac() { return sliced_; }
  //! What answers the walks.
  [[nodiscard]] InterruptibleEvaluator& evaluator() { return answering_ ? *answering_ : sliced_; }
  //! Solves up to `count` of the states again that the walker of this queue has had answered linearly. On any thread.
  void verify(const Walker& walker, std::uint64_t queue, std::size_t count);
  //! None with AC. What was verified is of queues 0 .. queues - 1.
  [[nodiscard]] std::optional<ModelReport> report(std::uint64_t queues) const;

 private:
  Evaluator& raw_ac_;
  AnswerStore& store_;
  Crew* crew_;
  StoredEvaluator ac_, alone_;  //!< the latter without the crew
  InterruptibleEvaluator sliced_, sliced_alone_;
  std::unique_ptr<LinearEvaluator> linear_;
  std::unique_ptr<Evaluator> stored_, verified_;  //!< in front of it; the second one alone
  std::unique_ptr<Evaluator> counted_;            //!< in front of that: what the walks were answered
  std::unique_ptr<InterruptibleEvaluator> answering_;
  std::vector<ForecastSet> sets_;
  ModelCounters counters_;
  Verifier verifier_;
  std::mutex verifying_;
};

}  // namespace gridqueue
