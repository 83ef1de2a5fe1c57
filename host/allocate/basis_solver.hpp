// Many bases of one size at once: x = inv(A) d, mu = inv(A)^T c. One interface for the CPU (Eigen, one after the other)
// and for a GPU (cuBLAS's batched LU); both give the inverse, from which every table of the constraint matrix follows
// element by element. They pivot alike; values agree to rounding times condition.
#pragma once
#include <memory>
#include <vector>

namespace gridqueue {

//! Matrices are column-major, as LAPACK and cuBLAS take them; constraint = row, variable = column.
struct BasisBatch {
  std::size_t n = 0;      //!< variables = binding constraints
  std::vector<double> a;  //!< [size][n variables][n constraints]
  std::vector<double> d;  //!< [size][n constraints]
  std::vector<double> c;  //!< [size][n variables]
  [[nodiscard]] std::size_t size() const { return n ? d.size() / n : 0; }
};

struct BasisSolutions {
  std::size_t n = 0;
  std::vector<double> x;        //!< [size][n variables]
  std::vector<double> mu;       //!< [size][n constraints]
  std::vector<double> inverse;  //!< [size][n constraints][n variables], column-major
  std::vector<char> singular;   //!< [size] 1 = the matrix has no inverse; its numbers are NaN
};

class BatchedBasisSolver {
 public:
  virtual ~BatchedBasisSolver() = default;
  virtual BasisSolutions solve(const BasisBatch& batch) = 0;
};

std::unique_ptr<BatchedBasisSolver> make_cpu_basis_solver();
//! Throws Error(unavailable) where the device or its library cannot run.
std::unique_ptr<BatchedBasisSolver> make_cuda_basis_solver(int device);

}  // namespace gridqueue
