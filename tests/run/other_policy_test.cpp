// Another policy, which builds nothing and turns away who breaks a limit, goes through walk, lattice, file and shares.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/present/queue_report.hpp"
#include "host/results/results_reader.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

class Rejecting final : public Policy {
 public:
  [[nodiscard]] Upgrades measures(const Trouble&) const override { return {}; }
  [[nodiscard]] double usd(const Upgrade&) const override { return 1; }
};

struct OtherPolicy : test::SmallStudy {
  QueueSums run() {
    options_.policy = std::make_shared<const Rejecting>();
    return *run_study(study_, options_).sums;
  }
};

void expect_nothing_built(const QueueSums& sums) {
  EXPECT_EQ(sums.outcome.total.max_usd, 0);
  EXPECT_TRUE(sums.outcome.upgrades.empty());
  double rejected = 0;
  for (const QueueUnit& u : sums.outcome.units) {
    EXPECT_EQ(u.max_usd, 0);
    EXPECT_EQ(u.trigger_probability, u.reject_probability);
    rejected += u.reject_probability;
  }
  EXPECT_GT(rejected, 0.5);
}

TEST_F(OtherPolicy, RejectsInEveryOrder) {
  const QueueSums sums = run();
  expect_nothing_built(sums);
  const ResultsReader reader(study_.output.file);
  expect_nothing_built(reader.sums());
  for (std::uint64_t order = 0; order < reader.info().committed; ++order)
    for (const WalkStep& s : reader.walk(order)) {
      EXPECT_EQ(s.decision == Decision::reject, s.limits != 0);
      EXPECT_TRUE(s.lines.empty());
    }
  EXPECT_EQ(sums_json(reader, sums)["total"]["max_usd"], 0);
}

TEST_F(OtherPolicy, RejectsInTheLattice) {
  study_.orders.method = OrderMethod::all;
  const QueueSums sums = run();
  expect_nothing_built(sums);
  EXPECT_EQ(sums.orders.upgrades.size(), 1u);
}

//! Nobody is to pay for anything.
TEST_F(OtherPolicy, LeavesNothingToShare) {
  run();
  for (double usd : h5::File::open(study_.output.file).read<double>("allocation/share_usd")) EXPECT_EQ(usd, 0);
}

}  // namespace
}  // namespace gridqueue
