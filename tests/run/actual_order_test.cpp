// The real order of a queue, walked beside all others.
#include "host/outcome/actual_order.hpp"

#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "host/results/results_reader.hpp"
#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;

class ActualOrderRun : public test::SmallStudy {
 protected:
  //! Four units whose bills hang on their order; `orders`: the table of a study.
  ActualOrder run(const std::string& orders, const std::string& queue = kQueue) {
    const std::string feeder = study_.feeder.path, file = study_.output.file;
    study_ = parse_study("study.toml", "[feeder]\nfile = \"data/radial.h5\"\n[queue]\nfile = \"queue.csv\"\n" + orders,
                         feeder, {{"queue.csv", queue}});
    study_.output.file = file;
    options_.force = true;
    run_study(study_, options_);
    return ResultsReader(study_.output.file).actual().value();
  }
  static constexpr const char* kQueue =
      "project,name,bus,kw,date\n1,North,bus_1113,567,2021-06-01\n2,South,bus_1110,612,2020-02-01\n"
      "3,East,bus_1112,616,2022-01-01\n4,West,bus_1102,632,2019-12-01\n";
};

std::vector<int> units_of(const ActualOrder& actual) {
  std::vector<int> units;
  for (const ActualUnit& u : actual.units) units.push_back(u.unit.value);
  return units;
}

TEST_F(ActualOrderRun, CostsWhatThatOrderCosts) {
  const ActualOrder actual = run("[orders]\nmethod = \"given\"\norders = [[3, 1, 0, 2], [0, 1, 2, 3]]\n");
  EXPECT_THAT(units_of(actual), ElementsAre(3, 1, 0, 2));
  const ResultsReader results(study_.output.file);
  const auto walk = results.walk(0);
  ASSERT_EQ(walk.size(), actual.units.size());
  double total = 0;
  for (std::size_t p = 0; p < walk.size(); ++p) {
    EXPECT_EQ(actual.units[p].cost.usd, walk[p].cost_usd);
    EXPECT_EQ(actual.units[p].decision, walk[p].decision);
    EXPECT_EQ(actual.units[p].limits, walk[p].limits);
    total += walk[p].cost_usd;
  }
  EXPECT_GT(total, 0);  // else nothing is compared
  EXPECT_NEAR(actual.total.usd, total, 1e-6);
  EXPECT_THAT(results.info().unit_names(), ElementsAre("North", "South", "East", "West"));
}

TEST_F(ActualOrderRun, RanksAmongAllOrdersAsCountingDoes) {
  const ActualOrder exact = run("[orders]\nmethod = \"all\"\n");
  std::string given;
  std::vector<int> order{0, 1, 2, 3};
  do given += fmt::format("[{}],", fmt::join(order, ","));
  while (std::next_permutation(order.begin(), order.end()));
  const ActualOrder counted = run("[orders]\nmethod = \"given\"\norders = [" + given + "]\n");
  const ResultsReader results(study_.output.file);
  for (std::size_t p = 0; p < exact.units.size(); ++p) {
    const UnitId unit = exact.units[p].unit;
    double less = 0, at_most = 0;
    for (std::uint64_t k = 0; k < 24; ++k)
      for (const WalkStep& s : results.walk(k)) {
        if (s.unit != unit) continue;
        less += s.cost_usd < exact.units[p].cost.usd - 0.005;
        at_most += s.cost_usd < exact.units[p].cost.usd + 0.005;
      }
    for (const ActualOrder* a : {&exact, &counted}) {
      EXPECT_NEAR(a->units[p].cost.less, less / 24, 1e-12) << p;
      EXPECT_NEAR(a->units[p].cost.at_most, at_most / 24, 1e-12) << p;
    }
  }
  EXPECT_NEAR(exact.total.less, counted.total.less, 1e-12);
  EXPECT_GT(exact.total.at_most, exact.total.less);
}

TEST_F(ActualOrderRun, ChangesNothingElse) {
  run("[orders]\ncount = 50\n");
  const ResultsReader with(study_.output.file);
  const QueueOutcome a = with.queues(0, 1).front();
  const std::uint64_t asked = with.info().evaluations_asked;
  study_.queue.actual.clear();
  run_study(study_, options_);
  const ResultsReader without(study_.output.file);
  EXPECT_FALSE(without.actual());
  const QueueOutcome b = without.queues(0, 1).front();
  for (std::size_t u = 0; u < a.units.size(); ++u) EXPECT_EQ(a.units[u].distribution, b.units[u].distribution);
  EXPECT_EQ(a.total.distribution, b.total.distribution);
  EXPECT_EQ(asked, without.info().evaluations_asked);
}

TEST_F(ActualOrderRun, KeptAsSummaryAndStatesToo) {
  const ActualOrder orders = run("[orders]\ncount = 50\n");
  for (const char* keep : {"summary", "states"}) {
    const ActualOrder kept = run(std::string("[orders]\ncount = 50\n[output]\nkeep = \"") + keep + "\"\n");
    EXPECT_EQ(kept.total.usd, orders.total.usd);
    EXPECT_EQ(kept.total.less, orders.total.less);
    EXPECT_EQ(units_of(kept), units_of(orders));
  }
}

TEST(RankedCost, ToTheCent) {
  const RankedCost r = ranked(100, {{0, 0.25}, {99.999, 0.25}, {100.001, 0.25}, {200, 0.25}});
  EXPECT_DOUBLE_EQ(r.less, 0.25);
  EXPECT_DOUBLE_EQ(r.at_most, 0.75);
}

}  // namespace
}  // namespace gridqueue
