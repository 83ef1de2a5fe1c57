// The feeder as kernels see it: flat arrays in depth-first order, per unit.
//
// Base: each bus's own line-to-neutral voltage; kBaseVa per phase. Voltages, currents (injections) and impedances are
// per unit of the bus they belong to; a branch belongs to its child bus.
#pragma once
#include <cstdint>

#include "gridqueue/control_kinds.hpp"
#include "kernels/lane/lane.hpp"

namespace gridqueue {

constexpr double kBaseVa = 1e6;  //!< [VA] per phase
constexpr int kMaxNodes = 4;     //!< nodes of a bus
constexpr int kPhases = 3;       //!< of the source

enum class SweepKind : std::int32_t {
  source,
  line,
  transformer,  //!< node to node, the same at both ends
  regulator,
  two_port  //!< any nodes to any nodes
};

//! One bus and its branch to the parent; -1 = none.
struct BusRecord {
  SweepKind kind;
  std::int32_t num_nodes;
  std::int32_t node;               //!< first node
  std::int32_t current;            //!< row of its branch's current, counted from WorkspacePlan::current
  std::int32_t parent_node;        //!< first node of the parent bus
  std::int32_t parent_nodes;       //!< number of nodes of the parent bus
  std::int32_t select[kMaxNodes];  //!< position of each node's phase within the parent's nodes
  std::int32_t chained;      //!< 1: the parent is the previous bus and has the same nodes: values stay in registers
  std::int32_t side;         //!< row of the currents collected from children that are not chained
  std::int32_t parent_side;  //!< the parent's `side` where this bus is not chained
  std::int32_t side_first;   //!< 1: the first (last in depth-first order) child to write parent_side
  //! First coefficient: z [n][n], charging [n] and coupled charging [n][n] (line), z and a [n][parent's nodes]
  //! (transformer, two-port; then of each of its tap changers z, a and y [parent's nodes][parent's nodes], see
  //! TapTerm), z [n] (regulator).
  std::int32_t coefficient;
  std::int32_t shunt;  //!< first coefficient of the fixed shunt [n][n]
  //! First row of WorkspacePlan::held where its fixed shunt is held (injection.hpp), and the next such bus; -1 = none.
  //! That shunt is not in
  std::int32_t held, next_held;
  std::int32_t admittance;    //!< first coefficient of the fixed shunt and of lines' charging here at scale 1 [n][n]
  std::int32_t shunts_below;  //!< first coefficient of the admittances to ground here and below [n]
  std::int32_t line;          //!< row of the line's scale: 1, or 1 / factor where it is upgraded
  std::int32_t injection, injections;  //!< first record, how many
  std::int32_t der;                    //!< row of the DER power
  std::int32_t part, parts;            //!< first part of units that stand on some of its phases, how many
  std::int32_t monitor;                //!< row of the voltage change
  std::int32_t always_monitored;       //!< 0: counts only where a DER stands
  std::int32_t regulator;              //!< first regulator (kind regulator), or the one that moves all nodes
  std::int32_t tap, taps;              //!< first regulator that adds a term of its own (two-port), how many
  std::int32_t capacitor, capacitors;  //!< first switched one, how many; only where there is a shunt
  std::int32_t rated, ratings;         //!< first row of the thermal limits, how many
  std::int32_t floating;               //!< 1: voltages mean something between nodes only
  std::int32_t neutrals;               //!< bits of nodes that are no phase: their voltages are not judged
  std::int32_t low_voltage;            //!< 1: below 1 kV, judged by limits of its own
};

//! Lines in series that a sweep takes as one, from bus `top` down to the line that leads to node `bottom`.
struct SeriesRecord {
  std::int32_t nodes;                        //!< of each of its buses but the top
  std::int32_t top_node, select[kMaxNodes];  //!< the top's first node, positions of the phases within its nodes
  std::int32_t bottom_node;                  //!< first node
  std::int32_t current, line;                //!< as BusRecord's of the joined line
  std::int32_t coefficient;                  //!< the same: z [n][n], charging [n], coupled charging [n][n]
  std::int32_t member, members;              //!< first line from the top, how many
};
//! One of them.
template <class Real>
struct SeriesMember {
  std::int32_t node, line;  //!< as BusRecord's of its bus
  Real share;               //!< of the joined line's z and charging, where no line is upgraded
};

//! Of FeederView::level: the shape of units, then those of loads.
constexpr std::int16_t kUnitShape = 0, kFirstLoadShape = 1;

//! How the magnitude of a current follows u = |V| / nominal voltage, within a band (injection.hpp).
enum class InjectionLaw : std::int8_t {
  power,      //!< 1 / u
  impedance,  //!< u
  current,    //!< 1
  polynomial  //!< in u
};
enum class Connection : std::int8_t {
  ground,  //!< a share per node
  nodes    //!< one share, between node `from` and node `to`, or ground (-1)
};

//! What is drawn from a bus: shares that follow one law and one shape. A share of 0 = none.
template <class Real>
struct InjectionRecord {
  InjectionLaw law;
  Connection connection;
  std::int8_t from, to;     //!< positions within the bus
  std::int16_t shape;       //!< of FeederView::level
  std::int16_t degree;      //!< of the polynomial
  std::int32_t polynomial;  //!< first of its coefficients: middle, 1 / half of its range in u, then ascending powers
  Real p[kMaxNodes] = {}, q[kMaxNodes] = {};  //!< current at nominal voltage, drawn from the network
  Real ratio = 1;                             //!< bus base voltage / nominal voltage
  Real vmin = 0, vmax = 1e9;                  //!< band of the law [u]; above it the current is high * u
  Real high = 1;
  Real vlow = 0, offset = 0, slope = 1;  //!< below the band it is offset + slope * u, from vlow down u
};

//! Voltages or currents that a control measures, by global node.
struct MeasuredNodes {
  PhaseChoice choice;
  std::int32_t count;
  std::int32_t node[kPhases], to_node[kPhases];  //!< to_node -1 = ground
};

//! Nodes of one bus that a limit or a control looks at together.
struct NodesRecord {
  std::int32_t bus, node, nodes;  //!< first node, how many
};

//! What a reversible regulator goes by once power flows back.
template <class Real>
struct ReverseRecord {
  ReverseMode mode;
  std::int32_t at_start, to_neutral;
  NodesRecord meter;                 //!< of the power
  Real threshold, delay, tap_delay;  //!< [kW, s]
  Real vreg, half_band, drop_re, drop_im;
};

template <class Real>
struct RegulatorRecord {
  MeasuredNodes measured;
  Real volts;  //!< PT secondary volts per unit of the measured voltage
  Real vreg, half_band;
  Real boost_steps;          //!< tap steps per PT secondary volt
  Real tap_ratio, tap_step;  //!< ratio = tap_ratio + tap_step * tap
  std::int32_t inverse;      //!< 1: its term is multiplied by 1 / ratio
  Real direction;            //!< in which the tap goes where a higher voltage is wanted: 1 or -1
  Real tap_min, tap_max, max_change, tap_initial;
  Real positions;            //!< that a step moves it
  Real delay;                //!< [s]
  std::int32_t limits;       //!< 1: vlimit counts first
  Real vlimit;               //!< [PT secondary volts]
  std::int32_t compensates;  //!< 1: line-drop compensation by r and x, 2: by magnitudes
  Real drop_re, drop_im;     //!< PT secondary volts per unit of the current at the measured node
  std::int32_t inverse_time;
  ReverseRecord<Real> back;
};
//! Whether what it does hangs on more than its last sample.
template <class Real>
GQ_HD bool needs_memory(const RegulatorRecord<Real>& r) {
  return r.inverse_time != 0 || r.back.mode != ReverseMode::none;
}

//! A switched capacitor with its control. Settings of a voltage and of a power factor are negative, so that it closes
//! above `on` and opens below `off` whatever is measured.
template <class Real>
struct CapacitorRecord {
  std::int32_t shunt;  //!< first coefficient of its admittance [n][n]
  CapacitorMeasure measure;
  MeasuredNodes voltage;   //!< all phases, for power
  std::int32_t overrides;  //!< 1: voltages beyond vmin, vmax count first
  Real volts;              //!< PT secondary volts per unit
  std::int32_t line;       //!< bus of the line whose current is measured
  std::int32_t at_parent;  //!< 1: at its parent's end
  //! -1 = the line is the branch; else first coefficient of [conductor][nodes of that bus, then of its parent]: current
  //! into the measured terminal, of J and of the parent's voltages
  std::int32_t terminal;
  std::int32_t tap;                        //!< regulator whose term's factor x multiplies what comes of J, and x^2
                                           //!< the rest where its winding lies at the parent; -1 = none
  std::int32_t conductors;                 //!< of the terminal
  std::int32_t conductor_node[kMaxNodes];  //!< global node of each
  MeasuredNodes current;                   //!< conductors, counted from the bus's first node
  Real amps;                               //!< CT secondary amperes per unit of current; of power [kvar per unit]
  Real on, off, vmin, vmax;
  Real delay_on, delay_off, dead_time;  //!< [s]
  Real initial, steps;                  //!< CapacitorState, or how many of its steps are in; how many it has
  std::int32_t size;      //!< first coefficient of its steps' sizes, as multiples of `shunt`; -1 = equal ones
  std::int32_t schedule;  //!< by time: of FeederView::level
  Real least_kvar, least_step_kvar;  //!< by power factor: drawn where it closes, or adds a step
};

//! Squared reciprocals of the ratings in per-unit current at the parent.
template <class Real>
struct RatingRecord {
  Real inverse_normal2, inverse_emergency2;
  Real inverse_watch2;   //!< of the current from which hours and loading are kept: the lower rating, or 0 A
  Real charging_sign;    //!< +1: terminal 1 at the parent, -1: at the child
  std::int32_t current;  //!< of a two-port: first coefficient of [kMaxNodes][n], what flows at terminal 1 of J
  //! First coefficient of what its no-load currents add there by the parent's voltages, -1 = none: of a two-port
  //! [kMaxNodes][parent's nodes], else [n][n] over the selected ones.
  std::int32_t no_load;
  std::int32_t tap;  //!< of a two-port: regulator whose term's factor x multiplies `current`, and x^2 `no_load` where
                     //!< its winding lies at the parent; -1 = none
  //! While voltages are below kBoundedVoltage the squared current at terminal 1 is at most share_bound2 * |J|^2 of the
  //! node with most + own_bound2.
  Real share_bound2 = Real(1e30), own_bound2 = Real(0);
};
constexpr double kBoundedVoltage = 2;  //!< [pu]

//! A recloser: power through it from the source side [kW, kvar].
struct RecloserRecord {
  std::int32_t bus;  //!< child bus of the watched branch
  std::int32_t at_parent;
  std::int32_t area_above;  //!< areas 0..num_reclosers; recloser r feeds area r + 1
};

//! What is new in a run of equal steps.
enum StepChange : std::int32_t { kOnlySun = 0, kMoreThanSun = 1, kNewDay = 2 };

//! A run of equal steps.
template <class Real>
struct StepRecord {
  std::int32_t level;    //!< first of its multipliers in FeederView::level
  std::int32_t source;   //!< first of its numbers in FeederView::source
  std::int32_t changed;  //!< StepChange: since the run before; a day's first is always kNewDay
  std::int32_t step;     //!< its first step
  Real weight;           //!< steps in the run
};

//! Rows of the workspace; every row holds one number per evaluation. A pure plan, the same for every machine.
struct WorkspacePlan {
  std::int32_t scale, der, part;                             // inputs
  std::int32_t voltage, current, side, previous, tap, flow;  // state
  //! State too. `capacitor`: CapacitorState, or how many of its steps are in; `opened`: the step in which it opened
  //! last; of every control, regulators first, `wanted`: the tap or state that it goes for, `due`: when [s].
  std::int32_t capacitor, opened, wanted, due;
  std::int32_t held, held_next;  //!< state: currents of shunts that are held, and those of the next sweep
  std::int32_t turned, turns;    //!< state, where a regulator is reversible: 1 = power flows back, when it turns [s]
  std::int32_t worst;            //!< hours of the worst day so far, by rating; no rows where there is one day
  std::int32_t high, low, change, overload, hours, scalar;  // outputs; `high`, `low`: FeederView::by_place
  //! Outputs where there is something to judge: of the buses below 1 kV [num_low_voltage_rows]; extreme, its code, then
  //! by place: squared unbalance, power towards the source [kW].
  std::int32_t low_voltage, unbalance, reverse;
  std::int32_t first_output, rows;
};

//! Rows of `scalar` outputs. Codes, each after its extreme: step * (number of buses or nodes) + bus or node, exact in
//! float below 2^24.
enum Scalar : std::int32_t {
  s_failed,  //!< 1: the power flow did not converge
  s_vdiff,
  s_vdiff_code,
  s_vmax,
  s_vmax_code,
  s_vmin,  //!< squared magnitudes, as s_vmax
  s_vmin_code,
  s_emergency,  //!< squared loading
  s_emergency_code,
  s_tap_min,
  s_tap_max,
  s_sweeps,
  s_above,  //!< 1: some element is above its watched current at some step
  num_scalars
};
//! Rows of WorkspacePlan::low_voltage, as the scalars of the other buses.
enum LowVoltageRow : std::int32_t { lv_vmax, lv_vmax_code, lv_vmin, lv_vmin_code, num_low_voltage_rows };
//! Rows before those of the places of WorkspacePlan::unbalance and reverse.
enum ExtremeRow : std::int32_t { e_value, e_code, num_extreme_rows };
//! Rows of an area's flow: min, max, min of the absolute value; P then Q.
constexpr int kFlowRows = 6;

template <class Real>
struct FeederView {
  std::int32_t num_buses, num_nodes, num_regulators, num_capacitors, num_reclosers, num_monitors, num_rated, num_steps;
  std::int32_t num_days;
  //! 1: line charging couples phases, and either end's hangs on that end's voltage; 0: one admittance per node, both
  //! ends at the child's voltage.
  std::int32_t exact_charging;
  std::int32_t general;  //!< 1: more than lines, loads to ground of constant current or power, at buses of three nodes
  std::int32_t reversible;  //!< 1: some regulator is
  //! First bus whose shunt is held, -1 = none; nodes of all; first coefficient of (1 + Y W)^-1 Y and (1 + Y W)^-1, each
  //! [held_nodes][held_nodes].
  std::int32_t first_held, held_nodes, held_coefficient;
  std::int32_t by_place;         //!< 1: every node's extremes and every rated branch's loading are kept
  std::int32_t num_low_voltage;  //!< buses below 1 kV
  std::int32_t num_three_phase, num_power_meters;  //!< 0 where unbalance, reverse power are not judged
  //! Buses of a sweep, series of lines that it takes as one, rows of their currents.
  std::int32_t num_swept, num_series, num_series_rows;
  const BusRecord* bus;        //!< [num_buses]
  const BusRecord* swept;      //!< [num_swept], depth first; `bus` where num_series = 0
  const SeriesRecord* series;  //!< [num_series]
  const SeriesMember<Real>* member;
  const Real* coefficient;
  const InjectionRecord<Real>* injection;
  const RegulatorRecord<Real>* regulator;
  const CapacitorRecord<Real>* capacitor;  //!< [num_capacitors], switched ones
  const RatingRecord<Real>* rating;
  const RecloserRecord* recloser;
  const NodesRecord* three_phase;  //!< [num_three_phase], the nodes of phases 1, 2, 3
  const NodesRecord* power_meter;  //!< [num_power_meters], what reverse power flows through: the source, regulators
  const StepRecord<Real>* step;    //!< [num_steps], runs of equal steps
  const Real* level;               //!< [num_steps][shapes] multipliers
  const Real* source;              //!< [num_steps][nodes of bus 0][re, im]
  const Real* initial_voltage;     //!< [num_nodes][re, im]
  WorkspacePlan plan;
  Real tolerance;   //!< largest error of a converged solution [pu]
  Real last_step;   //!< largest voltage step that a solve may end with [pu]
  Real stagnation;  //!< voltage step accepted after `patience` sweeps [pu]
  std::int32_t patience, max_sweeps, max_control_rounds;
  std::int32_t
      ahead_sweeps;   //!< after which a solve goes on without anticipation, and by smaller steps where they grow
  Real least_share;   //!< of a step that is taken
  Real anticipation;  //!< 0 = none, else how far ahead currents are foreseen (sweep.hpp)
  Real step_s;
  InjectionRecord<Real> unit;  //!< every unit at a whole three-phase bus, of 1 pu on each phase
  std::int32_t first_part;     //!< `injection` of part 0, of 1 pu; its power is in row `plan.part`
};

//! One evaluation's (or one vector of evaluations') column of the workspace.
template <class Lane>
struct Column {
  Lane* data;
  std::int64_t stride;  //!< in Lanes; 1 on the CPU
  GQ_HD Lane& operator[](std::int32_t row) const { return data[row * stride]; }
  GQ_HD Column from(std::int32_t row) const { return {data + row * stride, stride}; }  //!< rows counted from `row`
};

//! On the CPU rows of a vector of evaluations lie next to each other.
template <class Lane>
struct DenseColumn {
  Lane* data;
  GQ_HD Lane& operator[](std::int32_t row) const { return data[row]; }
  GQ_HD DenseColumn from(std::int32_t row) const { return {data + row}; }
};

template <class Lane>
struct Cx {
  Lane re, im;
};
//! a += (cr + j ci) * x
template <class Lane, class Real>
GQ_HD void add_product(Cx<Lane>& a, Real cr, Real ci, const Cx<Lane>& x) {
  a.re += Lane(cr) * x.re;
  a.re -= Lane(ci) * x.im;
  a.im += Lane(cr) * x.im;
  a.im += Lane(ci) * x.re;
}
template <class Lane>
GQ_HD Lane abs2(const Cx<Lane>& x) {
  return x.re * x.re + x.im * x.im;
}

}  // namespace gridqueue
