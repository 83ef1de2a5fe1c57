// Who should pay, in the file: what orders came to is read back as it was in memory, and the group is replaced as a
// whole.
#include <gtest/gtest.h>

#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "tests/results/fake_sharing.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

void expect_same(const std::vector<FinalState>& a, const std::vector<FinalState>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].state, b[i].state);
    EXPECT_EQ(a[i].in, b[i].in);
    EXPECT_EQ(a[i].upgrades, b[i].upgrades);
    EXPECT_EQ(a[i].lines, b[i].lines);
    EXPECT_EQ(a[i].probability, b[i].probability);
  }
}

TEST(FinalStates, OfWalkedOrdersComeBackFromTheFile) {
  const test::TemporaryFile file("ends.h5");
  test::FakeWalk walk;
  const Trajectories orders = walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0, 1, 2, 0}});
  { ResultsWriter(file.path(), {}, walk.walker).append(walk.walker, orders); }
  const auto ends = final_states(walk.walker, orders);
  double sum = 0;
  for (const FinalState& e : ends) sum += e.probability;
  EXPECT_NEAR(sum, 1, 1e-12);
  expect_same(ResultsReader(file.path()).final_states(), ends);
}

TEST(FinalStates, OfAllOrdersComeBackFromTheFile) {
  const test::TemporaryFile file("ends_all.h5");
  test::FakeWalk walk;
  const ExactDistribution exact = enumerate_orders(walk.walker);
  Provenance from;
  from.order_method = "all";
  {
    ResultsWriter writer(file.path(), from, walk.walker);
    writer.append(walk.walker, Trajectories{3, {}});
    writer.distribution(exact);
    writer.finish(nullptr, {}, true);
  }
  const auto ends = final_states(walk.walker, exact);
  EXPECT_FALSE(ends.empty());
  expect_same(ResultsReader(file.path()).final_states(), ends);
}

TEST(Allocation, GoesWhenTheRunGoesOn) {
  const test::TemporaryFile file("resumed.h5");
  test::FakeWalk walk;
  const Trajectories orders = walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0}});
  { ResultsWriter(file.path(), {}, walk.walker).append(walk.walker, orders); }
  SampleStatistics sample(3, Sampling::independent);
  sample.append(walk.walker, orders);
  write_allocation(file.path(),
                   test::fake_sharing(walk, outcome_of(sample, OrderSource::given, final_states(walk.walker, orders),
                                                       largest_order_gap(walk.walker))));
  EXPECT_FALSE(allocated_rules(h5::File::open(file.path())).empty());
  { const ResultsWriter goes_on(file.path(), walk.walker); }
  EXPECT_FALSE(h5::File::open(file.path()).exists("allocation"));
  EXPECT_EQ(ResultsReader(file.path()).info().committed, 2u);
}

TEST(Allocation, IsReplacedAndNothingElseChanges) {
  const test::TemporaryFile file("allocation.h5");
  test::FakeWalk walk;
  const Trajectories orders = walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0}});
  { ResultsWriter(file.path(), {}, walk.walker).append(walk.walker, orders); }
  const auto before = h5::File::open(file.path()).read<double>("/order/cost_usd");
  EXPECT_TRUE(allocated_rules(h5::File::open(file.path())).empty());
  SampleStatistics sample(3, Sampling::independent);
  sample.append(walk.walker, orders);
  const OrderOutcome outcome =
      outcome_of(sample, OrderSource::given, final_states(walk.walker, orders), largest_order_gap(walk.walker));
  write_allocation(file.path(), test::fake_sharing(walk, outcome));
  EXPECT_EQ(allocated_rules(h5::File::open(file.path())), (std::vector<std::string>{"trigger", "pro-rata-kw"}));
  StudySharing one = test::fake_sharing(walk, outcome);
  one.table.rules.pop_back();
  one.programs.clear();
  write_allocation(file.path(), one);
  const auto f = h5::File::open(file.path());
  EXPECT_EQ(allocated_rules(f), (std::vector<std::string>{"trigger"}));
  EXPECT_FALSE(f.exists("/allocation/program_state"));
  EXPECT_EQ(f.read<double>("/order/cost_usd"), before);
  const auto shares = f.read<double>("/allocation/share_usd");
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], f.read_attribute<double>("/allocation", "total_mean_usd"), 1e-6);
}

}  // namespace
}  // namespace gridqueue
