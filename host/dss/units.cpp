// Windings and capacitors: what an export needs beyond the two-ports.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/two_port.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

Winding read_winding(DssEngine& dss, const std::string& element, int number) {
  dss.command(fmt::format("edit {} wdg={}", dss_word(element), number));
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
  const auto buses = dss.element_buses();
  if (nodes.size() > 2) {
    // what it computes with: xht and xlt are those asked for, of a transformer that asks for none others than these
    const std::vector<double> x = numbers_in(dss.property(b.name, "xscarray"));
    u.xhl_pct = x.at(0), u.xht_pct = x.at(1), u.xlt_pct = x.at(2);
  }
  for (std::size_t t = 0; t < nodes.size(); ++t) {
    u.winding.push_back(read_winding(dss, b.name, static_cast<int>(t) + 1));
    u.winding[t].at_parent = buses[t] == parent;
    u.winding[t].conductors = nodes[t];
  }
  return u;
}

//! Of a transformer with windings at three buses.
void place_windings(DssEngine& dss, const std::string& transformer, const std::map<std::string, BusId>& index,
                    TransformerUnit& unit) {
  dss.select_element(transformer);
  const auto buses = dss.element_buses();
  for (std::size_t w = 0; w < unit.winding.size(); ++w) {
    const auto at = index.find(buses[w]);
    if (at == index.end())
      fail_input(
          "'{}' has windings at three buses, of which '{}' is left out or split into its phases (cannot be "
          "represented)",
          transformer, buses[w]);
    unit.winding[w].bus = at->second;
  }
}

Capacitor capacitor(const DssShunt& shunt, BusId at, const Bus& bus) {
  Capacitor c;
  c.name = shunt.name;
  c.bus = at;
  for (std::size_t i = 0; i < shunt.node.size(); ++i)
    for (std::size_t j = 0; j < shunt.node.size(); ++j)
      c.y[position(bus, shunt.node[i])][position(bus, shunt.node[j])] += shunt.y(i, j);
  return c;
}

void add_to(const MatrixC& y, const Bus& rows, const std::vector<int>& r, std::size_t row0, const Bus& columns,
            const std::vector<int>& c, std::size_t column0, FixedElement& to) {
  for (std::size_t i = 0; i < r.size(); ++i)
    for (std::size_t j = 0; j < c.size(); ++j)
      to.y[row0 + position(rows, r[i])][column0 + position(columns, c[j])] += y(i, j);
}

FixedElement fixed(const DssShunt& shunt, BusId at, const Bus& bus) {
  FixedElement f;
  f.name = shunt.name;
  f.bus = at;
  add_to(shunt.y, bus, shunt.node, 0, bus, shunt.node, 0, f);
  return f;
}

FixedElement fixed(const DssBranch& b, BusId child, const Network& net) {
  FixedElement f;
  f.name = b.name;
  f.bus = child;
  f.parent = net.buses[child.index()].parent;
  f.terminal1_is_parent = b.bus[0] != net.buses[child.index()].name;
  const std::array<const Bus*, 2> bus{&net.buses[child.index()], &net.buses[f.parent.index()]};
  const std::size_t at_child = b.bus[0] == bus[0]->name ? 0 : 1;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t u = 0; u < 2; ++u) {
      const std::size_t row = t == at_child ? 0 : 1, column = u == at_child ? 0 : 1;
      add_to(b.y[t][u], *bus[row], b.node[t], row * kMaxNodesPerBus, *bus[column], b.node[u], column * kMaxNodesPerBus,
             f);
    }
  const std::size_t conductors = b.node[0].size();
  if (b.kind != "line" || conductors != b.node[1].size() || b.terminal1 != conductors || conductors > kMaxNodesPerBus)
    return f;
  for (std::size_t i = 0; i < conductors; ++i) {
    f.line_node[i] = static_cast<int>(position(*bus[0], b.node[at_child][i]));
    f.line_parent_node[i] = static_cast<int>(position(*bus[1], b.node[1 - at_child][i]));
  }
  return f;
}

}  // namespace

void add_units(DssEngine& dss, const DssModel& model, Network& net) {
  std::map<std::string, BusId> index;
  for (std::size_t i = 0; i < net.buses.size(); ++i) index[net.buses[i].name] = BusId(i);
  for (const DssShunt& s : model.shunts) {
    const BusId at = index.at(s.bus);
    if (s.name.rfind("capacitor.", 0) == 0) net.capacitors.push_back(capacitor(s, at, net.buses[at.index()]));
    else net.fixed_elements.push_back(fixed(s, at, net.buses[at.index()]));
  }
  std::stable_sort(net.capacitors.begin(), net.capacitors.end(),
                   [](const Capacitor& a, const Capacitor& b) { return a.bus < b.bus; });
  for (const DssBranch& b : model.branches) {
    const BusId one = index.at(b.bus[0]), two = index.at(b.bus[1]);
    const BusId id = net.buses[one.index()].parent == two ? one : two;
    Bus& child = net.buses[id.index()];
    if (b.winding > 1) continue;  // one transformer of its three branches
    if (b.kind == "transformer") {
      TransformerUnit unit = read_unit(dss, b, net.buses[child.parent.index()].model_name());
      if (b.winding == 1) place_windings(dss, b.name, index, unit);
      child.branch.units.push_back(std::move(unit));
    } else if (child.branch.kind != BranchKind::line) net.fixed_elements.push_back(fixed(b, id, net));
  }
}

}  // namespace gridqueue
