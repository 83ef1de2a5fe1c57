// The walk of `gridqueue run`: batches of orders, or the whole lattice, into a results file that can be resumed.
#pragma once
#include <algorithm>
#include <chrono>
#include <optional>

#include "host/results/results_writer.hpp"
#include "host/run/study_model.hpp"
#include "host/study/study.hpp"

namespace gridqueue {

//! Where the time goes; a resumed run counts on.
class WalkClock {
 public:
  using Clock = std::chrono::steady_clock;
  //! Adds the time until it goes out of scope.
  class Part {
   public:
    explicit Part(double& to, double* off = nullptr) : to_(to), off_(off) {}
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() {
      const double seconds = since(start_);
      to_ += seconds;
      if (off_) *off_ -= seconds;
    }

   private:
    double& to_;
    double* off_;
    Clock::time_point start_ = Clock::now();
  };
  [[nodiscard]] Part walking() { return Part(walk_); }
  [[nodiscard]] Part writing() { return Part(write_); }
  [[nodiscard]] Part writing_while_walking() { return Part(write_, &walk_); }
  void resume(const RunSeconds& before) { before_ = before; }
  [[nodiscard]] RunSeconds seconds(const InterruptibleEvaluator& evaluator) const {
    const double evaluate = evaluator.seconds();
    return {before_.total + since(start_), before_.evaluate + evaluate,
            before_.explore + std::max(0.0, walk_ - evaluate), before_.write + write_};
  }

 private:
  static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
  Clock::time_point start_ = Clock::now();
  double walk_ = 0, write_ = 0;
  RunSeconds before_;
};

struct StudyWalk {
  const Study& study;
  StudyModel& model;  //!< its evaluator is the walker's
  Walker& walker;
  WalkClock& clock;
  [[nodiscard]] RunSeconds seconds() const { return clock.seconds(model.evaluator()); }
};

struct WalkEnd {
  bool walked = true;              //!< false: the file was complete already
  std::optional<Summary> summary;  //!< of the orders, where they were walked one by one
};

//! Walks the study's orders - one by one, batch by batch, until its count or stopping rule, or all at once - into a new
//! file, or with `resume` into the one that is there (if any). A signal ends it early.
WalkEnd walk_study(const StudyWalk& walk, const Provenance& provenance, bool resume);

}  // namespace gridqueue
