// What of a linearized feeder does not depend on the upgraded lines: the way from the units to the source, the rows,
// and the steps that decide.
#pragma once
#include <string>
#include <vector>

#include "kernels/feeder/compiled_feeder.hpp"
#include "kernels/linear/linear_view.hpp"

namespace gridqueue {

//! "" where the linearized model can represent the feeder and judge it, else what it cannot.
std::string linear_unavailable_reason(const Network& network, const Limits& limits = {});

struct LinearPlan {
  std::vector<BusId> units;  //!< distinct buses, ascending
  std::vector<BusId> path;   //!< kept buses on the way from units, regulators and reclosers to the source, in bus order
  std::vector<int> path_index;  //!< by bus, -1 = not in `path`
  std::vector<BusId> attach;    //!< by bus: nearest bus on the way
  //! Buses on the way inside a row of lines without load: their voltages lie between those of the ends.
  struct Between {
    BusId bus, upper, lower;
  };
  std::vector<Between> between;
  std::vector<std::vector<BusId>> branches;  //!< rated branches on the way that carry one current, by child bus
  std::vector<double> levels;                //!< [num_levels] load multipliers
  int unit_row = 0, regulator_row = 0, controlled_row = 0, node_row = 0, tau_row = 0, branch_row = 0, flow_row = 0,
      rows = 0;
  //! Rows of the systems alone: phase currents of the branches (base values and tap slopes), turning of each node.
  int current_row = 0, turn_row = 0, all_rows = 0;

  std::vector<std::int32_t> pairs;  //!< runs whose change from the run before is looked at, steady load first
  std::int32_t steady_pairs = 0;
  std::vector<std::int32_t> corners;  //!< runs
  std::int32_t extremes = 0;          //!< corners of the lowest and highest load, which come first
};

//! Multipliers of a run of equal steps.
struct RunLevel {
  double sun, load;
};
std::vector<RunLevel> run_levels(const CompiledFeeder<double>& feeder);

//! `units`: whole three-phase buses, in any order, also more than once.
LinearPlan make_linear_plan(const Network& network, const CompiledFeeder<double>& feeder,
                            const std::vector<UnitSite>& units);

}  // namespace gridqueue
