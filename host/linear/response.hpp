// Responses of many rows to many columns, R = C A^-1 B, for several matrices A of one pattern: where the sparse
// admittance matrix is factorized. Eigen on the CPU; cuSOLVER and cuSPARSE on a device
// (kernels/device/device_response.hpp).
#pragma once
#include <Eigen/Sparse>
#include <functional>
#include <memory>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "kernels/device/device_response.hpp"

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

//! Systems spread over threads (0 = all); no answer depends on how many there are.
std::unique_ptr<ResponseSolver> make_cpu_response_solver(int threads = 1);

//! On a CUDA device; throws Error(unavailable) where that cannot run.
std::unique_ptr<ResponseSolver> make_cuda_response_solver(int device, int threads = 1);

//! Makes the device for a stack of systems: their A and the factors of one A, stacked alike.
using ResponseDevice =
    std::function<std::unique_ptr<DeviceResponse>(const SparseRows& a, const OrderedFactors& factors)>;
struct StackSizes {
  std::size_t fewest = 1;  //!< systems that are worth a stack; fewer are solved on the CPU
  std::size_t most = 128;
  std::size_t bytes = SIZE_MAX;  //!< of memory that a stack may take
};
//! Systems like `one` per stack, a power of two; 0 where not even one fits. A pure function of sizes.
std::size_t stack_size(const ResponseSystem& one, const StackSizes& sizes);
//! On a device, whatever it is: tests emulate it. What it solves badly the CPU solves again, and everything once it
//! fails with Error(unavailable).
std::unique_ptr<ResponseSolver> make_stacked_response_solver(ResponseDevice make, StackSizes sizes, int threads = 1);

//! Largest sum of magnitudes in a row.
double row_norm(const RealSparse& a);
//! Whether |x| is as large as for a matrix that is singular but for rounding.
bool blown_up(double a_norm, double largest_b, double largest_x);

}  // namespace gridqueue
