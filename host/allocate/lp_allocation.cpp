#include "host/allocate/lp_allocation.hpp"

#include <cmath>
#include <map>
#include <utility>

#include "host/allocate/lp_file.hpp"

namespace gridqueue {
namespace {

constexpr double kUniqueTolerance = 1e-5;  // of a range, relative to its cost: Clp's tolerance times condition

void costs_by_row(LpAllocation& r) {
  r.row_cost.assign(r.lp.rows.size(), 0);
  r.row_mu.assign(r.lp.rows.size(), 0);
  for (std::size_t j = 0; j < r.solution.binding.size(); ++j) {
    const Binding& b = r.solution.binding[j];
    if (b.kind != BindingKind::row) continue;
    r.row_cost[b.index] = r.matrix.induced_cost[j];
    r.row_mu[b.index] = r.matrix.mu[j];
  }
}

}  // namespace

std::vector<std::size_t> LpAllocation::ambiguous_rows() const {
  std::vector<std::size_t> found;
  const double scale = 1 + std::abs(matrix.objective);
  for (std::size_t r = 0; r < ranges.size(); ++r)
    if (!(ranges[r].high - ranges[r].low <= kUniqueTolerance * scale)) found.push_back(r);
  return found;
}

LpAllocation allocate_program(LinearProgram lp) {
  std::vector<SolvedProgram> one(1);
  one[0].solution = solve_linear_program(lp);
  one[0].lp = std::move(lp);
  return std::move(allocate_programs(std::move(one), *make_cpu_basis_solver(), InducedRanges::all).front());
}

std::vector<LpAllocation> allocate_programs(std::vector<SolvedProgram> programs, BatchedBasisSolver& solver,
                                            InducedRanges ranges) {
  std::vector<LpAllocation> reports(programs.size());
  std::map<std::size_t, std::vector<std::size_t>> by_size;
  for (std::size_t i = 0; i < programs.size(); ++i) by_size[programs[i].lp.variables.size()].push_back(i);
  for (const auto& [size, members] : by_size) {
    std::vector<LinearProgram> lps;
    std::vector<LpSolution> solutions;
    for (std::size_t i : members)
      lps.push_back(std::move(programs[i].lp)), solutions.push_back(std::move(programs[i].solution));
    auto matrices = constraint_matrices(lps, solutions, solver);
    for (std::size_t k = 0; k < members.size(); ++k) {
      LpAllocation& r = reports[members[k]];
      r = {std::move(lps[k]), std::move(solutions[k]), std::move(matrices[k]), {}, {}, {}};
      if (ranges == InducedRanges::all) r.ranges = induced_cost_ranges(r.lp, r.solution, r.matrix);
      costs_by_row(r);
    }
  }
  return reports;
}

std::vector<LpAllocation> allocate_lps(const std::vector<std::string>& files, BatchedBasisSolver& solver) {
  std::vector<SolvedProgram> programs;
  for (const std::string& file : files) {
    LinearProgram lp = read_lp_file(file);
    LpSolution solution = solve_linear_program(lp);
    programs.push_back({std::move(lp), std::move(solution)});
  }
  return allocate_programs(std::move(programs), solver, InducedRanges::all);
}

}  // namespace gridqueue
