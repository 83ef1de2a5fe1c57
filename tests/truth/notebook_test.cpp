// The three orders of PNNL's i2x notebook cluster_activity: triggers, upgraded lines in order, exact costs.
#include <gtest/gtest.h>

#include "host/policy/upgrade_policy.hpp"
#include "host/walk/orders.hpp"
#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

std::vector<std::string> line_names(const Upgrades& lines) {
  std::vector<std::string> names;
  for (BusId b : lines_of(lines)) names.push_back(radial().buses[b.index()].branch.name.substr(5));
  return names;
}

struct NotebookTruth : testing::TestWithParam<Precision> {
  void SetUp() override {
    evaluator = radial_evaluator(GetParam());
    walker =
        std::make_unique<Walker>(*evaluator, notebook_queue(), upgrade_policy(*evaluator), HostingCapacityMode::none);
    const Orders orders{8, {0, 1, 2, 3, 4, 5, 6, 7, 6, 2, 7, 4, 5, 1, 0, 3, 3, 2, 1, 7, 6, 0, 5, 4}};
    walked = walk_orders(*walker, orders);
  }
  [[nodiscard]] const Step& step(std::size_t order, std::size_t position) const {
    return walker->steps()[walked.step[order * 8 + position].index()];
  }
  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<Walker> walker;
  Trajectories walked;
};

TEST_P(NotebookTruth, EveryTriggerPaysWhatTheNotebookSays) {
  // cost per triggering bus [USD], notebook.json "cost_by_triggering_bus"
  const std::vector<std::map<std::string, double>> expected{
      {{"bus_1113", 3363360}},
      {{"bus_1112", 1034880}, {"bus_1110", 1034880}, {"bus_26", 517440}, {"bus_1102", 776160}},
      {{"bus_1113", 776160}, {"bus_1110", 1293600}, {"bus_1112", 1293600}}};
  for (std::size_t k = 0; k < 3; ++k) {
    std::map<std::string, double> paid;
    for (std::size_t p = 0; p < 8; ++p)
      if (step(k, p).cost_usd > 0)
        paid[radial().buses[walker->queue().units[step(k, p).unit.index()].site.bus.index()].name] =
            step(k, p).cost_usd;
    EXPECT_EQ(paid, expected[k]) << "sequence " << k;
  }
}

TEST_P(NotebookTruth, AllSequencesEndWithTheSameThirteenLines) {
  std::vector<std::string> last;
  for (std::size_t k = 0; k < 3; ++k) {
    const State& end = walker->states()[step(k, 7).to.index()];
    const auto& set = walker->upgrade_sets()[end.upgrades.index()];
    EXPECT_EQ(set.size(), 13u);
    EXPECT_EQ(usd_of(set), 3363360);
    if (k > 0) {
      EXPECT_EQ(line_names(set), last);
    }
    last = line_names(set);
  }
}

TEST_P(NotebookTruth, FirstSequenceMeetsTheReferenceStepByStep) {
  GQ_NEEDS_TRUTH("notebook.json");
  const auto reference = truth("notebook.json");
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& steps = reference.at("part1").at("sequences").at(k);
    for (std::size_t p = 0; p < steps.size(); ++p) {
      const Quantities& q = walker->evaluations()[step(k, p).added.index()];
      EXPECT_NEAR(q[limit_vdiff].value, steps[p].at("vdiff").get<double>(), 0.005) << k << " " << p;
      EXPECT_NEAR(q[limit_vmax].value, steps[p].at("vmax").get<double>(), 2e-4);
      EXPECT_NEAR(q[limit_vmin].value, steps[p].at("vmin").get<double>(), 2e-4);
      EXPECT_NEAR(q[limit_emergency].value, steps[p].at("emerg_pct").get<double>(), 0.2);
      EXPECT_EQ(limit_names(q.violations), steps[p].at("violations").get<std::vector<std::string>>());
      if (GetParam() == Precision::dual) {  // in float, buses within 1e-4 %-points of each other may swap
        EXPECT_EQ(radial().buses[static_cast<std::size_t>(q[limit_vdiff].place)].name,
                  steps[p].at("vdiff_bus").get<std::string>());
      }
    }
    std::vector<std::string> lines;
    for (const auto& u : reference.at("part2").at(k).at("upgrades")) lines.push_back(u.at("line"));
    EXPECT_EQ(line_names(step(k, steps.size() - 1).built), lines);
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, NotebookTruth, testing::Values(Precision::single, Precision::dual),
                         [](const auto& p) { return p.param == Precision::single ? "single" : "dual"; });

}  // namespace
}  // namespace gridqueue
