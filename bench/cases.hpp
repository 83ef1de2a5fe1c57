// What the benchmarks work on.
#pragma once
#include <algorithm>
#include <memory>
#include <string>

#include "gridqueue/evaluation.hpp"
#include "host/walk/walker.hpp"
#include "tests/radial.hpp"

namespace gridqueue::bench {

//! States of a batch for a device: far more than it runs at once; an emulated one is given few.
#if defined(GRIDQUEUE_EMULATED_CUDA)
constexpr bool kEmulatedDevice = true;
#else
constexpr bool kEmulatedDevice = false;
#endif
constexpr std::size_t kDeviceStates = kEmulatedDevice ? 8 : 65536;

//! `sites`: where units stand, as a study's; none = anywhere.
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
  options.only_sites = !sites.empty();
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

inline std::vector<UnitSite> sites_of(const Queue& queue) {
  std::vector<UnitSite> sites;
  for (const Unit& u : queue.units) sites.push_back(u.site);
  return sites;
}

//! A state of some of the units; neighbours' numbers share few of them.
inline void add_subset(StateBatch& batch, const Queue& queue, std::size_t number, UpgradeSetId lines) {
  for (std::size_t u = 0; u < queue.units.size(); ++u)
    if (((number * 2654435761u) >> (u + 3)) & 1u) batch.add_der(queue.units[u].site, queue.units[u].kw);
  batch.finish_state(lines);
}

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
  for (std::size_t i = 0; i < count; ++i) add_subset(batch, queue, i, UpgradeSetId(i % 16));
  return batch;
}
inline StateBatch states(const Queue& queue, std::size_t count) {
  return states(radial(), bus("bus_1113"), queue, count);
}

}  // namespace gridqueue::bench
