// Others who walk the same study at the same time, and evaluate a part of what is missing.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "host/answers/answer_store.hpp"

namespace gridqueue {

//! By number of the state; none = to be evaluated here. Valid until the crew or the book is asked again.
using Brought = std::vector<std::optional<std::span<const std::uint8_t>>>;

class Crew {
 public:
  virtual ~Crew() = default;
  //! Those that work on every batch together, and see one another's answers at its end.
  [[nodiscard]] virtual std::size_t members() const { return 1; }
  //! States that keep all members' lanes busy, where `own` keep those of this one and `lanes` are computed at once
  //! (Evaluator::width(), lanes()): asked once for an evaluator.
  virtual std::size_t width(std::size_t own, std::size_t lanes) { return (void)lanes, own; }
  //! Which of the missing states to evaluate here, by number.
  virtual std::vector<std::size_t> own(std::span<const StateKey> missing) = 0;
  //! What others have of the rest, where they have it in time; `mine`: what was evaluated here, with its keys.
  virtual Brought exchange(AnswerStore& store, AnswerBook& book, std::span<const StateKey> keys,
                           std::span<const Answer> mine, std::span<const StateKey> rest) = 0;
};

}  // namespace gridqueue
