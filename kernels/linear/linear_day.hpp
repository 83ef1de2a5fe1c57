// A day of the linearized feeder: the tap law at every step, quantities at the steps that decide.
#pragma once
#include "kernels/linear/linear_observe.hpp"
#include "kernels/linear/linear_rows.hpp"
#include "kernels/linear/linear_taps.hpp"

namespace gridqueue {

//! How far a screening looks: what could differ in AC.
template <class Real>
struct LinearMargins {
  Real controlled;         //!< error of the controlled voltage [pu] that may move a tap; 0 = do not look
  Real controlled_growth;  //!< and what it gains with the square of the sun and the cube of the state's strength
  Real overshoot;          //!< relative to the controlled voltage's distance from its set point
  Real loading;            //!< relative error of a loading
  Real hours;              //!< normal hours that pass, in steps
  Real vmax, vmin;         //!< voltages [pu] beyond which a tap more could violate a limit
};

//! What a screening adds to the workspace's outputs.
template <class Lane>
struct LinearVerdict {
  Lane strength2;                          //!< see strength2()
  Lane vdiff_low, vdiff_high, vmax, vmin;  //!< over the days of shifted controls
  MaskOf<Lane> near_hours;
};

//! Days with every controlled voltage off by +-margin, after the day itself: ranges of the voltage changes and, where
//! `voltages`, of the voltages. Outputs stay as they are.
template <class Lane, class Real, class Rows>
GQ_HD void shifted_days(const LinearState<Lane, Real, Rows>& d, const ControlShift<Lane>& margin, MaskOf<Lane> voltages,
                        LinearVerdict<Lane>& verdict) {
  const auto change = d.w.from(d.f.plan.change), kept = d.s.from(d.plan.kept), low = d.s.from(d.plan.low),
             high = d.s.from(d.plan.high);
  for (std::int32_t m = 0; m < d.f.num_monitors; ++m) low[m] = high[m] = kept[m] = change[m];
  Watched<Lane> watched[kWatched];
  const bool look = any(voltages);
  for (int sign = -1; sign <= 1; sign += 2) {
    Extrema<Lane> e;
    clear_extrema(e);
    for (std::int32_t m = 0; m < d.f.num_monitors; ++m) change[m] = Lane(Real(0));
    const Lane way(static_cast<Real>(sign));
    walk_day<true>(d, {way * margin.night, way * margin.sun, way * margin.overshoot}, {false, look}, watched);
    if (look) observe_voltages(d, watched, e);
    observe_pairs(d, e);
    for (std::int32_t m = 0; m < d.f.num_monitors; ++m) {
      low[m] = lane_min(low[m], change[m]);
      high[m] = lane_max(high[m], change[m]);
    }
    verdict.vdiff_low = lane_min(verdict.vdiff_low, e.vdiff);
    verdict.vdiff_high = lane_max(verdict.vdiff_high, e.vdiff);
    if (!look) continue;
    verdict.vmax = select(voltages, lane_max(verdict.vmax, e.vmax), verdict.vmax);
    verdict.vmin = select(voltages, lane_min(verdict.vmin, -e.vmin), verdict.vmin);
  }
  for (std::int32_t m = 0; m < d.f.num_monitors; ++m) change[m] = kept[m];
}

//! Evaluates the states in a workspace column (inputs: DER rows of the model's units); outputs as evaluate_day's.
template <class Lane, class Real, class Rows>
GQ_HD LinearVerdict<Lane> linear_day(const LinearState<Lane, Real, Rows>& d, const LinearMargins<Real>& margins) {
  const Lane zero(Real(0)), huge(Real(1e30));
  LinearVerdict<Lane> verdict{zero, huge, zero, zero, huge, MaskOf<Lane>(false)};
  verdict.strength2 = solve_anchors(d);
  fit_anchors(d);
  average_zones(d);
  Extrema<Lane> e;
  Watched<Lane> watched[kWatched];
  start_outputs<Lane>(d.f, d.w, e);
  walk_day<false>(d, {zero, zero, zero}, {true, true}, watched);
  observe_flows(d);
  observe_branches(d, margins.loading, margins.hours, e, verdict.near_hours);
  observe_voltages(d, watched, e);
  observe_pairs(d, e);
  const MaskOf<Lane> voltages = Lane(margins.vmax) < e.vmax || -e.vmin < Lane(margins.vmin);
  e.vmax *= e.vmax;
  e.vmin *= -e.vmin;
  finish_day<Lane>(d.f, d.w, e, MaskOf<Lane>(false), zero);
  if (margins.controlled > Real(0)) {
    const Lane cube = verdict.strength2 * lane_sqrt(verdict.strength2);
    shifted_days(d, {Lane(margins.controlled), Lane(margins.controlled_growth) * cube, Lane(margins.overshoot)},
                 voltages, verdict);
  }
  return verdict;
}

//! linear_day in a column of `plan`.rows rows, its verdict among the outputs: what launchers call. The feeder's plan
//! must be `plan`.work.
template <class Lane, class Real, class Rows>
GQ_HD void linear_day_in_rows(const FeederView<Real>& feeder, const LinearView<Real>& model, const LinearRows& plan,
                              const LinearMargins<Real>& margins, const Rows& column) {
  const Rows scratch = column.from(plan.first_scratch);
  const LinearVerdict<Lane> v =
      linear_day(LinearState<Lane, Real, Rows>{feeder, model, column, scratch, plan.scratch}, margins);
  const Rows verdict = scratch.from(plan.scratch.verdict);
  verdict[v_strength2] = v.strength2;
  verdict[v_vdiff_low] = v.vdiff_low, verdict[v_vdiff_high] = v.vdiff_high;
  verdict[v_vmax] = v.vmax, verdict[v_vmin] = v.vmin;
  verdict[v_near_hours] = select(v.near_hours, Lane(Real(1)), Lane(Real(0)));
}

}  // namespace gridqueue
