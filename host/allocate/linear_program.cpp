#include "host/allocate/linear_program.hpp"

#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/allocate/lp_clp.hpp"
#include "host/allocate/lp_conflict.hpp"

namespace gridqueue {
namespace {

//! Beyond these Clp gives up or ends the program (its own limit of a cost is 1e25, of a bound about 1e27), and nothing
//! of an answer would be right.
constexpr double kLargestFactor = 1e15, kLargestBound = 1e20;

void check_factor(const std::string& what, double x) {
  if (!(std::abs(x) <= kLargestFactor))
    fail_input("{} is {} (a number between -{:g} and {:g} is needed); measure in larger units", what, x, kLargestFactor,
               kLargestFactor);
}

void check_bounds(const std::string& kind, const std::string& name, double lower, double upper) {
  if (std::isnan(lower) || std::isnan(upper) || lower == kLpInfinity || upper == -kLpInfinity)
    fail_input("{} '{}' has bounds {} and {} (a lower bound is a number or -inf, an upper bound a number or inf)", kind,
               name, lower, upper);
  for (double bound : {lower, upper})
    if (std::isfinite(bound) && std::abs(bound) > kLargestBound)
      fail_input("{} '{}' has a bound of {} (at most {:g} in size); write inf for none, or measure in larger units",
                 kind, name, bound, kLargestBound);
  if (lower > upper) fail_input("{} '{}' has no value to take (lower {} > upper {})", kind, name, lower, upper);
}

//! The bound nearest to `value`; the solver's own mark of the side is not needed.
bool nearer_upper(double value, double lower, double upper) {
  if (!std::isfinite(lower)) return true;
  if (!std::isfinite(upper)) return false;
  return std::abs(value - upper) < std::abs(value - lower);
}

Binding bound_of_variable(const LpVariable& v, std::size_t index, double value) {
  if (!std::isfinite(v.lower) && !std::isfinite(v.upper)) return {BindingKind::free_at_zero, index, false, 0};
  const bool up = nearer_upper(value, v.lower, v.upper);
  return {up ? BindingKind::upper_bound : BindingKind::lower_bound, index, up, up ? v.upper : v.lower};
}

}  // namespace

std::size_t LinearProgram::add_variable(LpVariable variable) {
  variables.push_back(std::move(variable));
  return variables.size() - 1;
}

std::size_t LinearProgram::add_row(LpRow row) {
  rows.push_back(std::move(row));
  return rows.size() - 1;
}

void LinearProgram::validate() const {
  if (variables.empty()) fail_input("the linear program '{}' has no variables (there is nothing to allocate)", name);
  std::set<std::string> seen;
  for (const LpVariable& v : variables) {
    if (v.name.empty() || !seen.insert(v.name).second)
      fail_input("variable name '{}' is empty or used twice (names tell the columns of the result apart)", v.name);
    check_factor(fmt::format("the cost of variable '{}'", v.name), v.cost);
    check_bounds("variable", v.name, v.lower, v.upper);
  }
  seen.clear();
  for (const LpRow& r : rows) {
    if (r.name.empty() || !seen.insert(r.name).second)
      fail_input("row name '{}' is empty or used twice (names tell the rows of the result apart)", r.name);
    check_bounds("row", r.name, r.lower, r.upper);
    for (const LpTerm& t : r.terms) {
      GQ_EXPECT(t.variable < variables.size());
      check_factor(fmt::format("the coefficient of '{}' in row '{}'", variables[t.variable].name, r.name),
                   t.coefficient);
    }
  }
}

std::string binding_name(const LinearProgram& lp, const Binding& b) {
  if (b.kind == BindingKind::row) return lp.rows[b.index].name;
  const std::string& variable = lp.variables[b.index].name;
  if (b.kind == BindingKind::free_at_zero) return "free variable " + variable;
  return (b.at_upper ? "upper bound of " : "lower bound of ") + variable;
}

LpSolution solve_linear_program(const LinearProgram& lp) {
  lp.validate();
  const ClpAnswer answer = run_clp(lp);
  if (!answer.optimal) explain_failure(lp);
  LpSolution s{answer.objective, answer.x, answer.activity, {}};
  for (std::size_t r = 0; r < lp.rows.size(); ++r) {
    if (answer.row_basic[r]) continue;
    const LpRow& row = lp.rows[r];
    GQ_ENSURE(std::isfinite(row.lower) || std::isfinite(row.upper));
    const bool up = nearer_upper(answer.activity[r], row.lower, row.upper);
    s.binding.push_back({BindingKind::row, r, up, up ? row.upper : row.lower});
  }
  for (std::size_t v = 0; v < lp.variables.size(); ++v)
    if (!answer.variable_basic[v]) s.binding.push_back(bound_of_variable(lp.variables[v], v, answer.x[v]));
  if (s.binding.size() != lp.variables.size())
    fail(ExitCode::numerics, "the linear program '{}' has an optimum without a basis (bad scaling); rescale its rows",
         lp.name);
  return s;
}

}  // namespace gridqueue
