#include "host/linear/response.hpp"

#include <Eigen/SparseLU>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

class CpuResponseSolver final : public ResponseSolver {
 public:
  std::vector<Eigen::MatrixXd> responses(const std::vector<ResponseSystem>& systems) override {
    std::vector<Eigen::MatrixXd> out;
    for (const ResponseSystem& s : systems) {
      if (!analysed_) lu_.analyzePattern(s.a), analysed_ = true;
      lu_.factorize(s.a);
      if (lu_.info() != Eigen::Success)
        fail(ExitCode::numerics, "the feeder's admittance matrix is singular ({})", lu_.lastErrorMessage());
      const Eigen::MatrixXd x = lu_.solve(Eigen::MatrixXd(s.b));
      out.push_back(s.c * x);
    }
    return out;
  }

 private:
  Eigen::SparseLU<RealSparse> lu_;
  bool analysed_ = false;
};

}  // namespace

std::unique_ptr<ResponseSolver> make_cpu_response_solver() { return std::make_unique<CpuResponseSolver>(); }

}  // namespace gridqueue
