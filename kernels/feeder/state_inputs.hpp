// From a StateBatch to the input rows of the workspace. Host only.
#pragma once
#include <map>

#include "gridqueue/contracts.hpp"
#include "gridqueue/evaluation.hpp"
#include "kernels/feeder/compiled_feeder.hpp"

namespace gridqueue {

//! Row of a line's scale; throws Error(input) for an upgrade of anything else.
template <class Real>
int need_line_row(const CompiledFeeder<Real>& feeder, const Network& network, const Upgrade& upgrade) {
  const std::size_t branch = upgrade.element.index();
  const int row = upgrade.kind == UpgradeKind::line ? feeder.line_row[branch] : -1;
  if (row < 0) fail_input("'{}' is no line (only lines can be upgraded)", network.buses[branch].branch.name);
  return row;
}

//! Rows of a unit's power; throws Error(input) where no unit can stand, or none was foreseen.
template <class Real>
UnitRows need_unit_rows(const CompiledFeeder<Real>& feeder, const Network& network, UnitSite site) {
  if (const int row = feeder.der_row[site.bus.index()]; site.phases == 0 && row >= 0) return {1, {row}};
  const auto found = feeder.site_rows.find(site);
  if (found != feeder.site_rows.end()) return found->second;
  (void)unit_parts(network, site);
  fail_input("no unit was foreseen at '{}' (EvaluatorOptions::sites has to name it)", site_name(network, site));
}

//! Throws what write_inputs would throw for any state of the batch.
template <class Real>
void check_inputs(const CompiledFeeder<Real>& feeder, const Network& network, const StateBatch& states) {
  for (UpgradeSetId set : states.upgrade_set)
    for (const Upgrade& u : states.upgrade_sets[set.index()]) need_line_row(feeder, network, u);
  for (UnitSite site : states.der_site) need_unit_rows(feeder, network, site);
}

//! Calls set(row, value) for every input row of one state: line scales and DER power per phase or part [pu].
template <class Real, class Set>
void write_inputs(const CompiledFeeder<Real>& feeder, const Network& network, double upgrade_factor,
                  const StateBatch& states, std::size_t state, const Set& set) {
  const WorkspacePlan& plan = feeder.shape.plan;
  for (std::int32_t r = plan.scale; r < plan.der; ++r) set(r, Real(1));
  std::map<std::int32_t, double> joined;  // scales of lines in series
  for (const Upgrade& u : states.upgrade_sets[states.upgrade_set[state].index()]) {
    const int row = need_line_row(feeder, network, u);
    set(plan.scale + row, static_cast<Real>(1.0 / upgrade_factor));
    if (feeder.series_share.empty()) continue;
    const SeriesShare& series = feeder.series_share[u.element.index()];
    if (series.row >= 0) joined.try_emplace(series.row, 1.0).first->second += series.share * (1.0 / upgrade_factor - 1);
  }
  for (const auto& [row, scale] : joined) set(plan.scale + row, static_cast<Real>(scale));
  std::vector<double> kw(static_cast<std::size_t>(plan.voltage - plan.der), 0.0);
  for (std::uint32_t i = states.der_offset[state]; i < states.der_offset[state + 1]; ++i) {
    const UnitRows rows = need_unit_rows(feeder, network, states.der_site[i]);
    for (std::int32_t k = 0; k < rows.count; ++k)
      kw[static_cast<std::size_t>(rows.row[static_cast<std::size_t>(k)])] += states.der_kw[i] / rows.count;
  }
  const auto ders = static_cast<std::size_t>(plan.part - plan.der);
  for (std::size_t r = 0; r < kw.size(); ++r)
    set(plan.der + static_cast<std::int32_t>(r), static_cast<Real>(kw[r] * 1e3 / (r < ders ? 3.0 : 1.0) / kBaseVa));
}

}  // namespace gridqueue
