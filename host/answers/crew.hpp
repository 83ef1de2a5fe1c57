// Others who walk the same study at the same time, and evaluate a part of what is missing.
#pragma once
#include <span>
#include <vector>

#include "host/answers/answer_store.hpp"

namespace gridqueue {

//! By number of the state. Valid until whoever brought them is asked again.
using Brought = std::vector<std::span<const std::uint8_t>>;

class Crew {
 public:
  virtual ~Crew() = default;
  //! They work on every batch together, and see one another's answers at its end.
  [[nodiscard]] virtual std::size_t members() const = 0;
  //! States that keep all members' lanes busy, where `own` keep those of this one and `lanes` are computed at once
  //! (Evaluator::width(), lanes()): asked once for an evaluator.
  virtual std::size_t width(std::size_t own, std::size_t lanes) = 0;
  //! Which of the missing states to evaluate here, by number.
  virtual std::vector<std::size_t> own(std::span<const StateKey> missing) = 0;
  //! What the others have evaluated, all `rest` states that own() left them; `mine`: what was evaluated here. Both as
  //! pack_quantities() leaves them: judged, because all judge alike.
  virtual Brought exchange(AnswerStore& store, std::span<const std::vector<std::uint8_t>> mine, std::size_t rest) = 0;
};

}  // namespace gridqueue
