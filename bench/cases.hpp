// What the benchmarks work on.
#pragma once
#include <algorithm>
#include <memory>
#include <string>

#include "gridqueue/evaluation.hpp"
#include "host/walk/walker.hpp"
#include "tests/radial.hpp"

namespace gridqueue::bench {

inline std::unique_ptr<Evaluator> evaluator(Precision precision, int threads, Backend backend = Backend::cpu,
                                            Mapping mapping = Mapping::automatic, const Network& network = radial(),
                                            const std::vector<UnitSite>& sites = {}) {
  EvaluatorOptions options;
  options.monitors = monitor_set(network, "all");
  options.precision = precision;
  options.threads = threads;
  options.backend = backend;
  options.mapping = mapping;
  options.sites = sites;
  return make_evaluator(network, options);
}

//! Fifteen units of 50 to 400 kW, times `scale`, spread over the sites.
inline Queue fifteen_units(const std::vector<UnitSite>& sites, double scale = 1) {
  Queue q;
  for (std::size_t u = 0; u < 15; ++u)
    q.units.push_back({sites[(7 * u + 3) % sites.size()], scale * (50.0 + static_cast<double>((u * 131) % 351))});
  return q;
}
inline Queue fifteen_units() { return fifteen_units(sites_of_kind(radial(), SiteKind::three_phase)); }

//! Every subset of the first units of `queue`, some lines on the way from `far` to the source upgraded: what a walk
//! asks for.
inline StateBatch states(const Network& network, BusId far, const Queue& queue, std::size_t count) {
  StateBatch batch;
  batch.upgrade_sets.clear();
  for (std::size_t i = 0; i < 16; ++i) {
    Upgrades lines;
    for (BusId b = far; b.valid() && lines.size() < i; b = network.buses[b.index()].parent)
      if (network.buses[b.index()].branch.upgradable) lines.emplace_back(b);
    std::sort(lines.begin(), lines.end());
    batch.upgrade_sets.push_back(lines);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t u = 0; u < queue.units.size(); ++u)
      if (((i * 2654435761u) >> (u + 3)) & 1u) batch.add_der(queue.units[u].site, queue.units[u].kw);
    batch.finish_state(UpgradeSetId(i % 16));
  }
  return batch;
}
inline StateBatch states(const Queue& queue, std::size_t count) {
  return states(radial(), bus("bus_1113"), queue, count);
}

}  // namespace gridqueue::bench
