#include <omp.h>

#include "gridqueue/contracts.hpp"
#include "host/core/parallel.hpp"
#include "host/linear/factorize.hpp"

namespace gridqueue {
namespace {

class CpuResponseSolver final : public ResponseSolver {
 public:
  explicit CpuResponseSolver(int threads)
      : lu_(static_cast<std::size_t>(threads > 0 ? threads : omp_get_max_threads())) {}

  std::vector<Eigen::MatrixXd> responses(const std::vector<ResponseSystem>& systems) override {
    std::vector<Eigen::MatrixXd> out(systems.size());
    for_each_parallel(systems.size(), static_cast<int>(lu_.size()), [&](std::size_t i) {
      out[i] = respond(systems[i], lu_[static_cast<std::size_t>(omp_get_thread_num())]);
    });
    return out;
  }

 private:
  //! A thread's own; its pattern is analysed once.
  struct Factorization {
    Eigen::SparseLU<RealSparse> lu;
    bool analysed = false;
  };

  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  static Eigen::MatrixXd respond(const ResponseSystem& s, Factorization& own) {
    factorize(own.lu, s.a, !own.analysed);
    own.analysed = true;
    const Eigen::MatrixXd b(s.b);
    const Eigen::MatrixXd x = own.lu.solve(b);
    if (b.size() > 0 && blown_up(row_norm(s.a), b.cwiseAbs().maxCoeff(), x.cwiseAbs().maxCoeff()))
      fail(ExitCode::numerics, "the feeder's admittance matrix is singular (but for rounding)");
    return s.c * RowMajor(x);  // C adds up rows
  }

  std::vector<Factorization> lu_;
};

}  // namespace

void factorize(Eigen::SparseLU<RealSparse>& lu, const RealSparse& a, bool analyse) {
  if (analyse) lu.analyzePattern(a);
  lu.factorize(a);
  if (lu.info() != Eigen::Success)
    fail(ExitCode::numerics, "the feeder's admittance matrix is singular ({})", lu.lastErrorMessage());
}

double row_norm(const RealSparse& a) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(a.rows());
  for (Eigen::Index column = 0; column < a.outerSize(); ++column)
    for (RealSparse::InnerIterator it(a, column); it; ++it) sum[it.row()] += std::abs(it.value());
  return sum.size() > 0 ? sum.maxCoeff() : 0;
}

bool blown_up(double a_norm, double largest_b, double largest_x) {
  constexpr double worst_condition = 1e14;
  return !(a_norm * largest_x <= worst_condition * largest_b);  // also where it is not a number
}

std::unique_ptr<ResponseSolver> make_cpu_response_solver(int threads) {
  return std::make_unique<CpuResponseSolver>(threads);
}

}  // namespace gridqueue
