// The model that answers in commands that evaluate states without a study.
#include <algorithm>

#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/linear/verification.hpp"

namespace gridqueue {

Evaluator& choose_model(Evaluator& ac, PowerFlow model, std::unique_ptr<LinearEvaluator>& linear) {
  if (model == PowerFlow::ac) return ac;
  linear = make_linear_evaluator(ac, {model});
  return *linear;
}

void log_difference(Evaluator& ac, const StateBatch& states, const std::vector<Quantities>& answers) {
  Verifier verifier(ac);
  verifier.add({states, answers, [](std::size_t, const Quantities&) { return Upgrades(); }});
  const Verification v = verification_of(verifier.states(1));
  log_info(
      "linearized feeder against AC in {} state{}: largest differences {:.2g} %-points of voltage change, {:.2g} pu, "
      "{:.2g} % loading",
      v.states, v.states == 1 ? "" : "s", v.difference[0].largest,
      std::max(v.difference[1].largest, v.difference[2].largest), v.difference[3].largest);
}

}  // namespace gridqueue
