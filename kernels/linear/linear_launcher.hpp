// Batches of states through the linearized feeder: one interface, launched on the CPU's vectors or on devices. Host
// only.
#pragma once
#include <memory>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/feeder/compiled_feeder.hpp"
#include "kernels/linear/linear_model.hpp"
#include "kernels/linear/screening.hpp"

namespace gridqueue {

//! Models a launcher is asked to keep at once.
constexpr std::size_t kMostModels = 512;

//! How states are judged.
struct LinearRules {
  Limits limits;
  Thresholds pass;
  const ScreeningMargins* screening;  //!< null = no screening
};

//! States that one model answers: their places in a batch.
struct LinearJob {
  int model;
  const std::vector<std::size_t>* states;
};

template <class Real>
class LinearLauncher {
 public:
  virtual ~LinearLauncher() = default;
  //! Keeps a model and returns its number; they count from 0 after clear(). All must have one list of units.
  virtual int keep(LinearModel<Real> model) = 0;
  virtual void clear() = 0;
  //! Evaluates the jobs' states into their places of `answers` and, when screening, how AC may decide otherwise
  //! (NearBit) into `near_limit`. States must have their model's upgraded lines, and DER at its units only. No answer
  //! depends on what is evaluated beside it.
  virtual void evaluate(const StateBatch& states, const std::vector<LinearJob>& jobs, std::vector<Quantities>& answers,
                        std::vector<std::uint32_t>& near_limit) = 0;
};

//! With the vectors of this name (lane.hpp); make_cpu_linear_launcher chooses them.
template <class Vectors, class Real>
std::unique_ptr<LinearLauncher<Real>> make_vector_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                                  const Network& network, const LinearRules& rules,
                                                                  int threads);
//! Groups of states, one native vector each, spread over threads (0 = all). References are kept.
template <class Real>
std::unique_ptr<LinearLauncher<Real>> make_cpu_linear_launcher(const CompiledFeeder<Real>& feeder,
                                                               const Network& network, const LinearRules& rules,
                                                               int threads);

}  // namespace gridqueue
