#include "host/run/study_model.hpp"

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/run/model_forecast.hpp"
#include "host/run/walk_answers.hpp"
#include "host/walk/state_sample.hpp"

namespace gridqueue {
namespace {

//! Counts answers by how they came about.
class CountedModel final : public Evaluator {
 public:
  CountedModel(Evaluator& inner, ModelCounters& counters) : inner_(inner), counters_(counters) {}
  std::vector<Quantities> evaluate(const StateBatch& states) override {
    std::vector<Quantities> answers = inner_.evaluate(states);
    for (const Quantities& q : answers) count_answer(q, counters_);
    return answers;
  }
  [[nodiscard]] std::size_t width() const override { return inner_.width(); }
  [[nodiscard]] std::size_t lanes() const override { return inner_.lanes(); }
  DayTrace trace(const StateBatch& states) override { return inner_.trace(states); }
  [[nodiscard]] const Network& network() const override { return inner_.network(); }
  [[nodiscard]] const EvaluatorOptions& options() const override { return inner_.options(); }
  [[nodiscard]] const Thresholds& thresholds() const override { return inner_.thresholds(); }

 private:
  Evaluator& inner_;
  ModelCounters& counters_;
};

}  // namespace

//! Where a linear model sends a part of what it is asked to AC, that part is not the same for a whole crew.
StudyModel::StudyModel(Evaluator& ac, AnswerStore& store, Crew* crew)
    : raw_ac_(ac), store_(store), crew_(crew), ac_(ac, store, ac_terms(ac), crew), alone_(ac, store, ac_terms(ac)),
      sliced_(ac_, crew ? crew->members() : 0), sliced_alone_(alone_), verifier_(alone_) {}

void StudyModel::prepare(const Study& study, const std::vector<Queue>& queues,
                         const std::shared_ptr<const Policy>& policy) {
  if (study.power_flow == PowerFlow::ac) return;
  ModelForecast forecast = forecast_model(sliced_, study, queues, policy);
  log_debug("{} sets of lines are linearized, found by trial of the first orders", forecast.sets.size());
  const LinearOptions options{study.power_flow, std::move(forecast.scope)};
  const bool by_ac = answered_in_ac(sliced_).has_value();
  linear_ = make_linear_evaluator(by_ac ? sliced_ : sliced_alone_, options);
  Evaluator* answering = linear_.get();
  if (!by_ac) {
    const std::string terms = linear_terms(raw_ac_, options);
    stored_ = std::make_unique<StoredEvaluator>(*linear_, store_, terms, crew_);
    verified_ = std::make_unique<StoredEvaluator>(*linear_, store_, terms);
    answering = stored_.get();
  }
  counted_ = std::make_unique<CountedModel>(*answering, counters_);
  answering_ = std::make_unique<InterruptibleEvaluator>(*counted_, crew_ ? crew_->members() : 0);
  sets_ = std::move(forecast.sets);
}

void StudyModel::leave_crew() {
  GQ_EXPECT(!linear_);
  crew_ = nullptr;
  ac_.leave_crew();
}

void StudyModel::verify(const Walker& walker, std::uint64_t queue, std::size_t count) {
  if (!linear_ || count == 0) return;
  const auto sample = sample_states(walker, count, [](const Quantities& q) { return q.linear; });
  AnsweredStates answered{batch_of(walker, sample), {}, [&](std::size_t i, const Quantities& q) {
                            return walker.policy().measures(
                                {q, walker.queue(), sample[i].in, walker.upgrade_sets()[sample[i].upgrades.index()]});
                          }};
  const std::lock_guard one_by_one(verifying_);
  Evaluator& model = verified_ ? *verified_ : *linear_;
  answered.answers = model.evaluate(answered.states);  // again: a walk does not keep what decisions need
  verifier_.add(answered, static_cast<std::int64_t>(queue));
}

std::optional<ModelReport> StudyModel::report(std::uint64_t queues) const {
  if (!linear_) return {};
  ModelReport r{counters_, {}, verifier_.states(queues), sets_};
  r.verified = verification_of(r.states);
  r.counters.models = linear_->counters().models;
  r.counters.build_seconds = linear_->counters().build_seconds;
  return r;
}

}  // namespace gridqueue
