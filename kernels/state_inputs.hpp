// From a StateBatch to the input rows of the workspace. Host only.
#pragma once
#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "kernels/compiled_feeder.hpp"

namespace gridqueue {

//! Calls set(row, value) for every input row of one state: line scales and DER power per phase [pu].
template <class Real, class Set>
void write_inputs(const CompiledFeeder<Real>& feeder, const Network& network, double upgrade_factor,
                  const StateBatch& states, std::size_t state, const Set& set) {
  const WorkspacePlan& plan = feeder.shape.plan;
  for (std::int32_t r = plan.scale; r < plan.der; ++r) set(r, Real(1));
  for (BusId line : states.upgrade_sets[states.upgrade_set[state].index()]) {
    const int row = feeder.line_row[line.index()];
    if (row < 0) fail_input("'{}' is no line (only lines can be upgraded)", network.buses[line.index()].branch.name);
    set(plan.scale + row, static_cast<Real>(1.0 / upgrade_factor));
  }
  std::vector<double> kw(static_cast<std::size_t>(plan.voltage - plan.der), 0.0);
  for (std::uint32_t i = states.der_offset[state]; i < states.der_offset[state + 1]; ++i) {
    const int row = feeder.der_row[states.der_bus[i].index()];
    if (row < 0)
      fail_input("a unit cannot stand at bus '{}' (it does not have three phases)",
                 network.buses[states.der_bus[i].index()].name);
    kw[static_cast<std::size_t>(row)] += states.der_kw[i];
  }
  for (std::size_t r = 0; r < kw.size(); ++r)
    set(plan.der + static_cast<std::int32_t>(r), static_cast<Real>(kw[r] * 1e3 / 3.0 / kBaseVa));
}

}  // namespace gridqueue
