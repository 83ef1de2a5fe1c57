// Walkers side by side: each asks its own questions, one after the other; what they miss is evaluated in one batch a
// round. A walker learns what it would have learned alone, bit for bit, and numbers it alike, whichever and however
// many walk beside it.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

//! What one walker is asked.
class Course {
 public:
  virtual ~Course() = default;
  //! The next pairs to consider; empty = the end. They stay where they are until take().
  virtual std::span<const StateUnit> next() = 0;
  //! The steps of next()'s pairs.
  virtual void take(std::span<const StepId> steps) = 0;
  //! After take(): whether hosting capacities of all steps so far must be known before the next question. Else they
  //! wait until there are enough of them for a full batch.
  [[nodiscard]] virtual bool settled() const = 0;
};

//! A walker under way; whoever keeps a copy can look at it when it was interrupted.
struct Tour {
  std::shared_ptr<Walker> walker;
  std::shared_ptr<Course> course;
};

//! All at once, to the end; courses[w] is of walkers[w]. One evaluator.
void walk_courses(std::span<Walker* const> walkers, std::span<Course* const> courses);

//! Tours first .. last - 1, `window` of them under way: where one ends the next starts, so that batches stay large.
struct TourPlan {
  std::uint64_t first = 0, last = 0;
  std::size_t window = 1;
  std::function<Tour(std::uint64_t)> start;                //!< on any thread
  std::function<void(std::uint64_t, const Tour&)> finish;  //!< on any thread, before the tour goes
  //! After each round, on this thread: every tour before `ended` has finished.
  std::function<void(std::uint64_t ended)> after_round;
};
void walk_tours(Evaluator& evaluator, const TourPlan& plan);

}  // namespace gridqueue
