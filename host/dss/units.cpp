// Windings and capacitors: what an export needs beyond the two-ports.
#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {
namespace {

Winding read_winding(DssEngine& dss, const std::string& element, int number) {
  dss.command(fmt::format("{}.wdg={}", element, number));
  Winding w;
  w.delta = dss.property(element, "conn") == "delta";
  w.kv = dss.number(element, "kv");
  w.kva = dss.number(element, "kva");
  w.r_pct = dss.number(element, "%r");
  w.r_neutral = dss.number(element, "rneut");
  w.x_neutral = dss.number(element, "xneut");
  w.tap = dss.number(element, "tap");
  w.tap_min = dss.number(element, "mintap");
  w.tap_max = dss.number(element, "maxtap");
  w.num_taps = static_cast<int>(dss.number(element, "numtaps"));
  return w;
}

TransformerUnit read_unit(DssEngine& dss, const DssBranch& b, const std::string& parent) {
  TransformerUnit u;
  u.name = b.name.substr(b.name.find('.') + 1);
  u.phases = static_cast<int>(dss.number(b.name, "phases"));
  u.xhl_pct = dss.number(b.name, "xhl");
  u.noload_pct = dss.number(b.name, "%noloadloss");
  u.imag_pct = dss.number(b.name, "%imag");
  u.ppm_antifloat = dss.number(b.name, "ppm_antifloat");
  const std::string shift = dss.property(b.name, "leadlag");
  u.lead = shift == "lead" || shift == "euro";
  dss.select_element(b.name);
  const auto nodes = dss.element_nodes();
  for (std::size_t t = 0; t < 2; ++t) {
    u.winding[t] = read_winding(dss, b.name, static_cast<int>(t) + 1);
    u.winding[t].at_parent = b.bus[t] == parent;
    u.winding[t].conductors = nodes[t];
  }
  return u;
}

Capacitor read_capacitor(const DssModel& model, const Network& net, const std::string& name) {
  Capacitor c;
  c.name = name;
  for (const DssShunt& s : model.shunts) {
    if (s.name != name) continue;
    c.bus = *net.find_bus(s.bus);
    const Bus& bus = net.buses[c.bus.index()];
    const auto at = [&](int phase) {
      return static_cast<std::size_t>(std::find(bus.phase.begin(), bus.phase.end(), phase) - bus.phase.begin());
    };
    for (std::size_t i = 0; i < s.node.size(); ++i)
      for (std::size_t j = 0; j < s.node.size(); ++j) c.y[at(s.node[i])][at(s.node[j])] = s.y(i, j);
    return c;
  }
  fail_input("'{}' is in series (cannot be represented)", name);
}

}  // namespace

void add_units(DssEngine& dss, const DssModel& model, Network& net) {
  for (const auto& name : model.capacitors) net.capacitors.push_back(read_capacitor(model, net, name));
  std::sort(net.capacitors.begin(), net.capacitors.end(),
            [](const Capacitor& a, const Capacitor& b) { return a.bus < b.bus; });
  for (const DssBranch& b : model.branches) {
    if (b.kind != "transformer") continue;
    if (const auto w = dss.number(b.name, "windings"); w != 2)
      fail_input("'{}' has {} windings (two can be represented)", b.name, w);
    Bus& child = net.buses[child_of(model, net, b.name).index()];
    child.branch.units.push_back(read_unit(dss, b, net.buses[child.parent.index()].name));
  }
}

}  // namespace gridqueue
