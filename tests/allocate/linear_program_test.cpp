// Linear programs small enough to solve by hand.
#include "host/allocate/linear_program.hpp"

#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"
#include "host/allocate/constraint_matrix.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

std::string message_of(const LinearProgram& lp) {
  try {
    solve_linear_program(lp);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
  return "no error";
}

// min x + 2 y, x + y >= 4, x <= 3: x = 3, y = 1.
LinearProgram small() {
  LinearProgram lp{"small", {{"x", 1, 0, 3}, {"y", 2, 0, kLpInfinity}}, {}};
  lp.add_row({"demand", {{0, 1}, {1, 1}}, 4, kLpInfinity});
  return lp;
}

TEST(LinearProgram, BasisOfTwoVariables) {
  const LinearProgram lp = small();
  const LpSolution s = solve_linear_program(lp);
  EXPECT_NEAR(s.objective, 5, 1e-12);
  ASSERT_EQ(s.binding.size(), 2u);
  EXPECT_EQ(binding_name(lp, s.binding[0]), "demand");
  EXPECT_EQ(binding_name(lp, s.binding[1]), "upper bound of x");
  EXPECT_EQ(s.binding[1].value, 3);
}

TEST(LinearProgram, PricesAndInducedCosts) {
  const LinearProgram lp = small();
  const ConstraintMatrix m = constraint_matrix(lp, solve_linear_program(lp));
  EXPECT_NEAR(m.mu[0], 2, 1e-12);
  EXPECT_NEAR(m.mu[1], -1, 1e-12);  // cheap x saves 1 per unit
  EXPECT_NEAR(m.induced_cost[0], 8, 1e-12);
  EXPECT_NEAR(m.induced_cost[1], -3, 1e-12);
  // C: demand makes y cost 2 * 4; the bound of x makes x cost 3 and saves y 6.
  const DenseMatrix<double> c = m.induced();
  EXPECT_NEAR(c(0, 0), 0, 1e-12);
  EXPECT_NEAR(c(1, 0), 8, 1e-12);
  EXPECT_NEAR(c(0, 1), 3, 1e-12);
  EXPECT_NEAR(c(1, 1), -6, 1e-12);
}

TEST(LinearProgram, RangeRowBindsAtItsUpperSide) {
  LinearProgram lp{"range", {{"x", -1, 0, kLpInfinity}}, {}};
  lp.add_row({"between", {{0, 2}}, 1, 6});
  const LpSolution s = solve_linear_program(lp);
  EXPECT_NEAR(s.x[0], 3, 1e-12);
  ASSERT_EQ(s.binding.size(), 1u);
  EXPECT_TRUE(s.binding[0].at_upper);
  EXPECT_EQ(s.binding[0].value, 6);
}

TEST(LinearProgram, FreeVariableWithoutCostKeepsTheMatrixSquare) {
  LinearProgram lp{"free", {{"x", 1, 0, kLpInfinity}, {"unused", 0, -kLpInfinity, kLpInfinity}}, {}};
  lp.add_row({"demand", {{0, 1}}, 2, 2});
  const ConstraintMatrix m = constraint_matrix(lp, solve_linear_program(lp));
  EXPECT_NEAR(m.objective, 2, 1e-12);
  EXPECT_EQ(m.constraints[1], "free variable unused");
  EXPECT_NEAR(m.mu[1], 0, 1e-12);
}

TEST(LinearProgram, BoundsAloneAreAProgram) {
  const LinearProgram lp{"box", {{"x", 1, 2, 3}, {"y", -1, 2, 3}}, {}};
  const ConstraintMatrix m = constraint_matrix(lp, solve_linear_program(lp));
  EXPECT_NEAR(m.objective, -1, 1e-12);
  EXPECT_THAT(m.constraints, testing::ElementsAre("lower bound of x", "upper bound of y"));
}

TEST(LinearProgram, InfeasibleNamesTheRowsInConflictOnly) {
  LinearProgram lp{"torn", {{"x", 1, 0, kLpInfinity}, {"y", 1, 0, 5}}, {}};
  lp.add_row({"at least", {{0, 1}, {1, 1}}, 9, kLpInfinity});
  lp.add_row({"at most", {{0, 1}}, -kLpInfinity, 3});
  lp.add_row({"innocent", {{1, 1}}, 1, kLpInfinity});
  const std::string m = message_of(lp);
  EXPECT_THAT(m, HasSubstr("'torn' is infeasible"));
  EXPECT_THAT(m, HasSubstr("'at least' (>= 9)"));
  EXPECT_THAT(m, HasSubstr("'at most' (<= 3)"));
  EXPECT_THAT(m, HasSubstr("'y' (in [0, 5])"));
  EXPECT_THAT(m, HasSubstr("least violation 1"));
  EXPECT_THAT(m, testing::Not(HasSubstr("innocent")));
}

TEST(LinearProgram, UnboundedNamesTheDirection) {
  LinearProgram lp{"open", {{"x", -1, 0, kLpInfinity}, {"y", 0, 0, kLpInfinity}, {"z", 1, 0, 1}}, {}};
  lp.add_row({"tie", {{0, 1}, {1, -1}}, 0, 0});
  const std::string m = message_of(lp);
  EXPECT_THAT(m, HasSubstr("'open' is unbounded"));
  EXPECT_THAT(m, HasSubstr("'x' rising, 'y' rising"));
  EXPECT_THAT(m, testing::Not(HasSubstr("'z'")));
}

TEST(LinearProgram, InfeasibleAndUnboundedIsCalledInfeasible) {
  LinearProgram lp{"both", {{"x", -1, 0, kLpInfinity}, {"y", 0, 0, 1}}, {}};
  lp.add_row({"impossible", {{1, 1}}, 2, kLpInfinity});
  EXPECT_THAT(message_of(lp), HasSubstr("infeasible"));
}

TEST(LinearProgram, RefusesNamesUsedTwiceAndBoundsTheWrongWayRound) {
  EXPECT_THAT(message_of({"a", {{"x", 1, 0, 1}, {"x", 1, 0, 1}}, {}}), HasSubstr("'x' is empty or used twice"));
  EXPECT_THAT(message_of({"b", {{"x", 1, 2, 1}}, {}}), HasSubstr("lower 2 > upper 1"));
  EXPECT_THAT(message_of({"c", {}, {}}), HasSubstr("no variables"));
}

TEST(InducedRange, ATieIsReportedAsARange) {
  // x >= 2 stands twice: either row may carry the cost of 2, or they share it.
  LinearProgram lp{"tie", {{"x", 1, 0, kLpInfinity}}, {}};
  lp.add_row({"first", {{0, 1}}, 2, kLpInfinity});
  lp.add_row({"second", {{0, 1}}, 2, kLpInfinity});
  const LpSolution s = solve_linear_program(lp);
  const auto ranges = induced_cost_ranges(lp, s, constraint_matrix(lp, s));
  for (const InducedRange& r : ranges) {
    EXPECT_NEAR(r.low, 0, 1e-6);
    EXPECT_NEAR(r.high, 2, 1e-6);
  }
}

TEST(InducedRange, UniquePricesHaveNoRange) {
  const LinearProgram lp = small();
  const LpSolution s = solve_linear_program(lp);
  const auto ranges = induced_cost_ranges(lp, s, constraint_matrix(lp, s));
  EXPECT_DOUBLE_EQ(ranges[0].low, ranges[0].high);
}

}  // namespace
}  // namespace gridqueue
