// What each binding constraint of a linear program makes each variable cost.
//
// Of the program's optimal basis, j = 1..N binding constraints and i = 1..N variables (A' here has constraint = row):
//     A' x = d            x  = inv(A') d           mu = inv(A')^T c
//     C_ij = c_i inv(A')_ij d_j    what constraint j makes variable i cost
//     D_ij = x_i A'_ji mu_j        what variable i costs in the prices of constraint j
//     sum_j C_ij = sum_j D_ij = c_i x_i,   sum_i C_ij = sum_i D_ij = mu_j d_j,   sum_ij C_ij = sum_ij D_ij = c.x
#pragma once
#include <span>

#include "host/allocate/basis_solver.hpp"
#include "host/allocate/linear_program.hpp"
#include "host/core/dense.hpp"

namespace gridqueue {

struct ConstraintMatrix {
  std::vector<std::string> variables, constraints;  //!< names, [N] each
  DenseMatrix<double> a, inverse;                   //!< A' [constraint][variable]; inv(A') [variable][constraint]
  std::vector<double> c, x, variable_cost;          //!< [variable]
  std::vector<double> d, mu, induced_cost;          //!< [constraint]
  double objective = 0;

  [[nodiscard]] DenseMatrix<double> induced() const;  //!< C [variable][constraint]
  [[nodiscard]] DenseMatrix<double> paid() const;     //!< D [variable][constraint]
};

ConstraintMatrix constraint_matrix(const LinearProgram& lp, const LpSolution& solution);
//! Many programs with equally many variables (one per realization or per queue) in one batch of the solver.
std::vector<ConstraintMatrix> constraint_matrices(std::span<const LinearProgram> lps,
                                                  std::span<const LpSolution> solutions, BatchedBasisSolver& solver);

//! Smallest and largest cost that a row can induce over all optimal prices; equal where the prices are unique.
struct InducedRange {
  double low = 0, high = 0;
};
//! [rows]. More than N binding constraints leave a choice of basis and so of prices: min and max of mu_j d_j over all
//! mu that are dual feasible and complementary to x. Two small programs for each row with d_j != 0.
std::vector<InducedRange> induced_cost_ranges(const LinearProgram& lp, const LpSolution& solution,
                                              const ConstraintMatrix& matrix);

}  // namespace gridqueue
