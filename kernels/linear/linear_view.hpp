// The linearized feeder as kernels see it: one set of upgraded lines, one list of units. docs/linear-model.md derives
// it.
//
// Rows are real-linear functionals of the node voltages. Columns are what moves them: active and reactive unit currents
// (p_i, q_i), and per regulator a series voltage and a current at the parent that stand for a moved tap.
#pragma once
#include "kernels/feeder/feeder_view.hpp"

namespace gridqueue {

constexpr int kRowBlock = 8;      //!< rows are stored and computed in blocks of this many, a unit's in one of their own
constexpr int kUnitColumns = 2;   //!< per unit: active and reactive current, mean of the phases
constexpr int kPhaseColumns = 6;  //!< per unit: active and reactive current of each phase, for the controlled voltages
//! Per unit: what the currents of phases 1 and 2 have over the mean; the third has the rest.
constexpr int kDeviationColumns = 4;
constexpr int kUnitRows = 6;        //!< per unit: V over the reference phasor, re and im of three phases
constexpr int kRegulatorRows = 4;   //!< per regulator: parent voltage re, im; current re, im
constexpr int kControlledRows = 2;  //!< per regulator: controlled voltage along and across the reference phasor
constexpr int kBank = 3;            //!< regulators of a bank, one per phase; LinearView::regulators is 0 or this
constexpr int kTapColumns = 4;      //!< per regulator: series voltage re, im; current at the parent re, im
constexpr int kBranchRows = 2;      //!< per branch: what units add to its positive-sequence current, re, im
constexpr int kRecloserRows = 12;   //!< per recloser: voltage re, im of three phases; current re, im of three phases
constexpr int kZones = 2;           //!< units ahead of and behind the regulators

//! Where a state's unit currents are solved; quantities of other steps are interpolated between these.
enum Anchor : int {
  anchor_half,  //!< half sun, middle load
  anchor_low,   //!< full sun, lowest load
  anchor_high,  //!< full sun, highest load
  anchor_taps,  //!< full sun, middle load, all taps moved
  num_anchors
};
enum LoadLevel : int { level_low, level_middle, level_high, num_levels };

//! A base quantity against load: c0 + dl (c1 + dl c2), dl = load - middle level.
template <class Real>
struct LoadCurve {
  Real c0, c1, c2;
};
//! What a quantity gains per unit of a regulator's ratio: c0 + dl c1.
template <class Real>
struct TapSlope {
  Real c0, c1;
};

//! A node of a kept bus on the way from a unit to the source.
template <class Real>
struct LinearNode {
  LoadCurve<Real> base;        //!< magnitude [pu]
  LoadCurve<Real> low, high;   //!< offsets of the lowest and highest node that hangs on it [pu]
  TapSlope<Real> taps[kBank];  //!< of the magnitude [pu]
  std::int32_t low_node, high_node;
};

//! Mean of some nodes of a kept bus, and the first monitor that follows it (in the order of LinearMonitor).
template <class Real>
struct LinearMean {
  std::int32_t first;    //!< first LinearNode
  LoadCurve<Real> base;  //!< mean of the nodes' [pu]
  TapSlope<Real> taps[kBank];
  Real weight[kPhases];
  std::int32_t monitor, monitors;
};
template <class Real>
struct LinearMonitor {
  std::int32_t row;  //!< of the workspace's voltage changes
  std::int32_t bus;
  std::int32_t der;  //!< DER row where it counts only beside a DER, else -1
  Real load_slope;   //!< of its offset to the mean [pu per unit of load]
};
//! A bus between two kept buses in a row of lines without load: its change lies between theirs.
template <class Real>
struct BetweenMonitor {
  std::int32_t row;
  std::int32_t upper, lower;  //!< rows of the kept buses' voltage changes
  Real share;                 //!< of the lower one
};

//! Lines in series that carry one current: a block of rows for all of them.
template <class Real>
struct LinearBranch {
  std::int32_t first, count;  //!< members; the first has the largest loading
  Real base, taps;            //!< most that the base's and a ratio's parts add up to at a corner (loading)
  //! What each ratio adds to the positive-sequence current at the middle level.
  Real sequence_taps[kBranchRows][kBank];
  Real alarm;  //!< squared loading (of the rows) at which a member is watched
};
template <class Real>
struct LinearMember {
  std::int32_t rated, bus;
  Real share;   //!< squared loading over that of the rows
  Real normal;  //!< squared loading at the normal rating
  Real watch;   //!< squared loading from which hours and loading are kept
};
//! A component (re, im of three phases) of a branch current over the emergency rating, without units.
template <class Real>
struct LinearCurrent {
  LoadCurve<Real> base;
  TapSlope<Real> taps;  //!< of the same phase's regulator
};

//! A rated branch off the way: its loading is the base day's.
template <class Real>
struct FixedBranch {
  std::int32_t rated;
  Real hours, overload;  //!< in runs' weights; squared loading
};

//! The lowest node that hangs on a zone's low_node: without units [pu], and per ratio.
template <class Real>
struct LinearLowest {
  Real base, taps[kBank];
};

//! What a run of equal steps has in common for all states.
template <class Real>
struct LinearRun {
  Real sun, dl, sun_dl, sun2;
  Real controlled[kBank];       //!< controlled voltage at the base taps [pu]
  Real coupling[kBank][kBank];  //!< of the controlled voltage / its own ratio, per ratio
  LinearLowest<Real> lowest[kZones];
};
//! Power that leaves an area through its reclosers in a run, [P, Q] [kW, kvar].
template <class Real>
struct LinearFlow {
  Real base, taps;  //!< `taps` per change of all ratios
};

template <class Real>
struct LinearView {
  std::int32_t units, regulators, nodes, branches, flows, means, between, fixed;
  std::int32_t columns;  //!< kUnitColumns * units
  std::int32_t unit_row, regulator_row, controlled_row, node_row, tau_row, branch_row, flow_row,
      rows;  //!< multiples of kRowBlock
  std::int32_t pairs, corners, extremes;
  std::int32_t low_node[kZones];  //!< nodes whose lowest step is looked at, -1 = none
  Real level[num_levels], half;   //!< load multipliers; half the distance of the outer ones
  Real moved;                     //!< change of every ratio at anchor_taps
  Real most_sun, most_sun_dl;     //!< largest |sun| and |sun dl| of a corner
  std::int32_t present_units;
  const std::int32_t* present;        //!< [present_units] the units that the states evaluated together have, or all
  const std::int32_t* der;            //!< [units] row of the DER power
  const std::int32_t* unit_node;      //!< [units] first LinearNode
  const std::int32_t* unit_zone;      //!< [units] 1: behind a regulator
  const Real* reference;              //!< [units][3] squared magnitude of the reference phasor [pu]
  const Real* response;               //!< [num_levels], by block of rows: [columns][rows of the block]
  const Real* phase_response;         //!< [num_levels][6 * units][8] of the controlled rows
  const Real* deviation_response;     //!< [node rows / 8][4 * units][8] at the middle level, over that of phase 3
  const Real* turn_response;          //!< [node rows / 8][columns][8] each phase's turning less its bus's mean
  const Real* turn_base;              //!< [num_levels][nodes + 8]
  const Real* tap_response;           //!< by block of rows: [4 * regulators][rows of the block]
  const Real* base;                   //!< [num_levels][rows]
  const LinearNode<Real>* node;       //!< [nodes], three per bus
  const LoadCurve<Real>* controlled;  //!< [regulators] controlled voltage at the base taps [pu]
  const TapSlope<Real>* coupling;     //!< [regulators][regulators]
  const Real* ratio;                  //!< [regulators] base
  const Real* z;                      //!< [regulators][re, im] at ratio 1 [pu]
  const LinearBranch<Real>* branch;   //!< [branches]
  const LinearMember<Real>* member;
  const LinearCurrent<Real>* current;  //!< [branches][6]
  const Real* turn;                    //!< [3][re, im] of each phase against the first
  const LoadCurve<Real>* area;         //!< [flows + 1][P, Q] that leaves the area [kW, kvar]
  const TapSlope<Real>* area_taps;     //!< [flows + 1][P, Q] of all ratios together
  const LinearRun<Real>* run;          //!< [runs]
  const LinearFlow<Real>* run_flow;    //!< [flows + 1][P, Q][runs]
  const LinearMean<Real>* mean;
  const LinearMonitor<Real>* monitor;
  const BetweenMonitor<Real>* between_monitor;
  const FixedBranch<Real>* fixed_branch;
  Real fixed_emergency, fixed_emergency_code;  //!< largest squared loading off the way
  const std::int32_t* pair;   //!< [pairs] run whose change from the run before is looked at; while the load stays first
  std::int32_t steady_pairs;  //!< pairs while the load stays
  const std::int32_t* corner;  //!< [corners] runs; the first `extremes` are of the lowest and highest load
};

//! What a screening adds to a day's outputs.
enum VerdictRow : std::int32_t {
  v_strength2,
  v_vdiff_low,
  v_vdiff_high,
  v_vmax,
  v_vmin,        //!< over the days of shifted controls
  v_near_hours,  //!< 1: an error of a loading changes the verdict on normal hours
  num_verdict_rows
};

//! Rows of a zone: base (3), anchors, the phases' mean slopes by tap (2 each), what a phase has over the mean, and the
//! weight of the zone's own tap moves.
constexpr std::int32_t kZoneTaps = 3 + num_anchors, kZonePhase = kZoneTaps + 2 * kBank, kZoneOwn = kZonePhase + kBank,
                       kZoneRows = kZoneOwn + 1;

//! Rows of the scratch memory beside the workspace; every row holds one number per evaluation.
struct LinearScratch {
  std::int32_t rho, before, x, phase_x, tap_x, value, deviation, turn, node, mean, controlled, branch, area, moves,
      zone, kept, low, high, verdict, rows;
};
//! A pure plan. `moves`: per run the regulators' moves and, last, their mean. `low`, `high`: of a screening, the range
//! of every monitor's voltage change, `kept` the change itself; `verdict`: see VerdictRow.
GQ_HD LinearScratch plan_linear_scratch(std::int32_t units, std::int32_t rows, std::int32_t nodes, std::int32_t means,
                                        std::int32_t branches, std::int32_t flows, std::int32_t runs,
                                        std::int32_t monitors) {
  LinearScratch s{};
  std::int32_t row = 0;
  s.rho = row, row += kPhaseColumns * units;
  s.before = row, row += kPhaseColumns * units;
  s.x = row, row += kUnitColumns * units;
  s.phase_x = row, row += kPhaseColumns * units;
  s.tap_x = row, row += kTapColumns * kBank;
  s.value = row, row += rows;
  s.deviation = row, row += nodes + kRowBlock;
  s.turn = row, row += nodes + kRowBlock;
  s.node = row, row += num_anchors * nodes;
  s.mean = row, row += num_anchors * means;
  s.controlled = row, row += num_anchors * kBank;
  s.branch = row, row += num_anchors * kBranchRows * branches;
  s.area = row, row += num_anchors * 2 * (flows + 1);
  s.moves = row, row += (kBank + 1) * runs;
  s.zone = row, row += kZones * kZoneRows;
  s.kept = row, row += monitors;
  s.low = row, row += monitors;
  s.high = row, row += monitors;
  s.verdict = row, row += num_verdict_rows;
  s.rows = row;
  return s;
}

template <class Lane, class Real>
GQ_HD Lane at_load(const LoadCurve<Real>& c, const Lane& dl) {
  return Lane(c.c0) + dl * (Lane(c.c1) + dl * Lane(c.c2));
}
template <class Lane, class Real>
GQ_HD Lane at_load(const TapSlope<Real>& t, const Lane& dl) {
  return Lane(t.c0) + dl * Lane(t.c1);
}

}  // namespace gridqueue
