#include "host/results/summary.hpp"

namespace gridqueue {

void Outcomes::append(const Walker& walker, const Trajectories& orders) {
  for (std::size_t r = 0; r < orders.count(); ++r) {
    for (std::size_t p = 0; p < orders.num_units; ++p) {
      const Step& step = walker.steps()[orders.step[r * orders.num_units + p].index()];
      add(step.unit, step.cost_usd, step.limits != 0, step.decision == Decision::reject);
    }
    finish_order();
  }
}

void Outcomes::add(UnitId unit, double cost_usd, bool triggered, bool rejected) {
  cost_usd_[unit.index()].push_back(cost_usd);
  triggers_[unit.index()] += triggered;
  rejects_[unit.index()] += rejected;
  open_total_ += cost_usd;
}

void Outcomes::finish_order() {
  total_usd_.push_back(open_total_);
  open_total_ = 0;
}

}  // namespace gridqueue
