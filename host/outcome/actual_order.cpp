#include "host/outcome/actual_order.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

RankedCost ranked(double usd, const Masses& distribution) {
  constexpr double kHalfCent = 0.005;
  RankedCost r{usd, 0, 0};
  for (const auto& [value, share] : distribution) {
    if (value < usd - kHalfCent) r.less += share;
    if (value < usd + kHalfCent) r.at_most += share;
  }
  r.less = std::min(r.less, 1.0), r.at_most = std::min(r.at_most, 1.0);
  return r;
}

ActualOrder actual_order(const Walker& walker, const Trajectories& walked, const QueueOutcome& queue) {
  GQ_EXPECT(walked.count() == 1);
  ActualOrder actual;
  double total = 0;
  for (StepId id : walked.step) {
    const Step& step = walker.steps()[id.index()];
    total += step.cost_usd;
    actual.units.push_back(
        {step.unit, step.decision, step.limits, ranked(step.cost_usd, queue.units[step.unit.index()].distribution)});
  }
  actual.total = ranked(total, queue.total.distribution);
  return actual;
}

}  // namespace gridqueue
