#include "host/allocate/feeder_lp.hpp"

#include <cmath>
#include <ostream>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

//! Below this share of a row's largest coefficient a sensitivity is the power flow's own error, not an effect.
constexpr double kNoise = 1e-6;
constexpr double kCent = 0.005;  //!< [USD] less is nothing

LpRow limit_row(const SensitivityRow& s, const std::vector<Unit>& units, const std::vector<double>& built) {
  LpRow row{s.name, {}, -kLpInfinity, kLpInfinity};
  double rhs = s.bound - s.value, largest_unit = 0, largest_line = 0;
  for (double g : s.per_kw) largest_unit = std::max(largest_unit, std::abs(g));
  for (double h : s.per_line) largest_line = std::max(largest_line, std::abs(h));
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (std::abs(s.per_kw[i]) <= kNoise * largest_unit) continue;
    row.terms.push_back({i, s.per_kw[i]});
    rhs += s.per_kw[i] * units[i].kw;
  }
  for (std::size_t e = 0; e < built.size(); ++e) {
    if (std::abs(s.per_line[e]) <= kNoise * largest_line) continue;
    row.terms.push_back({units.size() + e, s.per_line[e]});
    rhs += s.per_line[e] * built[e];
  }
  (limit_info(s.probe.limit).sign < 0 ? row.lower : row.upper) = rhs;
  return row;
}

std::string unit_name(const Network& network, const FeederLpQuery& query, std::size_t i) {
  return fmt::format("unit {} at {}", i, site_name(network, query.units[i].site));
}

}  // namespace

LinearProgram feeder_program(const Network& network, const FeederLpQuery& query, const FeederLp& lp) {
  LinearProgram program{"upgrades of " + network.name, {}, {}};
  for (std::size_t i = 0; i < query.units.size(); ++i)
    program.add_variable({"kW of " + unit_name(network, query, i), 0, -kLpInfinity, kLpInfinity});
  for (BusId e : lp.candidates)
    program.add_variable({"upgrade of " + network.buses[e.index()].branch.name, query.line_cost(e), 0, 1});
  for (std::size_t i = 0; i < query.units.size(); ++i)
    program.add_row({unit_name(network, query, i), {{i, 1}}, query.units[i].kw, query.units[i].kw});
  for (const SensitivityRow& s : lp.rows) program.add_row(limit_row(s, query.units, lp.built));
  return program;
}

FeederAllocation allocate_feeder(const FeederLp& lp, std::size_t num_units) {
  return feeder_allocation(allocate_program(lp.program), num_units);
}

FeederAllocation feeder_allocation(LpAllocation report, std::size_t num_units) {
  FeederAllocation a;
  a.report = std::move(report);
  const auto& cost = a.report.row_cost;
  a.unit_usd.assign(cost.begin(), cost.begin() + static_cast<std::ptrdiff_t>(num_units));
  double units = 0;
  for (double x : a.unit_usd) units += x;
  for (std::size_t r = num_units; r < cost.size(); ++r) a.limits_usd += cost[r];
  for (std::size_t j = 0; j < a.report.solution.binding.size(); ++j) {
    const Binding& b = a.report.solution.binding[j];
    const double usd = a.report.matrix.induced_cost[j];
    if (b.kind != BindingKind::row) a.bounds_usd += usd;
    else if (b.index < num_units) continue;
    if (std::abs(usd) >= kCent) a.columns.push_back({a.report.matrix.constraints[j], usd});
  }
  const double total = a.report.matrix.objective;
  if (std::abs(units) > 1e-9 * (1 + std::abs(total)))
    for (double x : a.unit_usd) a.balanced_usd.push_back(x * total / units);
  return a;
}

void print_feeder_allocation(const FeederAllocation& a, const FeederLpQuery& query, const Network& network,
                             std::ostream& out) {
  const LpAllocation& r = a.report;
  out << fmt::format("{:<34} {:>16} {:>16}\n", "column", "induced $", "balanced $");
  for (std::size_t i = 0; i < a.unit_usd.size(); ++i)
    out << fmt::format("{:<34} {:>16.2f} {:>16.2f}\n", unit_name(network, query, i), a.unit_usd[i],
                       a.balanced_usd.empty() ? 0 : a.balanced_usd[i]);
  for (const LimitColumn& c : a.columns) out << fmt::format("{:<34} {:>16.2f}\n", c.name, c.usd);
  out << fmt::format("{:<34} {:>16.2f} {:>16.2f}\n", "total of the linear program", r.matrix.objective,
                     a.balanced_usd.empty() ? 0 : r.matrix.objective);
}

}  // namespace gridqueue
