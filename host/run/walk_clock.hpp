// Where the time of a run goes.
#pragma once
#include <algorithm>
#include <chrono>

#include "host/results/provenance.hpp"
#include "host/run/interrupt.hpp"

namespace gridqueue {

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
  [[nodiscard]] Part checking_while_walking() { return Part(check_, &walk_); }  //!< counts for the total alone
  [[nodiscard]] RunSeconds seconds(const InterruptibleEvaluator& evaluator) const {
    const double evaluate = evaluator.seconds();
    return {since(start_), evaluate, std::max(0.0, walk_ - evaluate), write_};
  }

 private:
  static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
  Clock::time_point start_ = Clock::now();
  double walk_ = 0, write_ = 0, check_ = 0;
};

}  // namespace gridqueue
