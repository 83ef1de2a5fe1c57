#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "gridqueue/network.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Bus bus(const std::string& name, std::int32_t parent, const std::string& branch, int phases = 3) {
  Bus b;
  b.name = name;
  b.parent = BusId(parent);
  b.num_nodes = phases;
  b.kv_base = 7.2;
  for (std::size_t n = 0; n < static_cast<std::size_t>(phases); ++n) {
    b.phase[n] = static_cast<int>(n) + 1;
    b.v_base[n] = b.v_initial[n] = 7200;
    b.branch.z[n][n] = b.branch.a[n][n] = 1;
  }
  b.branch.name = branch;
  b.branch.kind = parent < 0 ? BranchKind::source : BranchKind::line;
  return b;
}

//! source - mid - end
//!            \ side (one phase)
Network small() {
  Network net;
  net.name = "small";
  net.buses = {bus("source", -1, ""), bus("mid", 0, "line.one"), bus("end", 1, "line.two"),
               bus("side", 1, "line.three", 1)};
  net.shapes = {{"day", {1, 0.5}}};
  net.source_multiplier = {1, 1};
  net.pv_shape = {0, 1};
  net.loads = {{.name = "load.a", .bus = BusId(2), .node = 0, .kw = 10, .kvar = 1, .kv = 7.2}};
  net.monitor_lists["few"] = {BusId(2), BusId(1)};
  return net;
}

std::string problem(const Network& net) {
  try {
    net.validate();
    return "";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
}

TEST(Network, FindsBusesAndBranchesWithoutCase) {
  const Network net = small();
  EXPECT_EQ(net.find_bus("MID"), BusId(1));
  EXPECT_FALSE(net.find_bus("nowhere"));
  EXPECT_EQ(net.find_branch("Line.Two"), BusId(2));
  EXPECT_EQ(net.find_branch("two"), BusId(2));
  EXPECT_FALSE(net.find_branch(""));
  EXPECT_FALSE(net.find_branch("transformer.two"));
}

TEST(Network, DepthAndPhases) {
  const Network net = small();
  EXPECT_EQ(net.depth(BusId(0)), 0);
  EXPECT_EQ(net.depth(BusId(3)), 2);
  EXPECT_TRUE(net.three_phase(BusId(1)));
  EXPECT_FALSE(net.three_phase(BusId(3)));
}

TEST(Network, ALineWithoutALengthHasNoCost) {
  Branch b;
  b.upgradable = true;
  EXPECT_TRUE(Network::lacks_cost(b));
  b.length_ft = 1;
  EXPECT_FALSE(Network::lacks_cost(b));
}

TEST(Network, ValidNetworkPasses) { EXPECT_EQ(problem(small()), ""); }

TEST(Network, ValidateNamesThePlace) {
  const auto broken = [](auto change) {
    Network net = small();
    change(net);
    return problem(net);
  };
  EXPECT_THAT(broken([](Network& n) { n.buses.clear(); }), HasSubstr("no buses"));
  EXPECT_THAT(broken([](Network& n) { n.buses[2].name = "mid"; }), HasSubstr("two buses are named 'mid'"));
  EXPECT_THAT(broken([](Network& n) { n.buses[2].parent = BusId(3); }), HasSubstr("'end'"));
  EXPECT_THAT(broken([](Network& n) { n.buses[2].parent = BusId(0), n.buses[3].parent = BusId(1); }),
              HasSubstr("depth-first"));
  EXPECT_THAT(broken([](Network& n) { n.buses[1].num_nodes = 5; }), HasSubstr("'mid' has 5 nodes"));
  EXPECT_THAT(broken([](Network& n) { n.buses[3].phase[0] = 4; }), HasSubstr("phase 4"));
  EXPECT_THAT(broken([](Network& n) { n.buses[1].branch.z[0][0] = NAN; }), HasSubstr("line.one"));
  EXPECT_THAT(broken([](Network& n) {
                n.buses[1].branch.upgradable = true;
                n.buses[1].branch.kind = BranchKind::other;
              }),
              HasSubstr("upgradable"));
  EXPECT_EQ(broken([](Network& n) { n.buses[1].branch.upgradable = true; }), "");  // its length has no unit
  EXPECT_THAT(broken([](Network& n) { n.loads[0].node = 3; }), HasSubstr("load.a"));
  EXPECT_THAT(broken([](Network& n) { n.loads[0].vmin_pu = 2; }), HasSubstr("vmin_pu"));
  EXPECT_THAT(broken([](Network& n) { n.loads[0].vlow_pu = 2; }), HasSubstr("vlow_pu"));
  EXPECT_EQ(broken([](Network& n) { n.loads[0].vmin_pu = 0; }), "");
  EXPECT_THAT(broken([](Network& n) { n.buses[1].kv_base *= 1.06; }), HasSubstr("as if they were one"));
  EXPECT_THAT(broken([](Network& n) { n.regulators.resize(1), n.regulators[0].bus = BusId(1); }),
              HasSubstr("no regulator"));
  EXPECT_THAT(broken([](Network& n) { n.reclosers.resize(1), n.reclosers[0].name = "recloser.r"; }),
              HasSubstr("recloser.r"));
  EXPECT_THAT(broken([](Network& n) { n.pv_shape.pop_back(); }), HasSubstr("1 steps but 2 values of the source's"));
  EXPECT_THAT(broken([](Network& n) { n.shapes[0].value.pop_back(); }), HasSubstr("1 values of shape 'day'"));
  EXPECT_THAT(broken([](Network& n) { n.loads[0].kvar_shape = 1; }), HasSubstr("shape that does not exist"));
  EXPECT_THAT(broken([](Network& n) { n.loads[0].to_node = 0; }), HasSubstr("both ends at one node"));
  EXPECT_THAT(broken([](Network& n) { n.pv_shape[1] = 1.5; }), HasSubstr("1.5"));
  EXPECT_THAT(broken([](Network& n) { n.monitor_lists["few"].push_back(BusId(9)); }), HasSubstr("monitor list 'few'"));
  EXPECT_THAT(broken([](Network& n) { n.candidate_buses = {BusId(3)}; }), HasSubstr("candidate bus 'side'"));
}

TEST(ClosestName, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> names{"bus_9", "bus_901", "bus_xf"};
  EXPECT_EQ(closest_name("bus_99", names), "bus_9");
  EXPECT_EQ(closest_name("BUS_XF", names), "bus_xf");
  EXPECT_EQ(closest_name("bus_910", names), "bus_901");  // two digits swapped
  EXPECT_EQ(closest_name("shwo", {"solve", "show"}), "show");
  EXPECT_EQ(closest_name("transformer", names), "");
  EXPECT_EQ(closest_name("x", {}), "");
}

TEST(Limits, NamesInBitOrder) {
  EXPECT_THAT(limit_names(limit_vdiff | limit_emergency | limit_convergence),
              ElementsAre("voltage_vdiff", "thermal_emerg", "not_converged"));
  EXPECT_THAT(
      limit_names((1u << kNumLimits) - 1),
      ElementsAre("voltage_vdiff", "voltage_vmax", "voltage_vmin", "thermal_emerg", "thermal_norm_hrs", "island_pq",
                  "not_converged", "voltage_lv_vmax", "voltage_lv_vmin", "reverse_power", "unbalance"));
  EXPECT_TRUE(limit_names(0).empty());
}

TEST(MonitorSet, AllOrANamedList) {
  const Network net = small();
  EXPECT_EQ(monitor_set(net, "all").buses.size(), 4u);
  EXPECT_THAT(monitor_set(net, "few").buses, ElementsAre(BusId(2), BusId(1)));
  try {
    monitor_set(net, "fwe");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::AllOf(HasSubstr("all, few")));
  }
}

}  // namespace
}  // namespace gridqueue
