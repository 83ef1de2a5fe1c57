#include "host/allocate/basis_solver.hpp"

#include <Eigen/Dense>
#include <limits>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using Matrix = Eigen::Map<Eigen::MatrixXd>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXd>;
using Vector = Eigen::Map<Eigen::VectorXd>;
using ConstVector = Eigen::Map<const Eigen::VectorXd>;

//! Reciprocal condition below which a basis counts as singular: nothing is left of 16 digits.
constexpr double kSingular = 1e-15;

class CpuBasisSolver final : public BatchedBasisSolver {
 public:
  BasisSolutions solve(const BasisBatch& batch) override {
    const std::size_t n = batch.n, size = batch.size();
    GQ_EXPECT(batch.a.size() == size * n * n && batch.c.size() == size * n && batch.d.size() == size * n);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BasisSolutions s{n, std::vector<double>(size * n, nan), std::vector<double>(size * n, nan),
                     std::vector<double>(size * n * n, nan), std::vector<char>(size, 0)};
    for (std::size_t i = 0; i < size; ++i) solve_one(batch, i, s);
    return s;
  }

 private:
  static void solve_one(const BasisBatch& batch, std::size_t i, BasisSolutions& s) {
    const std::size_t n = batch.n;
    const auto rows = static_cast<Eigen::Index>(n);
    const ConstMatrix a(batch.a.data() + i * n * n, rows, rows);
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(a);
    if (!(lu.rcond() > kSingular)) {
      s.singular[i] = 1;
      return;
    }
    Vector(s.x.data() + i * n, rows) = lu.solve(ConstVector(batch.d.data() + i * n, rows));
    Vector(s.mu.data() + i * n, rows) = lu.transpose().solve(ConstVector(batch.c.data() + i * n, rows));
    Matrix(s.inverse.data() + i * n * n, rows, rows) = lu.inverse();
  }
};

}  // namespace

std::unique_ptr<BatchedBasisSolver> make_basis_solver(Backend backend) {
  if (backend != Backend::cuda) return std::make_unique<CpuBasisSolver>();
  fail(ExitCode::unavailable, "the batched basis solver has no cuda backend yet; use --backend cpu");
}

}  // namespace gridqueue
