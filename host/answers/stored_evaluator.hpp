// An evaluator in front of another: states whose answers are at hand are not evaluated.
#pragma once
#include "host/answers/answer_store.hpp"
#include "host/answers/crew.hpp"

namespace gridqueue {

class StoredEvaluator final : public Evaluator {
 public:
  //! `terms`: all that answers depend on beside the state. Where the inner evaluator has an answer source its answers
  //! are kept for other limits, else its quantities. All are kept by reference. `crew`: none = alone.
  StoredEvaluator(Evaluator& inner, AnswerStore& store, const std::string& terms, Crew* crew = nullptr);

  std::vector<Quantities> evaluate(const StateBatch& states) override;
  //! From now on alone.
  void leave_crew() { crew_ = nullptr, width_ = inner_.width(); }
  //! One, while all that is asked is at hand: nobody shall try ahead what nobody asked for.
  [[nodiscard]] std::size_t width() const override { return replaying_ ? 1 : width_; }
  [[nodiscard]] std::size_t lanes() const override { return inner_.lanes(); }
  DayTrace trace(const StateBatch& states) override { return inner_.trace(states); }
  [[nodiscard]] const Network& network() const override { return inner_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return inner_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return inner_.thresholds(); }

 private:
  //! A batch whose answers come by and by.
  struct Batch {
    StateBatch states;  //!< sorted
    std::vector<StateKey> key;
    std::vector<Quantities> results{};
  };
  template <class Body>
  void each(std::size_t states, const Body& body) const;
  [[nodiscard]] std::vector<Quantities> evaluate_all(const Batch& batch);
  [[nodiscard]] std::vector<Quantities> look_up_first(Batch& batch);
  std::vector<Quantities> evaluate_and_keep(const StateBatch& states, std::span<const StateKey> key);
  [[nodiscard]] Quantities judge(std::span<const std::uint8_t> answer) const;
  //! Those of `wanted` that are not in the book.
  [[nodiscard]] std::vector<std::size_t> look_up(Batch& batch, const std::vector<std::size_t>& wanted) const;
  void evaluate_here(Batch& batch, const std::vector<std::size_t>& missing);
  //! Some are evaluated here, the rest by the crew.
  void share_out(Batch& batch, const std::vector<std::size_t>& missing);

  Evaluator& inner_;
  AnswerSource* source_;
  AnswerStore& store_;
  AnswerBook& book_;
  Crew* crew_;
  std::size_t width_;
  bool replaying_;
};

}  // namespace gridqueue
