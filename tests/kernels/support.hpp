// The radial feeder, states on it and what "the same result" means.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {

inline const Network& radial() {
  static const Network network = read_feeder(std::string(GRIDQUEUE_SOURCE_DIR) + "/data/radial.h5");
  return network;
}

inline EvaluatorOptions radial_options(Backend backend, Precision precision, int threads = 0) {
  EvaluatorOptions options;
  options.monitors = monitor_set(radial(), "all");
  options.precision = precision;
  options.backend = backend;
  options.threads = threads;
  return options;
}

//! Reproducible states: units at candidate buses, lines on the way to bus_1113 upgraded.
inline StateBatch some_states(std::size_t count) {
  StateBatch batch;
  std::vector<BusId> path;
  for (BusId b = radial().find_bus("bus_1113").value(); b.valid(); b = radial().buses[b.index()].parent)
    if (radial().buses[b.index()].branch.upgradable) path.push_back(b);
  batch.upgrade_sets.push_back({path.rend() - 6, path.rend()});
  std::sort(batch.upgrade_sets[1].begin(), batch.upgrade_sets[1].end());
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t u = 0; u < i % 7; ++u)
      batch.add_der(radial().candidate_buses[(11 * i + 5 * u) % 53], 40.0 + static_cast<double>((i * 37 + u * 101) % 600));
    batch.finish_state(UpgradeSetId(i % 2));
  }
  return batch;
}

inline void expect_identical(const Quantities& a, const Quantities& b, std::size_t i) {
  EXPECT_EQ(a.converged, b.converged) << i;
  EXPECT_EQ(a.violations, b.violations) << i;
  EXPECT_EQ(a.vdiff_pct, b.vdiff_pct) << i;
  EXPECT_EQ(a.vmax_pu, b.vmax_pu) << i;
  EXPECT_EQ(a.vmin_pu, b.vmin_pu) << i;
  EXPECT_EQ(a.emergency_pct, b.emergency_pct) << i;
  EXPECT_EQ(a.normal_hours, b.normal_hours) << i;
  EXPECT_EQ(a.taps_min, b.taps_min) << i;
  EXPECT_EQ(a.taps_max, b.taps_max) << i;
  EXPECT_EQ(a.vdiff_buses, b.vdiff_buses) << i;
  EXPECT_EQ(a.overloaded_branches, b.overloaded_branches) << i;
}

}  // namespace gridqueue
