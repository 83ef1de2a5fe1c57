// A study run as a library: no command line, no printing.
#include "host/run/run_study.hpp"

#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"
#include "host/results/results_reader.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

using RunStudy = test::SmallStudy;

TEST_F(RunStudy, WalksSharesAndWrites) {
  const RunEnd end = run_study(study_, options_);
  EXPECT_FALSE(end.interrupted);
  ASSERT_TRUE(end.sums);
  EXPECT_EQ(end.sums->outcome.units.size(), 3u);
  ASSERT_TRUE(end.sharing);
  EXPECT_EQ(end.sharing->queues.front().table.rules.size(), 2u);
  const ResultsReader reader(study_.output.file);
  EXPECT_TRUE(reader.info().complete);
  EXPECT_EQ(reader.info().committed, 20u);
}

TEST_F(RunStudy, ReplacesNoFileUnaskedAndGoesOnWithOne) {
  run_study(study_, options_);
  EXPECT_THROW(run_study(study_, options_), Error);
  options_.resume = true;
  EXPECT_FALSE(run_study(study_, options_).sums);  // complete already
  options_.resume = false, options_.force = true;
  EXPECT_TRUE(run_study(study_, options_).sums);
}

TEST_F(RunStudy, EveryOrderAtOnceHasNoErrors) {
  study_.orders.method = OrderMethod::all;
  const RunEnd end = run_study(study_, options_);
  ASSERT_TRUE(end.sums);
  EXPECT_FALSE(end.sums->estimates);
  EXPECT_EQ(end.sums->outcome.orders, 0u);
  EXPECT_TRUE(ResultsReader(study_.output.file).info().complete);
}

//! One queue among many comes to what it comes to alone.
TEST_F(RunStudy, OneQueueIsManyQueuesWithOne) {
  study_ = parse_study("study.toml", R"(
[feeder]
file = "data/radial.h5"
[queue.random]
kw_min = 50
kw_max = 600
count = 6
[orders]
count = 60
)",
                       study_.feeder.path);
  study_.output.file = testing::TempDir() + "run_study_one.h5";
  options_.force = true;
  run_study(study_, options_);
  const QueueOutcome alone = ResultsReader(study_.output.file).queues(0, 1).front();
  study_.queue.random->queues = 1;
  EXPECT_FALSE(run_study(study_, options_).sums);
  const ResultsReader many(study_.output.file);
  EXPECT_FALSE(many.info().one_queue);
  const QueueOutcome one = many.queues(0, 1).front();
  ASSERT_EQ(one.units.size(), alone.units.size());
  for (std::size_t u = 0; u < one.units.size(); ++u) EXPECT_EQ(one.units[u].distribution, alone.units[u].distribution);
  EXPECT_EQ(one.total.distribution, alone.total.distribution);
  EXPECT_EQ(one.evaluations_asked, alone.evaluations_asked);
  EXPECT_EQ(one.orders, 60u);
}

}  // namespace
}  // namespace gridqueue
