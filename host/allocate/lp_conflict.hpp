// Why a linear program has no optimum.
//
// Infeasible: min sum of row violations (slacks s+, s- >= 0 on every row) has a positive optimum, and its duals y are a
// Farkas ray: y.A x <= y.(bounds) is violated by every x within its bounds. Rows with y != 0 and variables whose
// bounds carry y.A are in conflict. Unbounded: min c.r over the directions r that keep every row and bound, cut to
// |r| <= 1, is negative.
#pragma once
#include "host/allocate/linear_program.hpp"

namespace gridqueue {

struct LpConflict {
  double violation = 0;  //!< least sum of row violations; 0 = feasible
  std::vector<std::size_t> rows, variables;
};
LpConflict find_conflict(const LinearProgram& lp);

//! Direction that lowers the cost forever, [variables]; empty where there is none.
std::vector<double> find_unbounded_ray(const LinearProgram& lp);

//! Throws Error(input): infeasible or unbounded, with names; Error(numerics) where neither is found.
[[noreturn]] void explain_failure(const LinearProgram& lp);

}  // namespace gridqueue
