// `gridqueue allocate --lp FILE`: the constraint matrix of a linear program, as tables or JSON.
#pragma once
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "host/allocate/constraint_matrix.hpp"

namespace gridqueue {

struct AllocateLpReport {
  LinearProgram lp;
  LpSolution solution;
  ConstraintMatrix matrix;
  std::vector<InducedRange> ranges;      //!< [rows]
  std::vector<double> row_cost, row_mu;  //!< [rows] induced cost and price; 0 for a row that is not in the basis

  //! Rows whose induced cost depends on which of several optimal bases is taken.
  [[nodiscard]] std::vector<std::size_t> ambiguous_rows() const;
};

struct SolvedProgram {
  LinearProgram lp;
  LpSolution solution;
};
enum class InducedRanges { none, all };

AllocateLpReport allocate_program(LinearProgram lp);
//! Many programs: the bases of those with equally many variables go through the solver in one batch.
std::vector<AllocateLpReport> allocate_programs(std::vector<SolvedProgram> programs, BatchedBasisSolver& solver,
                                                InducedRanges ranges);
std::vector<AllocateLpReport> allocate_lps(const std::vector<std::string>& files, BatchedBasisSolver& solver);

void print_tables(const AllocateLpReport& report, std::ostream& out);
nlohmann::ordered_json report_json(const AllocateLpReport& report);
//! Of several files: tables one after the other, or a JSON array.
void run_allocate_lp(const std::vector<std::string>& files, Backend backend, bool json, std::ostream& out);

}  // namespace gridqueue
