// Responses of many rows to many columns, R = C A^-1 B, for several matrices A of one pattern: where the sparse
// admittance matrix is factorized. Eigen on the CPU; cuSOLVER and cuSPARSE on a device (kernels/device_response.hpp).
#pragma once
#include <Eigen/Sparse>
#include <memory>
#include <vector>

#include "gridqueue/evaluation.hpp"

namespace gridqueue {

using RealSparse = Eigen::SparseMatrix<double>;

//! One system: A [n][n] regular, B [n][columns], C [rows][n].
struct ResponseSystem {
  RealSparse a, b, c;
};

class ResponseSolver {
 public:
  virtual ~ResponseSolver() = default;
  //! C A^-1 B of every system, [rows][columns]; all A have one pattern. Throws Error(numerics) where an A is singular.
  virtual std::vector<Eigen::MatrixXd> responses(const std::vector<ResponseSystem>& systems) = 0;
};

std::unique_ptr<ResponseSolver> make_cpu_response_solver();

}  // namespace gridqueue
