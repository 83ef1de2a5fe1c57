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

#include "gridqueue/ids.hpp"

namespace gridqueue {

using Complex = std::complex<double>;
constexpr int kMaxNodesPerBus = 4;
using NodeVector = std::array<Complex, kMaxNodesPerBus>;
using NodeMatrix = std::array<std::array<Complex, kMaxNodesPerBus>, kMaxNodesPerBus>;  //!< [row][column]

enum class BranchKind : std::int32_t {
  source = 0,       //!< the root bus: V = E + Z J with the source's Thevenin impedance Z
  line = 1,         //!< A selects the child's phases from the parent; Z and charging scale with length
  transformer = 2,  //!< full Z and A, fixed tap
  regulator = 3,    //!< bank of single-phase tap changers, tap on the child side: A = diag(t), Z = diag(t^2 z)
  other = 4,        //!< any other series element with fixed Z and A (reactor, closed switch given as such)
};

//! One winding of a two-winding transformer, as OpenDSS describes it.
struct Winding {
  bool at_parent = false;                //!< lies at the parent bus
  bool delta = false;                    //!< else wye
  std::vector<int> conductors;           //!< node numbers (phases) its conductors are connected to, 0 = ground
  double kv = 0, kva = 0;                //!< rated; [kV] line-to-line for two and three phases
  double r_pct = 0;                      //!< [% of kva]
  double r_neutral = -1, x_neutral = 0;  //!< [ohm]; negative resistance = open or solidly grounded by its conductor
  double tap = 1, tap_min = 0.9, tap_max = 1.1;  //!< ratio per unit
  int num_taps = 32;
};

//! One transformer of a branch: what an OpenDSS model of this feeder needs beyond the two-port.
struct TransformerUnit {
  std::string name;  //!< lower case, without the class
  int phases = 0;
  bool lead = false;  //!< OpenDSS LeadLag
  std::array<Winding, 2> winding;
  double xhl_pct = 0, noload_pct = 0, imag_pct = 0, ppm_antifloat = 0;
};

//! The branch from a bus to its parent. Matrices are [n_child][n_child] (z, y_line) or [n_child][n_parent] (a).
struct Branch {
  BranchKind kind = BranchKind::source;
  std::string name;      //!< OpenDSS element, lower case, e.g. "line.line13", "transformer.sub", "" at the source
  NodeMatrix z{};        //!< [ohm] at the child's voltage level; regulators: at tap ratio 1
  NodeMatrix a{};        //!< regulators: at tap ratio 1 (identity)
  NodeMatrix y_line{};   //!< [S] charging of ONE end of a line (both ends are equal); 0 for other kinds
  double length_ft = 0;  //!< original length of a line, 0 else
  bool underground = false;
  bool upgradable = false;          //!< a line that is no switch and that no recloser or fuse watches
  bool terminal1_is_parent = true;  //!< the element's terminal 1 lies at the parent bus
  double normal_amps = 0;           //!< [A] at terminal 1; 0 = not rated
  double emergency_amps = 0;        //!< [A] at terminal 1
  //! I_1 = i_terminal1 * J_c, [n_parent][n_child] (= A^T; at ratio 1 for regulators): what flows at terminal 1. Like
  //! J_c it counts the current from the element into the bus; charging and magnetising current are left out.
  NodeMatrix i_terminal1{};
  std::vector<TransformerUnit> units;  //!< transformers and regulators, for export; empty for other kinds
};

struct Bus {
  std::string name;                          //!< lower case
  BusId parent;                              //!< invalid for the source bus
  int num_nodes = 0;                         //!< 1..4
  std::array<int, kMaxNodesPerBus> phase{};  //!< 1-based phase (OpenDSS node number) of each node, ascending
  double kv_base = 0;                        //!< [kV] line-to-neutral base
  NodeMatrix y_shunt{};    //!< [S] all fixed nodal shunts except line charging (capacitors, R, magnetising)
  NodeVector v_initial{};  //!< [V] solution left by the feeder file's own Solve
  NodeVector v_base{};     //!< [V] base-case phasors that turn an n x n shunt into one admittance per node
  double x = 0, y = 0;     //!< coordinates of the drawing (units of the feeder file)
  bool has_coordinates = false;
  bool has_load = false, has_capacitor = false, has_generator = false;  //!< generators count even if disabled
  Branch branch;                                                        //!< to the parent
};

//! One load on one node: OpenDSS model 5, wye, constant current magnitude within [vmin_pu, vmax_pu].
struct Load {
  std::string name;  //!< lower case, e.g. "load.bus_901"
  BusId bus;
  int node = 0;             //!< position within the bus, 0-based
  double kw = 0, kvar = 0;  //!< this node's share
  double kv = 0;            //!< [kV] the load's own nominal line-to-neutral voltage
  double vmin_pu = 0.95, vmax_pu = 1.05, vlow_pu = 0.5;
};

//! One single-phase tap changer with its RegControl (OpenDSS STATIC control mode).
struct Regulator {
  std::string name;     //!< of the transformer, lower case
  std::string control;  //!< of the RegControl
  BusId bus;            //!< child bus of the regulator branch = the controlled bus
  int node = 0;         //!< position within the bus
  double vreg = 0;      //!< [V] on the PT's secondary
  double band = 0;      //!< [V] full width
  double pt_ratio = 0;
  double kv_winding = 0;         //!< [kV] rated voltage of the tapped winding (RegControl counts steps in it)
  double tap_step = 0;           //!< per unit of ratio, e.g. 0.00625
  int tap_min = 0, tap_max = 0;  //!< e.g. -16, 16
  int tap_initial = 0;           //!< position left by the feeder file's own Solve
  int max_tap_change = 16;
  double delay_s = 0;
};

//! A capacitor bank, already part of its bus' y_shunt; kept apart for export.
struct Capacitor {
  std::string name;  //!< lower case, e.g. "capacitor.cap1"
  BusId bus;
  NodeMatrix y{};  //!< [S]
};

//! A recloser watches one terminal of a branch and cuts the feeder into areas (limit `island`).
struct Recloser {
  std::string name;
  BusId branch_child;      //!< child bus of the watched branch
  bool at_parent = false;  //!< the watched terminal lies at the parent bus
  BusId bus;               //!< bus of the watched terminal (monitored for voltage change)
};

//! What a feeder file says of its own base case (no DER, a whole day in OpenDSS), to check ourselves by.
struct BaseCase {
  double vdiff_pct = 0, vmax_pu = 0, vmin_pu = 0, emergency_pct = 0;
  std::string vdiff_bus, vmax_node, vmin_node, emergency_element;
  std::vector<int> taps_first_step;
};

struct Network {
  std::string name;                     //!< e.g. "radial"
  std::vector<Bus> buses;               //!< depth-first order; heaviest three-phase child first
  std::vector<Load> loads;              //!< in bus order
  std::vector<Regulator> regulators;    //!< in bus, node order
  std::vector<Capacitor> capacitors;    //!< in bus order
  std::vector<Recloser> reclosers;      //!< in depth order (nearest the source first)
  NodeVector source_voltage{};          //!< [V] E behind the source impedance
  std::vector<double> load_multiplier;  //!< [num_steps] of every load
  std::vector<double> pv_shape;         //!< [num_steps], largest sample of the day's 1 s series = 1
  double step_s = 300;                  //!< [s]
  double frequency_hz = 60;             //!< [Hz]
  int max_control_iterations = 100;
  int max_iterations = 30;
  std::map<std::string, std::vector<BusId>> monitor_lists;  //!< named lists, e.g. "i2x"
  std::vector<BusId> candidate_buses;  //!< three-phase, no load/capacitor/generator, from the substation's secondary
                                       //!< down, in feeder-file order
  BaseCase base_case;
  std::string origin, licence, checksum;  //!< provenance: where the model comes from; SHA-256 of the source files

  [[nodiscard]] std::size_t num_steps() const { return load_multiplier.size(); }
  [[nodiscard]] std::optional<BusId> find_bus(const std::string& name) const;  //!< case-insensitive
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
