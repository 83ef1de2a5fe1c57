#include "host/run/study_model.hpp"

#include "gridqueue/log.hpp"
#include "host/run/model_forecast.hpp"
#include "host/walk/state_sample.hpp"

namespace gridqueue {

StudyModel::StudyModel(Evaluator& ac, const Study& study, const std::vector<Queue>& queues,
                       const std::shared_ptr<const Policy>& policy)
    : ac_(ac), sliced_(ac), verifier_(ac) {
  if (study.power_flow == PowerFlow::ac) return;
  ModelForecast forecast = forecast_model(sliced_, study, queues, policy);
  log_debug("{} sets of lines are linearized, found by trial of the first orders", forecast.sets.size());
  linear_ = make_linear_evaluator(sliced_, {study.power_flow, std::move(forecast.scope)});
  answering_ = std::make_unique<InterruptibleEvaluator>(*linear_);
  sets_ = std::move(forecast.sets);
}

void StudyModel::resume(const ModelReport& before) {
  before_ = before.counters;
  verifier_.resume(before.states);
}

void StudyModel::verify(const Walker& walker, std::uint64_t queue, std::size_t count) {
  if (!linear_ || count == 0) return;
  const auto sample = sample_states(walker, count, [](const Quantities& q) { return q.linear; });
  AnsweredStates answered{batch_of(walker, sample), {}, [&](std::size_t i, const Quantities& q) {
                            return walker.policy().measures(
                                {q, walker.queue(), sample[i].in, walker.upgrade_sets()[sample[i].upgrades.index()]});
                          }};
  const std::lock_guard one_by_one(verifying_);
  answered.answers = linear_->evaluate(answered.states);  // again: a file does not keep what decisions need
  answered_again_ += sample.size();
  verifier_.add(answered, static_cast<std::int64_t>(queue));
}

std::optional<ModelReport> StudyModel::report(std::uint64_t queues) const {
  if (!linear_) return {};
  ModelReport r{before_ + linear_->counters(), {}, verifier_.states(queues), sets_};
  r.verified = verification_of(r.states);
  r.counters.linear -= answered_again_;
  return r;
}

}  // namespace gridqueue
