// The linearized model behind the evaluator's interface, alone or screened by AC.
#pragma once
#include <memory>

#include "gridqueue/evaluation.hpp"
#include "kernels/screening.hpp"

namespace gridqueue {

enum class PowerFlow { ac, linear, screened };

struct LinearOptions {
  PowerFlow model = PowerFlow::screened;
  //! States that must share their lines before these are linearized; fewer are solved in AC. Linearizing takes as long
  //! as about this many AC evaluations (bench/linear_bench.cpp).
  std::size_t fewest_states = 48;
  ScreeningMargins margins;
};

//! What a model has done so far.
struct ModelCounters {
  std::uint64_t linear = 0;      //!< states answered by the linearized model
  std::uint64_t ac_few = 0;      //!< states solved in AC because too few shared their lines
  std::uint64_t ac_near = 0;     //!< states solved in AC because they lay near a limit
  std::uint64_t models = 0;      //!< sets of lines linearized
  double build_seconds = 0;
};

class LinearEvaluator : public Evaluator {
 public:
  [[nodiscard]] virtual const ModelCounters& counters() const = 0;
};

//! `ac` answers what the model cannot; kept, and evaluates with its options. Throws Error(input) where the feeder cannot
//! be linearized.
std::unique_ptr<LinearEvaluator> make_linear_evaluator(Evaluator& ac, const LinearOptions& options);

}  // namespace gridqueue
