#include "host/dss/reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/star_point.hpp"

namespace gridqueue {
namespace {

const std::set<std::string> kIgnored{"energymeter", "monitor", "sensor"};
const std::set<std::string> kSwitches{"swtcontrol", "relay", "recloser", "fuse"};
const std::set<std::string> kBranches{"line", "transformer", "reactor", "capacitor"};
const std::set<std::string> kGenerators{"generator", "storage", "pvsystem", "windgen"};
const std::set<std::string> kConstantPower{"generator", "pvsystem", "storage"};

//! The ungrounded conductors of an element that lie at one bus.
struct Conductors {
  std::string bus;
  std::vector<std::size_t> row;
  std::vector<int> node;
};

//! By bus; that of the first terminal that is not grounded comes first.
std::vector<Conductors> ungrounded(const std::vector<std::string>& buses, const std::vector<std::vector<int>>& nodes) {
  std::vector<Conductors> groups;
  std::size_t row = 0;
  for (std::size_t t = 0; t < nodes.size(); ++t)
    for (int n : nodes[t]) {
      const std::size_t here = row++;
      if (n == 0) continue;
      auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.bus == buses[t]; });
      if (group == groups.end()) group = groups.insert(group, {buses[t], {}, {}});
      group->row.push_back(here), group->node.push_back(n);
    }
  return groups;
}

//! `yprim` is column-major, as OpenDSS keeps it.
MatrixC block(const std::vector<Complex>& yprim, const std::vector<std::size_t>& rows,
              const std::vector<std::size_t>& columns) {
  const auto order = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(yprim.size()))));
  MatrixC b = zeros<Complex>(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < columns.size(); ++j) b(i, j) = yprim[columns[j] * order + rows[i]];
  return b;
}

bool opened(const DssBranch& b) {
  const std::vector<Complex>& through = b.y[0][1].values;
  return std::all_of(through.begin(), through.end(), [](Complex y) { return y == 0.0; });
}

//! What a transformer carries whose windings all lie at one bus flows through no branch.
void note_unjudged(DssEngine& dss, const std::string& name, const std::string& kind, DssModel& model) {
  if (kind == "transformer" && dss.emergency_amps() > 0) model.unjudged.push_back(name);
}

void read_branch(DssEngine& dss, const std::string& name, const std::string& kind, DssModel& model,
                 Obstacles& obstacles) {
  const auto nodes = dss.element_nodes();
  const auto groups = ungrounded(dss.element_buses(), nodes);
  if (groups.empty()) return;
  if (groups.size() == 3 && kind == "transformer" && nodes.size() == 3) return void(model.stars.push_back(name));
  if (groups.size() > 2) {
    model.lacks_branches = true;
    return obstacles.add(name, fmt::format("terminals at {} buses (two, or those of three windings at three, can be "
                                           "represented)",
                                           groups.size()));
  }
  if (kind == "line" && dss.number(name, "length") < 0 && dss.property(name, "units") != "none")
    obstacles.add(name, "a negative length (cannot be represented)");
  const auto yprim = dss.yprim();
  if (groups.size() == 1) {
    if (kind == "capacitor") model.capacitors.push_back(name);
    note_unjudged(dss, name, kind, model);
    model.shunts.push_back({name, groups[0].bus, groups[0].node, block(yprim, groups[0].row, groups[0].row)});
    return;
  }
  DssBranch b;
  b.name = name;
  b.kind = kind;
  for (std::size_t t = 0; t < 2; ++t) {
    b.bus[t] = groups[t].bus;
    b.node[t] = groups[t].node;
    for (std::size_t u = 0; u < 2; ++u) b.y[t][u] = block(yprim, groups[t].row, groups[u].row);
  }
  if (opened(b)) {  // only its charging is left
    for (std::size_t t = 0; t < 2; ++t) model.shunts.push_back({name, b.bus[t], b.node[t], b.y[t][t]});
    return;
  }
  const std::size_t conductors = nodes.front().size(), terminal = groups[0].row.front() / conductors;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t row : groups[t].row) b.terminal[t].push_back(static_cast<int>(row / conductors));
  for (std::size_t row : groups[0].row) b.terminal1 += row / conductors == terminal ? 1 : 0;
  b.normal_amps = std::max(dss.normal_amps(), 0.0);  // -1: of wires without a rating
  b.emergency_amps = std::max(dss.emergency_amps(), 0.0);
  model.branches.push_back(std::move(b));
}

//! Whether a load or generator draws nothing because it is open. With some of its phases open it cannot be represented.
bool is_cut_off(DssEngine& dss, const std::string& name, Obstacles& obstacles) {
  const int phases = static_cast<int>(dss.number(name, "phases"));
  dss.select_element(name);
  const int open = dss.open_phases(phases);
  if (open > 0 && open < phases)
    obstacles.add(name, "some phases open and some closed (a load or generator of fewer phases can be represented)");
  return open == phases;
}

void read_source(DssEngine& dss, const std::string& name, DssModel& model, Obstacles& obstacles) {
  dss.select_element(name);
  for (const Conductors& c : ungrounded(dss.element_buses(), dss.element_nodes()))
    for (int node : c.node) model.fed.emplace_back(c.bus, node);
  if (!model.source.empty()) return obstacles.add(name, "a second source (one can be represented)");
  model.source = name;
  if (const std::string hz = dss.command("get frequency"), own = dss.property(name, "frequency");
      std::stod(hz) != std::stod(own))
    obstacles.add(name, fmt::format("a source of {} Hz in a circuit that is solved at {} Hz, where it has no voltage "
                                    "(Set DefaultBaseFrequency belongs before New Circuit)",
                                    own, hz));
  dss.select_element(name);
  const auto groups = ungrounded(dss.element_buses(), dss.element_nodes());
  model.source_bus = dss.element_buses()[0];
  if (groups.size() != 1) {
    model.lacks_branches = true;
    return obstacles.add(name, "a source between two buses (one to ground can be represented)");
  }
  model.source_node = groups[0].node;
  model.source_y = block(dss.yprim(), groups[0].row, groups[0].row);
  const auto terminals = dss.element_nodes();
  const bool to_ground =
      terminals.size() < 2 || std::all_of(terminals[1].begin(), terminals[1].end(), [](int node) { return node == 0; });
  const std::set<int> phases(groups[0].node.begin(), groups[0].node.end());
  if (!to_ground || phases.size() != groups[0].node.size() || *phases.rbegin() > 3)
    obstacles.add(name, "no source of one to three different phases to ground (cannot be represented)");
}

//! What a control of a disabled element does changes nothing.
void read_control(DssEngine& dss, const std::string& name, const std::string& kind, DssModel& model) {
  const std::string moved = kind == "regcontrol" ? "transformer" : "capacitor", it = dss.property(name, moved);
  const auto elements = dss.element_names();
  const bool is_there = std::find(elements.begin(), elements.end(), moved + "." + it) != elements.end();
  if (is_there) dss.select_element(moved + "." + it);
  if (is_there && !dss.enabled()) return;
  (kind == "regcontrol" ? model.regulators : model.capacitor_controls).push_back(name);
}

void read_element(DssEngine& dss, const std::string& name, DssModel& model, Obstacles& obstacles) {
  const std::string kind = name.substr(0, name.find('.'));
  dss.select_element(name);
  if (kGenerators.count(kind)) {
    model.generators.push_back(name);
    if (!dss.enabled()) return;
    const bool cut_off = is_cut_off(dss, name, obstacles);
    if (cut_off && kind != "generator") return;  // which goes on to feed its current in, as is measured
    if (kConstantPower.count(kind)) model.generation.push_back(name);
    else obstacles.add(name, fmt::format("an enabled {} (cannot be represented; disable it)", kind));
    return;
  }
  if (kIgnored.count(kind) || !dss.enabled()) return;
  if (kind == "vsource") return read_source(dss, name, model, obstacles);
  if (kind == "load") {
    if (!is_cut_off(dss, name, obstacles)) model.loads.push_back(name);
    return;
  }
  if (kind == "regcontrol" || kind == "capcontrol") return read_control(dss, name, kind, model);
  if (kind == "recloser") model.reclosers.push_back(name);
  if (kind == "fuse") model.fuses.push_back(name);
  if (kSwitches.count(kind)) return void(model.switches[name] = dss.property(name, "state"));
  if (!kBranches.count(kind)) {
    // What leads nowhere, as a control of generators or a source of current, hides nothing else.
    if (ungrounded(dss.element_buses(), dss.element_nodes()).size() > 1) model.lacks_branches = true;
    return obstacles.add(name, fmt::format("class {} (cannot be represented)", kind));
  }
  read_branch(dss, name, kind, model, obstacles);
}

}  // namespace

DssShunt read_shunt(DssEngine& dss, const std::string& name) {
  dss.select_element(name);
  const Conductors c = ungrounded(dss.element_buses(), dss.element_nodes()).at(0);
  return {name, c.bus, c.node, block(dss.yprim(), c.row, c.row)};
}

DssModel read_dss_model(DssEngine& dss, Obstacles& obstacles) {
  DssModel model;
  std::set<std::string> seen;
  for (const auto& name : dss.element_names()) {
    if (seen.insert(name).second) read_element(dss, name, model, obstacles);
    else obstacles.add(name, "a second element of that name (AllowDuplicates cannot be represented)");
  }
  if (model.source.empty()) fail_input("the circuit has no voltage source");
  for (const auto& name : dss.bus_names()) {
    dss.select_bus(name);
    if (dss.bus_nodes().empty()) continue;  // only disabled elements are there
    model.bus_order.push_back(name);
    model.bus[name] = {dss.bus_nodes(),           "",   dss.bus_kv_base(), dss.bus_x(), dss.bus_y(),
                       dss.bus_has_coordinates(), false};
    std::sort(model.bus[name].node.begin(), model.bus[name].node.end());
  }
  const auto names = dss.node_names();
  const auto volts = dss.node_voltages();
  for (std::size_t i = 0; i < names.size(); ++i) model.voltage[names[i]] = volts[i];
  for (const auto& transformer : model.stars) add_star(dss, transformer, model, obstacles);
  return model;
}

}  // namespace gridqueue
