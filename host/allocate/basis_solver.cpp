#include "host/allocate/basis_solver.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <limits>

#include "gridqueue/contracts.hpp"
#include "kernels/device/device_basis.hpp"

namespace gridqueue {
namespace {

using MatrixMap = Eigen::Map<Eigen::MatrixXd>;
using ConstMatrixMap = Eigen::Map<const Eigen::MatrixXd>;
using VectorMap = Eigen::Map<Eigen::VectorXd>;
using ConstVectorMap = Eigen::Map<const Eigen::VectorXd>;

//! Reciprocal condition below which a basis counts as singular: nothing is left of 16 digits.
constexpr double kSingular = 1e-15;

//! Room for the answers to a batch.
BasisSolutions room(const BasisBatch& batch) {
  const std::size_t n = batch.n, size = batch.size();
  GQ_EXPECT(batch.a.size() == size * n * n && batch.c.size() == size * n && batch.d.size() == size * n);
  return {n, std::vector<double>(size * n), std::vector<double>(size * n), std::vector<double>(size * n * n),
          std::vector<char>(size, 0)};
}

double largest_column(ConstMatrixMap m) { return m.cwiseAbs().colwise().sum().maxCoeff(); }

//! Marks members without an inverse, whatever was computed there.
void mark_singular(const BasisBatch& batch, BasisSolutions& s) {
  const std::size_t n = batch.n;
  const auto rows = static_cast<Eigen::Index>(n);
  const auto forget = [](std::vector<double>& v, std::size_t first, std::size_t count) {
    std::fill_n(v.begin() + static_cast<std::ptrdiff_t>(first), count, std::numeric_limits<double>::quiet_NaN());
  };
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const ConstMatrixMap inverse(s.inverse.data() + i * n * n, rows, rows);
    const double condition = largest_column({batch.a.data() + i * n * n, rows, rows}) * largest_column(inverse);
    s.singular[i] = !inverse.allFinite() || !(1 / condition > kSingular);
    if (!s.singular[i]) continue;
    forget(s.x, i * n, n), forget(s.mu, i * n, n), forget(s.inverse, i * n * n, n * n);
  }
}

class CpuBasisSolver final : public BatchedBasisSolver {
 public:
  BasisSolutions solve(const BasisBatch& batch) override {
    BasisSolutions s = room(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) solve_one(batch, i, s);
    mark_singular(batch, s);
    return s;
  }

 private:
  static void solve_one(const BasisBatch& batch, std::size_t i, BasisSolutions& s) {
    const std::size_t n = batch.n;
    const auto rows = static_cast<Eigen::Index>(n);
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(ConstMatrixMap(batch.a.data() + i * n * n, rows, rows));
    VectorMap(s.x.data() + i * n, rows) = lu.solve(ConstVectorMap(batch.d.data() + i * n, rows));
    VectorMap(s.mu.data() + i * n, rows) = lu.transpose().solve(ConstVectorMap(batch.c.data() + i * n, rows));
    MatrixMap(s.inverse.data() + i * n * n, rows, rows) = lu.inverse();
  }
};

//! As many at once as the device has room for.
class CudaBasisSolver final : public BatchedBasisSolver {
 public:
  explicit CudaBasisSolver(int device) : device_(make_device_basis(device)) {}

  BasisSolutions solve(const BasisBatch& batch) override {
    BasisSolutions s = room(batch);
    const std::size_t n = batch.n, size = batch.size();
    if (n == 0) return s;
    const std::size_t most = std::min(device_->capacity(n), kMostAtOnce);
    if (most == 0)
      fail(ExitCode::unavailable,
           "the device has too little free memory for a basis of {} variables; use --backend cpu", n);
    for (std::size_t first = 0; first < size; first += most) {
      const std::size_t v = first * n, m = v * n;
      device_->solve({n, std::min(most, size - first), batch.a.data() + m, batch.d.data() + v, batch.c.data() + v,
                      s.x.data() + v, s.mu.data() + v, s.inverse.data() + m});
    }
    mark_singular(batch, s);
    return s;
  }

 private:
  static constexpr std::size_t kMostAtOnce = 1 << 16;  // counts are int in cuBLAS
  std::unique_ptr<DeviceBasis> device_;
};

}  // namespace

std::unique_ptr<BatchedBasisSolver> make_cpu_basis_solver() { return std::make_unique<CpuBasisSolver>(); }
std::unique_ptr<BatchedBasisSolver> make_cuda_basis_solver(int device) {
  return std::make_unique<CudaBasisSolver>(device);
}

}  // namespace gridqueue
