// Teams of lanes (prefix sums) against the tree walk: the same source that a GPU's warps and blocks run, emulated.
#include <gtest/gtest.h>

#include "kernels/cuda_evaluator.hpp"
#include "kernels/team_cpu.hpp"
#include "kernels/team_feeder.hpp"
#include "tests/kernels/support.hpp"
#include "tests/kernels/synthetic_feeder.hpp"

namespace gridqueue {
namespace {

template <class Real>
std::unique_ptr<Evaluator> team(const Network& network, EvaluatorOptions options, int lanes = 0, LaneOrder order = LaneOrder::forward) {
  DeviceDays<Real> days;
  days.push_back(make_emulated_team_day(compile_feeder<Real>(network, options), lanes, order));
  return make_batched_evaluator<Real>(network, options, std::move(days));
}

void expect_near(const Quantities& a, const Quantities& b, double relative, std::size_t i) {
  EXPECT_EQ(a.converged, b.converged) << i;
  EXPECT_EQ(a.violations, b.violations) << i;
  EXPECT_NEAR(a.vmax_pu, b.vmax_pu, relative * b.vmax_pu) << i;
  EXPECT_NEAR(a.vmin_pu, b.vmin_pu, relative * b.vmin_pu) << i;
  EXPECT_NEAR(a.vdiff_pct, b.vdiff_pct, 100 * relative) << i;
  EXPECT_NEAR(a.emergency_pct, b.emergency_pct, 10 * relative * b.emergency_pct) << i;
  EXPECT_EQ(a.normal_hours, b.normal_hours) << i;
  EXPECT_EQ(a.taps_min, b.taps_min) << i;
  EXPECT_EQ(a.taps_max, b.taps_max) << i;
  EXPECT_EQ(a.vdiff_buses, b.vdiff_buses) << i;
  EXPECT_EQ(a.overloaded_branches, b.overloaded_branches) << i;
  ASSERT_EQ(a.areas.size(), b.areas.size()) << i;
  for (std::size_t k = 0; k < a.areas.size(); ++k) {
    EXPECT_NEAR(a.areas[k].p.min, b.areas[k].p.min, 1e4 * relative) << i;
    EXPECT_NEAR(a.areas[k].p.max, b.areas[k].p.max, 1e4 * relative) << i;
    EXPECT_NEAR(a.areas[k].q.min, b.areas[k].q.min, 1e4 * relative) << i;
    EXPECT_NEAR(a.areas[k].q.min_abs, b.areas[k].q.min_abs, 1e4 * relative) << i;
  }
}

template <class Real>
void compare(const Network& network, const EvaluatorOptions& options, const StateBatch& batch, int lanes) {
  const auto reference = make_evaluator(network, options)->evaluate(batch);
  const auto found = team<Real>(network, options, lanes)->evaluate(batch);
  ASSERT_EQ(found.size(), reference.size());
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], reference[i], sizeof(Real) == 8 ? 1e-9 : 1e-5, i);
}

TEST(Team, IsTheTreeWalkOnTheRadialFeederInDouble) {
  compare<double>(radial(), radial_options(Backend::cpu, Precision::dual), some_states(48), 0);
}
TEST(Team, IsTheTreeWalkOnTheRadialFeederInFloat) {
  compare<float>(radial(), radial_options(Backend::cpu, Precision::single), some_states(48), 0);
}

}  // namespace
}  // namespace gridqueue
