// Who should pay, in the file: what orders came to is read back as it was in memory, and the group is replaced as a
// whole.
#include <gtest/gtest.h>

#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "host/walk/lattice.hpp"
#include "tests/results/fake_sharing.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

//! Three orders, summed up as a run does it.
struct Summed {
  test::FakeWalk walk;
  QueueSums sums;

  explicit Summed(const std::string& path, const Provenance& from = {}) {
    const Trajectories orders = walk_orders(walk.walker, Orders{3, {0, 1, 2, 2, 1, 0, 1, 2, 0}});
    ResultsWriter writer(path, from, walk.walker);
    writer.append(walk.walker, orders);
    sums = test::write_sums(writer, walk.walker, orders, false);
    writer.finish(test::work_of(walk.walker), true);
  }
  [[nodiscard]] StudySharing sharing() const {
    return test::fake_sharing(walk, outcome_of(sums.outcome, OrderSource::given));
  }
};

void expect_same(const std::vector<FinalState>& a, const std::vector<FinalState>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].state, b[i].state);
    EXPECT_EQ(a[i].in, b[i].in);
    EXPECT_EQ(a[i].upgrades, b[i].upgrades);
    EXPECT_EQ(a[i].probability, b[i].probability);
  }
}

TEST(FinalStates, OfWalkedOrdersComeBackFromTheFile) {
  const test::TemporaryFile file("ends.h5");
  const Summed summed(file.path());
  double sum = 0;
  for (const FinalState& e : summed.sums.outcome.ends) sum += e.probability;
  EXPECT_NEAR(sum, 1, 1e-12);
  expect_same(ResultsReader(file.path()).queues(0, 1).front().ends, summed.sums.outcome.ends);
}

TEST(FinalStates, OfAllOrdersComeBackFromTheFile) {
  const test::TemporaryFile file("ends_all.h5");
  test::FakeWalk walk;
  Provenance from;
  from.order_method = "all";
  const QueueSums exact = sum_up(view_of(walk.walker), enumerate_orders(walk.walker));
  {
    ResultsWriter writer(file.path(), from, walk.walker);
    writer.learned(walk.walker);
    writer.append({&exact.outcome, 1});
    writer.details(exact);
    writer.finish(test::work_of(walk.walker), true);
  }
  EXPECT_FALSE(exact.outcome.ends.empty());
  const QueueSums read = ResultsReader(file.path()).sums();
  expect_same(read.outcome.ends, exact.outcome.ends);
  EXPECT_EQ(read.orders.total, exact.orders.total);
  EXPECT_EQ(read.orders.upgrades, exact.orders.upgrades);
  EXPECT_EQ(read.orders.rejected, exact.orders.rejected);
  EXPECT_EQ(read.orders.triggers, exact.orders.triggers);
  EXPECT_EQ(read.orders.level_states, exact.orders.level_states);
  for (std::size_t u = 0; u < 3; ++u) {
    EXPECT_EQ(read.orders.units[u].distribution, exact.orders.units[u].distribution);
    EXPECT_EQ(read.orders.units[u].mean_by_position, exact.orders.units[u].mean_by_position);
    EXPECT_EQ(read.orders.units[u].trigger_by_position, exact.orders.units[u].trigger_by_position);
  }
}

TEST(Allocation, IsReplacedAndNothingElseChanges) {
  const test::TemporaryFile file("allocation.h5");
  const Summed summed(file.path());
  const auto before = h5::File::open(file.path()).read<double>("/order/cost_usd");
  EXPECT_TRUE(allocated_rules(h5::File::open(file.path())).empty());
  write_allocation(file.path(), {summed.sharing()});
  EXPECT_EQ(allocated_rules(h5::File::open(file.path())), (std::vector<std::string>{"trigger", "pro-rata-kw"}));
  StudySharing one = summed.sharing();
  one.table.rules.pop_back();
  one.programs.clear();
  write_allocation(file.path(), {one});
  const auto f = h5::File::open(file.path());
  EXPECT_EQ(allocated_rules(f), (std::vector<std::string>{"trigger"}));
  EXPECT_FALSE(f.exists("/allocation/program_state"));
  EXPECT_EQ(f.read<double>("/order/cost_usd"), before);
  EXPECT_EQ(f.shape("/allocation/share_usd"), (h5::Shape{1, 1, 3}));
  const auto shares = f.read<double>("/allocation/share_usd");
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], f.read<double>("/allocation/total_usd")[0], 1e-6);
}

}  // namespace
}  // namespace gridqueue
