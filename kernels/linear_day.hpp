// A day of the linearized feeder: the tap law at every step, quantities at the steps that decide.
#pragma once
#include "kernels/linear_observe.hpp"
#include "kernels/linear_rows.hpp"
#include "kernels/linear_taps.hpp"

namespace gridqueue {

//! How far a screening looks: what could differ in AC.
template <class Real>
struct LinearMargins {
  Real controlled;    //!< error of the controlled voltage [pu] that may move a tap; 0 = do not look
  Real controlled_growth;  //!< and what it gains with the cube of the state's strength
  Real loading;       //!< relative error of a loading
  Real hours;         //!< normal hours that pass, in steps
};

//! What a screening adds to the workspace's outputs.
template <class Lane>
struct LinearVerdict {
  Lane strength2;                          //!< see strength2()
  Lane vdiff_low, vdiff_high, vmax, vmin;  //!< over the days of shifted controls
  MaskOf<Lane> near_hours;
};

//! The day with every controlled voltage off by +-margin.
template <class Lane, class Real, class Rows>
GQ_HD void shifted_days(const LinearState<Lane, Real, Rows>& d, const Lane& margin, LinearVerdict<Lane>& verdict) {
  Extrema<Lane> e;
  Watched<Lane> watched[kWatched];
  for (int sign = -1; sign <= 1; sign += 2) {
    start_outputs<Lane>(d.f, d.w, e);
    walk_day(d, Lane(static_cast<Real>(sign)) * margin, false, watched);
    observe_voltages(d, watched, e);
    observe_pairs(d, e);
    for (std::int32_t m = 0; m < d.f.num_monitors; ++m) {
      const Lane x = d.w[d.f.plan.change + m];
      d.s[d.plan.low + m] = sign < 0 ? x : lane_min(d.s[d.plan.low + m], x);
      d.s[d.plan.high + m] = sign < 0 ? x : lane_max(d.s[d.plan.high + m], x);
    }
    verdict.vdiff_low = lane_min(verdict.vdiff_low, e.vdiff);
    verdict.vdiff_high = lane_max(verdict.vdiff_high, e.vdiff);
    verdict.vmax = lane_max(verdict.vmax, e.vmax);
    verdict.vmin = lane_min(verdict.vmin, -e.vmin);
  }
}

//! Evaluates the states in a workspace column (inputs: DER rows of the model's units); outputs as evaluate_day's.
template <class Lane, class Real, class Rows>
GQ_HD LinearVerdict<Lane> linear_day(const LinearState<Lane, Real, Rows>& d, const LinearMargins<Real>& margins) {
  const Lane huge(Real(1e30));
  LinearVerdict<Lane> verdict{Lane(Real(0)), huge, Lane(Real(0)), Lane(Real(0)), huge, MaskOf<Lane>(false)};
  verdict.strength2 = solve_anchors(d);
  fit_anchors(d);
  average_zones(d);
  if (margins.controlled > Real(0)) {
    const Lane cube = verdict.strength2 * lane_sqrt(verdict.strength2);
    shifted_days(d, Lane(margins.controlled) + Lane(margins.controlled_growth) * cube, verdict);
  }
  Extrema<Lane> e;
  Watched<Lane> watched[kWatched];
  start_outputs<Lane>(d.f, d.w, e);
  walk_day(d, Lane(Real(0)), true, watched);
  observe_branches(d, margins.loading, margins.hours, e, verdict.near_hours);
  observe_voltages(d, watched, e);
  observe_pairs(d, e);
  e.vmax *= e.vmax;
  e.vmin *= -e.vmin;
  finish_day<Lane>(d.f, d.w, e, MaskOf<Lane>(false), Lane(Real(0)));
  return verdict;
}

//! linear_day in a column of `plan`.rows rows, its verdict among the outputs: what launchers call. The feeder's plan must
//! be `plan`.work.
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
