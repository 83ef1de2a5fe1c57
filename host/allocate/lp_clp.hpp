// The one place that knows the solver: Clp, the simplex code of COIN-OR.
#pragma once
#include "host/allocate/linear_program.hpp"

namespace gridqueue {

struct ClpAnswer {
  bool optimal = false;
  double objective = 0;
  std::vector<double> x, activity;              //!< [variables], [rows]
  std::vector<char> variable_basic, row_basic;  //!< in the basis of the last iteration
  std::vector<double> row_dual, reduced_cost;   //!< [rows], [variables]
};

//! Always the same pivots for the same program: dual simplex, then primal where it stops short; no presolve.
ClpAnswer run_clp(const LinearProgram& lp);

}  // namespace gridqueue
