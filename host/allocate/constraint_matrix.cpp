#include "host/allocate/constraint_matrix.hpp"

#include <cmath>

#include "gridqueue/contracts.hpp"

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
    else m.a(index(j), index(b.index)) = 1;
  }
}

ConstraintMatrix without_inverse(const LinearProgram& lp, const LpSolution& solution) {
  ConstraintMatrix m;
  m.c.resize(index(lp.variables.size()));
  for (std::size_t i = 0; i < lp.variables.size(); ++i) {
    m.variables.push_back(lp.variables[i].name);
    m.c(index(i)) = lp.variables[i].cost;
  }
  fill_constraints(lp, solution, m);
  return m;
}

template <class Matrix>
void append(std::vector<double>& to, const Matrix& from) {
  to.insert(to.end(), from.data(), from.data() + from.size());
}

//! Takes member k of a solved batch over and works out the sums.
void finish(const BasisSolutions& s, std::size_t k, const LpSolution& solution, ConstraintMatrix& m) {
  if (s.singular[k])
    fail(ExitCode::numerics, "the {} binding constraints are not independent (bad scaling); rescale the rows", s.n);
  const Index n = index(s.n);
  m.inverse = Eigen::Map<const Eigen::MatrixXd>(s.inverse.data() + k * s.n * s.n, n, n);
  m.x = Eigen::Map<const Eigen::VectorXd>(s.x.data() + k * s.n, n);
  m.mu = Eigen::Map<const Eigen::VectorXd>(s.mu.data() + k * s.n, n);
  m.objective = m.c.dot(m.x);
  m.variable_cost = m.c.cwiseProduct(m.x);
  m.induced_cost = m.mu.cwiseProduct(m.d);
  GQ_ENSURE(std::abs(m.objective - solution.objective) < 1e-6 * (1 + m.variable_cost.cwiseAbs().sum()));
}

}  // namespace

Eigen::MatrixXd ConstraintMatrix::induced() const { return c.asDiagonal() * inverse * d.asDiagonal(); }
Eigen::MatrixXd ConstraintMatrix::paid() const { return x.asDiagonal() * a.transpose() * mu.asDiagonal(); }

std::vector<ConstraintMatrix> constraint_matrices(std::span<const LinearProgram> lps,
                                                  std::span<const LpSolution> solutions, BatchedBasisSolver& solver) {
  GQ_EXPECT(lps.size() == solutions.size());
  std::vector<ConstraintMatrix> all;
  BasisBatch batch{lps.empty() ? 0 : lps[0].variables.size(), {}, {}, {}};
  for (std::size_t k = 0; k < lps.size(); ++k) {
    GQ_EXPECT(lps[k].variables.size() == batch.n);
    all.push_back(without_inverse(lps[k], solutions[k]));
    append(batch.a, all[k].a);
    append(batch.d, all[k].d);
    append(batch.c, all[k].c);
  }
  const BasisSolutions solved = solver.solve(batch);
  for (std::size_t k = 0; k < lps.size(); ++k) finish(solved, k, solutions[k], all[k]);
  return all;
}

ConstraintMatrix constraint_matrix(const LinearProgram& lp, const LpSolution& solution) {
  return constraint_matrices({&lp, 1}, {&solution, 1}, *make_basis_solver(Backend::cpu)).front();
}

}  // namespace gridqueue
