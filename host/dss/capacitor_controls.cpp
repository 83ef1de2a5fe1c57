// CapControls of an imported model, and the capacitors that they switch.
#include "host/dss/capacitor_controls.hpp"

#include <optional>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/tree.hpp"

namespace gridqueue {
namespace {

std::string capacitor_of(DssEngine& dss, const std::string& control) {
  return "capacitor." + dss.property(control, "capacitor");
}

bool step_in_service(DssEngine& dss, const std::string& capacitor) {
  return dss.property(capacitor, "states").find('1') != std::string::npos;
}

CapacitorState state_of(DssEngine& dss, const std::string& capacitor) {
  dss.select_element(capacitor);
  if (dss.open_at_terminal_1()) return CapacitorState::open;
  return step_in_service(dss, capacitor) ? CapacitorState::closed : CapacitorState::no_step;
}

//! Admittances of the capacitors when they are in, whatever controls have left.
void read_admittances(DssEngine& dss, std::vector<SwitchedCapacitor>& switched) {
  std::vector<bool> in_service;
  for (const SwitchedCapacitor& s : switched) in_service.push_back(step_in_service(dss, s.shunt.name));
  start_snapshot(dss, "off");
  for (const SwitchedCapacitor& s : switched) {
    dss.command(s.shunt.name + ".states=[1]");
    dss.command("close " + s.shunt.name + " term=1");
  }
  dss.command("buildy");
  dss.command("solve");
  for (SwitchedCapacitor& s : switched) s.shunt = read_shunt(dss, s.shunt.name);
  for (std::size_t i = 0; i < switched.size(); ++i)
    if (!in_service[i]) dss.command(switched[i].shunt.name + ".states=[0]");
}

//! Where a control measures.
struct Watched {
  BusId bus;
  MeasuredPhases voltage;   //!< every phase, to ground
  const DssBranch* branch;  //!< null = an element at one bus
  std::size_t terminal;     //!< of the branch, from 0
};

MeasuredPhases phases_at(const Bus& bus, const std::vector<int>& nodes, std::size_t phases) {
  MeasuredPhases all;
  for (std::size_t p = 0; p < std::min({nodes.size(), phases, all.node.size()}); ++p)
    all.node[p] = position_of(bus, nodes[p]);
  return all;
}

class ControlReader {
 public:
  ControlReader(DssEngine& dss, const DssModel& model, const std::vector<SwitchedCapacitor>& switched,
                const Network& net, Obstacles& obstacles)
      : dss_(dss), model_(model), switched_(switched), net_(net), obstacles_(obstacles) {}

  CapacitorControl read(const SwitchedCapacitor& s) {
    ControlCheck check(s.control, obstacles_);
    CapacitorControl c;
    c.name = s.control;
    c.initial = s.initial;
    for (std::size_t i = 0; i < net_.capacitors.size(); ++i)
      if (net_.capacitors[i].name == s.shunt.name) c.capacitor = static_cast<int>(i);
    c.on = number(c, "onsetting"), c.off = number(c, "offsetting");
    c.delay_on_s = number(c, "delay"), c.delay_off_s = number(c, "delayoff"), c.dead_time_s = number(c, "deadtime");
    c.pt_ratio = number(c, "ptratio"), c.ct_ratio = number(c, "ctratio");
    const auto watched = find(c, check);
    if (!watched || !read_measure(c, check)) return c;
    c.measured_bus = watched->bus;
    read_voltage(c, s, *watched, check);
    if (c.measure != CapacitorMeasure::voltage) read_current(c, s, *watched, check);
    return c;
  }

 private:
  double number(const CapacitorControl& c, const char* what) { return dss_.number(c.name, what); }

  std::optional<Watched> find(const CapacitorControl& c, ControlCheck& check) {
    const std::string name = dss_.property(c.name, "element");
    const auto terminal = static_cast<std::size_t>(number(c, "terminal")) - 1;
    const auto at = [&](const std::string& bus, const std::vector<int>& nodes, const DssBranch* branch) {
      const BusId id = *net_.find_bus(bus);
      const auto phases = static_cast<std::size_t>(dss_.number(name, "phases"));
      return Watched{id, phases_at(net_.buses[id.index()], nodes, phases), branch, terminal};
    };
    for (const DssBranch& b : model_.branches)
      if (b.name == name && terminal < 2) return at(b.bus[terminal], b.node[terminal], &b);
    for (const DssShunt& shunt : model_.shunts)
      if (shunt.name == name && terminal == 0) return at(shunt.bus, shunt.node, nullptr);
    for (const SwitchedCapacitor& s : switched_)
      if (s.shunt.name == name && terminal == 0) return at(s.shunt.bus, s.shunt.node, nullptr);
    check.need(false, "watches neither a branch nor a capacitor");
    return {};
  }

  bool read_measure(CapacitorControl& c, ControlCheck& check) {
    const std::string type = dss_.property(c.name, "type");
    if (type == "voltage") c.measure = CapacitorMeasure::voltage;
    else if (type == "current") c.measure = CapacitorMeasure::current;
    else if (type == "kvar") c.measure = CapacitorMeasure::kvar;
    else return check.need(false, "is of type " + type);
    return true;
  }

  //! Between lines where the capacitor is in delta, but only for one phase (CapControl.pas, GetControlVoltage).
  void read_voltage(CapacitorControl& c, const SwitchedCapacitor& s, const Watched& watched, ControlCheck& check) {
    const bool overrides = c.measure != CapacitorMeasure::voltage && yes(dss_.property(c.name, "voltoverride"));
    if (overrides) {
      c.vmin = number(c, "vmin"), c.vmax = number(c, "vmax");
      check.need(dss_.property(c.name, "vbus").empty(), "has a voltage override at another bus");
    }
    MeasuredPhases all = watched.voltage;
    const std::string word = dss_.property(c.name, "ptphase");
    const auto phases = static_cast<std::size_t>(dss_.number(s.shunt.name, "phases"));
    if (dss_.property(s.shunt.name, "conn") == "delta" && word != "max" && word != "min" && word != "avg")
      for (std::size_t p = 0; p < std::min<std::size_t>(phases, 3); ++p) all.to_node[p] = all.node[(p + 1) % phases];
    c.voltage = choose_phases(all, word);
    check.need(c.voltage.node[0] >= 0, "measures a phase that is not there");
  }

  //! One phase is always measured at terminal 1 (CapControl.pas, GetControlCurrent); the others, and power, at the
  //! terminal that the control names.
  void read_current(CapacitorControl& c, const SwitchedCapacitor& s, const Watched& watched, ControlCheck& check) {
    const DssBranch* b = watched.branch;
    const std::string name = b ? b->name : "";
    if (!check.need(b && b->kind == "line", "measures the current of something other than a line")) return;
    c.line = child_of(model_, net_, name);
    const Bus& child = net_.buses[c.line.index()];
    if (!check.need(child.branch.kind == BranchKind::line && child.branch.name == name,
                    "measures the current of a line that exchanges phases or stands beside others"))
      return;
    const std::string word = dss_.property(c.name, "ctphase");
    const bool one_phase = word != "max" && word != "min" && word != "avg";
    const std::size_t terminal = one_phase && c.measure == CapacitorMeasure::current ? 0 : watched.terminal;
    c.at_parent = b->bus[terminal] != child.name;
    const auto phases = one_phase ? 3 : static_cast<std::size_t>(dss_.number(s.shunt.name, "phases"));
    c.current = choose_phases(phases_at(child, b->node[terminal], phases), word);
    check.need(c.current.node[0] >= 0, "measures a phase that is not there");
  }

  DssEngine& dss_;
  const DssModel& model_;
  const std::vector<SwitchedCapacitor>& switched_;
  const Network& net_;
  Obstacles& obstacles_;
};

Capacitor capacitor_at(Network& net, const DssShunt& shunt) {
  Capacitor c;
  c.name = shunt.name;
  c.bus = *net.find_bus(shunt.bus);
  Bus& bus = net.buses[c.bus.index()];
  bus.has_capacitor = true;
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(position_of(bus, shunt.node[i])); };
  for (std::size_t i = 0; i < shunt.node.size(); ++i)
    for (std::size_t j = 0; j < shunt.node.size(); ++j) c.y[at(i)][at(j)] = shunt.y(i, j);
  return c;
}

}  // namespace

std::vector<SwitchedCapacitor> take_switched_capacitors(DssEngine& dss, DssModel& model, const DayChoice& day,
                                                        Obstacles& obstacles) {
  std::vector<SwitchedCapacitor> switched;
  if (model.capacitor_controls.empty()) return switched;
  std::set<std::string> names;
  start_day(dss, day, "static");
  for (const auto& control : model.capacitor_controls) {
    ControlCheck check(control, obstacles);
    const std::string name = capacitor_of(dss, control);
    const auto is_it = [&](const DssShunt& s) { return s.name == name; };
    const auto found = std::find_if(model.shunts.begin(), model.shunts.end(), is_it);
    if (!check.need(names.insert(name).second, "switches what another control switches, too")) continue;
    if (!check.need(found != model.shunts.end(), "switches what is no capacitor at one bus")) continue;
    if (!check.need(dss.number(name, "numsteps") == 1, "switches a capacitor of several steps")) continue;
    switched.push_back({control, *found, state_of(dss, name)});
    model.shunts.erase(found);
    model.capacitors.erase(std::find(model.capacitors.begin(), model.capacitors.end(), name));
  }
  if (!switched.empty()) read_admittances(dss, switched);
  return switched;
}

void add_capacitor_controls(DssEngine& dss, const DssModel& model, const std::vector<SwitchedCapacitor>& switched,
                            Network& net, Obstacles& obstacles) {
  for (const SwitchedCapacitor& s : switched) net.capacitors.push_back(capacitor_at(net, s.shunt));
  std::stable_sort(net.capacitors.begin(), net.capacitors.end(),
                   [](const Capacitor& a, const Capacitor& b) { return a.bus < b.bus; });
  ControlReader reader(dss, model, switched, net, obstacles);
  for (const SwitchedCapacitor& s : switched) net.capacitor_controls.push_back(reader.read(s));
  std::sort(net.capacitor_controls.begin(), net.capacitor_controls.end(),
            [](const CapacitorControl& a, const CapacitorControl& b) { return a.capacitor < b.capacitor; });
}

}  // namespace gridqueue
