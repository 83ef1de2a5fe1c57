#include "host/linear/response.hpp"

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

class CpuResponseSolver final : public ResponseSolver {
 public:
  std::vector<Eigen::MatrixXd> responses(const std::vector<ResponseSystem>& systems) override {
    std::vector<Eigen::MatrixXd> out;
    for (const ResponseSystem& s : systems) {
      factorize(lu_, s.a, !analysed_);
      analysed_ = true;
      const Eigen::MatrixXd b(s.b);
      const Eigen::MatrixXd x = lu_.solve(b);
      if (b.size() > 0 && blown_up(row_norm(s.a), b.cwiseAbs().maxCoeff(), x.cwiseAbs().maxCoeff()))
        fail(ExitCode::numerics, "the feeder's admittance matrix is singular (but for rounding)");
      out.push_back(s.c * x);
    }
    return out;
  }

 private:
  Eigen::SparseLU<RealSparse> lu_;
  bool analysed_ = false;
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

std::unique_ptr<ResponseSolver> make_cpu_response_solver() { return std::make_unique<CpuResponseSolver>(); }

}  // namespace gridqueue
