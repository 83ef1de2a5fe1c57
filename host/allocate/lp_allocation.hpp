// A linear program solved, its constraint matrix, and what its rows induce.
#pragma once
#include <string>
#include <vector>

#include "host/allocate/constraint_matrix.hpp"

namespace gridqueue {

struct LpAllocation {
  LinearProgram lp;
  LpSolution solution;
  ConstraintMatrix matrix;
  std::vector<InducedRange> ranges;      //!< [rows]
  std::vector<double> row_cost, row_mu;  //!< [rows] induced cost and price; 0 for a row that is not in the basis

  //! Rows whose induced cost depends on which of several optimal bases is taken.
  [[nodiscard]] std::vector<std::size_t> ambiguous_rows() const;
};

struct SolvedProgram {
  LinearProgram lp;
  LpSolution solution;
};
enum class InducedRanges { none, all };

LpAllocation allocate_program(LinearProgram lp);
//! Many programs: the bases of those with equally many variables go through the solver in one batch.
std::vector<LpAllocation> allocate_programs(std::vector<SolvedProgram> programs, BatchedBasisSolver& solver,
                                            InducedRanges ranges);
std::vector<LpAllocation> allocate_lps(const std::vector<std::string>& files, BatchedBasisSolver& solver);

}  // namespace gridqueue
