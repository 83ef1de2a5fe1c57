#include "host/present/lp_report.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/core/dense_eigen.hpp"
#include "host/present/json_number.hpp"

namespace gridqueue {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kWidestMatrix = 40;  // entries of C printed; JSON has them all

//! Rounding noise of the solver must not look like a number: 12 significant digits of the program's own scale.
double tidy(double value, double scale) { return std::abs(value) < 1e-12 * scale ? 0 : value; }

double largest(const std::vector<double>& v) { return eigen(v).cwiseAbs().maxCoeff(); }

double cost_scale(const LpAllocation& r) { return 1 + eigen(r.matrix.variable_cost).cwiseAbs().sum(); }

std::string number(double value, double scale) { return fmt::format("{:.8g}", tidy(value, scale)); }

std::size_t name_width(const std::vector<std::string>& names, std::size_t least) {
  for (const std::string& n : names) least = std::max(least, n.size());
  return least;
}

void print_variables(const LpAllocation& r, std::ostream& out) {
  const ConstraintMatrix& m = r.matrix;
  const std::size_t w = name_width(m.variables, 8);
  out << fmt::format("{:<{}} {:>12} {:>12} {:>14}\n", "variable", w, "cost", "x", "cost * x");
  for (std::size_t i = 0; i < m.variables.size(); ++i) {
    out << fmt::format("{:<{}} {:>12.8g} {:>12} {:>14}\n", m.variables[i], w, m.c[i], number(m.x[i], 1 + largest(m.x)),
                       number(m.variable_cost[i], cost_scale(r)));
  }
}

void print_constraints(const LpAllocation& r, std::ostream& out) {
  const ConstraintMatrix& m = r.matrix;
  const std::size_t w = name_width(m.constraints, 18);
  out << fmt::format("\n{:<{}} {:>12} {:>12} {:>14} {:>29}\n", "binding constraint", w, "d", "mu", "induced cost",
                     "range over optimal bases");
  for (std::size_t j = 0; j < m.constraints.size(); ++j) {
    const Binding& b = r.solution.binding[j];
    std::string range;
    if (b.kind == BindingKind::row && m.d[j] != 0)
      range = fmt::format("{:.7g} .. {:.7g}", r.ranges[b.index].low, r.ranges[b.index].high);
    out << fmt::format("{:<{}} {:>12.8g} {:>12} {:>14} {:>29}\n", m.constraints[j], w, m.d[j],
                       number(m.mu[j], 1 + largest(m.mu)), number(m.induced_cost[j], cost_scale(r)), range);
  }
  const std::size_t slack = r.lp.rows.size() - static_cast<std::size_t>(std::count_if(
                                                   r.solution.binding.begin(), r.solution.binding.end(),
                                                   [](const Binding& b) { return b.kind == BindingKind::row; }));
  out << fmt::format("{} more rows are not in the basis and induce 0\n", slack);
}

void print_entries(const LpAllocation& r, std::ostream& out) {
  const DenseMatrix<double> c = r.matrix.induced();
  const std::size_t wi = name_width(r.matrix.variables, 8), wj = name_width(r.matrix.constraints, 10);
  out << fmt::format("\nC: what a constraint makes a variable cost (entries that are not 0)\n{:<{}} {:<{}} {:>14}\n",
                     "constraint", wj, "variable", wi, "cost");
  std::size_t shown = 0, all = 0;
  for (std::size_t j = 0; j < c.columns; ++j)
    for (std::size_t i = 0; i < c.rows; ++i) {
      if (tidy(c(i, j), cost_scale(r)) == 0) continue;
      if (++all > kWidestMatrix) continue;
      ++shown;
      out << fmt::format("{:<{}} {:<{}} {:>14.8g}\n", r.matrix.constraints[j], wj, r.matrix.variables[i], wi, c(i, j));
    }
  if (all > shown) out << fmt::format("... and {} more (--json has all)\n", all - shown);
}

void print_ties(const LpAllocation& r, std::ostream& out) {
  const auto ambiguous = r.ambiguous_rows();
  if (ambiguous.empty()) {
    out << "\nEvery optimal basis induces the same cost by row.\n";
    return;
  }
  out << fmt::format(
      "\n{} rows induce another cost in another optimal basis (more constraints bind than there are "
      "variables); the ranges:\n",
      ambiguous.size());
  for (auto k : ambiguous)
    out << fmt::format("  {}: {:.7g} .. {:.7g}, here {}\n", r.lp.rows[k].name, r.ranges[k].low, r.ranges[k].high,
                       number(r.row_cost[k], cost_scale(r)));
}

ordered_json by_name(const std::vector<std::string>& names, const std::vector<double>& values, double scale) {
  ordered_json object = ordered_json::object();
  for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = tidy(values[i], scale);
  return object;
}

ordered_json rows_of(const DenseMatrix<double>& m, double scale) {
  ordered_json rows = ordered_json::array();
  for (std::size_t r = 0; r < m.rows; ++r) {
    ordered_json row = ordered_json::array();
    for (std::size_t c = 0; c < m.columns; ++c) row.push_back(tidy(m(r, c), scale));
    rows.push_back(std::move(row));
  }
  return rows;
}

//! An infinite end of a range is null: JSON has no infinity.
ordered_json range_json(const InducedRange& range) {
  return ordered_json::array({json_number(range.low), json_number(range.high)});
}

}  // namespace

void print_tables(const LpAllocation& r, std::ostream& out) {
  out << fmt::format("{}: {} variables, {} rows\ntotal cost {:.10g}\n\n", r.lp.name, r.lp.variables.size(),
                     r.lp.rows.size(), tidy(r.matrix.objective, cost_scale(r)));
  print_variables(r, out);
  print_constraints(r, out);
  print_entries(r, out);
  print_ties(r, out);
}

ordered_json report_json(const LpAllocation& r) {
  const ConstraintMatrix& m = r.matrix;
  const double scale = cost_scale(r), mu_scale = 1 + largest(m.mu);
  ordered_json j;
  j["name"] = r.lp.name;
  j["objective"] = tidy(m.objective, scale);
  j["x"] = by_name(m.variables, m.x, 1 + largest(m.x));
  j["mu"] = j["induced_cost"] = ordered_json::object();
  j["induced_cost_range"] = ordered_json::object();
  for (std::size_t k = 0; k < r.lp.rows.size(); ++k) {
    j["mu"][r.lp.rows[k].name] = tidy(r.row_mu[k], mu_scale);
    j["induced_cost"][r.lp.rows[k].name] = tidy(r.row_cost[k], scale);
    j["induced_cost_range"][r.lp.rows[k].name] = range_json(r.ranges[k]);
  }
  for (std::size_t k = 0; k < m.constraints.size(); ++k) {
    if (r.solution.binding[k].kind == BindingKind::row) continue;
    j["mu"][m.constraints[k]] = tidy(m.mu[k], mu_scale);
    j["induced_cost"][m.constraints[k]] = tidy(m.induced_cost[k], scale);
  }
  j["variable_cost"] = by_name(m.variables, m.variable_cost, scale);
  j["ambiguous_rows"] = ordered_json::array();
  for (auto k : r.ambiguous_rows()) j["ambiguous_rows"].push_back(r.lp.rows[k].name);
  j["matrix"] = {{"variables", m.variables},
                 {"constraints", m.constraints},
                 {"A", rows_of(m.a, 1)},
                 {"inverse", rows_of(m.inverse, 1)},
                 {"d", m.d},
                 {"C", rows_of(m.induced(), scale)},
                 {"D", rows_of(m.paid(), scale)}};
  return j;
}

void run_allocate_lp(const std::vector<std::string>& files, BatchedBasisSolver& solver, bool json, std::ostream& out) {
  const auto reports = allocate_lps(files, solver);
  if (!json) {
    for (const LpAllocation& r : reports) print_tables(r, out);
    return;
  }
  ordered_json all = ordered_json::array();
  for (const LpAllocation& r : reports) all.push_back(report_json(r));
  out << json_text(all.size() == 1 ? all[0] : all) << '\n';
}

}  // namespace gridqueue
