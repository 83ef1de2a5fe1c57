// C A^-1 B of several systems: one test body for the CPU, a device emulated in plain C++ and, where one is here, a GPU.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>

#include "../kernels/support.hpp"
#include "emulated_response.hpp"
#include "host/linear/linear_model.hpp"

namespace gridqueue {
namespace {

enum class Where { cpu, emulated, cuda };

class Responses : public testing::TestWithParam<Where> {
 protected:
  void SetUp() override {
    if (GetParam() != Where::cuda) return;
    if (const std::string why = backend_unavailable_reason(Backend::cuda); !why.empty()) GTEST_SKIP() << why;
  }
  std::unique_ptr<ResponseSolver> solver(std::size_t most = 4) {
    if (GetParam() == Where::cpu) return make_cpu_response_solver();
    return make_stacked_response_solver(
        [this](const SparseRows& a, const OrderedFactors& f) {
          return std::make_unique<CountedResponse>(device(a, f), solved_);
        },
        {1, most});
  }
  static std::unique_ptr<DeviceResponse> device(const SparseRows& a, const OrderedFactors& f) {
    if (GetParam() == Where::cuda) return make_device_response(a, f, 0);
    return std::make_unique<EmulatedResponse>(a, f);
  }
  //! The device itself solved so many stacks; what it could not the CPU did.
  void expect_stacks(int count) const {
    if (GetParam() == Where::cpu) return;
    EXPECT_EQ(solved_, count);
  }

 private:
  int solved_ = 0;
};

RealSparse sparse(const Eigen::MatrixXd& m) {
  RealSparse s(m.rows(), m.cols());
  std::vector<Eigen::Triplet<double>> entries;  // zeros too: matrices of one size have one pattern
  for (Eigen::Index r = 0; r < m.rows(); ++r)
    for (Eigen::Index c = 0; c < m.cols(); ++c) entries.emplace_back(r, c, m(r, c));
  s.setFromTriplets(entries.begin(), entries.end());
  return s;
}

ResponseSystem two_by_two(double a, double b, double c, double d) {
  const Eigen::Matrix2d m = (Eigen::Matrix2d() << a, b, c, d).finished();
  return {sparse(m), sparse(Eigen::MatrixXd::Identity(2, 2)), sparse(Eigen::MatrixXd::Identity(2, 2))};
}

TEST_P(Responses, OfTwoByTwoAreTheInverse) {
  const auto responses =
      solver()->responses({two_by_two(2, 1, 1, 3), two_by_two(4, 0, 1, 0.5), two_by_two(1, 2, 3, 4)});
  ASSERT_EQ(responses.size(), 3u);
  EXPECT_TRUE(responses[0].isApprox((Eigen::Matrix2d() << 0.6, -0.2, -0.2, 0.4).finished(), 1e-14));
  EXPECT_TRUE(responses[1].isApprox((Eigen::Matrix2d() << 0.25, 0, -0.5, 2).finished(), 1e-14));
  EXPECT_TRUE(responses[2].isApprox((Eigen::Matrix2d() << -2, 1, 1.5, -0.5).finished(), 1e-14));
  expect_stacks(1);
}

TEST_P(Responses, ADeviceSaysHowLargeSolutionsAndResidualsAre) {
  if (GetParam() == Where::cpu) GTEST_SKIP() << "no device";
  const std::vector<ResponseSystem> systems{two_by_two(2, 1, 1, 3), two_by_two(4, 0, 1, 0.5)};
  const RealSparse& first = systems.front().a;
  StackedResponse answer;
  ASSERT_TRUE(
      device(repeat(by_rows(first), 2), repeat(order_and_factorize(first), 2))->solve(stack(systems, 2), answer));
  const std::vector<double> largest{0.6, 0.5, 0.4, 2};  // of the inverses' columns: first, second system
  ASSERT_EQ(answer.solution.size(), 4u);
  ASSERT_EQ(answer.residual.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(answer.solution[i], largest[i], 1e-15) << i;
    EXPECT_NEAR(answer.residual[i], 0, 1e-15) << i;
  }
}

TEST_P(Responses, ADeviceGoesOnAfterAZeroPivot) {
  if (GetParam() == Where::cpu) GTEST_SKIP() << "no device";
  const RealSparse a = two_by_two(2, 1, 1, 3).a;
  const auto kept = device(by_rows(a), order_and_factorize(a));
  StackedResponse answer;
  EXPECT_FALSE(kept->solve(stack(std::vector{two_by_two(0, 1, 1, 0)}, 1), answer));
  EXPECT_TRUE(kept->solve(stack(std::vector{two_by_two(1, 2, 3, 4)}, 1), answer));
  const std::vector<double> inverse{-2, 1.5, 1, -0.5};  // by columns
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(answer.response[i], inverse[i], 1e-14) << i;
}

TEST_P(Responses, MatricesThatNeedOtherPivotsAreSolvedTheSame) {
  const auto responses =
      solver()->responses({two_by_two(4, 1, 1, 3), two_by_two(0, 1, 1, 0), two_by_two(1e-20, 1, 1, 1)});
  EXPECT_TRUE(responses[1].isApprox((Eigen::Matrix2d() << 0, 1, 1, 0).finished(), 1e-14));
  EXPECT_TRUE(responses[2].isApprox((Eigen::Matrix2d() << -1, 1, 1, 0).finished(), 1e-14));
}

TEST_P(Responses, OfASingularMatrixAreAnError) {
  for (const ResponseSystem& bad : {two_by_two(1, 1, 1, 1), two_by_two(0.1, 0.3, 0.2, 0.6), two_by_two(0, 0, 0, 0)}) {
    for (const bool first : {true, false}) {
      std::vector<ResponseSystem> systems{two_by_two(2, 1, 1, 3), two_by_two(2, 1, 1, 3)};
      systems[first ? 0 : 1] = bad;
      try {
        solver()->responses(systems);
        FAIL() << "no error";
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), ExitCode::numerics);
      }
    }
  }
}

//! Rows of a grid, unsymmetric, diagonally not dominant.
ResponseSystem grid_system(std::uint32_t seed, int n) {
  const auto number = [&](int i, int j) {
    return std::sin(12.9898 * i + 78.233 * j + 3.7 * static_cast<double>(seed));
  };
  std::vector<Eigen::Triplet<double>> a, b, c;
  for (int i = 0; i < n; ++i) {
    a.emplace_back(i, i, 1.5 + number(i, i));
    for (int j : {i - 7, i - 1, i + 1, i + 7})
      if (j >= 0 && j < n) a.emplace_back(i, j, number(i, j));
    b.emplace_back(i, i % 5, number(i, n)), c.emplace_back(i % 3, i, number(n, i));
  }
  ResponseSystem s{RealSparse(n, n), RealSparse(n, 6), RealSparse(3, n)};  // the last column of b is empty
  s.a.setFromTriplets(a.begin(), a.end());
  s.b.setFromTriplets(b.begin(), b.end());
  s.c.setFromTriplets(c.begin(), c.end());
  return s;
}

Eigen::MatrixXd by_dense_solution(const ResponseSystem& s) {
  return s.c * Eigen::MatrixXd(s.a).fullPivLu().solve(Eigen::MatrixXd(s.b));
}

TEST_P(Responses, AreThoseOfDenseSolutionsWhateverTheirNumber) {
  const auto kept = solver();
  for (const std::size_t count : {1, 3, 4, 11, 2}) {
    std::vector<ResponseSystem> systems;
    for (std::size_t i = 0; i < count; ++i)
      systems.push_back(grid_system(static_cast<std::uint32_t>(10 * count + i), 60));
    const auto responses = kept->responses(systems);
    ASSERT_EQ(responses.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::MatrixXd expected = by_dense_solution(systems[i]);
      EXPECT_LT((responses[i] - expected).cwiseAbs().maxCoeff(), 1e-9 * (1 + expected.cwiseAbs().maxCoeff()))
          << count << ' ' << i;
    }
  }
  expect_stacks(1 + 1 + 1 + 3 + 1);
}

TEST_P(Responses, OfTheRadialFeeder) {
  const StateBatch states = some_states(30);
  const EvaluatorOptions options = radial_options(Backend::cpu, Precision::dual);
  const auto feeder = compile_feeder<double>(radial(), options);
  const LinearAssembler assembler(radial(), feeder, options.upgrade_factor,
                                  make_linear_plan(radial(), feeder, states.der_site));
  std::vector<Upgrades> sets = states.upgrade_sets;
  sets.push_back({sets[1].front()});
  const auto points = base_points(feeder, radial(), options.upgrade_factor, sets, assembler.plan().levels);
  std::vector<ResponseSystem> systems;
  for (std::size_t s = 0; s < sets.size(); ++s)
    for (ResponseSystem& system : assembler.systems(sets[s], points[s])) systems.push_back(std::move(system));
  const auto responses = solver(2)->responses(systems);
  for (std::size_t i = 0; i < systems.size(); ++i) {
    const Eigen::MatrixXd expected = by_dense_solution(systems[i]);
    EXPECT_LT((responses[i] - expected).cwiseAbs().maxCoeff(), 1e-9 * expected.cwiseAbs().maxCoeff()) << i;
  }
  expect_stacks(3);
}

INSTANTIATE_TEST_SUITE_P(
    Solvers, Responses, testing::Values(Where::cpu, Where::emulated, Where::cuda), [](const auto& where) {
      return std::string(where.param == Where::cpu ? "cpu" : where.param == Where::emulated ? "emulated" : "cuda");
    });

TEST(ResponseSolver, FewSystemsStayOnTheCpu) {
  const auto solver = make_stacked_response_solver(
      [](const SparseRows&, const OrderedFactors&) -> std::unique_ptr<DeviceResponse> {
        ADD_FAILURE() << "a device was asked for";
        return nullptr;
      },
      {3, 4});
  EXPECT_EQ(solver->responses({grid_system(1, 20), grid_system(2, 20)}).size(), 2u);
}

TEST(ResponseSolver, ADeviceThatFailsLeavesTheWorkToTheCpu) {
  int asked = 0;
  const auto solver = make_stacked_response_solver(
      [&](const SparseRows&, const OrderedFactors&) -> std::unique_ptr<DeviceResponse> {
        ++asked;
        fail(ExitCode::unavailable, "out of memory");
      },
      {1, 4});
  for (int round = 0; round < 2; ++round) {
    const ResponseSystem s = grid_system(7, 20);
    EXPECT_TRUE(solver->responses({s}).front().isApprox(by_dense_solution(s), 1e-9));
  }
  EXPECT_EQ(asked, 1);
}

TEST(ResponseSolver, StacksArePowersOfTwoThatFit) {
  const ResponseSystem s = grid_system(1, 100);  // 6 * (200 + 3) dense numbers, about 480 + 100 + 300 entries
  const auto size = [&](std::size_t most, std::size_t bytes) { return stack_size(s, {1, most, bytes}); };
  EXPECT_EQ(size(128, SIZE_MAX), 128u);
  EXPECT_EQ(size(4, SIZE_MAX), 4u);
  EXPECT_EQ(size(128, 6 * 203 * 8), 0u);  // the dense part alone
  EXPECT_EQ(size(128, 100000), 1u);
  EXPECT_EQ(size(128, 500000), 8u);
}

TEST(ResponseSolver, ThreadsChangeNoBitAndHandOnErrors) {
  std::vector<ResponseSystem> systems;
  for (std::uint32_t i = 0; i < 9; ++i) systems.push_back(grid_system(i, 60));
  const auto one = make_cpu_response_solver(1)->responses(systems),
             three = make_cpu_response_solver(3)->responses(systems);
  for (std::size_t i = 0; i < systems.size(); ++i) EXPECT_EQ(one[i], three[i]) << i;
  systems[4].a *= 0;
  EXPECT_THROW(make_cpu_response_solver(3)->responses(systems), Error);
}

TEST(OrderedFactors, MultiplyToTheOrderedMatrix) {
  const ResponseSystem s = grid_system(5, 40);
  const OrderedFactors f = order_and_factorize(s.a);
  const Eigen::MatrixXd a(s.a);
  Eigen::MatrixXd l = Eigen::MatrixXd::Zero(40, 40), u = l;
  for (const auto& [from, to] : {std::pair(&f.l, &l), std::pair(&f.u, &u)})
    for (int r = 0; r < 40; ++r)
      for (int k = from->begin[static_cast<std::size_t>(r)]; k < from->begin[static_cast<std::size_t>(r) + 1]; ++k)
        (*to)(r, from->column[static_cast<std::size_t>(k)]) = from->value[static_cast<std::size_t>(k)];
  EXPECT_TRUE(l.diagonal().isOnes());
  EXPECT_TRUE(l.isLowerTriangular() && u.isUpperTriangular());
  const Eigen::MatrixXd product = l * u;
  for (int r = 0; r < 40; ++r)
    for (int c = 0; c < 40; ++c)
      EXPECT_NEAR(product(r, c), a(f.p[static_cast<std::size_t>(r)], f.q[static_cast<std::size_t>(c)]), 1e-13);
}

TEST(StackedSystems, BlocksLieOnTheDiagonalAndTheLastIsRepeated) {
  const std::vector<ResponseSystem> systems{two_by_two(1, 2, 3, 4), two_by_two(5, 6, 7, 8)};
  const StackedSystems s = stack(systems, 3);
  EXPECT_EQ(s.a.rows, 6);
  EXPECT_EQ(s.a.columns, 6);
  EXPECT_EQ(s.a.begin, (std::vector<int>{0, 2, 4, 6, 8, 10, 12}));
  EXPECT_EQ(s.a.column, (std::vector<int>{0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5}));
  EXPECT_EQ(s.a.value, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8}));
  EXPECT_EQ(s.b.rows, 6);
  EXPECT_EQ(s.b.columns, 2);
  EXPECT_EQ(s.c.columns, 6);
  EXPECT_EQ(repeat(std::vector<int>{1, 0}, 2), (std::vector<int>{1, 0, 3, 2}));
}

}  // namespace
}  // namespace gridqueue
