// The reference's network and random programs: the identities of the constraint matrix.
#include "host/allocate/constraint_matrix.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/allocate/basis_solver.hpp"
#include "host/allocate/report.hpp"
#include "host/allocate/lp_file.hpp"

namespace gridqueue {
namespace {

void expect_identities(const ConstraintMatrix& m, double tolerance) {
  const Eigen::MatrixXd c = m.induced(), d = m.paid();
  EXPECT_LT((m.a * m.x - m.d).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((m.a.transpose() * m.mu - m.c).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((m.inverse * m.d - m.x).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((c.rowwise().sum() - m.variable_cost).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((d.rowwise().sum() - m.variable_cost).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((c.colwise().sum().transpose() - m.induced_cost).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((d.colwise().sum().transpose() - m.induced_cost).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_NEAR(c.sum(), m.objective, tolerance);
  EXPECT_NEAR(d.sum(), m.objective, tolerance);
  EXPECT_NEAR(m.mu.dot(m.d), m.objective, tolerance);
}

const std::string kNetwork = std::string(GRIDQUEUE_SOURCE_DIR) + "/experiments/constraint_matrix/lp.toml";

TEST(ConstraintMatrix, ReferenceNetwork) {
  const AllocateLpReport r = allocate_program(read_lp_file(kNetwork));
  EXPECT_NEAR(r.matrix.objective, 4590, 1e-8);
  const std::vector<double> load{50, 49, 48, 47, 46, 90, 46.5, 47.5, 48.5};
  const std::vector<double> expected{200, 196, 192, 188, 184, 3060, 186, 190, 194};
  for (std::size_t k = 0; k < r.lp.rows.size(); ++k) {
    double cost = 0;
    for (std::size_t t = 0; t < expected.size(); ++t)
      if (r.lp.rows[k].name == fmt::format("Bus1 @ {}", t)) cost = expected[t];
    EXPECT_NEAR(r.row_cost[k], cost, 1e-8) << r.lp.rows[k].name;
  }
  for (std::size_t i = 0; i < r.lp.variables.size(); ++i) {
    const std::string& name = r.lp.variables[i].name;
    double x = name == "Gen1 p_nom" || name == "Line s_nom" ? 90 : 0;
    for (std::size_t t = 0; t < load.size(); ++t)
      if (name == fmt::format("Gen1 p @ {}", t) || name == fmt::format("Line s @ {}", t)) x = load[t];
    EXPECT_NEAR(r.solution.x[i], x, 1e-9) << name;
  }
  expect_identities(r.matrix, 1e-8);
}

TEST(ConstraintMatrix, ReferenceNetworkHasOnePictureInEveryOptimalBasis) {
  const AllocateLpReport r = allocate_program(read_lp_file(kNetwork));
  EXPECT_TRUE(r.ambiguous_rows().empty());
  for (std::size_t k = 0; k < r.lp.rows.size(); ++k) EXPECT_NEAR(r.ranges[k].high, r.ranges[k].low, 0.01);
}

TEST(ConstraintMatrix, PictureDoesNotDependOnTheOrderOfRowsAndVariables) {
  LinearProgram lp = read_lp_file(kNetwork);
  std::mt19937 random(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::shuffle(lp.rows.begin(), lp.rows.end(), random);
    const AllocateLpReport r = allocate_program(lp);
    EXPECT_NEAR(r.matrix.objective, 4590, 1e-8);
    for (std::size_t k = 0; k < lp.rows.size(); ++k) {
      const double load = r.lp.rows[k].lower;  // of a bus; 0 for every other row with a lower bound
      if (load > 0) {
        EXPECT_NEAR(r.row_cost[k], (load == 90 ? 34 : 4) * load, 1e-8);
      }
    }
  }
}

//! Feasible by construction around a random point, bounded by costs >= 0 or boxes.
LinearProgram random_program(std::mt19937& random, std::size_t n, std::size_t m) {
  std::uniform_real_distribution<double> u(-1, 1);
  LinearProgram lp{"random", {}, {}};
  std::vector<double> inside;
  for (std::size_t i = 0; i < n; ++i) {
    lp.add_variable({fmt::format("x{}", i), u(random), -2, 3});
    inside.push_back(u(random));
  }
  for (std::size_t r = 0; r < m; ++r) {
    LpRow row{fmt::format("r{}", r), {}, -kLpInfinity, 0};
    double activity = 0;
    for (std::size_t i = 0; i < n; ++i) {
      row.terms.push_back({i, u(random)});
      activity += row.terms.back().coefficient * inside[i];
    }
    row.upper = activity + 0.1;
    if (r % 3 == 0) row.lower = activity - 0.2;
    if (r % 7 == 0) row.lower = row.upper = activity;
    lp.add_row(row);
  }
  return lp;
}

TEST(ConstraintMatrix, IdentitiesOfRandomPrograms) {
  std::mt19937 random(1);
  for (std::size_t n : {1u, 2u, 5u, 20u, 60u}) {
    const LinearProgram lp = random_program(random, n, n + 7 > 14 ? n / 2 + 7 : 1);
    expect_identities(constraint_matrix(lp, solve_linear_program(lp)), 1e-8);
  }
}

TEST(ConstraintMatrix, BatchOfProgramsOfOneShapeEqualsOneByOne) {
  std::mt19937 random(11);
  std::vector<LinearProgram> lps;
  std::vector<LpSolution> solutions;
  for (int k = 0; k < 33; ++k) {
    lps.push_back(random_program(random, 8, 6));
    solutions.push_back(solve_linear_program(lps.back()));
  }
  const auto all = constraint_matrices(lps, solutions, *make_basis_solver(Backend::cpu));
  for (std::size_t k = 0; k < lps.size(); ++k) {
    const ConstraintMatrix one = constraint_matrix(lps[k], solutions[k]);
    EXPECT_EQ(all[k].inverse, one.inverse);
    EXPECT_EQ(all[k].induced_cost, one.induced_cost);
    EXPECT_EQ(all[k].constraints, one.constraints);
  }
}

TEST(BasisSolver, BatchesEqualSingleSolves) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> u(-1, 1);
  for (std::size_t size : {1u, 33u, 257u}) {
    const std::size_t n = 6;
    BasisBatch batch{n, {}, {}, {}};
    for (std::size_t i = 0; i < size * n * n; ++i) batch.a.push_back(u(random));
    for (std::size_t i = 0; i < size * n; ++i) batch.d.push_back(u(random)), batch.c.push_back(u(random));
    const BasisSolutions all = make_basis_solver(Backend::cpu)->solve(batch);
    const std::size_t k = size - 1;
    const auto part = [](const std::vector<double>& v, std::size_t from, std::size_t count) {
      const auto first = v.begin() + static_cast<std::ptrdiff_t>(from);
      return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(count));
    };
    const BasisBatch last{n, part(batch.a, k * n * n, n * n), part(batch.d, k * n, n), part(batch.c, k * n, n)};
    const BasisSolutions one = make_basis_solver(Backend::cpu)->solve(last);
    EXPECT_EQ(part(all.x, k * n, n), one.x);
    EXPECT_EQ(part(all.mu, k * n, n), one.mu);
    EXPECT_EQ(part(all.inverse, k * n * n, n * n), one.inverse);
  }
}

TEST(BasisSolver, ASingularMatrixIsAMarkNotADeadBatch) {
  const BasisBatch batch{2, {1, 2, 2, 4, 1, 0, 0, 2}, {1, 1, 3, 4}, {1, 1, 1, 1}};
  const BasisSolutions s = make_basis_solver(Backend::cpu)->solve(batch);
  EXPECT_EQ(s.singular[0], 1);
  EXPECT_EQ(s.singular[1], 0);
  EXPECT_DOUBLE_EQ(s.x[2], 3);
  EXPECT_DOUBLE_EQ(s.x[3], 2);
  EXPECT_THROW(make_basis_solver(Backend::cuda), Error);
}

TEST(Report, JsonHasEveryKeyAndEveryRow) {
  std::ostringstream out;
  run_allocate_lp({kNetwork}, Backend::cpu, true, out);
  const auto j = nlohmann::json::parse(out.str());
  EXPECT_NEAR(j.at("objective").get<double>(), 4590, 1e-8);
  EXPECT_NEAR(j.at("induced_cost").at("Bus1 @ 5").get<double>(), 3060, 1e-8);
  EXPECT_EQ(j.at("induced_cost").at("Line upper @ 0").get<double>(), 0);
  EXPECT_NEAR(j.at("mu").at("Bus1 @ 5").get<double>(), 34, 1e-9);
  EXPECT_NEAR(j.at("x").at("Gen1 p_nom").get<double>(), 90, 1e-9);
  EXPECT_NEAR(j.at("variable_cost").at("Line s_nom").get<double>(), 1800, 1e-8);
  EXPECT_EQ(j.at("matrix").at("A").size(), 30u);
  EXPECT_EQ(j.at("matrix").at("C").at(29).size(), 30u);
}

//! For check_pypsa.py, which names the file in the environment.
TEST(Report, WritesTheNetworkAsJson) {
  const char* path = std::getenv("GRIDQUEUE_ALLOCATE_JSON");
  if (!path) GTEST_SKIP() << "no file asked for (GRIDQUEUE_ALLOCATE_JSON)";
  std::ofstream file(path);
  run_allocate_lp({kNetwork}, Backend::cpu, true, file);
}

TEST(Report, TablesSayTheTotalAndThatThePictureIsUnique) {
  std::ostringstream out;
  run_allocate_lp({kNetwork}, Backend::cpu, false, out);
  EXPECT_THAT(out.str(), testing::HasSubstr("total cost 4590\n"));
  EXPECT_THAT(out.str(), testing::HasSubstr("Every optimal basis induces the same cost by row."));
}

}  // namespace
}  // namespace gridqueue
