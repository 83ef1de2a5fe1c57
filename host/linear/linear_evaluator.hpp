// The linearized model behind the evaluator's interface, alone or screened by AC.
#pragma once
#include <array>
#include <memory>

#include "gridqueue/evaluation.hpp"
#include "kernels/linear/screening.hpp"

namespace gridqueue {

struct LinearOptions {
  PowerFlow model = PowerFlow::screened;
  //! States of a batch that must share their lines for these to be linearized, or four times as many so far; fewer are
  //! solved in AC. More, where AC had to look at many answers again. Linearizing takes as long as about this many AC
  //! evaluations (bench/linear_bench.cpp).
  std::size_t fewest_states = 48;
  ScreeningMargins margins;
};

//! States solved again for one reason (near_name), and how far AC's value then was from the limit, in its unit
//! (%-points, pu, % or h; 0 where the reason is no limit quantity).
struct NearStates {
  std::uint64_t count = 0;
  double sum = 0, largest = 0;
};

//! What a model has done so far.
struct ModelCounters {
  std::uint64_t linear = 0;   //!< states answered by the linearized model alone
  std::uint64_t ac_few = 0;   //!< states solved in AC because too few shared their lines
  std::uint64_t ac_near = 0;  //!< states solved in AC because they lay near a limit
  std::uint64_t models = 0;   //!< sets of lines linearized
  double build_seconds = 0;
  std::array<NearStates, kNumNear> near{};  //!< of ac_near, by reason; a state may have several
};

//! Options that fit the evaluator `ac`: the faster it is, the more states must share their lines.
LinearOptions linear_options(const Evaluator& ac, PowerFlow model);

class LinearEvaluator : public Evaluator {
 public:
  [[nodiscard]] virtual const ModelCounters& counters() const = 0;
};

//! Which states are answered linearly depends on how many with the same lines came before, and how many answers AC had
//! to look at again: the same batches give the same answers, cut otherwise they may differ by the model's error. `ac`
//! answers what the model cannot; kept, and evaluates with its options. Throws Error(input) where the feeder cannot be
//! linearized.
std::unique_ptr<LinearEvaluator> make_linear_evaluator(Evaluator& ac, const LinearOptions& options);

}  // namespace gridqueue
