// RegControls of an imported model.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/regulator_branches.hpp"
#include "host/dss/tree.hpp"
#include "host/dss/windings.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

//! Voltages of the measured winding's phases (Transformer.pas, GetWindingVoltages, RotatePhases).
MeasuredPhases winding_voltages(DssEngine& dss, const Regulator& r, const Bus& bus) {
  const auto phases = static_cast<int>(dss.number(r.name, "phases"));
  const int direction = delta_direction(dss, r.name);
  activate_winding(dss, r.name, r.winding);
  const bool delta = winding_is_delta(dss, r.name);
  dss.select_element(r.name);
  const auto conductors = dss.element_nodes().at(static_cast<std::size_t>(r.winding) - 1);
  MeasuredPhases all;
  for (int p = 0; p < std::min(phases, 3); ++p) {
    const auto at = static_cast<std::size_t>(p);
    const auto other = static_cast<std::size_t>(other_end(phases, delta, direction, p));
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
  r.words = fmt::format(" bus={} remoteptratio={}", dss_word(text), dss.number(r.control, "remoteptratio"));
  const int node = name == text ? 1 : std::stoi(text.substr(name.size() + 1));
  r.measured.node[0] = position_of(net.buses[bus->index()], node);
  r.measured_pt_ratio = dss.number(r.control, "remoteptratio");
  const std::string phase = dss.property(r.control, "ptphase");
  check.need(r.measured.node[0] >= 0, "senses a node that is not there");
  activate_winding(dss, r.name, r.winding);
  check.need(!winding_is_delta(dss, r.name), "senses a remote bus for a delta winding");
  check.need(r.vlimit == 0, "has a voltage limit beside a remote bus");
  check.need(phase == "1" || phase == "max" || phase == "min", "senses another phase than the first of a remote bus");
}

//! `at`: the bus of the winding.
void measure_winding(DssEngine& dss, const Network& net, BusId at, Regulator& r, ControlCheck& check) {
  const Bus& bus = net.buses[at.index()];
  r.measured = choose_phases(winding_voltages(dss, r, bus), dss.property(r.control, "ptphase"));
  if (!check.need(r.measured.node[0] >= 0, "senses a grounded conductor")) return;
  r.ldc_r = dss.number(r.control, "r");
  r.ldc_x = dss.number(r.control, "x");
  r.ldc_z = dss.number(r.control, "ldc_z");
  const double ct_primary = dss.number(r.control, "ctprim");
  const bool compensates = r.ldc_r != 0 || r.ldc_x != 0 || r.ldc_z != 0;
  if (ct_primary > 0) r.ct_primary = ct_primary;
  else check.need(!compensates, "has a ctprim that is not above 0");
  check.need(!compensates || at == r.bus,
             "compensates the drop of a current that is not that of its tapped winding, or on the source's side");
  r.measured_bus = at;
  r.measured_pt_ratio = r.pt_ratio;
}

bool is_whole(double x, double tolerance) { return std::abs(x - std::round(x)) < tolerance; }

//! The measured winding's rating, the other's taps. Positions count from ratio 1, or where that is none from the
//! lowest. OpenDSS moves a tap by steps from where it stands, and stops it at the ends of its range.
void read_windings(DssEngine& dss, Regulator& r, ControlCheck& check) {
  activate_winding(dss, r.name, r.winding);
  r.kv_winding = winding_kv(dss, r.name);
  activate_winding(dss, r.name, r.tap_winding);
  const double high = dss.number(r.name, "maxtap"), low = dss.number(r.name, "mintap"), tap = dss.number(r.name, "tap");
  const double step = (high - low) / dss.number(r.name, "numtaps");
  constexpr int kMostPositions = 20;
  int positions = 1;
  while (positions < kMostPositions && !is_whole(positions * (tap - low) / step, 1e-3)) ++positions;
  r.positions_per_step = positions;
  r.tap_step = step / positions;
  r.tap_ratio = is_whole((1 - low) / r.tap_step, 1e-6) ? 1 : low;
  const auto position = [&](double ratio) { return static_cast<int>(std::lround((ratio - r.tap_ratio) / r.tap_step)); };
  r.tap_min = position(low);
  r.tap_max = position(high);
  r.tap_initial = position(tap);
  check.need(std::abs(r.ratio(r.tap_initial) - tap) < 1e-3 * r.tap_step,
             "stands between the tap positions that numtaps, mintap and maxtap make");
}

//! Not where a remote bus is measured, whatever is said, nor where no tap moves (RegControl.pas, Sample).
bool reverses(DssEngine& dss, const std::string& control) {
  const bool may = yes(dss.property(control, "reversible")) || yes(dss.property(control, "cogen"));
  return may && dss.property(control, "bus").empty() && dss.number(control, "maxtapchange") > 0;
}

//! `at`: the bus of the measured winding.
void read_reverse(DssEngine& dss, const DssModel& model, std::optional<BusId> at, Regulator& r, ControlCheck& check) {
  const auto number = [&](const char* what) { return dss.number(r.control, what); };
  r.reverse = yes(dss.property(r.control, "cogen")) ? ReverseMode::cogeneration : ReverseMode::reversible;
  r.back = {model.power_flows_back.count(r.control) > 0,
            number("revthreshold"),
            number("revdelay"),
            yes(dss.property(r.control, "revneutral")),
            number("tapdelay"),
            number("revvreg"),
            number("revband"),
            number("revr"),
            number("revx"),
            number("rev_z")};
  check.need(at == r.bus, "is reversible and measures on the source's side");
  check.need(r.vlimit == 0, "is reversible and has a voltage limit");
  check.need(!r.back.to_neutral || r.positions_per_step == 1,
             "goes to neutral when power flows back, in steps that miss ratio 1 or the ends of its range");
  check.need(!r.back.to_neutral || r.delay_s <= r.back.delay_s,
             "goes to neutral when power flows back, but may still wait for another tap then (delay beyond revdelay)");
}

Regulator read_regulator(DssEngine& dss, const DssModel& model, const Network& net, const std::string& control,
                         Obstacles& obstacles) {
  ControlCheck check(control, obstacles);
  Regulator r;
  r.control = control;
  r.name = "transformer." + dss.property(control, "transformer");
  r.winding = static_cast<int>(dss.number(control, "winding"));
  r.tap_winding = static_cast<int>(dss.number(control, "tapwinding"));
  r.bus = child_of(model, net, r.name, r.tap_winding);
  r.vreg = dss.number(control, "vreg");
  r.band = dss.number(control, "band");
  r.pt_ratio = dss.number(control, "ptratio");
  r.max_tap_change = static_cast<int>(dss.number(control, "maxtapchange"));
  r.delay_s = dss.number(control, "delay");
  r.vlimit = dss.number(control, "vlimit");
  read_windings(dss, r, check);
  const std::string phase = dss.property(control, "ptphase");
  dss.select_element(r.name);
  const auto at = net.find_bus(dss.element_buses().at(static_cast<std::size_t>(r.winding) - 1));
  if (!dss.property(control, "bus").empty()) measure_remote(dss, net, r, check);
  else if (check.need(at.has_value(), "measures a winding that is not connected"))
    measure_winding(dss, net, *at, r, check);
  r.words += " ptphase=" + phase;
  r.inverse_time = yes(dss.property(control, "inversetime"));
  if (reverses(dss, control)) read_reverse(dss, model, at, r, check);
  return r;
}

}  // namespace

namespace {

std::string transformer_of(DssEngine& dss, const std::string& control) {
  return "transformer." + dss.property(control, "transformer");
}

bool has_branch(const DssModel& model, const std::string& transformer) {
  return std::any_of(model.branches.begin(), model.branches.end(),
                     [&](const DssBranch& b) { return b.name == transformer; });
}

}  // namespace

void check_regulators(DssEngine& dss, const DssModel& model, Obstacles& obstacles) {
  std::set<std::string> moved;
  for (const auto& control : model.regulators) {
    ControlCheck check(control, obstacles);
    std::string tap = transformer_of(dss, control);  // with windings at three buses each may have a control
    if (std::count(model.stars.begin(), model.stars.end(), tap) > 0) tap += " " + dss.property(control, "tapwinding");
    check.need(moved.insert(tap).second, "moves a tap of a transformer that another control moves, too");
    check.need(has_branch(model, transformer_of(dss, control)),
               "moves the tap of a transformer that does not lead from one bus to another, or is open");
    for (const char* setting : {"vreg", "band", "ptratio"})
      check.need(dss.number(control, setting) > 0, fmt::format("has a {} that is not above 0", setting));
    check.need(dss.number(control, "delay") >= 0, "has a delay below 0");
  }
}

void note_reversed_regulators(DssEngine& dss, DssModel& model) {
  for (const auto& control : model.regulators) {
    if (!reverses(dss, control) || !has_branch(model, transformer_of(dss, control))) continue;
    dss.select_element(transformer_of(dss, control));
    const auto volts = dss.element_voltages(), amps = dss.currents();
    const std::size_t conductors = volts.size() / dss.element_nodes().size();
    const std::size_t first = conductors * (static_cast<std::size_t>(dss.number(control, "winding")) - 1);
    double into = 0;  // [W]
    for (std::size_t c = first; c < first + conductors; ++c) into += (volts[c] * std::conj(amps[c])).real();
    if (into > 1e3 * dss.number(control, "revthreshold")) model.power_flows_back.insert(control);
  }
}

int tap_position(DssEngine& dss, const Regulator& r) {
  const double tap = numbers_in(dss.property(r.name, "taps")).at(static_cast<std::size_t>(r.tap_winding) - 1);
  return static_cast<int>(std::lround((tap - r.tap_ratio) / r.tap_step));
}

void add_regulators(DssEngine& dss, const DssModel& model, Network& net, Obstacles& obstacles) {
  for (const auto& control : model.regulators)
    obstacles.told_first([&] { net.regulators.push_back(read_regulator(dss, model, net, control, obstacles)); });
}

}  // namespace gridqueue
