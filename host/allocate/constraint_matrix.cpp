#include "host/allocate/constraint_matrix.hpp"

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/allocate/basis_solver.hpp"

namespace gridqueue {
namespace {

using Index = Eigen::Index;
Index index(std::size_t i) { return static_cast<Index>(i); }

void fill_constraints(const LinearProgram& lp, const LpSolution& solution, ConstraintMatrix& m) {
  const Index n = index(lp.variables.size());
  m.a = Eigen::MatrixXd::Zero(n, n);
  m.d.resize(n);
  for (std::size_t j = 0; j < solution.binding.size(); ++j) {
    const Binding& b = solution.binding[j];
    m.constraints.push_back(binding_name(lp, b));
    m.d(index(j)) = b.value;
    if (b.kind == BindingKind::row)
      for (const LpTerm& t : lp.rows[b.index].terms) m.a(index(j), index(t.variable)) += t.coefficient;
    else
      m.a(index(j), index(b.index)) = 1;
  }
}

void invert(ConstraintMatrix& m) {
  const auto n = static_cast<std::size_t>(m.d.size());
  BasisBatch batch{n, {m.a.data(), m.a.data() + m.a.size()}, {m.d.data(), m.d.data() + n}, {m.c.data(), m.c.data() + n}};
  const BasisSolutions s = make_basis_solver(Backend::cpu)->solve(batch);
  if (s.singular[0])
    fail(ExitCode::numerics, "the {} binding constraints are not independent (bad scaling); rescale the rows", n);
  m.inverse = Eigen::Map<const Eigen::MatrixXd>(s.inverse.data(), index(n), index(n));
  m.x = Eigen::Map<const Eigen::VectorXd>(s.x.data(), index(n));
  m.mu = Eigen::Map<const Eigen::VectorXd>(s.mu.data(), index(n));
}

}  // namespace

Eigen::MatrixXd ConstraintMatrix::induced() const { return c.asDiagonal() * inverse * d.asDiagonal(); }
Eigen::MatrixXd ConstraintMatrix::paid() const { return x.asDiagonal() * a.transpose() * mu.asDiagonal(); }

ConstraintMatrix constraint_matrix(const LinearProgram& lp, const LpSolution& solution) {
  ConstraintMatrix m;
  m.c.resize(index(lp.variables.size()));
  for (std::size_t i = 0; i < lp.variables.size(); ++i) {
    m.variables.push_back(lp.variables[i].name);
    m.c(index(i)) = lp.variables[i].cost;
  }
  fill_constraints(lp, solution, m);
  invert(m);
  m.objective = m.c.dot(m.x);
  m.variable_cost = m.c.cwiseProduct(m.x);
  m.induced_cost = m.mu.cwiseProduct(m.d);
  const double scale = 1 + m.variable_cost.cwiseAbs().sum();
  GQ_ENSURE(std::abs(m.objective - solution.objective) < 1e-6 * scale);
  return m;
}

}  // namespace gridqueue
