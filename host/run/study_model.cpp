#include "host/run/study_model.hpp"

#include "gridqueue/log.hpp"
#include "host/walk/state_sample.hpp"

namespace gridqueue {

StudyModel::StudyModel(Evaluator& ac, const Study& study) : ac_(ac), study_(study), sliced_(ac), verifier_(ac) {
  if (study.power_flow == PowerFlow::ac) return;
  linear_ = make_linear_evaluator(sliced_, linear_options(ac, study.power_flow));
  whole_ = std::make_unique<InterruptibleEvaluator>(*linear_, false);
}

void StudyModel::verify(const Walker& walker, std::size_t count) {
  if (!linear_ || count == 0) return;
  const auto sample = sample_states(walker, count, [](const Quantities& q) { return q.linear; });
  AnsweredStates answered{batch_of(walker, sample), {}, [&](std::size_t i, const Quantities& q) {
                            return walker.policy().measures(
                                {q, walker.queue(), sample[i].in, walker.upgrade_sets()[sample[i].upgrades.index()]});
                          }};
  for (const EvaluatedState& e : sample) answered.answers.push_back(*e.answer);
  const std::lock_guard one_by_one(verifying_);
  verifier_.add(answered);
}

void StudyModel::tell_resumed(const std::string& file) const {
  if (!remembers()) return;
  log_info(
      "what '{}' has is walked again (with power_flow = \"{}\" an answer hangs on the states asked for before it); "
      "only what it does not have is written",
      file, power_flow_name(study_.power_flow));
}

std::optional<ModelReport> StudyModel::report() const {
  if (!linear_) return {};
  return ModelReport{linear_->counters(), verifier_.result()};
}

}  // namespace gridqueue
