#include "host/allocate/lp_clp.hpp"

#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <cmath>

namespace gridqueue {
namespace {

double clp_bound(double x) { return std::isfinite(x) ? x : std::copysign(COIN_DBL_MAX, x); }

CoinPackedMatrix matrix_of(const LinearProgram& lp) {
  std::vector<int> row, column;
  std::vector<double> value;
  for (std::size_t r = 0; r < lp.rows.size(); ++r)
    for (const LpTerm& t : lp.rows[r].terms) {
      row.push_back(static_cast<int>(r));
      column.push_back(static_cast<int>(t.variable));
      value.push_back(t.coefficient);
    }
  CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(), static_cast<CoinBigIndex>(value.size()));
  matrix.setDimensions(static_cast<int>(lp.rows.size()), static_cast<int>(lp.variables.size()));
  return matrix;
}

void load(ClpSimplex& model, const LinearProgram& lp) {
  std::vector<double> cost, lower, upper, row_lower, row_upper;
  for (const LpVariable& v : lp.variables) {
    cost.push_back(v.cost);
    lower.push_back(clp_bound(v.lower));
    upper.push_back(clp_bound(v.upper));
  }
  for (const LpRow& r : lp.rows) {
    row_lower.push_back(clp_bound(r.lower));
    row_upper.push_back(clp_bound(r.upper));
  }
  model.loadProblem(matrix_of(lp), lower.data(), upper.data(), cost.data(), row_lower.data(), row_upper.data());
}

}  // namespace

ClpAnswer run_clp(const LinearProgram& lp) {
  ClpSimplex model;
  model.setLogLevel(0);
  load(model, lp);
  model.dual();
  // Clp's dual may hand back a solution that is optimal only for the scaled or perturbed program, and by a rounding it
  // may call a program infeasible that is not: the primal simplex has the last word.
  model.primal();
  const auto n = static_cast<int>(lp.variables.size()), m = static_cast<int>(lp.rows.size());
  ClpAnswer a;
  a.optimal = model.isProvenOptimal();
  a.objective = model.objectiveValue();
  for (int i = 0; i < n; ++i) {
    a.x.push_back(model.primalColumnSolution()[i]);
    a.reduced_cost.push_back(model.dualColumnSolution()[i]);
    a.variable_basic.push_back(model.getColumnStatus(i) == ClpSimplex::basic);
  }
  for (int r = 0; r < m; ++r) {
    a.activity.push_back(model.primalRowSolution()[r]);
    a.row_dual.push_back(model.dualRowSolution()[r]);
    a.row_basic.push_back(model.getRowStatus(r) == ClpSimplex::basic);
  }
  return a;
}

}  // namespace gridqueue
