#include "host/allocate/constraint_matrix.hpp"

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"

namespace gridqueue {
namespace {

void fill_constraints(const LinearProgram& lp, const LpSolution& solution, ConstraintMatrix& m) {
  const std::size_t n = lp.variables.size();
  m.a = zeros<double>(n, n);
  m.d.resize(n);
  for (std::size_t j = 0; j < solution.binding.size(); ++j) {
    const Binding& b = solution.binding[j];
    m.constraints.push_back(binding_name(lp, b));
    m.d[j] = b.value;
    if (b.kind == BindingKind::row)
      for (const LpTerm& t : lp.rows[b.index].terms) m.a(j, t.variable) += t.coefficient;
    else m.a(j, b.index) = 1;
  }
}

ConstraintMatrix without_inverse(const LinearProgram& lp, const LpSolution& solution) {
  ConstraintMatrix m;
  m.c.resize(lp.variables.size());
  for (std::size_t i = 0; i < lp.variables.size(); ++i) {
    m.variables.push_back(lp.variables[i].name);
    m.c[i] = lp.variables[i].cost;
  }
  fill_constraints(lp, solution, m);
  return m;
}

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

//! Member k of numbers that stand one after the other.
std::vector<double> member(const std::vector<double>& all, std::size_t k, std::size_t size) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(k * size);
  return {first, first + static_cast<std::ptrdiff_t>(size)};
}

//! Takes member k of a solved batch over and works out the sums.
void finish(const BasisSolutions& s, std::size_t k, const LpSolution& solution, ConstraintMatrix& m) {
  if (s.singular[k])
    fail(ExitCode::numerics, "the {} binding constraints are not independent (bad scaling); rescale the rows", s.n);
  m.inverse = {s.n, s.n, member(s.inverse, k, s.n * s.n)};
  m.x = member(s.x, k, s.n);
  m.mu = member(s.mu, k, s.n);
  m.objective = eigen(m.c).dot(eigen(m.x));
  m.variable_cost = numbers(eigen(m.c).cwiseProduct(eigen(m.x)));
  m.induced_cost = numbers(eigen(m.mu).cwiseProduct(eigen(m.d)));
  if (!(std::abs(m.objective - solution.objective) < 1e-6 * (1 + eigen(m.variable_cost).cwiseAbs().sum())))
    fail(ExitCode::numerics,
         "the binding constraints give a cost of {:g} where the linear program costs {:g} (bad scaling); rescale the "
         "rows",
         m.objective, solution.objective);
}

}  // namespace

DenseMatrix<double> ConstraintMatrix::induced() const {
  return dense(eigen(c).asDiagonal() * eigen(inverse) * eigen(d).asDiagonal());
}
DenseMatrix<double> ConstraintMatrix::paid() const {
  return dense(eigen(x).asDiagonal() * eigen(a).transpose() * eigen(mu).asDiagonal());
}

std::vector<ConstraintMatrix> constraint_matrices(std::span<const LinearProgram> lps,
                                                  std::span<const LpSolution> solutions, BatchedBasisSolver& solver) {
  GQ_EXPECT(lps.size() == solutions.size());
  std::vector<ConstraintMatrix> all;
  BasisBatch batch{lps.empty() ? 0 : lps[0].variables.size(), {}, {}, {}};
  for (std::size_t k = 0; k < lps.size(); ++k) {
    GQ_EXPECT(lps[k].variables.size() == batch.n);
    all.push_back(without_inverse(lps[k], solutions[k]));
    append(batch.a, all[k].a.values);
    append(batch.d, all[k].d);
    append(batch.c, all[k].c);
  }
  const BasisSolutions solved = solver.solve(batch);
  for (std::size_t k = 0; k < lps.size(); ++k) finish(solved, k, solutions[k], all[k]);
  return all;
}

ConstraintMatrix constraint_matrix(const LinearProgram& lp, const LpSolution& solution) {
  return constraint_matrices({&lp, 1}, {&solution, 1}, *make_cpu_basis_solver()).front();
}

}  // namespace gridqueue
