// --model of commands that evaluate states without a study.

#include <map>

#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/linear/verification.hpp"

namespace gridqueue {

void add_model(CLI::App& command, PowerFlow& model) {
  static const std::map<std::string, PowerFlow> words{
      {"ac", PowerFlow::ac}, {"linear", PowerFlow::linear}, {"screened", PowerFlow::screened}};
  command
      .add_option_function<std::string>(
          "--model", [&model](const std::string& word) { model = words.at(word); },
          "ac, linear (the linearized feeder), or screened (AC wherever a limit is near)")
      ->check(one_of({"ac", "linear", "screened"}))
      ->type_name("WORD")
      ->default_str("ac");
}

Evaluator& choose_model(Evaluator& ac, PowerFlow model, std::unique_ptr<LinearEvaluator>& linear) {
  if (model == PowerFlow::ac) return ac;
  LinearOptions options = linear_options(ac, model);
  options.fewest_states = 1;
  linear = make_linear_evaluator(ac, options);
  return *linear;
}

void log_difference(Evaluator& ac, const StateBatch& states, const std::vector<Quantities>& answers) {
  Verifier verifier(ac);
  verifier.add({states, answers, [](std::size_t, const Quantities&) { return std::vector<BusId>(); }});
  const Verification v = verifier.result();
  log_info(
      "linearized feeder against AC in {} state{}: largest differences {:.2g} %-points of voltage change, {:.2g} pu, "
      "{:.2g} % loading",
      v.states, v.states == 1 ? "" : "s", v.difference[0].largest,
      std::max(v.difference[1].largest, v.difference[2].largest), v.difference[3].largest);
}

}  // namespace gridqueue
