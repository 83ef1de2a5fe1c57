// Synthetic physics on a small tree: cheap, and full of violations that lines cure or make worse.
#pragma once
#include <algorithm>
#include <set>

#include "gridqueue/evaluation.hpp"
#include "host/queue/queue.hpp"

namespace gridqueue {

//! source - a - b - c - d, and a - e - f; lines l1.. named after their child; "e" cannot be upgraded.
inline Network small_tree() {
  Network n;
  n.name = "small";
  const std::vector<std::pair<std::string, int>> buses{{"source", -1}, {"a", 0}, {"b", 1}, {"c", 2},
                                                       {"d", 3},       {"e", 1}, {"f", 5}};
  for (const auto& [name, parent] : buses) {
    Bus b;
    b.name = name;
    b.parent = BusId(parent);
    b.num_nodes = 3;
    b.phase = {1, 2, 3, 0};
    b.kv_base = 7.2;
    if (parent >= 0) {
      b.branch.kind = BranchKind::line;
      b.branch.name = "line.l" + name;
      b.branch.length_ft = 100.0 * static_cast<double>(n.buses.size());
      b.branch.upgradable = name != "e";
      b.branch.underground = name == "f";
    }
    n.buses.push_back(b);
  }
  n.source_multiplier = {1, 1};
  n.pv_shape = {0, 1};
  return n;
}

//! Voltage change of a bus: sum over the lines to the source of length x power below, halved where upgraded; one
//! bump that makes it non-monotone. A unit on some phases counts twice. A total above 900 kW violates the island limit,
//! above 400 kW on a line overloads it.
class FakeEvaluator final : public Evaluator {
 public:
  explicit FakeEvaluator(const Network& n) : network_(n) { options_.monitors = monitor_set(n, "all"); }

  std::vector<Quantities> evaluate(const StateBatch& s) override {
    std::vector<Quantities> out;
    for (std::size_t i = 0; i < s.size(); ++i) out.push_back(one(s, i));
    evaluations += s.size();
    ++calls;
    return out;
  }
  DayTrace trace(const StateBatch&) override { return {}; }
  [[nodiscard]] const Network& network() const override { return network_; }
  [[nodiscard]] const EvaluatorOptions& options() const override { return options_; }
  [[nodiscard]] const Thresholds& thresholds() const override { return thresholds_; }
  [[nodiscard]] std::size_t width() const override { return lanes; }
  std::size_t evaluations = 0, calls = 0, lanes = 1;

 private:
  Quantities one(const StateBatch& s, std::size_t i) const {
    std::vector<double> below(network_.buses.size(), 0.0);
    double total = 0;
    for (auto k = s.der_offset[i]; k < s.der_offset[i + 1]; ++k) {
      total += s.der_kw[k];
      for (BusId b = s.der_site[k].bus; b.valid(); b = network_.buses[b.index()].parent)
        below[b.index()] += (s.der_site[k].phases ? 2 : 1) * s.der_kw[k];
    }
    const auto& set = s.upgrade_sets[s.upgrade_set[i].index()];
    const auto upgraded = [&](std::size_t b) { return std::binary_search(set.begin(), set.end(), BusId(b)); };
    Quantities q;
    q.converged = true;
    std::vector<double> change(below.size(), 0.0);
    for (std::size_t b = 1; b < below.size(); ++b) {
      change[b] = change[network_.buses[b].parent.index()] +
                  below[b] * network_.buses[b].branch.length_ft / (upgraded(b) ? 1e5 : 5e4);
      if (set.size() == 2) change[b] *= 1.1;
      if (change[b] > q[limit_vdiff].value)
        q[limit_vdiff].value = change[b], q[limit_vdiff].place = static_cast<int>(b);
      if (below[b] > (upgraded(b) ? 800 : 400)) q.overloaded_branches.push_back(BusId(b));
    }
    if (q[limit_vdiff].value > 3.01) q.violations |= limit_vdiff;
    if (!q.overloaded_branches.empty()) q.violations |= limit_emergency;
    if (total > 900) q.violations |= limit_island;
    for (std::size_t b = 1; b < below.size(); ++b)
      if (q.violations && change[b] > 3) q.vdiff_buses.push_back(BusId(b));
    return q;
  }

  const Network& network_;
  EvaluatorOptions options_;
  Thresholds thresholds_;
};

//! The k-th queue of so many units on small_tree().
inline Queue queue_of(std::size_t units, std::uint64_t k) {
  Queue q;
  for (std::size_t u = 0; u < units; ++u)
    q.units.push_back({BusId(static_cast<std::int32_t>(1 + (k * 5 + u * u * 3 + u) % 6)),
                       50.0 + static_cast<double>((k * 97 + u * 71) % 240)});
  return q;
}

}  // namespace gridqueue
