#include "host/answers/stored_evaluator.hpp"

#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/answers/quantities_bytes.hpp"
#include "host/core/parallel.hpp"

namespace gridqueue {
namespace {

//! Looking up takes about a microsecond: fewer are done before a team of threads has met.
int lookup_threads(std::size_t states) {
  constexpr std::size_t kParallelLookups = 4096;
  return states >= kParallelLookups ? 0 : 1;
}

}  // namespace

StoredEvaluator::StoredEvaluator(Evaluator& inner, AnswerStore& store, const std::string& terms, Crew* crew)
    : inner_(inner), source_(inner.answer_source()), store_(store), book_(store.book(terms)), crew_(crew),
      width_(crew ? crew->width(inner.width()) : inner.width()), replaying_(book_.has_read()) {}

Quantities StoredEvaluator::judge(std::span<const std::uint8_t> answer) const {
  return source_ ? source_->judge(answer) : unpack_quantities(answer);
}

std::vector<Quantities> StoredEvaluator::evaluate(const StateBatch& states) {
  Batch batch{states, std::vector<StateKey>(states.size()), std::vector<Quantities>(states.size())};
  for_each_parallel(states.size(), lookup_threads(states.size()),
                    [&](std::size_t i) { batch.key[i] = key_of(states, i); });
  std::vector<std::size_t> missing(states.size());
  std::iota(missing.begin(), missing.end(), std::size_t{0});
  if (book_.has_read()) missing = look_up(batch, missing);
  store_.count_found(states.size() - missing.size());
  replaying_ = missing.empty() && book_.has_read();
  const bool in_step = crew_ && crew_->members() > 1;
  if (in_step || (crew_ && !missing.empty())) missing = share_out(batch, missing);
  if (!missing.empty()) evaluate_here(batch, missing);
  store_.tick();
  return std::move(batch.results);
}

std::vector<std::size_t> StoredEvaluator::look_up(Batch& batch, const std::vector<std::size_t>& wanted) const {
  Brought answers(wanted.size());
  for_each_parallel(wanted.size(), lookup_threads(wanted.size()),
                    [&](std::size_t k) { answers[k] = book_.find(batch.key[wanted[k]]); });
  return take(batch, wanted, answers);
}

std::vector<std::size_t> StoredEvaluator::take(Batch& batch, const std::vector<std::size_t>& wanted,
                                               const Brought& answers) const {
  GQ_EXPECT(answers.size() == wanted.size());
  for_each_parallel(wanted.size(), lookup_threads(wanted.size()), [&](std::size_t k) {
    if (answers[k]) batch.results[wanted[k]] = judge(*answers[k]);
  });
  std::vector<std::size_t> missing;
  for (std::size_t k = 0; k < wanted.size(); ++k)
    if (!answers[k]) missing.push_back(wanted[k]);
  return missing;
}

std::vector<Answer> StoredEvaluator::evaluate_here(Batch& b, const std::vector<std::size_t>& missing) {
  StateBatch batch;
  batch.upgrade_sets = b.states.upgrade_sets;
  for (std::size_t i : missing) add_sorted_state(batch, b.states, i, b.states.upgrade_set[i]);
  std::vector<Answer> answers;
  std::vector<Quantities> evaluated = source_ ? source_->evaluate(batch, answers) : inner_.evaluate(batch);
  GQ_ENSURE(evaluated.size() == missing.size());
  if (!source_)
    for (const Quantities& q : evaluated) answers.push_back(pack_quantities(q));
  for (std::size_t k = 0; k < missing.size(); ++k) {
    book_.add(b.key[missing[k]], answers[k]);
    b.results[missing[k]] = std::move(evaluated[k]);
  }
  store_.count_evaluated(missing.size());
  return answers;
}

std::vector<std::size_t> StoredEvaluator::share_out(Batch& batch, const std::vector<std::size_t>& missing) {
  const auto keys_of = [&](const std::vector<std::size_t>& states) {
    std::vector<StateKey> keys;
    for (std::size_t i : states) keys.push_back(batch.key[i]);
    return keys;
  };
  std::vector<char> is_own(missing.size(), 0);
  for (std::size_t k : crew_->own(keys_of(missing))) is_own[k] = 1;
  std::vector<std::size_t> own, rest;
  for (std::size_t k = 0; k < missing.size(); ++k) (is_own[k] ? own : rest).push_back(missing[k]);
  std::vector<Answer> mine;
  if (!own.empty()) mine = evaluate_here(batch, own);
  std::vector<std::size_t> left = take(batch, rest, crew_->exchange(store_, book_, keys_of(own), mine, keys_of(rest)));
  if (crew_->members() == 1) store_.count_found(rest.size() - left.size());  // else their members count them
  return left;
}

}  // namespace gridqueue
