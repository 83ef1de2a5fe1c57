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
#include "gridqueue/evaluation.hpp"
#include "host/allocate/basis_solver.hpp"
#include "host/allocate/lp_file.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/present/lp_report.hpp"
#include "tests/source_folder.hpp"

namespace gridqueue {
namespace {

void expect_identities(const ConstraintMatrix& m, double tolerance) {
  const DenseMatrix<double> induced = m.induced(), paid = m.paid();
  const auto c = eigen(induced), d = eigen(paid);
  EXPECT_LT((eigen(m.a) * eigen(m.x) - eigen(m.d)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((eigen(m.a).transpose() * eigen(m.mu) - eigen(m.c)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((eigen(m.inverse) * eigen(m.d) - eigen(m.x)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((c.rowwise().sum() - eigen(m.variable_cost)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((d.rowwise().sum() - eigen(m.variable_cost)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((c.colwise().sum().transpose() - eigen(m.induced_cost)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LT((d.colwise().sum().transpose() - eigen(m.induced_cost)).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_NEAR(c.sum(), m.objective, tolerance);
  EXPECT_NEAR(d.sum(), m.objective, tolerance);
  EXPECT_NEAR(eigen(m.mu).dot(eigen(m.d)), m.objective, tolerance);
}

const std::string kNetwork = source_folder() + "/experiments/constraint_matrix/lp.toml";

TEST(ConstraintMatrix, ReferenceNetwork) {
  const LpAllocation r = allocate_program(read_lp_file(kNetwork));
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
  const LpAllocation r = allocate_program(read_lp_file(kNetwork));
  EXPECT_TRUE(r.ambiguous_rows().empty());
  for (std::size_t k = 0; k < r.lp.rows.size(); ++k) EXPECT_NEAR(r.ranges[k].high, r.ranges[k].low, 0.01);
}

TEST(ConstraintMatrix, PictureDoesNotDependOnTheOrderOfRowsAndVariables) {
  LinearProgram lp = read_lp_file(kNetwork);
  std::mt19937 random(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::shuffle(lp.rows.begin(), lp.rows.end(), random);
    const LpAllocation r = allocate_program(lp);
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
  const auto all = constraint_matrices(lps, solutions, *make_cpu_basis_solver());
  for (std::size_t k = 0; k < lps.size(); ++k) {
    const ConstraintMatrix one = constraint_matrix(lps[k], solutions[k]);
    EXPECT_EQ(all[k].inverse, one.inverse);
    EXPECT_EQ(all[k].induced_cost, one.induced_cost);
    EXPECT_EQ(all[k].constraints, one.constraints);
  }
}

//! One body for every backend; `tolerance` of values on the scale of 1, times their condition.
class BasisSolver : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (const auto why = backend_unavailable_reason(GetParam()); !why.empty()) GTEST_SKIP() << why;
    solver_ = GetParam() == Backend::cpu ? make_cpu_basis_solver() : make_cuda_basis_solver(0);
  }
  //! Batches that hold other systems may change nothing on the CPU; cuBLAS may choose another kernel.
  [[nodiscard]] double tolerance() const { return GetParam() == Backend::cpu ? 0 : 1e-11; }
  std::unique_ptr<BatchedBasisSolver> solver_;
};

BasisBatch random_batch(std::size_t n, std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> u(-1, 1);
  BasisBatch batch{n, {}, {}, {}};
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t k = 0; k < n * n; ++k)
      batch.a.push_back(u(random) + (k % (n + 1) == 0 ? 0.5 * static_cast<double>(n) : 0));  // well conditioned
  for (std::size_t i = 0; i < size * n; ++i) batch.d.push_back(u(random)), batch.c.push_back(u(random));
  return batch;
}

std::vector<double> part(const std::vector<double>& v, std::size_t from, std::size_t count) {
  const auto first = v.begin() + static_cast<std::ptrdiff_t>(from);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], tolerance) << i;
}

TEST_P(BasisSolver, SolvesAndInverts) {
  for (std::size_t n : {1u, 2u, 31u, 64u})
    for (std::size_t size : {1u, 33u, 257u}) {
      const BasisBatch batch = random_batch(n, size, 3);
      const BasisSolutions s = solver_->solve(batch);
      for (std::size_t i = 0; i < size; ++i) {
        const auto rows = static_cast<Eigen::Index>(n);
        const auto vector = [&](const std::vector<double>& v) {
          return Eigen::Map<const Eigen::VectorXd>(v.data() + i * n, rows);
        };
        const auto matrix = [&](const std::vector<double>& v) {
          return Eigen::Map<const Eigen::MatrixXd>(v.data() + i * n * n, rows, rows);
        };
        ASSERT_LT((matrix(batch.a) * vector(s.x) - vector(batch.d)).cwiseAbs().maxCoeff(), 1e-11)
            << n << " of " << size;
        ASSERT_LT((matrix(batch.a).transpose() * vector(s.mu) - vector(batch.c)).cwiseAbs().maxCoeff(), 1e-11)
            << n << " of " << size;
        ASSERT_LT((matrix(batch.a) * matrix(s.inverse) - Eigen::MatrixXd::Identity(rows, rows)).cwiseAbs().maxCoeff(),
                  1e-11)
            << n << " of " << size;
        ASSERT_EQ(s.singular[i], 0);
      }
    }
}

TEST_P(BasisSolver, BatchesEqualSingleSolves) {
  for (std::size_t size : {1u, 33u, 257u}) {
    const std::size_t n = 6, k = size - 1;
    const BasisBatch batch = random_batch(n, size, 4);
    const BasisSolutions all = solver_->solve(batch);
    const BasisSolutions one =
        solver_->solve({n, part(batch.a, k * n * n, n * n), part(batch.d, k * n, n), part(batch.c, k * n, n)});
    expect_near(part(all.x, k * n, n), one.x, tolerance());
    expect_near(part(all.mu, k * n, n), one.mu, tolerance());
    expect_near(part(all.inverse, k * n * n, n * n), one.inverse, tolerance());
  }
}

TEST_P(BasisSolver, IsEigensAnswer) {
  const BasisBatch batch = random_batch(40, 100, 5);
  const BasisSolutions here = solver_->solve(batch), eigen = make_cpu_basis_solver()->solve(batch);
  expect_near(here.x, eigen.x, tolerance());
  expect_near(here.mu, eigen.mu, tolerance());
  expect_near(here.inverse, eigen.inverse, tolerance());
}

TEST_P(BasisSolver, ASingularMatrixIsAMarkNotADeadBatch) {
  // singular to the bit; regular; singular but for rounding
  const BasisBatch batch{2, {1, 2, 2, 4, 1, 0, 0, 2, 0.1, 0.3, 0.2, 0.6}, {1, 1, 3, 4, 1, 1}, {1, 1, 1, 1, 1, 1}};
  const BasisSolutions s = solver_->solve(batch);
  EXPECT_EQ(s.singular, (std::vector<char>{1, 0, 1}));
  EXPECT_TRUE(std::isnan(s.x[0]) && std::isnan(s.mu[1]) && std::isnan(s.inverse[2]));
  EXPECT_DOUBLE_EQ(s.x[2], 3);
  EXPECT_DOUBLE_EQ(s.x[3], 2);
}

TEST_P(BasisSolver, NetworkGivesTheSameMatrix) {
  std::ostringstream here, cpu;
  run_allocate_lp({kNetwork, kNetwork}, *solver_, true, here);
  run_allocate_lp({kNetwork, kNetwork}, *make_cpu_basis_solver(), true, cpu);
  const auto a = nlohmann::json::parse(here.str()), b = nlohmann::json::parse(cpu.str());
  for (const auto& [row, usd] : b[0].at("induced_cost").items())
    for (std::size_t k = 0; k < 2; ++k)
      EXPECT_NEAR(a[k].at("induced_cost").at(row).get<double>(), usd.get<double>(), 1e-8) << row;
}

INSTANTIATE_TEST_SUITE_P(Backends, BasisSolver, testing::Values(Backend::cpu, Backend::cuda),
                         [](const auto& p) { return p.param == Backend::cpu ? "cpu" : "cuda"; });

TEST(Report, JsonHasEveryKeyAndEveryRow) {
  std::ostringstream out;
  run_allocate_lp({kNetwork}, *make_cpu_basis_solver(), true, out);
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
  run_allocate_lp({kNetwork}, *make_cpu_basis_solver(), true, file);
}

TEST(Report, TablesSayTheTotalAndThatThePictureIsUnique) {
  std::ostringstream out;
  run_allocate_lp({kNetwork}, *make_cpu_basis_solver(), false, out);
  EXPECT_THAT(out.str(), testing::HasSubstr("total cost 4590\n"));
  EXPECT_THAT(out.str(), testing::HasSubstr("Every optimal basis induces the same cost by row."));
}

}  // namespace
}  // namespace gridqueue
