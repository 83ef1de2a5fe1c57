// Whose voltages are judged, by hand: no neutral's, and of a delta that is grounded at one place those between phases.
#include <gtest/gtest.h>

#include <cmath>

#include "gridqueue/evaluation.hpp"
#include "gridqueue/unit_site.hpp"

namespace gridqueue {
namespace {

using namespace std::complex_literals;

//! A source of 1 kV to ground and a bus behind a branch without load, whose nodes are a sum of the source's.
class JudgedNodes : public testing::TestWithParam<Precision> {
 protected:
  JudgedNodes() {
    net_.name = "two";
    Bus source;
    source.name = "source";
    source.num_nodes = 3, source.phase = {1, 2, 3, 0}, source.kv_base = 1;
    for (std::size_t n = 0; n < 3; ++n) {
      source.branch.z[n][n] = 0.01i;
      net_.source_voltage[n] = std::polar(1000.0, -2.0943951 * static_cast<double>(n));
      source.v_initial[n] = source.v_base[n] = net_.source_voltage[n];
    }
    net_.buses = {source};
    net_.source_multiplier = {1}, net_.pv_shape = {0};
    net_.shapes = {{"", {1}}};
  }

  void add_bus(int nodes, const NodeMatrix& a) {
    Bus bus = net_.buses[0];
    bus.name = "bus", bus.parent = BusId(0);
    bus.branch = {};
    bus.branch.kind = BranchKind::transformer, bus.branch.name = "transformer.t";
    bus.num_nodes = nodes, bus.phase = {1, 2, 3, nodes == 4 ? 4 : 0};
    bus.branch.a = a;
    for (std::size_t n = 0; n < static_cast<std::size_t>(nodes); ++n) {
      bus.branch.z[n][n] = 0.01 + 0.02i;
      bus.v_base[n] = 0;
      for (std::size_t p = 0; p < 3; ++p) bus.v_base[n] += a[n][p] * net_.source_voltage[p];
      bus.v_initial[n] = bus.v_base[n];
    }
    net_.buses.push_back(bus);
  }

  [[nodiscard]] Quantities judged() const {
    net_.validate();
    EvaluatorOptions options;
    options.precision = GetParam(), options.backend = Backend::cpu;
    options.monitors = monitor_set(net_, "all");
    StateBatch none;
    none.finish_state(UpgradeSetId(0));
    return make_evaluator(net_, options)->evaluate(none).front();
  }

  Network net_;
};

TEST_P(JudgedNodes, ANeutralIsNoPhase) {
  NodeMatrix a{};
  for (std::size_t n = 0; n < 3; ++n) a[n][n] = n == 1 ? 1.01 : n == 2 ? 0.98 : 1;
  a[3][0] = 0.03;  // 0.03 pu
  add_bus(4, a);
  EXPECT_EQ(neutral_nodes(net_.buses[1]), 8);
  const Quantities q = judged();
  EXPECT_NEAR(q[limit_vmax].value, 1.01, 1e-6);
  EXPECT_NEAR(q[limit_vmin].value, 0.98, 1e-6);
  EXPECT_EQ(q.violations, 0U);
}

//! Two phases at 0.87 pu to ground, the third at 1.5: between phases all are nominal.
TEST_P(JudgedNodes, AHighLegCountsBetweenPhases) {
  NodeMatrix a{};
  a[0][0] = 0.5, a[0][1] = -0.5;
  a[1][0] = -0.5, a[1][1] = 0.5;
  a[2][0] = a[2][1] = -0.5, a[2][2] = 1;
  add_bus(3, a);
  EXPECT_NEAR(std::abs(net_.buses[1].v_base[2]), 1500, 1e-3);
  const Quantities q = judged();
  EXPECT_NEAR(q[limit_vmax].value, 1, 1e-6);
  EXPECT_NEAR(q[limit_vmin].value, 1, 1e-6);
  EXPECT_EQ(q.violations, 0U);
}

INSTANTIATE_TEST_SUITE_P(Precisions, JudgedNodes, testing::Values(Precision::single, Precision::dual));

}  // namespace
}  // namespace gridqueue
