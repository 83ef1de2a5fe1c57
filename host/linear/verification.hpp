// How good answers of the linearized feeder were: some of the states are solved again in AC.
#pragma once
#include <array>
#include <functional>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "gridqueue/upgrade.hpp"

namespace gridqueue {

//! Absolute differences to AC of one quantity; NaN where no state has it.
struct Difference {
  double median = kNoValue, p95 = kNoValue, largest = kNoValue;
  [[nodiscard]] bool known() const { return largest >= 0; }
};

struct Verification {
  std::uint64_t states = 0;                             //!< compared
  std::uint64_t other_limits = 0;                       //!< of them: AC violates other limits
  std::uint64_t other_decisions = 0;                    //!< or asks for other lines
  std::array<Difference, kNumQuantities> difference{};  //!< by quantity_info()
};

//! One state compared.
struct VerifiedState {
  std::int64_t queue = 0;
  bool other_limits = false, other_decision = false;
  std::array<double, kNumQuantities> difference{};  //!< likewise
};

Verification verification_of(const std::vector<VerifiedState>& states);

//! States, what the model answered, and what is decided on an answer (the lines asked for).
struct AnsweredStates {
  StateBatch states;
  std::vector<Quantities> answers;
  std::function<Upgrades(std::size_t state, const Quantities&)> decide;
};

//! Collects comparisons, sample by sample.
class Verifier {
 public:
  explicit Verifier(Evaluator& ac) : ac_(ac) {}
  //! States of a queue.
  void add(const AnsweredStates& answered, std::int64_t queue = 0);
  [[nodiscard]] std::vector<VerifiedState> states(std::uint64_t queues) const;  //!< of the first queues, by queue

 private:
  Evaluator& ac_;
  std::vector<VerifiedState> states_;
};

}  // namespace gridqueue
