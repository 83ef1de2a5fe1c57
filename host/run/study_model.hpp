// The power-flow model of a study: AC, or the linearized feeder in front of it, with its error measured.
#pragma once
#include <memory>
#include <mutex>
#include <optional>

#include "host/results/model_report.hpp"
#include "host/run/interrupt.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

class StudyModel {
 public:
  //! `ac` is kept.
  StudyModel(Evaluator& ac, const Study& study, const std::vector<Queue>& queues,
             const std::shared_ptr<const Policy>& policy);

  [[nodiscard]] InterruptibleEvaluator& evaluator() { return linear_ ? *answering_ : sliced_; }
  //! Counts on.
  void resume(const ModelReport& before);
  //! Solves up to `count` of the states again that the walker of this queue has had answered linearly. On any thread.
  void verify(const Walker& walker, std::uint64_t queue, std::size_t count);
  //! None with AC. What was verified is of queues 0 .. queues - 1.
  [[nodiscard]] std::optional<ModelReport> report(std::uint64_t queues) const;

 private:
  Evaluator& ac_;
  InterruptibleEvaluator sliced_;
  std::unique_ptr<LinearEvaluator> linear_;
  std::unique_ptr<InterruptibleEvaluator> answering_;
  std::vector<ForecastSet> sets_;
  ModelCounters before_;
  std::uint64_t answered_again_ = 0;  //!< to be verified
  Verifier verifier_;
  std::mutex verifying_;
};

}  // namespace gridqueue
