// A linear program  min c.x,  lower <= A x <= upper row by row,  lower <= x <= upper  and one optimal basis of it.
//
// An optimal basis of N variables and M rows leaves N of the N + M quantities (variables and row activities) nonbasic,
// each at one of its bounds: these are N linearly independent binding constraints, found without disturbing the data.
#pragma once
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace gridqueue {

constexpr double kLpInfinity = std::numeric_limits<double>::infinity();

struct LpVariable {
  std::string name;
  double cost = 0;
  double lower = 0, upper = kLpInfinity;
};
struct LpTerm {
  std::size_t variable = 0;  //!< position in LinearProgram::variables
  double coefficient = 0;
};
struct LpRow {
  std::string name;
  std::vector<LpTerm> terms;
  double lower = -kLpInfinity, upper = kLpInfinity;
};
struct LinearProgram {
  std::string name;
  std::vector<LpVariable> variables;
  std::vector<LpRow> rows;

  //! Adds and returns the position.
  std::size_t add_variable(LpVariable variable);
  std::size_t add_row(LpRow row);
  //! Names are there and unique, numbers finite, bounds in order; throws Error(input).
  void validate() const;
};

enum class BindingKind {
  row,           //!< a row at its lower or upper bound
  lower_bound,   //!< a variable at its lower bound
  upper_bound,   //!< a variable at its upper bound
  free_at_zero,  //!< a variable without bounds that the optimum leaves at 0; its price is 0
};
struct Binding {
  BindingKind kind = BindingKind::row;
  std::size_t index = 0;  //!< row or variable
  bool at_upper = false;
  double value = 0;  //!< d_j: the bound that binds
};
//! "Bus1 @ 5", "lower bound of Gen0 p_nom", ...
std::string binding_name(const LinearProgram& lp, const Binding& binding);

struct LpSolution {
  double objective = 0;
  std::vector<double> x;         //!< [variables]
  std::vector<double> activity;  //!< [rows] A x
  std::vector<Binding> binding;  //!< [variables], rows first
};

//! Throws Error(input) where the program is infeasible or unbounded, with the rows in conflict or the direction.
LpSolution solve_linear_program(const LinearProgram& lp);

}  // namespace gridqueue
