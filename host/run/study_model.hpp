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
  StudyModel(Evaluator& ac, const Study& study);

  [[nodiscard]] InterruptibleEvaluator& evaluator() { return linear_ ? *whole_ : sliced_; }
  //! Whether answers hang on all states that were asked for before: a resumed run then cannot learn from its file what
  //! it knew, it walks again what it has and writes only what the file does not have.
  [[nodiscard]] bool remembers() const { return linear_ != nullptr; }
  void tell_resumed(const std::string& file) const;  //!< says so, where it does
  //! Solves up to `count` of the states again that the walker has had answered linearly. On any thread.
  void verify(const Walker& walker, std::size_t count);
  //! None with AC.
  [[nodiscard]] std::optional<ModelReport> report() const;

 private:
  Evaluator& ac_;
  const Study& study_;
  InterruptibleEvaluator sliced_;
  std::unique_ptr<LinearEvaluator> linear_;
  std::unique_ptr<InterruptibleEvaluator> whole_;
  Verifier verifier_;
  std::mutex verifying_;
};

}  // namespace gridqueue
