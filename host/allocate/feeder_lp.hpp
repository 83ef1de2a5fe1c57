// The upgrades of a feeder as a linear program, and what each unit's row of it induces.
//
// Variables: p_i [kW] for each unit, u_e in [0, 1] for each candidate line e, at its whole cost c_e.
//     min  sum_e c_e u_e
//     p_i = P_i                                                          one row per unit
//     y_k + sum_i G_ki (p_i - P_i) + sum_e H_ke (u_e - b_e) <= limit_k   one row per limit, place and step that can
//     bind
// y_k: the quantity in the linearization point, the state with all units in full and the built lines b (0 or 1), solved
// in AC. G_ki: difference quotient for a small change of unit i. H_ke: the whole step of line e, built or not. So the
// program is exact in the point, and b is feasible in it whenever the state passes its limits.
// docs/allocation.md: derivation and what is neglected.
#pragma once
#include <functional>

#include "gridqueue/evaluation.hpp"
#include "host/allocate/day_meter.hpp"
#include "host/allocate/lp_allocation.hpp"
#include "host/queue/queue.hpp"

namespace gridqueue {

struct FeederLpQuery {
  std::vector<Unit> units;        //!< accepted; 0 kW = rejected: a column of zeros, so that programs keep one shape
  std::vector<BusId> built;       //!< lines of the state that passes, by child bus
  std::vector<BusId> candidates;  //!< lines that could be built; empty = default_candidates()
  std::function<double(BusId)> line_cost;  //!< [USD] of a whole upgrade
};

//! The built lines and every upgradable line between a unit and the source: others hardly change a unit's effect.
std::vector<BusId> default_candidates(const Network& network, const FeederLpQuery& query);

struct SensitivityRow {
  Probe probe;
  std::string name;              //!< "voltage_vdiff at bus_33, step 142"
  double value = 0, bound = 0;   //!< in the point; the limit with its tolerance
  std::vector<double> per_kw;    //!< [units]
  std::vector<double> per_line;  //!< [candidates] of building the whole line
};

struct FeederLp {
  std::vector<BusId> candidates;
  std::vector<double> built;         //!< [candidates] 0 or 1
  std::vector<SensitivityRow> rows;  //!< those that can bind for some u
  LinearProgram program;             //!< variables: units, then candidates; rows: units, then `rows`
};

//! The evaluator must compute in double precision: difference quotients need its 1e-9 pu.
FeederLp linearize_feeder(Evaluator& evaluator, const FeederLpQuery& query);

struct LinearizedFeeder {
  FeederLp lp;
  std::string failed;  //!< why there is no program; "" = there is one
};
//! Many points side by side, on the evaluator's threads.
std::vector<LinearizedFeeder> linearize_feeders(Evaluator& evaluator, const std::vector<FeederLpQuery>& queries);
//! The program of given sensitivities.
LinearProgram feeder_program(const Network& network, const FeederLpQuery& query, const FeederLp& lp);

//! What a limit's row or a line's bound induces; negative: room that is there for nothing.
struct LimitColumn {
  std::string name;  //!< "voltage_vdiff at bus_33, step 142", "upper bound of upgrade of line.a"
  double usd = 0;
};

//! Two views of the same program: the columns as they are, and units alone.
struct FeederAllocation {
  LpAllocation report;
  std::vector<double> unit_usd;      //!< [units] mu_i P_i
  std::vector<LimitColumn> columns;  //!< of limits and bounds, those that are not 0
  double limits_usd = 0;             //!< sum of the limits' columns
  double bounds_usd = 0;             //!< sum of the bounds' columns (u <= 1)
  //! [units] unit_usd scaled to add up to the program's total; empty if they sum to 0.
  std::vector<double> balanced_usd;
};
FeederAllocation allocate_feeder(const FeederLp& lp, std::size_t num_units);
FeederAllocation feeder_allocation(LpAllocation report, std::size_t num_units);
void print_feeder_allocation(const FeederAllocation& allocation, const FeederLpQuery& query, const Network& network,
                             std::ostream& out);

}  // namespace gridqueue
