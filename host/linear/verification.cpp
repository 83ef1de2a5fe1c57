#include "host/linear/verification.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

Difference summary(std::vector<double> differences) {
  std::erase_if(differences, [](double x) { return std::isnan(x); });
  if (differences.empty()) return {};
  std::sort(differences.begin(), differences.end());
  const auto at = [&](double share) {
    return differences[static_cast<std::size_t>(share * static_cast<double>(differences.size() - 1))];
  };
  return {at(0.5), at(0.95), differences.back()};
}

}  // namespace

void Verifier::add(const AnsweredStates& answered, std::int64_t queue) {
  GQ_EXPECT(answered.states.size() == answered.answers.size());
  if (answered.answers.empty()) return;
  const std::vector<Quantities> exact = ac_.evaluate(answered.states);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const Quantities &a = exact[i], &b = answered.answers[i];
    VerifiedState s{queue, a.violations != b.violations, false, {}};
    s.other_decision = s.other_limits || (a.violations != 0 && answered.decide(i, a) != answered.decide(i, b));
    for (std::size_t k = 0; k < kNumQuantities; ++k) {
      const LimitBit bit = quantity_info(k).bit;
      s.difference[k] = std::abs(a[bit].value - b[bit].value);
    }
    states_.push_back(s);
  }
}

std::vector<VerifiedState> Verifier::states(std::uint64_t queues) const {
  std::vector<VerifiedState> sorted;
  std::copy_if(states_.begin(), states_.end(), std::back_inserter(sorted),
               [&](const VerifiedState& s) { return static_cast<std::uint64_t>(s.queue) < queues; });
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const VerifiedState& a, const VerifiedState& b) { return a.queue < b.queue; });
  return sorted;
}

Verification verification_of(const std::vector<VerifiedState>& states) {
  Verification v;
  v.states = states.size();
  for (const VerifiedState& s : states) v.other_limits += s.other_limits, v.other_decisions += s.other_decision;
  for (std::size_t k = 0; k < kNumQuantities; ++k) {
    std::vector<double> all;
    for (const VerifiedState& s : states) all.push_back(s.difference[k]);
    v.difference[k] = summary(std::move(all));
  }
  return v;
}

}  // namespace gridqueue
