// The radial feeder, states on it and what "the same result" means.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "tests/radial.hpp"

namespace gridqueue {

//! Whether the cuda backend is the CPU's emulation: a thread = evaluation is ten times slower than on the CPU itself, a
//! team a thousand times.
#if defined(GRIDQUEUE_EMULATED_CUDA)
constexpr bool kEmulatedCuda = true;
#else
constexpr bool kEmulatedCuda = false;
#endif

inline EvaluatorOptions radial_options(Backend backend, Precision precision, int threads = 0) {
  EvaluatorOptions options;
  options.monitors = monitor_set(radial(), "all");
  options.precision = precision;
  options.backend = backend;
  if (kEmulatedCuda) options.mapping = Mapping::lanes;
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
      batch.add_der(radial().candidate_buses[(11 * i + 5 * u) % 53],
                    40.0 + static_cast<double>((i * 37 + u * 101) % 600));
    batch.finish_state(UpgradeSetId(i % 2));
  }
  return batch;
}

//! No value is the same as no value.
inline bool same_number(double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }

inline void expect_identical(const Quantities& a, const Quantities& b, std::size_t i) {
  EXPECT_EQ(a.converged, b.converged) << i;
  EXPECT_EQ(a.violations, b.violations) << i;
  for (const LimitInfo& l : kLimits) {
    const LimitQuantity &x = a[l.bit], &y = b[l.bit];
    EXPECT_TRUE(same_number(x.value, y.value)) << i << ' ' << l.name << ' ' << x.value << ' ' << y.value;
    EXPECT_TRUE(same_number(x.excess.value, y.excess.value)) << i << ' ' << l.name;
    EXPECT_EQ(x.excess.place, y.excess.place) << i << ' ' << l.name;
  }
  EXPECT_EQ(a.taps_min, b.taps_min) << i;
  EXPECT_EQ(a.taps_max, b.taps_max) << i;
  EXPECT_EQ(a.vdiff_buses, b.vdiff_buses) << i;
  EXPECT_EQ(a.overloaded_branches, b.overloaded_branches) << i;
}

//! What two ways of computing may differ by: double 1e-9, float 1e-5, relative to 1 pu.
inline double relative(Precision precision) { return precision == Precision::dual ? 1e-9 : 1e-5; }
//! The same decisions, quantities to a tolerance.
inline void expect_close(const Quantities& a, const Quantities& b, double relative, std::size_t i) {
  EXPECT_EQ(a.converged, b.converged) << i;
  EXPECT_EQ(a.violations, b.violations) << i;
  EXPECT_NEAR(a[limit_vmax].value, b[limit_vmax].value, relative * b[limit_vmax].value) << i;
  EXPECT_NEAR(a[limit_vmin].value, b[limit_vmin].value, relative * b[limit_vmin].value) << i;
  EXPECT_NEAR(a[limit_vdiff].value, b[limit_vdiff].value, 100 * relative) << i;
  EXPECT_NEAR(a[limit_emergency].value, b[limit_emergency].value, 10 * relative * b[limit_emergency].value) << i;
  EXPECT_EQ(a[limit_normal_hours].value, b[limit_normal_hours].value) << i;
  EXPECT_EQ(a.taps_min, b.taps_min) << i;
  EXPECT_EQ(a.taps_max, b.taps_max) << i;
  // by falling value, so that nearly equal ones may change places
  EXPECT_EQ(std::set(a.vdiff_buses.begin(), a.vdiff_buses.end()), std::set(b.vdiff_buses.begin(), b.vdiff_buses.end()))
      << i;
  EXPECT_EQ(a.overloaded_branches, b.overloaded_branches) << i;
  ASSERT_EQ(a.areas.size(), b.areas.size()) << i;
  const auto near = [&](double x, double y) { EXPECT_NEAR(x, y, relative * (1e4 + 10 * std::abs(y))) << i; };
  for (std::size_t k = 0; k < a.areas.size(); ++k)
    for (const auto& [x, y] : {std::pair{a.areas[k].p, b.areas[k].p}, {a.areas[k].q, b.areas[k].q}}) {
      near(x.min, y.min);
      near(x.max, y.max);
      near(x.min_abs, y.min_abs);
    }
}

}  // namespace gridqueue
