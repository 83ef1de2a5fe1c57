// output.keep: less in the file, the same sums.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/run_study.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

class KeepTest : public test::SmallStudy {
 protected:
  QueueSums kept(Kept keep) {
    study_.output.keep = keep;
    options_.force = true;
    end_ = run_study(study_, options_);
    return ResultsReader(study_.output.file).sums();
  }
  [[nodiscard]] h5::File file() const { return open_results(study_.output.file); }
  RunEnd end_;
};

//! Sets of lines have other numbers where only those that orders end with are kept.
void expect_same(const QueueSums& a, const QueueSums& b) {
  ASSERT_EQ(a.outcome.units.size(), b.outcome.units.size());
  for (std::size_t u = 0; u < a.outcome.units.size(); ++u) {
    EXPECT_EQ(a.outcome.units[u].distribution, b.outcome.units[u].distribution);
    EXPECT_EQ(a.outcome.units[u].mean_se_usd, b.outcome.units[u].mean_se_usd);
    EXPECT_EQ(a.orders.units[u].mean_by_position, b.orders.units[u].mean_by_position);
  }
  EXPECT_EQ(a.outcome.total.distribution, b.outcome.total.distribution);
  EXPECT_EQ(a.outcome.upgrades, b.outcome.upgrades);
  EXPECT_EQ(a.orders.triggers, b.orders.triggers);
  EXPECT_EQ(a.orders.upgrades.size(), b.orders.upgrades.size());
  EXPECT_EQ(a.estimates.has_value(), b.estimates.has_value());
}

//! Lines and probability of every final set, whatever its number.
std::vector<std::pair<double, Upgrades>> final_lines(const QueueSums& sums, const ResultsReader& reader) {
  std::vector<std::pair<double, Upgrades>> all;
  const auto sets = reader.upgrade_sets();
  for (const auto& [id, p] : sums.orders.upgrades) all.emplace_back(p, sets.at(id.index()));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

TEST_F(KeepTest, LessIsKeptAndTheSumsAreTheSame) {
  const QueueSums orders = kept(Kept::orders);
  const auto lines = final_lines(orders, ResultsReader(study_.output.file));
  EXPECT_EQ(file().shape("order/step").at(0), 20u);

  expect_same(orders, kept(Kept::states));
  EXPECT_EQ(file().shape("order/step").at(0), 0u);
  EXPECT_GT(ResultsReader(study_.output.file).info().states, 0u);
  EXPECT_EQ(ResultsReader(study_.output.file).info().committed, 20u);

  const QueueSums summary = kept(Kept::summary);
  expect_same(orders, summary);
  for (const char* table : {"order", "state", "step"}) EXPECT_FALSE(file().exists(table)) << table;
  const ResultsReader reader(study_.output.file);
  EXPECT_EQ(reader.info().committed, 20u);
  EXPECT_EQ(reader.info().upgrade_sets, summary.orders.upgrades.size());
  EXPECT_EQ(final_lines(summary, reader), lines);
  EXPECT_EQ(final_lines(*end_.sums, reader), lines);
  for (const FinalState& end : summary.outcome.ends) EXPECT_FALSE(end.state.valid());
  ASSERT_TRUE(end_.sharing);
  EXPECT_TRUE(file().exists("allocation"));
}

TEST_F(KeepTest, AllOrdersHaveASummaryToo) {
  study_.orders.method = OrderMethod::all;
  const QueueSums states = kept(Kept::states);
  expect_same(states, kept(Kept::summary));
  EXPECT_FALSE(file().exists("state"));
}

TEST_F(KeepTest, AnOrderThatIsNotKeptIsRefusedByName) {
  kept(Kept::states);
  try {
    (void)ResultsReader(study_.output.file).walk(0);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("output.keep"));
  }
}

}  // namespace
}  // namespace gridqueue
