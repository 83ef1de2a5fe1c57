// A walk on the hand-made feeder with an invented power flow: the voltage change is the power behind bus_3 over 100,
// and an upgraded line takes 1 % off.
#pragma once
#include <algorithm>
#include <memory>

#include "host/policy/upgrade_policy.hpp"
#include "host/results/results_writer.hpp"
#include "host/walk/orders.hpp"
#include "tests/study/hand_feeder.hpp"

namespace gridqueue::test {

class FakeEvaluator : public Evaluator {
 public:
  explicit FakeEvaluator(Network network) : network_(std::move(network)) {
    options_.monitors = monitor_set(network_, "all");
  }
  std::vector<Quantities> evaluate(const StateBatch& states) override {
    std::vector<Quantities> all;
    for (std::size_t i = 0; i < states.size(); ++i) all.push_back(one(states, i));
    return all;
  }
  DayTrace trace(const StateBatch&) override { return {}; }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return thresholds_; }

 private:
  [[nodiscard]] Quantities one(const StateBatch& states, std::size_t i) const {
    Quantities q;
    double kw = 0;
    for (auto d = states.der_offset[i]; d < states.der_offset[i + 1]; ++d) kw += states.der_kw[d];
    const auto& lines = states.upgrade_sets[states.upgrade_set[i].index()];
    q.converged = true;
    q[limit_vdiff].value = std::max(0.0, kw / 100 - static_cast<double>(lines.size()));
    q[limit_vdiff].place = 3;
    q[limit_vdiff].step = 149;
    q[limit_vmax].value = 1.02;
    q[limit_vmax].place = NodeId(BusId(4), 0).value;  // the one node of tap_1
    q[limit_vmax].step = 3;
    q[limit_vmin].value = 0.99;
    q[limit_vmin].place = 2;
    q[limit_vmin].step = 287;
    q[limit_emergency].place = 1;
    q[limit_lv_vmax].value = q[limit_lv_vmax].excess.value = kNoValue;  // no such bus
    q[limit_reverse_power] = {-3.5, 0, 12, {-3.6, 0}};
    q.taps_max = 4;
    if (!network_.reclosers.empty()) q.areas.resize(network_.reclosers.size() + 1, {{-kw, kw, 0}, {1, 2, 1}});
    if (q[limit_vdiff].value > 3.01) q.violations |= limit_vdiff, q.vdiff_buses = {BusId(3)};
    return q;
  }
  Network network_;
  EvaluatorOptions options_;
  Thresholds thresholds_;
};

//! What finish() says of a walk.
inline RunWork work_of(const Walker& walker) { return {walker.counters().evaluations, walker.counters().requests, {}}; }

//! Sums these orders up, as a run does, and writes that.
inline QueueSums write_sums(ResultsWriter& writer, const Walker& walker, const Trajectories& orders, bool random) {
  SampleStatistics sample(orders.num_units, Sampling::independent);
  if (random) sample.track_convergence();
  sample.append(walker, orders);
  QueueSums sums = sum_up(view_of(walker), sample, random);
  writer.details(sums);
  writer.append({&sums.outcome, 1});
  return sums;
}

//! Three units at bus_3: 200, 250 and 400 kW. 450 and 850 kW need lines; there are three of 196,000 $ each.
struct FakeWalk {
  FakeEvaluator evaluator;
  Walker walker;
  explicit FakeWalk(const Network& network = hand_feeder())
      : evaluator(network), walker(evaluator, Queue{{{BusId(3), 200}, {BusId(3), 250}, {BusId(3), 400}}},
                                   upgrade_policy(evaluator), HostingCapacityMode::none) {}
};

}  // namespace gridqueue::test
