// `gridqueue allocate --lp FILE`: the constraint matrix of a linear program, as tables or JSON.
#pragma once
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "host/allocate/lp_allocation.hpp"

namespace gridqueue {

void print_tables(const LpAllocation& report, std::ostream& out);
nlohmann::ordered_json report_json(const LpAllocation& report);
//! Of several files: tables one after the other, or a JSON array.
void run_allocate_lp(const std::vector<std::string>& files, BatchedBasisSolver& solver, bool json, std::ostream& out);

}  // namespace gridqueue
