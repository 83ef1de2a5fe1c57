#include "host/dss/controls.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {
namespace {

bool yes(const std::string& text) { return !text.empty() && (text[0] == 'y' || text[0] == 't'); }

std::string watched(DssEngine& dss, const std::string& control, const char* what) {
  std::string name = dss.property(control, what);
  if (name.find('.') == std::string::npos) name = "line." + name;
  return name;
}

void refuse_control_unless(bool ok, const std::string& control, const std::string& why) {
  if (!ok) fail_input("'{}' {} (cannot be represented)", control, why);
}

Regulator read_regulator(DssEngine& dss, const DssModel& model, const Network& net, const std::string& control) {
  Regulator r;
  r.control = control;
  r.name = "transformer." + dss.property(control, "transformer");
  const int winding = static_cast<int>(dss.number(control, "winding"));
  const int tap_winding = static_cast<int>(dss.number(control, "tapwinding"));
  const DssBranch& b = find_branch(model, r.name);
  r.bus = child_of(model, net, r.name);
  const std::string& child = net.buses[r.bus.index()].name;
  refuse_control_unless(winding == 2 && tap_winding == 2 && b.bus[1] == child, control,
                        "does not tap the side away from the source");
  refuse_control_unless(b.node[1].size() == 1 && b.node[0] == b.node[1], control,
                        "is not on one phase, the same on both sides");
  refuse_control_unless(dss.number(control, "r") == 0 && dss.number(control, "x") == 0, control,
                        "has line-drop compensation");
  refuse_control_unless(dss.number(control, "ldc_z") == 0, control, "has line-drop compensation (LDC_Z)");
  refuse_control_unless(!yes(dss.property(control, "reversible")), control, "is reversible");
  refuse_control_unless(!yes(dss.property(control, "cogen")), control, "is in cogeneration mode");
  refuse_control_unless(!yes(dss.property(control, "inversetime")), control, "has an inverse time delay");
  refuse_control_unless(dss.property(control, "bus").empty(), control, "senses a remote bus");
  refuse_control_unless(dss.number(control, "vlimit") == 0, control, "has a voltage limit");
  const Bus& bus = net.buses[r.bus.index()];
  for (int n = 0; n < bus.num_nodes; ++n)
    if (bus.phase[static_cast<std::size_t>(n)] == b.node[1][0]) r.node = n;
  r.vreg = dss.number(control, "vreg");
  r.band = dss.number(control, "band");
  r.pt_ratio = dss.number(control, "ptratio");
  r.max_tap_change = static_cast<int>(dss.number(control, "maxtapchange"));
  r.delay_s = dss.number(control, "delay");
  dss.command(r.name + ".wdg=2");
  r.kv_winding = dss.number(r.name, "kv");
  const double high = dss.number(r.name, "maxtap"), low = dss.number(r.name, "mintap"), tap = dss.number(r.name, "tap");
  refuse_control_unless(std::abs(high + low - 2) < 1e-9, control, "has a range of taps that is not even about 1");
  r.tap_step = (high - low) / dss.number(r.name, "numtaps");
  r.tap_min = static_cast<int>(std::lround((low - 1) / r.tap_step));
  r.tap_max = static_cast<int>(std::lround((high - 1) / r.tap_step));
  r.tap_initial = static_cast<int>(std::lround((tap - 1) / r.tap_step));
  return r;
}

//! Z and A at tap ratio 1: with the tap t on the child's side Z(t) = t^2 Z(1), A(t) = t, exactly, since the tap scales
//! the winding's conductors: Ycc ~ 1 / t^2, Ycp ~ 1 / t. The millionth by which anti-float admittances move A is
//! dropped.
void refer_to_ratio_one(Network& net, const Regulator& r) {
  Bus& bus = net.buses[r.bus.index()];
  Branch& b = bus.branch;
  const double t = 1 + r.tap_initial * r.tap_step;
  const auto n = static_cast<std::size_t>(r.node);
  Complex ratio = 0;
  for (Complex a : b.a[n]) ratio += a / t;
  refuse_control_unless(std::abs(ratio - 1.0) < 1e-4, r.control,
                        fmt::format("regulates a transformer of ratio {:.4f}", ratio.real()));
  b.kind = BranchKind::regulator;
  b.z[n][n] /= t * t;
  const Bus& parent = net.buses[bus.parent.index()];
  for (std::size_t p = 0; p < static_cast<std::size_t>(parent.num_nodes); ++p) {
    b.a[n][p] = parent.phase[p] == bus.phase[n] ? 1 : 0;
    b.i_terminal1[p][n] = b.a[n][p];
  }
}

//! The tap law is per phase: every phase of the branch has its regulator, and nothing couples the phases.
void check_banks(const Network& net) {
  for (const Regulator& r : net.regulators) {
    const Bus& bus = net.buses[r.bus.index()];
    const auto same = [&](const Regulator& other) { return other.bus == r.bus; };
    const auto count = std::count_if(net.regulators.begin(), net.regulators.end(), same);
    refuse_control_unless(count == bus.num_nodes, r.control,
                          fmt::format("leaves phases of bus '{}' unregulated", bus.name));
    const auto n = static_cast<std::size_t>(r.node);
    for (std::size_t m = 0; m < static_cast<std::size_t>(bus.num_nodes); ++m)
      refuse_control_unless(m == n || std::abs(bus.branch.z[n][m]) < 1e-9 * std::abs(bus.branch.z[n][n]), r.control,
                            "couples phases");
  }
}

}  // namespace

void add_regulators(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& control : model.regulators) {
    net.regulators.push_back(read_regulator(dss, model, net, control));
    if (net.regulators.front().delay_s != net.regulators.back().delay_s)
      fail_input("'{}' has another delay than '{}' (equal delays can be represented)", control,
                 net.regulators.front().control);
    refer_to_ratio_one(net, net.regulators.back());
  }
  std::sort(net.regulators.begin(), net.regulators.end(),
            [](const Regulator& a, const Regulator& b) { return std::pair(a.bus, a.node) < std::pair(b.bus, b.node); });
  check_banks(net);
}

void add_line_facts(DssEngine& dss, Network& net) {
  for (Bus& bus : net.buses) {
    Branch& b = bus.branch;
    if (b.kind != BranchKind::line) continue;
    static const std::map<std::string, double> feet{
        {"mi", 5280}, {"kft", 1000},   {"km", 1000 / 0.3048}, {"m", 1 / 0.3048},
        {"ft", 1},    {"in", 1. / 12}, {"cm", 0.01 / 0.3048}, {"mm", 0.001 / 0.3048}};
    const auto unit = feet.find(dss.property(b.name, "units"));
    // Without a unit the length means nothing outside its line code: no cost can be given, so no upgrade.
    b.length_ft = unit == feet.end() ? 0 : dss.number(b.name, "length") * unit->second;
    b.underground = dss.property(b.name, "linetype").find("ug") != std::string::npos;
    b.upgradable = b.length_ft > 0 && !yes(dss.property(b.name, "switch"));
  }
}

void add_protection(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& fuse : model.fuses)
    for (const char* what : {"monitoredobj", "switchedobj"})
      net.buses[child_of(model, net, watched(dss, fuse, what)).index()].branch.upgradable = false;
  for (const auto& name : model.reclosers) {
    const std::string element = watched(dss, name, "monitoredobj");
    const auto terminal = static_cast<std::size_t>(dss.number(name, "monitoredterm")) - 1;
    const DssBranch& b = find_branch(model, element);
    Recloser r;
    r.name = name;
    r.branch_child = child_of(model, net, element);
    r.bus = *net.find_bus(b.bus[terminal]);
    r.at_parent = r.bus != r.branch_child;
    for (const std::string& line : {element, watched(dss, name, "switchedobj")})
      net.buses[child_of(model, net, line).index()].branch.upgradable = false;
    net.reclosers.push_back(r);
  }
  std::stable_sort(net.reclosers.begin(), net.reclosers.end(), [&](const Recloser& a, const Recloser& b) {
    return net.depth(a.branch_child) < net.depth(b.branch_child);
  });
}

}  // namespace gridqueue
