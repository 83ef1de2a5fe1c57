// The feeder as the engine sees it: a tree of two-ports in depth-first order.
//
// Sign and units: voltages are line-to-neutral phasors [V]; currents are injections INTO the network [A];
// admittances [S], impedances [ohm]. For the branch between child bus c and its parent p, with the primitive
// admittance blocks (Ycc, Ycp, Ypp) summed over all elements between the two buses (after the line charging has
// been taken out, see Branch):
//     Z = Ycc^-1,  A = -Z Ycp
//     backward  J_p += A^T J_c          forward  V_c = A V_p + Z J_c
// where J_c is the sum of all currents injected at c and below. For a line A is a selection of phases. What is
// left over, R = Ypp + Ycp^T A, capacitors and magnetising currents are nodal shunts (Bus::y_shunt).
#pragma once
#include <array>
#include <complex>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gridqueue/control_kinds.hpp"
#include "gridqueue/ids.hpp"

namespace gridqueue {

using Complex = std::complex<double>;
using NodeVector = std::array<Complex, kMaxNodesPerBus>;
using NodeMatrix = std::array<std::array<Complex, kMaxNodesPerBus>, kMaxNodesPerBus>;  //!< [row][column]

enum class BranchKind : std::int32_t {
  source = 0,       //!< the root bus: V = E + Z J with the source's Thevenin impedance Z
  line = 1,         //!< A selects the child's phases from the parent; Z and charging scale with length
  transformer = 2,  //!< full Z and A; a gang's tap t scales all of the child's side: t A, t^2 Z
  regulator = 3,    //!< bank of single-phase tap changers, tap on the child side: A = diag(t), Z = diag(t^2 z)
  other = 4,        //!< any other series element with fixed Z and A (reactor, closed switch given as such)
};

//! One winding of a transformer, as OpenDSS describes it.
struct Winding {
  bool at_parent = false;                //!< lies at the parent bus
  bool delta = false;                    //!< else wye
  std::vector<int> conductors;           //!< node numbers (phases) its conductors are connected to, 0 = ground
  double kv = 0, kva = 0;                //!< rated; [kV] line-to-line for two and three phases
  double r_pct = 0;                      //!< [% of kva]
  double r_neutral = -1, x_neutral = 0;  //!< [ohm]; negative resistance = open or solidly grounded by its conductor
  double tap = 1, tap_min = 0.9, tap_max = 1.1;  //!< ratio per unit
  int num_taps = 32;
  BusId bus;  //!< where it lies, of three windings at three buses; else invalid
};

//! One transformer of a branch: what an OpenDSS model of this feeder needs beyond the two-port.
struct TransformerUnit {
  std::string name;  //!< lower case, without the class
  int phases = 0;
  bool lead = false;                //!< OpenDSS LeadLag
  std::vector<Winding> winding;     //!< two or three
  double xhl_pct = 0;               //!< [% of the first winding's kva] between windings 1 and 2
  double xht_pct = 0, xlt_pct = 0;  //!< likewise 1 and 3, 2 and 3; 0 without a third winding
  double noload_pct = 0, imag_pct = 0, ppm_antifloat = 0;
};

//! An element of a branch that is judged by its own current.
struct BranchElement {
  std::string name;
  double normal_amps = 0, emergency_amps = 0;  //!< [A] at its terminal 1; 0 = not rated
  //! I_1 = i_terminal1 * J_c + y_terminal1 * V_p, [conductor][n_child], [S] [conductor][n_parent]
  NodeMatrix i_terminal1{}, y_terminal1{};
  //! With x what its tap changer's TapTerm is multiplied by: x * i_terminal1, x^2 * y_terminal1 where that winding lies
  //! at the parent.
  bool with_tap = false;
};

//! No-load currents at nominal voltage of less than this share of the normal rating, such as those of anti-float
//! admittances, count as none.
constexpr double kLeastNoLoad = 1e-5;

//! The branch from a bus to its parent. Matrices are [n_child][n_child] (z, y_line) or [n_child][n_parent] (a).
struct Branch {
  BranchKind kind = BranchKind::source;
  std::string name;      //!< OpenDSS element, lower case, e.g. "line.line13", "transformer.sub", "" at the source
  NodeMatrix z{};        //!< [ohm] at the child's voltage level; with a tap changer: at tap ratio 1
  NodeMatrix a{};        //!< with a tap changer: at tap ratio 1 (of a regulator the identity)
  NodeMatrix y_line{};   //!< [S] charging of ONE end of a line (both ends are equal); 0 for other kinds
  double length_ft = 0;  //!< original length of a line, 0 where it has no unit, and for other kinds
  bool underground = false;
  bool upgradable = false;          //!< a line that is no switch and that no recloser or fuse watches
  bool terminal1_is_parent = true;  //!< the element's terminal 1 lies at the parent bus
  double normal_amps = 0;           //!< [A] at terminal 1; 0 = not rated
  double emergency_amps = 0;        //!< [A] at terminal 1
  //! I_1 = i_terminal1 * J_c + y_terminal1 * V_p: what flows at terminal 1; like J_c it counts the current from the
  //! element into the bus. [n_parent][n_child] (= A^T; at ratio 1 with a tap changer); a line's charging is y_line.
  NodeMatrix i_terminal1{};
  //! [S] [n_parent][n_parent] = -R, no-load current of a transformer: no tap on the child's side changes it. Kept where
  //! it is more than kLeastNoLoad of the rating.
  NodeMatrix y_terminal1{};
  //! Those side by side, or one whose terminal 1 does not carry the current above; the ratings above are 0 then.
  std::vector<BranchElement> elements;
  //! Transformers and regulators, for export; empty for other kinds. One with windings at three buses stands in the
  //! branch of its first winding.
  std::vector<TransformerUnit> units;
};

struct Bus {
  std::string name;                          //!< lower case
  std::string whole;                         //!< of a part of a bus whose phases nothing couples: that bus; else ""
  BusId parent;                              //!< invalid for the source bus
  int num_nodes = 0;                         //!< 1..4
  std::array<int, kMaxNodesPerBus> phase{};  //!< 1-based phase (OpenDSS node number) of each node, ascending
  double kv_base = 0;                        //!< [kV] line-to-neutral base
  //! No path to ground but an artificial one: voltages mean something between nodes only.
  bool floating = false;
  //! Where the three branches of a transformer with windings at three buses meet, one node for each of its phases
  //! (from 5): no bus of the model. Nothing stands or is judged there.
  bool inner = false;
  NodeMatrix
      y_shunt{};  //!< [S] all fixed nodal shunts except line charging (capacitors without control, R, magnetising)
  NodeVector v_initial{};  //!< [V] snapshot before the day
  NodeVector v_base{};     //!< [V] base-case phasors that turn an n x n shunt into one admittance per node
  double x = 0, y = 0;     //!< coordinates of the drawing (units of the feeder file)
  bool has_coordinates = false;
  bool has_load = false, has_capacitor = false, has_generator = false;  //!< generators count even if disabled
  Branch branch;                                                        //!< to the parent

  //! The bus of the model.
  [[nodiscard]] const std::string& model_name() const { return whole.empty() ? name : whole; }
};

//! Below 1 kV: its nominal voltage between phases, sqrt(3) times the base voltage, whatever its phases. That of 1 kV
//! itself is not, however the root is rounded.
[[nodiscard]] bool low_voltage(const Bus& bus);

//! How a load's current follows its voltage, by OpenDSS's number. With u = |V| / nominal voltage the laws hold within
//! [vmin_pu, vmax_pu]; what they are outside is in docs/evaluation.md.
enum class LoadModel : std::int32_t {
  constant_power = 1,
  constant_impedance = 2,  //!< at any voltage
  motor = 3,               //!< constant P, Q of an impedance
  cvr = 4,                 //!< P ~ u^cvr_watts, Q ~ u^cvr_vars
  constant_current = 5,    //!< magnitude; turns with the voltage
  fixed_q = 6,             //!< constant P and Q
  fixed_q_impedance = 7,   //!< constant P, Q of an impedance at any voltage
  generation = 100,        //!< constant P and Q, impedance outside (OpenDSS PVSystem, Generator of model 1)
  // other models of Generator, by its number:
  generation_impedance = 102,          //!< at any voltage
  generation_fixed_q = 104,            //!< constant P and Q, Q outside that of an impedance
  generation_fixed_q_impedance = 105,  //!< constant P, Q of an impedance at any voltage
  generation_limited = 107,            //!< constant P and Q; below the band its edge's current, with Q the other way
  generation_single_delta = 111,       //!< of one phase in delta: constant P and Q, a third of an impedance outside
};
[[nodiscard]] constexpr bool generates(LoadModel m) { return m >= LoadModel::generation; }

//! One phase of a load (or, with negative power, of a generator): between two nodes of a bus, or a node and ground.
struct Load {
  std::string name;  //!< lower case, e.g. "load.bus_901"
  BusId bus;
  int node = 0;      //!< position within the bus, 0-based
  int to_node = -1;  //!< of the other end; -1 = ground
  LoadModel model = LoadModel::constant_current;
  double kw = 0, kvar = 0;           //!< this phase's share where its shape is 1
  int kw_shape = 0, kvar_shape = 0;  //!< rows of Network::shapes
  double kv = 0;                     //!< [kV] nominal, between its two ends
  double vmin_pu = 0.95, vmax_pu = 1.05, vlow_pu = 0.5;
  double cvr_watts = 1, cvr_vars = 2;  //!< exponents of model cvr
};

//! How something varies over the day.
struct Shape {
  std::string name;           //!< "" or as the feeder file has it
  std::vector<double> value;  //!< [num_steps]
};

//! What a control measures: between two nodes of a bus each, or a node and ground.
struct MeasuredPhases {
  PhaseChoice choice = PhaseChoice::highest;  //!< means nothing where there is one
  std::array<int, 3> node{-1, -1, -1};        //!< positions within the bus; -1 = no further phase
  std::array<int, 3> to_node{-1, -1, -1};     //!< of the other end; -1 = ground
};

//! What a tap changer adds to a branch that is neither a bank of regulators nor moved as a whole. With x its ratio, or
//! 1 / ratio where its winding lies at the parent, and the sum over the branch's tap changers k
//!     A = a + sum x_k a_k,  Z = z + sum x_k^2 z_k,  and x_k^2 y_parent_k stands at the parent's nodes.
//! Exact where no current can circulate between the elements (tests/dss/test_tapped_branches.cpp).
struct TapTerm {
  bool at_parent = false;
  NodeMatrix z{};         //!< [ohm], [n_child][n_child]
  NodeMatrix a{};         //!< [n_child][n_parent]
  NodeMatrix y_parent{};  //!< [S], [n_parent][n_parent]
};

//! What a RegControl goes by once power flows back, through the winding that it measures.
struct ReverseSettings {
  bool at_start = false;  //!< it flows back as a snapshot leaves it, where a day starts
  double threshold_kw = 100;
  double delay_s = 60;
  bool to_neutral = false;                 //!< it goes to ratio 1
  double tap_delay_s = 2;                  //!< then
  double vreg = 120, band = 3;             //!< [V]
  double ldc_r = 0, ldc_x = 0, ldc_z = 0;  //!< [V] as Regulator's, where that has any
};

//! One tap changer with its RegControl (OpenDSS STATIC control mode).
struct Regulator {
  std::string name;     //!< of the transformer, lower case
  std::string control;  //!< of the RegControl
  BusId bus;            //!< child bus of the regulator's branch
  int node = 0;         //!< position within the bus; of a gang 0; with a term its place among those of the branch
  bool gang = false;    //!< its tap moves all nodes of the bus
  std::optional<TapTerm> term;       //!< of a branch whose tap changers move something else than its nodes
  int winding = 2, tap_winding = 2;  //!< of the transformer: whose voltage it measures, whose tap it moves
  double vreg = 0;                   //!< [V] on the PT's secondary
  double band = 0;                   //!< [V] full width
  double pt_ratio = 0;
  double kv_winding = 0;         //!< [kV] rated voltage of the tapped winding's phase (RegControl counts steps in it)
  double tap_ratio = 1;          //!< ratio at position 0
  double tap_step = 0;           //!< per unit of ratio, e.g. 0.00625
  int tap_min = 0, tap_max = 0;  //!< e.g. -16, 16
  int tap_initial = 0;           //!< position that a snapshot leaves, where a day starts
  //! Positions that a tap moves at once: more than 1 where steps from where it stands miss the ends of its range, at
  //! which OpenDSS stops it all the same and counts on from there.
  int positions_per_step = 1;
  int max_tap_change = 16;  //!< 0: locked
  double delay_s = 0;
  BusId measured_bus;            //!< where the voltage is measured; invalid = at its own node
  MeasuredPhases measured;       //!< of measured_bus
  double measured_pt_ratio = 0;  //!< of the voltage transformer at measured_bus
  double ldc_r = 0, ldc_x = 0;   //!< [V] line-drop compensation: volts at ct_primary
  double ldc_z = 0;              //!< [V] likewise, of magnitudes; counts instead of r and x where it is not 0
  double vlimit = 0;             //!< [V] voltage that it keeps whatever its band says; 0 = none
  std::string words;             //!< what else OpenDSS needs to make it again (export), e.g. "ptphase=max"
  double ct_primary = 300;       //!< [A]
  bool inverse_time = false;     //!< its delay is divided by how many half bands the voltage is off, up to 10
  ReverseMode reverse = ReverseMode::none;
  ReverseSettings back{};  //!< of `reverse`

  [[nodiscard]] double ratio(double position) const { return tap_ratio + tap_step * position; }
  [[nodiscard]] bool moves(int child_node) const { return !term && (gang || node == child_node); }
};

//! A capacitor bank, already part of its bus' y_shunt unless a control switches it.
struct Capacitor {
  std::string name;  //!< lower case, e.g. "capacitor.cap1"
  BusId bus;
  NodeMatrix y{};      //!< [S] of one step
  bool delta = false;  //!< its control measures between lines
};

//! What flows into one terminal of an element that is not the whole of its branch, or no line:
//! I = i_child J_c + y_parent V_p.
struct TerminalCurrent {
  std::array<int, kMaxNodesPerBus> node{-1, -1, -1,
                                        -1};  //!< of each conductor, within the terminal's bus; -1 = no more
  std::string tap;  //!< transformer whose tap changer scales it: x I_child J_c, and x^2 y_parent V_p with its winding
                    //!< at the parent (TapTerm); "" = none
  NodeMatrix i_child{};   //!< [conductor][n_child]
  NodeMatrix y_parent{};  //!< [S], [conductor][n_parent]
};

constexpr int kMaxUnequalSteps = 12;
//! A CapControl and what it switches (OpenDSS STATIC control mode).
struct CapacitorControl {
  std::string name;   //!< lower case, e.g. "capcontrol.c"
  int capacitor = 0;  //!< row of Network::capacitors
  CapacitorMeasure measure = CapacitorMeasure::voltage;
  //! [V, A on the secondaries; kvar; h; power factor from 0 to 2, leading beyond 1]
  double on = 0, off = 0;
  double delay_on_s = 0, delay_off_s = 0, dead_time_s = 0;  //!< it closes no earlier than dead_time_s after it opened
  double vmin = 0, vmax = 0;                                //!< [V] voltages that override the measure; both 0 = none
  double pt_ratio = 1, ct_ratio = 1;
  BusId measured_bus;                               //!< of the voltage, and of the power
  MeasuredPhases voltage;                           //!< of measured_bus
  BusId line;                                       //!< child bus of the line whose current is measured; invalid = none
  bool at_parent = false;                           //!< measured where the line's terminal lies at the parent bus
  MeasuredPhases current;                           //!< nodes of the child bus, or conductors of the
  std::optional<TerminalCurrent> terminal;          //!< whose current is measured; none = the line is the branch
  CapacitorState initial = CapacitorState::closed;  //!< as a snapshot leaves it, where a day starts
  int steps = 1, initial_steps = 1;  //!< switched one by one; of a closed one those in service at the start
  //! Of each step, as a multiple of Capacitor::y; all 0 = equal ones.
  std::array<double, kMaxUnequalSteps> step_size{};
  int schedule = -1;  //!< by time: row of Network::shapes, 1 where it closes, -1 where it opens
  double least_kvar = 0, least_kvar_per_step = 0;  //!< by power factor: drawn where it closes, or adds a step
  std::string words;  //!< what else OpenDSS needs to make it again (export), e.g. "element=line.l3 terminal=2"
};

//! An element that is no straight line, transformer or capacitor; already part of a branch or of its bus' y_shunt, kept
//! for export.
struct FixedElement {
  std::string name;  //!< lower case, e.g. "reactor.neutral"
  BusId bus;
  BusId parent;  //!< of `bus`, where it is part of the branch; invalid where it lies at `bus` alone
  //! Of a line: the positions of its conductors within `bus` and `parent`, -1 = no more; whether terminal 1 is there.
  std::array<int, kMaxNodesPerBus> line_node{-1, -1, -1, -1}, line_parent_node{-1, -1, -1, -1};
  bool terminal1_is_parent = true;
  //! [S] primitive admittance: nodes of `bus`, then from kMaxNodesPerBus on those of `parent`
  std::array<std::array<Complex, 2 * kMaxNodesPerBus>, 2 * kMaxNodesPerBus> y{};
};

//! A recloser watches one terminal of a branch and cuts the feeder into areas (limit `island`).
struct Recloser {
  std::string name;
  BusId branch_child;      //!< child bus of the watched branch
  bool at_parent = false;  //!< the watched terminal lies at the parent bus
  BusId bus;               //!< bus of the watched terminal (monitored for voltage change)
};

//! A day of the steps. It starts where a snapshot leaves taps and capacitors, and no change is counted into it.
struct Day {
  int first_step = 0;
  double start_hour = 0;  //!< [h] of the source's shapes, where the first step begins
};

//! What a feeder file says of its own base case (no DER, a whole day in OpenDSS), to check ourselves by.
struct BaseCase {
  double vdiff_pct = 0, vmax_pu = 0, vmin_pu = 0, emergency_pct = 0;
  std::string vdiff_bus, vmax_node, vmin_node, emergency_element;
  std::vector<int> taps_first_step;
};

//! How far our own days were from OpenDSS's when the feeder was imported (host/dss/check_day.hpp).
struct ImportCheck {
  int days = 0;                  //!< compared; 0 = not checked
  double voltage_pu = 0;         //!< largest difference of a node's voltage at a step where taps agree
  std::string voltage_node;      //!< there
  int taps = 0, wrong_taps = 0;  //!< of all regulators and steps; how many differ
  int steps_left_out = 0;        //!< OpenDSS does not converge there
  double loading_pct = 0;        //!< difference of the base day's largest loading [% of emergency rating]
};

struct Network {
  std::string name;                   //!< e.g. "radial"
  std::vector<Bus> buses;             //!< depth-first order; heaviest three-phase child first
  std::vector<Load> loads;            //!< in bus order; a node's in the order in which their currents are added
  std::vector<Shape> shapes;          //!< of loads
  std::vector<Regulator> regulators;  //!< in bus, node order
  std::vector<Capacitor> capacitors;  //!< in bus order
  std::vector<CapacitorControl> capacitor_controls;  //!< in the order of their capacitors, one each
  std::vector<FixedElement> fixed_elements;
  std::vector<Recloser> reclosers;        //!< in depth order (nearest the source first)
  NodeVector source_voltage{};            //!< [V] E behind the source impedance where its multiplier is 1
  std::vector<double> source_multiplier;  //!< [num_steps] of source_voltage
  std::vector<double> pv_shape;           //!< [num_steps] of units, largest sample of all days = 1
  std::vector<Day> days{{}};              //!< ascending; one after the other they are the steps
  double step_s = 300;                    //!< [s]
  double frequency_hz = 60;               //!< [Hz]
  int max_control_iterations = 100;
  int max_iterations = 30;  //!< of OpenDSS: imported and exported; our sweeps have a bound of their own
  std::map<std::string, std::vector<BusId>> monitor_lists;  //!< named lists, e.g. "i2x"
  std::vector<BusId> candidate_buses;  //!< three-phase, no load/capacitor/generator, from the substation's secondary
                                       //!< down, in feeder-file order
  BaseCase base_case;
  ImportCheck check;
  std::string origin, licence, checksum;  //!< provenance: where the model comes from; SHA-256 of the source files

  [[nodiscard]] std::size_t num_steps() const { return pv_shape.size(); }
  [[nodiscard]] std::size_t num_buses() const;  //!< of the model: without inner ones
  [[nodiscard]] bool starts_day(std::size_t step) const;
  //! A line that can be upgraded, at a cost that is not known, because its length has no unit.
  [[nodiscard]] static bool lacks_cost(const Branch& b) { return b.upgradable && b.length_ft <= 0; }
  //! Case-insensitive; no inner bus.
  [[nodiscard]] std::optional<BusId> find_bus(const std::string& name) const;
  //! Child bus of the branch with this element name ("line13" or "line.line13", case-insensitive).
  [[nodiscard]] std::optional<BusId> find_branch(const std::string& element) const;
  [[nodiscard]] int depth(BusId bus) const;         //!< branches between the bus and the source bus
  [[nodiscard]] bool three_phase(BusId bus) const;  //!< has the phases 1, 2, 3
  //! Checks order, sizes, signs and references; throws Error(input) that names the place.
  void validate() const;
};

//! Name most like `wanted` among `names`, or "" when none is close: for "did you mean" in messages.
std::string closest_name(const std::string& wanted, const std::vector<std::string>& names);

}  // namespace gridqueue
