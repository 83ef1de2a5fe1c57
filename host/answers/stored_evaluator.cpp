#include "host/answers/stored_evaluator.hpp"

#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/answers/checked_quantities.hpp"
#include "host/core/parallel.hpp"
#include "host/model/quantities_bytes.hpp"

namespace gridqueue {
namespace {

//! Looking up takes about a microsecond: fewer are done before a team of threads has met.
constexpr std::size_t kParallelLookups = 4096;

}  // namespace

StoredEvaluator::StoredEvaluator(Evaluator& inner, AnswerStore& store, const std::string& terms, Crew* crew)
    : inner_(inner), source_(inner.answer_source()), store_(store), book_(store.book(terms)), crew_(crew),
      width_(crew ? crew->width(inner.width(), inner.lanes()) : inner.width()), replaying_(book_.has_read()) {}

Quantities StoredEvaluator::judge(std::span<const std::uint8_t> answer) const {
  return source_ ? source_->judge(answer) : checked_quantities(answer, inner_.network());
}

template <class Body>
void StoredEvaluator::each(std::size_t states, const Body& body) const {
  for_each_parallel(states, states >= kParallelLookups ? options().threads : 1, body);
}

std::vector<Quantities> StoredEvaluator::evaluate(const StateBatch& states) {
  Batch batch{sorted_states(states), std::vector<StateKey>(states.size())};
  each(states.size(), [&](std::size_t i) { batch.key[i] = sorted_key(batch.states, i); });
  std::vector<Quantities> results = crew_ || book_.has_read() ? look_up_first(batch) : evaluate_all(batch);
  store_.tick();
  return results;
}

//! Nothing is at hand.
std::vector<Quantities> StoredEvaluator::evaluate_all(const Batch& batch) {
  replaying_ = false;
  return evaluate_and_keep(batch.states, batch.key);
}

std::vector<Quantities> StoredEvaluator::look_up_first(Batch& batch) {
  const std::size_t states = batch.states.size();
  batch.results.resize(states);
  std::vector<std::size_t> missing(states);
  std::iota(missing.begin(), missing.end(), std::size_t{0});
  if (book_.has_read()) missing = look_up(batch, missing);
  store_.count_found(states - missing.size());
  replaying_ = missing.empty() && book_.has_read();
  if (crew_) share_out(batch, missing);
  else if (!missing.empty()) evaluate_here(batch, missing);
  return std::move(batch.results);
}

std::vector<std::size_t> StoredEvaluator::look_up(Batch& batch, const std::vector<std::size_t>& wanted) const {
  std::vector<char> is_there(wanted.size(), 0);
  each(wanted.size(), [&](std::size_t k) {
    const auto answer = book_.find(batch.key[wanted[k]]);
    if (answer) batch.results[wanted[k]] = judge(*answer), is_there[k] = 1;
  });
  std::vector<std::size_t> missing;
  for (std::size_t k = 0; k < wanted.size(); ++k)
    if (!is_there[k]) missing.push_back(wanted[k]);
  return missing;
}

std::vector<Quantities> StoredEvaluator::evaluate_and_keep(const StateBatch& states, std::span<const StateKey> key) {
  std::vector<Answer> packed(source_ ? 0 : 1);  // without a source one after the other in one place
  std::vector<Quantities> evaluated = source_ ? source_->evaluate(states, packed) : inner_.evaluate(states);
  GQ_ENSURE(evaluated.size() == states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    Answer& answer = packed[source_ ? i : 0];
    if (!source_) pack_quantities(evaluated[i], answer);
    book_.add(key[i], answer);
  }
  store_.count_evaluated(states.size());
  return evaluated;
}

void StoredEvaluator::evaluate_here(Batch& b, const std::vector<std::size_t>& missing) {
  std::vector<StateKey> key;
  for (std::size_t i : missing) key.push_back(b.key[i]);
  std::vector<Quantities> evaluated = evaluate_and_keep(b.states.part(missing), key);
  for (std::size_t k = 0; k < missing.size(); ++k) b.results[missing[k]] = std::move(evaluated[k]);
}

//! Judged by who evaluated them: all have the same thresholds, and verdicts are shorter than answers.
void StoredEvaluator::share_out(Batch& batch, const std::vector<std::size_t>& missing) {
  std::vector<StateKey> keys;
  for (std::size_t i : missing) keys.push_back(batch.key[i]);
  std::vector<char> is_own(missing.size(), 0);
  for (std::size_t k : crew_->own(keys)) is_own[k] = 1;
  std::vector<std::size_t> own, rest;
  for (std::size_t k = 0; k < missing.size(); ++k) (is_own[k] ? own : rest).push_back(missing[k]);
  if (!own.empty()) evaluate_here(batch, own);
  std::vector<std::vector<std::uint8_t>> mine(own.size());
  each(own.size(), [&](std::size_t k) { pack_quantities(batch.results[own[k]], mine[k]); });
  const Brought others = crew_->exchange(store_, mine, rest.size());
  GQ_ENSURE(others.size() == rest.size());
  each(rest.size(), [&](std::size_t k) { batch.results[rest[k]] = unpack_quantities(others[k]); });
}

}  // namespace gridqueue
