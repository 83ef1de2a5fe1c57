// The linearized model behind the evaluator's interface, alone or screened by AC.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/linear/screening.hpp"

namespace gridqueue {

//! What is linearized; so no answer hangs on the states asked for before it.
struct LinearScope {
  //! Sets of upgraded lines; none = every one that is asked for. States with other lines are solved in AC.
  std::optional<std::set<Upgrades>> sets{};
  //! Where units will stand, as far as known; another whole three-phase bus makes all models anew. States with a unit
  //! on some phases are solved in AC.
  std::vector<UnitSite> units{};
};

struct LinearOptions {
  PowerFlow model = PowerFlow::screened;
  LinearScope scope{};
  ScreeningMargins margins{};
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
  std::uint64_t ac_few = 0;   //!< states solved in AC because their lines are not in the scope: too few share them
  std::uint64_t ac_near = 0;  //!< states solved in AC because they lay near a limit
  std::uint64_t models = 0;   //!< sets of lines linearized
  double build_seconds = 0;
  std::array<NearStates, kNumNear> near{};  //!< of ac_near, by reason; a state may have several
};
ModelCounters operator+(ModelCounters a, const ModelCounters& b);
//! Counts one answer of a linear model: linearized, or in AC and why.
void count_answer(const Quantities& answer, ModelCounters& counters);

class LinearEvaluator : public Evaluator {
 public:
  [[nodiscard]] virtual const ModelCounters& counters() const = 0;
};

//! Why AC answers every state.
struct AcOnly {
  NearBit reason;
  std::string text;
};
//! None where states can be linearized.
std::optional<AcOnly> answered_in_ac(const Evaluator& ac);

//! `ac` answers what the model cannot; kept, and evaluates with its options. Where AC answers every state a warning
//! says why.
std::unique_ptr<LinearEvaluator> make_linear_evaluator(Evaluator& ac, const LinearOptions& options);

}  // namespace gridqueue
