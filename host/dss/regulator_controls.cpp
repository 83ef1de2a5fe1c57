// RegControls of an imported model.
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {
namespace {

bool is_delta(DssEngine& dss, const std::string& transformer) { return dss.property(transformer, "conn") == "delta"; }

//! Which way the phases of a delta follow each other (Transformer.pas, RecalcElementData, HVLeadsLV).
int delta_direction(DssEngine& dss, const std::string& transformer, double phases) {
  bool delta[2];
  double volts[2];
  for (int w = 0; w < 2; ++w) {
    dss.command(fmt::format("{}.wdg={}", transformer, w + 1));
    delta[w] = is_delta(dss, transformer);
    volts[w] = dss.number(transformer, "kv") / (!delta[w] && phases > 1 ? std::sqrt(3.0) : 1);
  }
  if (delta[0] == delta[1]) return 1;
  const std::string shift = dss.property(transformer, "leadlag");
  const bool high_leads = shift == "lead" || shift == "euro";
  return delta[volts[0] >= volts[1] ? 0 : 1] == high_leads ? 1 : -1;
}

//! Voltages of the second winding's phases (Transformer.pas, GetWindingVoltages, RotatePhases).
MeasuredPhases winding_voltages(DssEngine& dss, const std::string& transformer, const Bus& bus) {
  const auto phases = static_cast<int>(dss.number(transformer, "phases"));
  const int direction = delta_direction(dss, transformer, phases);  // leaves the second winding the active one
  const bool delta = is_delta(dss, transformer);
  dss.select_element(transformer);
  const auto conductors = dss.element_nodes().at(1);
  MeasuredPhases all;
  for (int p = 0; p < std::min(phases, 3); ++p) {
    int to = delta ? p + direction : phases;
    if (delta && phases > 2) to = (to + phases) % phases;
    else if (to < 0) to = 2;
    const auto at = static_cast<std::size_t>(p), other = static_cast<std::size_t>(to);
    all.node[at] = position_of(bus, conductors.at(at));
    all.to_node[at] = other < conductors.size() ? position_of(bus, conductors[other]) : -1;
  }
  return all;
}

//! `bus=` of a RegControl: a voltage to ground somewhere else (RegControl.pas, Sample with UsingRegulatedBus).
void measure_remote(DssEngine& dss, const Network& net, Regulator& r, ControlCheck& check) {
  const std::string text = dss.property(r.control, "bus"), name = text.substr(0, text.find('.'));
  const auto bus = net.find_bus(name);
  if (!check.need(bus.has_value(), "senses a bus that is not there")) return;
  r.measured_bus = *bus;
  const int node = name == text ? 1 : std::stoi(text.substr(name.size() + 1));
  r.measured.node[0] = position_of(net.buses[bus->index()], node);
  r.measured_pt_ratio = dss.number(r.control, "remoteptratio");
  const std::string phase = dss.property(r.control, "ptphase");
  check.need(r.measured.node[0] >= 0, "senses a node that is not there");
  check.need(!is_delta(dss, r.name), "senses a remote bus for a delta winding");
  check.need(phase == "1" || phase == "max" || phase == "min", "senses another phase than the first of a remote bus");
}

void measure_winding(DssEngine& dss, const Network& net, Regulator& r, ControlCheck& check) {
  const MeasuredPhases measured =
      choose_phases(winding_voltages(dss, r.name, net.buses[r.bus.index()]), dss.property(r.control, "ptphase"));
  if (!check.need(measured.node[0] >= 0, "senses a grounded conductor")) return;
  r.ldc_r = dss.number(r.control, "r");
  r.ldc_x = dss.number(r.control, "x");
  r.ct_primary = dss.number(r.control, "ctprim");
  if (measured.node[1] < 0 && measured.to_node[0] < 0 && measured.node[0] == r.node) return;
  r.measured_bus = r.bus;
  r.measured = measured;
  r.measured_pt_ratio = r.pt_ratio;
}

//! The second winding's rating and taps. Positions count from ratio 1, or where that is none from the lowest.
void read_winding(DssEngine& dss, Regulator& r, ControlCheck& check) {
  dss.command(r.name + ".wdg=2");
  const bool of_lines = is_delta(dss, r.name) || dss.number(r.name, "phases") < 2;
  r.kv_winding = dss.number(r.name, "kv") / (of_lines ? 1 : std::sqrt(3.0));
  const double high = dss.number(r.name, "maxtap"), low = dss.number(r.name, "mintap"), tap = dss.number(r.name, "tap");
  r.tap_step = (high - low) / dss.number(r.name, "numtaps");
  const double below = (1 - low) / r.tap_step;
  r.tap_ratio = std::abs(below - std::round(below)) < 1e-6 ? 1 : low;
  const auto position = [&](double ratio) { return static_cast<int>(std::lround((ratio - r.tap_ratio) / r.tap_step)); };
  r.tap_min = position(low);
  r.tap_max = position(high);
  r.tap_initial = position(tap);
  check.need(std::abs(r.ratio(r.tap_initial) - tap) < 1e-3 * r.tap_step, "stands between its tap positions");
}

//! A transformer that is its bus's only branch moves all nodes, unless it is a regulator of one phase.
bool is_gang(const DssModel& model, const Network& net, const Regulator& r, const DssBranch& b) {
  int elements = 0;
  for (const DssBranch& other : model.branches)
    elements += (other.bus[0] == b.bus[0] && other.bus[1] == b.bus[1]) ||
                (other.bus[0] == b.bus[1] && other.bus[1] == b.bus[0]);
  const Bus& bus = net.buses[r.bus.index()];
  const double ratio = bus.kv_base / net.buses[bus.parent.index()].kv_base;
  return elements == 1 && !(bus.num_nodes == 1 && b.node[0] == b.node[1] && std::abs(ratio - 1) < 1e-3);
}

Regulator read_regulator(DssEngine& dss, const DssModel& model, const Network& net, const std::string& control,
                         Obstacles& obstacles) {
  ControlCheck check(control, obstacles);
  Regulator r;
  r.control = control;
  r.name = "transformer." + dss.property(control, "transformer");
  const int winding = static_cast<int>(dss.number(control, "winding"));
  const int tap_winding = static_cast<int>(dss.number(control, "tapwinding"));
  const DssBranch& b = find_branch(model, r.name);
  r.bus = child_of(model, net, r.name);
  const Bus& bus = net.buses[r.bus.index()];
  check.need(winding == 2 && tap_winding == 2 && b.bus[1] == bus.name, "does not tap the side away from the source");
  r.gang = is_gang(model, net, r, b);
  check.need(r.gang || (b.node[1].size() == 1 && b.node[0] == b.node[1]),
             "is not on one phase, the same on both sides, though others stand beside it");
  if (!r.gang) r.node = std::max(0, position_of(bus, b.node[1][0]));
  r.vreg = dss.number(control, "vreg");
  r.band = dss.number(control, "band");
  r.pt_ratio = dss.number(control, "ptratio");
  r.max_tap_change = static_cast<int>(dss.number(control, "maxtapchange"));
  r.delay_s = dss.number(control, "delay");
  read_winding(dss, r, check);
  if (dss.property(control, "bus").empty()) measure_winding(dss, net, r, check);
  else measure_remote(dss, net, r, check);
  return r;
}

//! Z and A at tap ratio 1: with the tap t on the child's side Z(t) = t^2 Z(1), A(t) = t A(1), exactly, since the tap
//! scales the winding's conductors: Ycc ~ 1 / t^2, Ycp ~ 1 / t. The millionth by which anti-float admittances differ is
//! dropped.
void refer_gang_to_ratio_one(Network& net, const Regulator& r) {
  Branch& b = net.buses[r.bus.index()].branch;
  const double t = r.ratio(r.tap_initial);
  const auto divide = [](NodeMatrix& m, double by) {
    for (auto& row : m)
      for (Complex& x : row) x /= by;
  };
  divide(b.z, t * t);
  divide(b.a, t);
  divide(b.i_terminal1, t);
  for (BranchElement& e : b.elements) divide(e.i_terminal1, t);
}

//! The same for a phase of a bank, A(1) = 1.
void refer_to_ratio_one(Network& net, const Regulator& r, Obstacles& obstacles) {
  Bus& bus = net.buses[r.bus.index()];
  Branch& b = bus.branch;
  const double t = r.ratio(r.tap_initial);
  const auto n = static_cast<std::size_t>(r.node);
  Complex ratio = 0;
  for (Complex a : b.a[n]) ratio += a / t;
  ControlCheck(r.control, obstacles)
      .need(std::abs(ratio - 1.0) < 1e-4, "regulates a transformer of a ratio other than 1");
  b.kind = BranchKind::regulator;
  b.z[n][n] /= t * t;
  const Bus& parent = net.buses[bus.parent.index()];
  for (std::size_t p = 0; p < static_cast<std::size_t>(parent.num_nodes); ++p) {
    b.a[n][p] = parent.phase[p] == bus.phase[n] ? 1 : 0;
    b.i_terminal1[p][n] = b.a[n][p];
  }
}

//! The tap law of a bank is per phase: every phase of the branch has its regulator, and nothing couples the phases.
void check_banks(const Network& net, Obstacles& obstacles) {
  std::set<std::string> transformers;
  for (const Regulator& r : net.regulators) {
    ControlCheck check(r.control, obstacles);
    check.need(transformers.insert(r.name).second, "moves a tap that another control moves, too");
    if (r.gang) continue;
    const Bus& bus = net.buses[r.bus.index()];
    const auto same = [&](const Regulator& other) { return other.bus == r.bus; };
    const auto count = std::count_if(net.regulators.begin(), net.regulators.end(), same);
    check.need(count == bus.num_nodes, "leaves phases of its bus unregulated");
    const auto n = static_cast<std::size_t>(r.node);
    for (std::size_t m = 0; m < static_cast<std::size_t>(bus.num_nodes); ++m)
      check.need(m == n || std::abs(bus.branch.z[n][m]) < 1e-9 * std::abs(bus.branch.z[n][n]), "couples phases");
  }
}

}  // namespace

void check_regulators(DssEngine& dss, const DssModel& model, Obstacles& obstacles) {
  for (const auto& control : model.regulators) {
    ControlCheck check(control, obstacles);
    check.need(dss.number(control, "ldc_z") == 0, "has line-drop compensation (LDC_Z)");
    check.need(!yes(dss.property(control, "reversible")), "is reversible");
    check.need(!yes(dss.property(control, "cogen")), "is in cogeneration mode");
    check.need(!yes(dss.property(control, "inversetime")), "has an inverse time delay");
    check.need(dss.number(control, "vlimit") == 0, "has a voltage limit");
  }
}

void add_regulators(DssEngine& dss, const DssModel& model, Network& net, Obstacles& obstacles) {
  for (const auto& control : model.regulators) {
    const Regulator r = read_regulator(dss, model, net, control, obstacles);
    if (r.gang) refer_gang_to_ratio_one(net, r);
    else refer_to_ratio_one(net, r, obstacles);
    net.regulators.push_back(r);
  }
  std::sort(net.regulators.begin(), net.regulators.end(),
            [](const Regulator& a, const Regulator& b) { return std::pair(a.bus, a.node) < std::pair(b.bus, b.node); });
  check_banks(net, obstacles);
}

}  // namespace gridqueue
