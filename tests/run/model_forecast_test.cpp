// Which sets of lines are linearized follows from the study alone.
#include "host/run/model_forecast.hpp"

#include <gtest/gtest.h>

#include "host/policy/upgrade_policy.hpp"
#include "tests/kernels/support.hpp"

namespace gridqueue {
namespace {

TEST(ExpectedStates, GrowFromThoseSeenToThoseThereAre) {
  EXPECT_EQ(expected_states(10, 0, 3, 5, 100), 10);  // all were met twice or more: there are no others
  EXPECT_EQ(expected_states(10, 4, 2, 5, 5), 10);    // nothing beyond those tried
  EXPECT_NEAR(expected_states(10, 4, 2, 5, std::numeric_limits<double>::infinity()), 14, 1e-12);  // 4^2 / (2 * 2) more
  EXPECT_GT(expected_states(10, 4, 2, 5, 50), 10);
  EXPECT_LT(expected_states(10, 4, 2, 5, 50), 14);
}

struct Forecast : testing::Test {
  std::unique_ptr<Evaluator> ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single));
  Study study;
  Queue queue;

  Forecast() {
    study.power_flow = PowerFlow::screened;
    study.orders.count = 2000;
    for (std::size_t u = 0; u < 8; ++u)
      queue.units.push_back({radial().candidate_buses[5 * u], 60.0 + 40.0 * double(u)});
  }
  ModelForecast forecast() { return forecast_model(*ac, study, {queue}, upgrade_policy(*ac)); }
};

TEST_F(Forecast, FindsTheSetsThatManyStatesShare) {
  const ModelForecast f = forecast();
  ASSERT_FALSE(f.sets.empty());
  EXPECT_TRUE(f.scope.sets->contains(Upgrades()));  // most states have no line upgraded
  EXPECT_EQ(f.scope.units.size(), 8u);
  for (const ForecastSet& s : f.sets) EXPECT_GE(s.states * (1 - s.near), 48) << s.upgrades.size();
}

TEST_F(Forecast, IsTheSameOnAnyThreads) {
  const ModelForecast here = forecast();
  ac = make_evaluator(radial(), radial_options(Backend::cpu, Precision::single, 1));
  EXPECT_EQ(forecast().scope.sets, here.scope.sets);
}

//! An order or two come to too few states.
TEST_F(Forecast, OfFewOrdersLinearizesNothing) {
  study.orders.count = 2;
  EXPECT_TRUE(forecast().sets.empty());
}

}  // namespace
}  // namespace gridqueue
