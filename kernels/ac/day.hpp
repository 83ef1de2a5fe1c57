// One evaluation: a day of steps in sequence, each solved with its controls settled, and its limit quantities.
#pragma once
#include "kernels/ac/control_queue.hpp"
#include "kernels/ac/observe.hpp"
#include "kernels/ac/series.hpp"

namespace gridqueue {

//! Sees every settled step, and the extrema since it last cleared them.
struct NoRecorder {
  template <class Rows, class Extrema>
  GQ_HD void operator()(std::int32_t, const Rows&, Extrema&) const {}
};

//! Clears the output rows.
template <class Lane, class Real, class Rows>
GQ_HD void clear_outputs(const FeederView<Real>& f, const Rows& w) {
  const Lane huge(Real(1e30));
  for (std::int32_t r = f.plan.first_output; r < f.plan.rows; ++r) w[r] = Lane(Real(0));
  for (std::int32_t r = f.plan.low; r < f.plan.change; ++r) w[r] = huge;
  for (std::int32_t a = 0; a < 2 * (f.num_reclosers + 1); ++a) {
    w[f.plan.flow + 3 * a] = huge;
    w[f.plan.flow + 3 * a + 1] = -huge;
    w[f.plan.flow + 3 * a + 2] = huge;
  }
  w[f.plan.scalar + s_tap_min] = huge;
  w[f.plan.scalar + s_tap_max] = -huge;
  if (f.num_low_voltage > 0) w[f.plan.low_voltage + lv_vmin] = -huge;
  clear_asked<Lane>(f, w);
}
template <class Lane>
GQ_HD void clear_extrema(Extrema<Lane>& e) {
  const Lane zero(RealOf<Lane>(0));
  e = {zero, zero, zero, zero, -Lane(RealOf<Lane>(1e30)), zero, zero, zero, zero};  // vmin as the largest of -|V|^2
}

//! Clears what observe adds to.
template <class Lane, class Real, class Rows>
GQ_HD void start_outputs(const FeederView<Real>& f, const Rows& w, Extrema<Lane>& e) {
  clear_outputs<Lane>(f, w);
  clear_extrema(e);
}

template <class Lane, class Real, class Rows>
GQ_HD void start_day(const FeederView<Real>& f, const Rows& w, Extrema<Lane>& e) {
  for (std::int32_t r = f.plan.current; r < f.plan.first_output; ++r) w[r] = Lane(Real(0));
  for (std::int32_t n = 0; n < 2 * f.num_nodes; ++n) w[f.plan.voltage + n] = Lane(f.initial_voltage[n]);
  start_controls<Lane>(f, w);
  start_outputs<Lane>(f, w, e);
}

//! Hours above a rating count by day; those of the worst so far are kept.
template <class Lane, class Real, class Rows>
GQ_HD void keep_worst_hours(const FeederView<Real>& f, const Rows& w) {
  for (std::int32_t r = 0; r < f.num_rated; ++r) {
    Lane &worst = w[f.plan.worst + r], &hours = w[f.plan.hours + r];
    worst = lane_max(worst, hours);
    hours = Lane(Real(0));
  }
}

//! Everything but the outputs begins anew.
template <class Lane, class Real, class Rows>
GQ_HD void start_next_day(const FeederView<Real>& f, const Rows& w) {
  keep_worst_hours<Lane>(f, w);
  for (std::int32_t r = f.plan.current; r < f.plan.previous; ++r) w[r] = Lane(Real(0));
  for (std::int32_t n = 0; n < 2 * f.num_nodes; ++n) w[f.plan.voltage + n] = Lane(f.initial_voltage[n]);
  start_controls<Lane>(f, w);
}

// The rules of a day are written once against a machine: lanes that walk the tree (below), or a team of lanes that
// share one evaluation (team_day.hpp). A machine has Lane, feeder(), has_der(), sweep(step, active, pace) -> largest
// voltage step, act(step, active) -> lanes whose controls acted, observe(step, active), keep_taps(), and where it knows
// several days (kManyDays) start_next_day().
template <class Machine>
using LaneOf = typename Machine::Lane;
template <class Machine>
using StepOf = StepRecord<RealOf<LaneOf<Machine>>>;

//! Of the solve that each lane is at. With the contraction r = step / previous step the error left is about
//! step * r / (1 - r); a first sweep has no r and must itself be within the tolerance. A single r may flatter where
//! currents are anticipated: `last_step` bounds what it may vouch for. Near collapse the step stops shrinking: after
//! `patience` sweeps `stagnation` is enough.
template <class Lane>
struct Convergence {
  Lane previous{RealOf<Lane>(0)}, count{RealOf<Lane>(0)}, share{RealOf<Lane>(1)};

  //! Lanes that have converged with a sweep whose largest voltage step is `largest`; never where that is NaN.
  template <class Real>
  GQ_HD MaskOf<Lane> settled(const FeederView<Real>& f, const Lane& largest) {
    // step * r / (1 - r) < tolerance, without the division
    const MaskOf<Lane> done =
        (largest < Lane(f.tolerance)) ||
        ((largest < previous) && (largest < Lane(f.last_step)) &&
         (largest * largest < Lane(f.tolerance) * (previous - largest))) ||
        ((Lane(static_cast<Real>(f.patience) - Real(0.5)) < count) && (largest < Lane(f.stagnation)));
    const MaskOf<Lane> strays = Lane(static_cast<Real>(f.ahead_sweeps) + Real(0.5)) < count && !(largest < previous);
    share = select(strays, lane_max(share * Lane(Real(0.5)), Lane(f.least_share)), share);
    previous = largest;
    count += Lane(Real(1));
    return done;
  }
  template <class Real>
  GQ_HD MaskOf<Lane> exhausted(const FeederView<Real>& f) const {
    return Lane(static_cast<Real>(f.max_sweeps) - Real(0.5)) < count;
  }
  //! Of the next sweep.
  template <class Real>
  GQ_HD Pace<Lane> pace(const FeederView<Real>& f) const {
    const MaskOf<Lane> ahead = count < Lane(static_cast<Real>(f.ahead_sweeps) - Real(0.5));
    return {select(ahead, Lane(f.anticipation), Lane(Real(0))), share, any(share < Lane(Real(1)))};
  }
  //! Begins anew where `acted`.
  GQ_HD void restart(MaskOf<Lane> acted) {
    const Lane zero(RealOf<Lane>(0));
    previous = select(acted, zero, previous);
    count = select(acted, zero, count);
    share = select(acted, Lane(RealOf<Lane>(1)), share);
  }
};

//! One sweep of the lanes of `pending`; returns those that have converged with it. They stay as they are from now on.
template <class Machine>
GQ_HD MaskOf<LaneOf<Machine>> sweep_once(Machine& m, const StepOf<Machine>& step, MaskOf<LaneOf<Machine>> pending,
                                         Convergence<LaneOf<Machine>>& convergence, LaneOf<Machine>& sweeps) {
  using Lane = LaneOf<Machine>;
  using Real = RealOf<Lane>;
  const Lane largest = m.sweep(step, pending, convergence.pace(m.feeder()));
  sweeps += select(pending, Lane(Real(1)), Lane(Real(0)));
  return pending && convergence.settled(m.feeder(), largest);
}

//! Sweeps until every lane of `pending` has converged; returns the lanes that never do.
template <class Machine>
GQ_HD MaskOf<LaneOf<Machine>> solve(Machine& m, const StepOf<Machine>& step, MaskOf<LaneOf<Machine>> pending,
                                    LaneOf<Machine>& sweeps) {
  Convergence<LaneOf<Machine>> convergence;
  for (std::int32_t i = 0; i < m.feeder().max_sweeps && any(pending); ++i)
    pending = pending && !sweep_once(m, step, pending, convergence, sweeps);
  return pending;
}

//! Solves the step and lets controls act until none does (OpenDSS STATIC); returns the lanes that failed. Where a sweep
//! takes longer than sampling the controls, those of a lane act as soon as it has converged, whatever its neighbours
//! do.
template <class Machine>
GQ_HD MaskOf<LaneOf<Machine>> settle(Machine& m, const StepOf<Machine>& step, MaskOf<LaneOf<Machine>> sweeping,
                                     LaneOf<Machine>& sweeps) {
  using Lane = LaneOf<Machine>;
  using Mask = MaskOf<Lane>;
  using Real = RealOf<Lane>;
  constexpr std::int32_t kBusesPerControl = 64;
  const auto& f = m.feeder();
  const bool at_once = f.num_buses > kBusesPerControl * (f.num_regulators + f.num_capacitors);
  const Lane last_round(static_cast<Real>(f.max_control_rounds) - Real(0.5));
  Convergence<Lane> convergence;
  Lane rounds(Real(0));
  Mask failed(false), solved(false);
  while (any(sweeping)) {
    solved = solved || sweep_once(m, step, sweeping, convergence, sweeps);
    sweeping = sweeping && !solved;
    const Mask lost = sweeping && convergence.exhausted(f);
    failed = failed || lost;
    sweeping = sweeping && !lost;
    if (!any(solved) || (any(sweeping) && !at_once)) continue;
    const Mask acted = solved && m.act(step, solved);
    rounds += select(solved, Lane(Real(1)), Lane(Real(0)));
    const Mask hunts = acted && last_round < rounds;
    failed = failed || hunts;
    sweeping = sweeping || (acted && !hunts);
    solved = Mask(false);
    convergence.restart(acted);
  }
  return failed;
}

//! All steps of a day; returns the lanes that failed. `record(k)` sees every settled step.
template <class Machine, class Record>
GQ_HD MaskOf<LaneOf<Machine>> walk_steps(Machine& m, LaneOf<Machine>& sweeps, const Record& record) {
  using Mask = MaskOf<LaneOf<Machine>>;
  const auto& f = m.feeder();
  const Mask has_der = m.has_der();
  Mask failed(false);
  for (std::int32_t k = 0; k < f.num_steps; ++k) {
    const auto& step = f.step[k];
    // without DER nothing has changed when only the sun has
    const Mask active = !failed && (Mask(step.changed != kOnlySun) || has_der);
    if constexpr (Machine::kManyDays)
      if (k > 0 && step.changed == kNewDay) m.start_next_day();
    failed = failed || settle(m, step, active, sweeps);
    m.keep_taps();
    m.observe(step, !failed);
    record(k);
    if (!any(!failed)) break;
  }
  return failed;
}

template <class Lane, class Real, class Rows>
GQ_HD void keep_taps(const FeederView<Real>& f, const Rows& w) {
  Lane& low = w[f.plan.scalar + s_tap_min];
  Lane& high = w[f.plan.scalar + s_tap_max];
  for (std::int32_t i = 0; i < f.num_regulators; ++i) {
    low = lane_min(low, w[f.plan.tap + i]);
    high = lane_max(high, w[f.plan.tap + i]);
  }
}

template <class Lane, class Real, class Rows>
GQ_HD void finish_day(const FeederView<Real>& f, const Rows& w, const Extrema<Lane>& e, MaskOf<Lane> failed,
                      const Lane& sweeps) {
  if (f.num_days > 1) {
    keep_worst_hours<Lane>(f, w);
    for (std::int32_t r = 0; r < f.num_rated; ++r) w[f.plan.hours + r] = w[f.plan.worst + r];
  }
  const std::int32_t s = f.plan.scalar;
  w[s + s_failed] = select(failed, Lane(Real(1)), Lane(Real(0)));
  w[s + s_vdiff] = e.vdiff;
  w[s + s_vdiff_code] = e.vdiff_code;
  w[s + s_vmax] = e.vmax;
  w[s + s_vmax_code] = e.vmax_code;
  w[s + s_vmin] = -e.vmin;
  w[s + s_vmin_code] = e.vmin_code;
  w[s + s_emergency] = e.emergency;
  w[s + s_emergency_code] = e.emergency_code;
  w[s + s_sweeps] = sweeps;
  w[s + s_above] = lane_max(w[s + s_above], e.above);
  if (f.num_low_voltage > 0) w[f.plan.low_voltage + lv_vmin] = -w[f.plan.low_voltage + lv_vmin];
}

//! Lanes that walk the tree, their numbers in a column of the workspace.
template <class LaneType, class Real, class Rows>
struct TreeMachine {
  using Lane = LaneType;
  static constexpr bool kManyDays = true;
  const FeederView<Real>& f;
  const Rows& w;
  Extrema<Lane> e;

  GQ_HD const FeederView<Real>& feeder() const { return f; }
  GQ_HD MaskOf<Lane> has_der() const {
    MaskOf<Lane> has(false);
    for (std::int32_t i = 0; i < f.plan.voltage - f.plan.der; ++i) has = has || (Lane(Real(0)) < w[f.plan.der + i]);
    return has;
  }
  GQ_HD Lane sweep(const StepRecord<Real>& step, MaskOf<Lane> active, const Pace<Lane>& pace) {
    return gridqueue::sweep<Lane>(f, w, step, active, pace);
  }
  GQ_HD MaskOf<Lane> act(const StepRecord<Real>& step, MaskOf<Lane> active) {
    return gridqueue::act<Lane>(f, w, step, active);
  }
  GQ_HD void keep_taps() { gridqueue::keep_taps<Lane>(f, w); }
  GQ_HD void start_next_day() { gridqueue::start_next_day<Lane>(f, w); }
  GQ_HD void observe(const StepRecord<Real>& step, MaskOf<Lane> active) {
    spread_series<Lane>(f, w);
    gridqueue::observe<Lane>(f, w, step, active, e);
  }
};

//! Evaluates the states in a workspace column (inputs: scale and DER rows) over the day.
template <class Lane, class Real, class Rows, class Recorder = NoRecorder>
GQ_HD void evaluate_day(const FeederView<Real>& f, const Rows& w, const Recorder& record = {}) {
  TreeMachine<Lane, Real, Rows> machine{f, w, {}};
  start_day<Lane>(f, w, machine.e);
  Lane sweeps(Real(0));
  const MaskOf<Lane> failed = walk_steps(machine, sweeps, [&](std::int32_t k) GQ_INLINE { record(k, w, machine.e); });
  finish_day<Lane>(f, w, machine.e, failed, sweeps);
}

}  // namespace gridqueue
