// Facts of data/radial.h5, checked without OpenDSS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/feeder/fixed_point.hpp"
#include "tests/radial.hpp"

namespace gridqueue {
namespace {

std::vector<int> initial_taps(const Network& net) {
  std::vector<int> taps;
  for (const Regulator& r : net.regulators) taps.push_back(r.tap_initial);
  return taps;
}

TEST(Radial, HasTheSizesOfTheFeeder) {
  const Network net = radial();
  int nodes = 0;
  for (const Bus& b : net.buses) nodes += b.num_nodes;
  const auto lines =
      std::count_if(net.buses.begin(), net.buses.end(), [](const Bus& b) { return b.branch.kind == BranchKind::line; });
  EXPECT_EQ(net.buses.size(), 107u);  // 106 and the source bus
  EXPECT_EQ(nodes, 259);
  EXPECT_EQ(lines, 104);
  EXPECT_EQ(net.loads.size(), 93u);
  EXPECT_EQ(net.regulators.size(), 3u);
  EXPECT_EQ(net.num_steps(), 288u);
  EXPECT_EQ(net.candidate_buses.size(), 53u);
  EXPECT_EQ(net.monitor_lists.at("i2x").size(), 37u);
}

TEST(Radial, RegulatorsAndProtection) {
  const Network net = radial();
  for (const Regulator& r : net.regulators) {
    EXPECT_EQ(net.buses[r.bus.index()].name, "bus_22r");
    EXPECT_DOUBLE_EQ(r.vreg, 124);
    EXPECT_DOUBLE_EQ(r.band, 2);
    EXPECT_DOUBLE_EQ(r.pt_ratio, 60);
    EXPECT_NEAR(r.tap_step, 0.00625, 1e-12);
    EXPECT_EQ(r.tap_min, -16);
    EXPECT_EQ(r.tap_max, 16);
  }
  EXPECT_THAT(initial_taps(net), testing::ElementsAre(9, 8, 8));
  ASSERT_EQ(net.reclosers.size(), 2u);
  EXPECT_EQ(net.buses[net.reclosers[0].bus.index()].name, "bus_f");
  EXPECT_FALSE(net.reclosers[0].at_parent);
  EXPECT_EQ(net.buses[net.reclosers[1].bus.index()].name, "bus_11");
  EXPECT_TRUE(net.reclosers[1].at_parent);
  std::vector<std::string> fixed;
  for (const Bus& b : net.buses)
    if (b.branch.kind == BranchKind::line && !b.branch.upgradable) fixed.push_back(b.branch.name);
  EXPECT_THAT(fixed,
              testing::UnorderedElementsAre("line.r1", "line.line12", "line.line21s", "line.line25f", "line.line7f"));
}

TEST(Radial, RatingsLengthsAndShapes) {
  const Network net = radial();
  const Branch& sub = net.buses[net.find_branch("transformer.sub")->index()].branch;
  EXPECT_NEAR(sub.normal_amps, 110.4, 0.1);
  EXPECT_NEAR(sub.emergency_amps, 150.6, 0.1);
  const Branch& line = net.buses[net.find_branch("line13")->index()].branch;
  EXPECT_DOUBLE_EQ(line.length_ft, 660);
  EXPECT_DOUBLE_EQ(line.normal_amps, 180);
  EXPECT_DOUBLE_EQ(line.emergency_amps, 210);
  const Branch& regulator = net.buses[net.find_bus("bus_22r")->index()].branch;
  EXPECT_EQ(regulator.kind, BranchKind::regulator);
  EXPECT_NEAR(regulator.normal_amps, 1.1 * 1666 / 7.2, 1e-6);
  for (std::size_t k = 0; k < 6; ++k) EXPECT_DOUBLE_EQ(net.shapes[0].value[k], 0.756);
  EXPECT_DOUBLE_EQ(net.shapes[0].value[6], 0.677);
  EXPECT_DOUBLE_EQ(net.shapes[0].value[287], 0.756);
  EXPECT_LE(*std::max_element(net.pv_shape.begin(), net.pv_shape.end()), 1.0);
  EXPECT_GT(*std::max_element(net.pv_shape.begin(), net.pv_shape.end()), 0.9);
  EXPECT_EQ(net.pv_shape.front(), 0);
}

TEST(Radial, BaseCaseIsThatOfThePublishedRun) {
  const BaseCase base = radial().base_case;
  EXPECT_NEAR(base.vdiff_pct, 0.9177, 1e-4);
  EXPECT_EQ(base.vdiff_bus, "bus_33");
  EXPECT_NEAR(base.vmax_pu, 1.0408754, 1e-6);
  EXPECT_EQ(base.vmax_node, "bus_22r.2");
  EXPECT_NEAR(base.vmin_pu, 0.9723297, 1e-6);
  EXPECT_EQ(base.vmin_node, "bus_2104.3");
  EXPECT_LT(base.emergency_pct, 100);
  EXPECT_THAT(base.taps_first_step, testing::ElementsAre(7, 7, 7));
}

TEST(Radial, TellsWhereItComesFrom) {
  const Network net = radial();
  EXPECT_THAT(net.origin, testing::HasSubstr("i2x"));
  EXPECT_THAT(net.licence, testing::HasSubstr("Battelle"));
  EXPECT_EQ(net.checksum.size(), 64u);
}

TEST(Radial, DepthFirstWithTheHeaviestThreePhaseChildFirst) {
  const Network net = radial();
  std::vector<int> weight(net.buses.size());
  for (std::size_t i = net.buses.size(); i-- > 0;) {
    weight[i] += net.buses[i].num_nodes;
    if (i > 0) weight[net.buses[i].parent.index()] += weight[i];
  }
  std::vector<std::size_t> last(net.buses.size(), 0);  // last child seen of each bus
  for (std::size_t i = 1; i < net.buses.size(); ++i) {
    std::size_t& before = last[net.buses[i].parent.index()];
    const auto rank = [&](std::size_t bus) { return std::pair(net.buses[bus].num_nodes, weight[bus]); };
    if (before > 0) {
      EXPECT_GE(rank(before), rank(i)) << net.buses[i].name;
    }
    before = i;
  }
}

//! The file's v_initial are OpenDSS's voltages, found to its tolerance of 1e-4.
TEST(Radial, OwnMatricesGiveTheVoltagesOfOpenDss) {
  const Network net = radial();
  const test::Voltages v = test::solve(net, 1.0, initial_taps(net));
  double worst = 0;
  for (std::size_t i = 0; i < net.buses.size(); ++i)
    for (std::size_t n = 0; n < test::size(net.buses[i]); ++n)
      worst = std::max(worst, std::abs(v[i][n] - net.buses[i].v_initial[n]) / (net.buses[i].kv_base * 1e3));
  EXPECT_LT(worst, 2e-5);
  RecordProperty("largest_difference_pu", std::to_string(worst));
}

}  // namespace
}  // namespace gridqueue
