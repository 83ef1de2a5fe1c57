// Responses on a device: systems in stacks, each answer judged by its residual.

#include <bit>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/linear/stacked_systems.hpp"
#include "kernels/device/backend_choice.hpp"
#include "kernels/device/device_day.hpp"

namespace gridqueue {
namespace {

//! A backward-stable answer leaves about 1e-16.
constexpr double kLargestResidual = 1e-11;

class StackedResponseSolver final : public ResponseSolver {
 public:
  StackedResponseSolver(ResponseDevice make, StackSizes sizes, int threads)
      : make_(std::move(make)), sizes_(sizes), cpu_(make_cpu_response_solver(threads)) {}

  std::vector<Eigen::MatrixXd> responses(const std::vector<ResponseSystem>& systems) override {
    if (unavailable_ || systems.empty() || systems.size() < sizes_.fewest) return cpu_->responses(systems);
    const std::size_t most = stack_size(systems.front(), sizes_);
    if (most == 0) return cpu_->responses(systems);
    try {
      return on_device(systems, most);
    } catch (const Error& e) {
      if (e.code() != ExitCode::unavailable) throw;
      log_warn("feeders are linearized on the CPU ({})", e.what());
      unavailable_ = true;
      return cpu_->responses(systems);
    }
  }

 private:
  std::vector<Eigen::MatrixXd> on_device(const std::vector<ResponseSystem>& systems, std::size_t most) {
    std::vector<Eigen::MatrixXd> out;
    for (std::size_t first = 0; first < systems.size(); first += most)
      solve_stack(std::span(systems).subspan(first, std::min(most, systems.size() - first)), out);
    return out;
  }

  void solve_stack(std::span<const ResponseSystem> systems, std::vector<Eigen::MatrixXd>& out) {
    const StackedSystems stacked = stack(systems, static_cast<int>(std::bit_ceil(systems.size())));
    prepare(stacked, systems.front().a);
    StackedResponse answer;
    const bool solved = device_->solve(stacked, answer);
    int row = 0;
    for (std::size_t i = 0; i < systems.size(); ++i) {
      const ResponseSystem& s = systems[i];
      if (solved && good(s, answer, i, stacked.systems)) {
        out.push_back(Eigen::Map<const Eigen::MatrixXd>(answer.response.data(), stacked.c.rows, s.b.cols())
                          .middleRows(row, s.c.rows()));
      } else {
        out.push_back(cpu_->responses({s}).front());
      }
      row += static_cast<int>(s.c.rows());
    }
  }

  //! A pattern is ordered and factorized once; a stack of another size needs a device anew.
  void prepare(const StackedSystems& stacked, const RealSparse& first) {
    SparseRows rows = by_rows(first);
    if (!same_pattern(rows, factorized_)) {
      factors_ = order_and_factorize(first);
      factorized_ = std::move(rows);
      size_ = 0;
    }
    const SparseRows factorized = repeat(factorized_, stacked.systems);
    GQ_EXPECT(same_pattern(factorized, stacked.a));
    if (size_ == stacked.systems) return;
    device_.reset();
    device_ = make_(factorized, repeat(factors_, stacked.systems));
    size_ = stacked.systems;
  }

  //! Pivots were chosen for another matrix: does every column solve its system?
  static bool good(const ResponseSystem& s, const StackedResponse& answer, std::size_t system, int systems) {
    const double a = row_norm(s.a);
    for (Eigen::Index column = 0; column < s.b.cols(); ++column) {
      const std::size_t at = static_cast<std::size_t>(column) * static_cast<std::size_t>(systems) + system;
      double b = 0;
      for (RealSparse::InnerIterator it(s.b, column); it; ++it) b = std::max(b, std::abs(it.value()));
      if (blown_up(a, b, answer.solution[at])) return false;
      if (!(answer.residual[at] <= kLargestResidual * (a * answer.solution[at] + b))) return false;
    }
    return true;
  }

  ResponseDevice make_;
  StackSizes sizes_;
  std::unique_ptr<ResponseSolver> cpu_;
  SparseRows factorized_;  //!< the matrix that factors_ are of
  OrderedFactors factors_;
  std::unique_ptr<DeviceResponse> device_;
  int size_ = 0;
  bool unavailable_ = false;  //!< its libraries or its memory
};

}  // namespace

std::size_t stack_size(const ResponseSystem& one, const StackSizes& sizes) {
  // solution and residual, response; the matrix and its factors (1.6 times its entries on the radial feeder), with room
  const auto dense = static_cast<std::size_t>(one.b.cols()) * static_cast<std::size_t>(2 * one.a.rows() + one.c.rows());
  const auto entries = static_cast<std::size_t>(8 * one.a.nonZeros() + one.b.nonZeros() + one.c.nonZeros());
  const std::size_t bytes = dense * sizeof(double) + entries * (sizeof(double) + sizeof(int));
  return std::bit_floor(std::min(sizes.most, sizes.bytes / std::max<std::size_t>(1, bytes)));
}

std::unique_ptr<ResponseSolver> make_stacked_response_solver(ResponseDevice make, StackSizes sizes, int threads) {
  GQ_EXPECT(std::has_single_bit(sizes.most));
  return std::make_unique<StackedResponseSolver>(std::move(make), sizes, threads);
}

std::unique_ptr<ResponseSolver> make_cuda_response_solver(int device, int threads) {
  const StackSizes sizes{16, 128, cuda_device_info(device).free_bytes / 4};
  return make_stacked_response_solver(
      [device](const SparseRows& a, const OrderedFactors& factors) { return make_device_response(a, factors, device); },
      sizes, threads);
}

}  // namespace gridqueue
