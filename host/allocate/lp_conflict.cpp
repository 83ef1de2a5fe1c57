#include "host/allocate/lp_conflict.hpp"

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/allocate/lp_clp.hpp"

namespace gridqueue {
namespace {

constexpr double kZero = 1e-7;  // Clp's own primal and dual tolerance
constexpr std::size_t kNamesShown = 12;

//! The program with a price of 1 on every unit of violation and no other cost.
LinearProgram elastic(const LinearProgram& lp) {
  LinearProgram e = lp;
  for (LpVariable& v : e.variables) v.cost = 0;
  for (LpRow& row : e.rows) {
    row.terms.push_back({e.add_variable({"", 1, 0, kLpInfinity}), 1});
    row.terms.push_back({e.add_variable({"", 1, 0, kLpInfinity}), -1});
  }
  return e;
}

//! Bounds of the directions in which a quantity with these bounds can go on forever.
void to_directions(double& lower, double& upper, double farthest) {
  lower = std::isfinite(lower) ? 0 : -farthest;
  upper = std::isfinite(upper) ? 0 : farthest;
}

std::string bounds_text(double lower, double upper) {
  if (lower == upper) return fmt::format("= {:.10g}", lower);
  if (!std::isfinite(lower)) return fmt::format("<= {:.10g}", upper);
  if (!std::isfinite(upper)) return fmt::format(">= {:.10g}", lower);
  return fmt::format("in [{:.10g}, {:.10g}]", lower, upper);
}

void append(std::string& list, std::size_t count, const std::string& text) {
  if (count < kNamesShown) list += (count ? ", " : "") + text;
  if (count == kNamesShown) list += ", ...";
}

std::string conflict_text(const LinearProgram& lp, const LpConflict& conflict) {
  std::string rows, bounds;
  std::size_t count = 0;
  for (auto r : conflict.rows)
    append(rows, count++, fmt::format("'{}' ({})", lp.rows[r].name, bounds_text(lp.rows[r].lower, lp.rows[r].upper)));
  count = 0;
  for (auto v : conflict.variables)
    append(bounds, count++,
           fmt::format("'{}' ({})", lp.variables[v].name, bounds_text(lp.variables[v].lower, lp.variables[v].upper)));
  std::string text = "rows in conflict: " + rows;
  if (!bounds.empty()) text += "; with the bounds of variables: " + bounds;
  return text;
}

}  // namespace

LpConflict find_conflict(const LinearProgram& lp) {
  const ClpAnswer a = run_clp(elastic(lp));
  LpConflict conflict;
  if (!a.optimal || a.objective < kZero) return conflict;
  conflict.violation = a.objective;
  std::vector<char> touched(lp.variables.size(), 0);
  for (std::size_t r = 0; r < lp.rows.size(); ++r) {
    if (std::abs(a.row_dual[r]) <= kZero) continue;
    conflict.rows.push_back(r);
    for (const LpTerm& t : lp.rows[r].terms) touched[t.variable] = 1;
  }
  for (std::size_t v = 0; v < lp.variables.size(); ++v)
    if (touched[v] && std::abs(a.reduced_cost[v]) > kZero) conflict.variables.push_back(v);
  return conflict;
}

std::vector<double> find_unbounded_ray(const LinearProgram& lp) {
  LinearProgram cone = lp;
  for (LpVariable& v : cone.variables) to_directions(v.lower, v.upper, 1);
  for (LpRow& r : cone.rows) to_directions(r.lower, r.upper, kLpInfinity);
  const ClpAnswer a = run_clp(cone);
  if (!a.optimal || a.objective > -kZero) return {};
  return a.x;
}

void explain_failure(const LinearProgram& lp) {
  if (const LpConflict conflict = find_conflict(lp); conflict.violation > 0)
    fail_input("the linear program '{}' is infeasible ({}; least violation {:.6g}); relax one of these", lp.name,
               conflict_text(lp, conflict), conflict.violation);
  const std::vector<double> ray = find_unbounded_ray(lp);
  std::string direction;
  std::size_t count = 0;
  for (std::size_t v = 0; v < ray.size(); ++v)
    if (std::abs(ray[v]) > kZero)
      append(direction, count++, fmt::format("'{}' {}", lp.variables[v].name, ray[v] > 0 ? "rising" : "falling"));
  if (ray.empty())
    fail(ExitCode::numerics, "the linear program '{}' has no optimum that Clp can find (bad scaling); rescale its rows",
         lp.name);
  fail_input("the linear program '{}' is unbounded (its cost falls forever with {}); bound one of these", lp.name,
             direction);
}

}  // namespace gridqueue
