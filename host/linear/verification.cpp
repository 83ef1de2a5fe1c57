#include "host/linear/verification.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

Difference summary(std::vector<double> differences) {
  if (differences.empty()) return {};
  std::sort(differences.begin(), differences.end());
  const auto at = [&](double share) {
    return differences[static_cast<std::size_t>(share * static_cast<double>(differences.size() - 1))];
  };
  return {at(0.5), at(0.95), differences.back()};
}

}  // namespace

void Verifier::add(const AnsweredStates& answered) {
  GQ_EXPECT(answered.states.size() == answered.answers.size());
  if (answered.answers.empty()) return;
  const std::vector<Quantities> exact = ac_.evaluate(answered.states);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const Quantities &a = exact[i], &b = answered.answers[i];
    const bool same_limits = a.violations == b.violations;
    ++counts_.states;
    counts_.other_limits += !same_limits;
    counts_.other_decisions += !same_limits || (a.violations != 0 && answered.decide(i, a) != answered.decide(i, b));
    for (std::size_t k = 0; k < kNumQuantities; ++k)
      differences_[k].push_back(std::abs(a.limits[k].value - b.limits[k].value));
  }
}

Verification Verifier::result() const {
  Verification v = counts_;
  for (std::size_t k = 0; k < differences_.size(); ++k) v.difference[k] = summary(differences_[k]);
  return v;
}

}  // namespace gridqueue
