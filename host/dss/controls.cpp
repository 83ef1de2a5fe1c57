#include "host/dss/controls.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {
std::string watched(DssEngine& dss, const std::string& control, const char* what) {
  std::string name = dss.property(control, what);
  if (name.find('.') == std::string::npos) name = "line." + name;
  return name;
}

void add_line_facts(DssEngine& dss, const std::string& length_unit, Network& net) {
  for (Bus& bus : net.buses) {
    Branch& b = bus.branch;
    if (b.kind != BranchKind::line) continue;
    static const std::map<std::string, double> feet{
        {"mi", 5280}, {"kft", 1000},   {"km", 1000 / 0.3048}, {"m", 1 / 0.3048},
        {"ft", 1},    {"in", 1. / 12}, {"cm", 0.01 / 0.3048}, {"mm", 0.001 / 0.3048}};
    const auto own = feet.find(dss.property(b.name, "units"));
    const auto unit = own == feet.end() ? feet.find(length_unit) : own;
    const double length = dss.number(b.name, "length");
    b.length_ft = unit == feet.end() ? 0 : std::max(0.0, length * unit->second);
    b.underground = dss.property(b.name, "linetype").find("ug") != std::string::npos;
    b.upgradable = length > 0 && !yes(dss.property(b.name, "switch"));
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
    if (b.winding > 0) fail_input("'{}' watches '{}', whose windings lie at three buses", name, element);
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
