// CapControls of an imported model, and the capacitors that they switch.
#include "host/dss/capacitor_controls.hpp"

#include <cmath>
#include <optional>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/dss/control_check.hpp"
#include "host/dss/inner_nodes.hpp"
#include "host/dss/terminal_current.hpp"
#include "host/dss/time_schedule.hpp"
#include "host/dss/tree.hpp"
#include "host/dss/two_port.hpp"
#include "host/dss/words.hpp"

namespace gridqueue {
namespace {

std::string capacitor_of(DssEngine& dss, const std::string& control) {
  return "capacitor." + dss.property(control, "capacitor");
}

int steps_in_service(DssEngine& dss, const std::string& capacitor) {
  const std::string states = dss.property(capacitor, "states");
  return static_cast<int>(std::count(states.begin(), states.end(), '1'));
}

CapacitorState state_of(DssEngine& dss, const std::string& capacitor) {
  dss.select_element(capacitor);
  if (dss.open_at_terminal_1()) return CapacitorState::open;
  return steps_in_service(dss, capacitor) > 0 ? CapacitorState::closed : CapacitorState::no_step;
}

//! Of an open one OpenDSS has no admittance between its ends.
bool lies_at_one_bus(DssEngine& dss, const std::string& capacitor) {
  dss.select_element(capacitor);
  const auto buses = dss.element_buses();
  const auto nodes = dss.element_nodes();
  std::set<std::string> at;
  for (std::size_t t = 0; t < nodes.size(); ++t)
    if (std::any_of(nodes[t].begin(), nodes[t].end(), [](int node) { return node != 0; })) at.insert(buses[t]);
  return at.size() == 1;
}

//! Puts the first steps of a capacitor into service, or the given one alone.
void set_steps(DssEngine& dss, const std::string& capacitor, int steps, int in_service, int only = -1) {
  std::string states;
  for (int k = 0; k < steps; ++k) states += (only < 0 ? k < in_service : k == only) ? "1 " : "0 ";
  dss.command(fmt::format("edit {} states=({})", dss_word(capacitor), states));
}

double difference(const MatrixC& a, const MatrixC& b) {
  double largest = 0, size = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    largest = std::max(largest, std::abs(a.values[i] - b.values[i]));
    size = std::max(size, std::abs(a.values[i]));
  }
  return size > 0 ? largest / size : 0;
}

//! A further step of a capacitor: equal to the first, or a multiple of it.
void add_step(const MatrixC& y, int step, SwitchedCapacitor& s, Obstacles& obstacles) {
  ControlCheck check(s.control, obstacles);
  if (difference(s.shunt.y, y) < 1e-9 && s.size.empty()) return;
  const auto largest = std::max_element(s.shunt.y.values.begin(), s.shunt.y.values.end(),
                                        [](const Complex& a, const Complex& b) { return std::abs(a) < std::abs(b); });
  const double size = std::abs(y.values[static_cast<std::size_t>(largest - s.shunt.y.values.begin())] / *largest);
  MatrixC scaled = s.shunt.y;
  for (Complex& x : scaled.values) x *= size;
  if (!check.need(size > 0 && difference(scaled, y) < 1e-9,
                  "switches a capacitor whose steps differ in more than size"))
    return;
  if (!check.need(s.steps <= kMaxUnequalSteps, "switches a capacitor of too many unequal steps")) return;
  s.size.resize(static_cast<std::size_t>(step), 1.0);
  s.size.push_back(size);
}

//! Whether the first of its steps are the ones in service, so that their number tells which.
bool in_order(DssEngine& dss, const std::string& capacitor) {
  const std::vector<double> states = numbers_in(dss.property(capacitor, "states"));
  return std::is_sorted(states.begin(), states.end(), std::greater<>());
}

//! Admittances of single steps of the capacitors, whatever controls have left.
void read_admittances(DssEngine& dss, const DssModel& model, std::vector<SwitchedCapacitor>& switched,
                      Obstacles& obstacles) {
  std::set<std::string> out_of_order;
  for (const SwitchedCapacitor& s : switched)
    if (!in_order(dss, s.shunt.name)) out_of_order.insert(s.control);
  start_snapshot(dss, "off");
  int most = 1;
  for (const SwitchedCapacitor& s : switched) {
    most = std::max(most, s.steps);
    dss.command("close " + dss_word(s.shunt.name) + " term=1");
  }
  for (int step = 0; step < most; ++step) {
    for (const SwitchedCapacitor& s : switched) set_steps(dss, s.shunt.name, s.steps, 0, std::min(step, s.steps - 1));
    dss.command("buildy");
    dss.command("solve");
    for (SwitchedCapacitor& s : switched) {
      DssShunt now = read_shunt(dss, s.shunt.name);
      fold_missing_nodes(model, now);
      if (step == 0) s.shunt = now;
      else if (step < s.steps) add_step(now.y, step, s, obstacles);
    }
  }
  for (const SwitchedCapacitor& s : switched) {
    set_steps(dss, s.shunt.name, s.steps, s.in_service);
    ControlCheck(s.control, obstacles)
        .need(s.size.empty() || !out_of_order.count(s.control),
              "switches a capacitor of unequal steps of which others than the first are in service");
  }
}

//! Where a tree was not found some buses may be missing.
BusId bus_of(const Network& net, const std::string& name) {
  const auto bus = net.find_bus(name);
  if (!bus) fail_input("bus '{}' is not part of the feeder", name);
  return *bus;
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
                const std::vector<Bus>& as_read, const DayChoice& day, Network& net, Obstacles& obstacles)
      : dss_(dss), model_(model), switched_(switched), as_read_(as_read), day_(day), net_(net), obstacles_(obstacles) {}

  CapacitorControl read(const SwitchedCapacitor& s) {
    ControlCheck check(s.control, obstacles_);
    CapacitorControl c;
    c.name = s.control;
    c.initial = s.initial;
    c.steps = s.steps;
    c.initial_steps = std::max(1, s.in_service);
    std::copy(s.size.begin(), s.size.end(), c.step_size.begin());
    for (std::size_t i = 0; i < net_.capacitors.size(); ++i)
      if (net_.capacitors[i].name == s.shunt.name) c.capacitor = static_cast<int>(i);
    c.on = number(c, "onsetting"), c.off = number(c, "offsetting");
    c.delay_on_s = number(c, "delay"), c.delay_off_s = number(c, "delayoff");
    c.dead_time_s = c.steps == 1 ? number(c, "deadtime") : 0;  // only then OpenDSS notes when it opened
    c.pt_ratio = number(c, "ptratio"), c.ct_ratio = number(c, "ctratio");
    const auto watched = find(c, check);
    if (!watched || !read_measure(c, check)) return c;
    c.measured_bus = watched->bus;
    read_voltage(c, s, *watched, check);
    if (c.measure == CapacitorMeasure::time) c.schedule = add_schedule(c);
    else if (c.measure != CapacitorMeasure::voltage) read_current(c, s, *watched, check);
    if (c.measure == CapacitorMeasure::power_factor) {
      const std::vector<int> order = dss_.property_order(c.name);
      constexpr int kType = 4, kOn = 7, kOff = 8;  // CapControl.pas
      c.on = order.at(kType) < order.at(kOn) ? power_factor(c.on, kPfOn) : kPfOn;
      c.off = order.at(kType) < order.at(kOff) ? power_factor(c.off, kPfOff) : kPfOff;
      read_least_kvar(c, s);
    }
    for (const char* word : {"element", "terminal", "type", "voltoverride", "vbus", "ptphase", "ctphase", "pctminkvar"})
      if (!dss_.property(c.name, word).empty())
        c.words += fmt::format(" {}={}", word, dss_word(dss_.property(c.name, word)));
    return c;
  }

 private:
  double number(const CapacitorControl& c, const char* what) { return dss_.number(c.name, what); }

  std::optional<Watched> find(const CapacitorControl& c, ControlCheck& check) {
    const std::string name = dss_.property(c.name, "element");
    const auto terminal = static_cast<std::size_t>(number(c, "terminal")) - 1;
    const auto at = [&](const std::string& bus, const std::vector<int>& nodes, const DssBranch* branch) {
      const BusId id = bus_of(net_, bus);
      const auto phases = static_cast<std::size_t>(dss_.number(name, "phases"));
      return Watched{id, phases_at(net_.buses[id.index()], nodes, phases), branch, terminal};
    };
    for (const DssBranch& b : model_.branches) {
      const bool of_star = b.winding == static_cast<int>(terminal) + 1;
      if (b.name == name && (b.winding == 0 ? terminal < 2 : of_star))
        return at(b.bus[of_star ? 0 : terminal], b.node[of_star ? 0 : terminal], &b);
    }
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
    else if (type == "time") c.measure = CapacitorMeasure::time;
    else if (type == "powerfactor" || type == "pf") c.measure = CapacitorMeasure::power_factor;
    else return check.need(false, "is of type " + type);
    return true;
  }

  //! As a shape that it follows.
  int add_schedule(const CapacitorControl& c) {
    net_.shapes.push_back({c.name, time_schedule(c.on, c.off, day_)});
    return static_cast<int>(net_.shapes.size()) - 1;
  }

  //! Where neither is given once the type is known: before it they are settings of another measure.
  static constexpr double kPfOn = 0.95, kPfOff = 1.05;
  //! Lagging from 0 to 1, leading from 1 to 2 (CapControl.pas, PropertySideEffects).
  static double power_factor(double setting, double otherwise) {
    if (std::abs(setting) > 1) return otherwise;
    return setting < 0 ? 2 + setting : setting;
  }

  void read_least_kvar(CapacitorControl& c, const SwitchedCapacitor& s) {
    double kvar = 0;
    for (double step : numbers_in(dss_.property(s.shunt.name, "kvar"))) kvar += step;
    c.least_kvar = kvar * number(c, "pctminkvar") / 100;
    c.least_kvar_per_step = kvar / s.steps / 2;
  }

  //! At a bus of its own OpenDSS counts nodes as the bus came by them, as many as the capacitor has phases, and looks
  //! at as many as the element that is watched has (CapControl.pas, GetBusVoltages).
  MeasuredPhases override_voltage(CapacitorControl& c, const SwitchedCapacitor& s, const Watched& watched,
                                  ControlCheck& check) {
    const std::string name = dss_.property(c.name, "vbus");
    if (name.empty()) return watched.voltage;
    const auto bus = net_.find_bus(name);
    if (!check.need(bus.has_value(), "has a voltage override at a bus that is not there")) return watched.voltage;
    c.measured_bus = *bus;
    std::vector<int> nodes;
    for (const auto& node : dss_.node_names())
      if (node.substr(0, node.rfind('.')) == name) nodes.push_back(std::stoi(node.substr(node.rfind('.') + 1)));
    const auto phases = static_cast<std::size_t>(dss_.number(s.shunt.name, "phases"));
    const auto looked_at = static_cast<std::size_t>(
        std::count_if(watched.voltage.node.begin(), watched.voltage.node.end(), [](int n) { return n >= 0; }));
    check.need(looked_at <= std::min(phases, nodes.size()), "has a voltage override at a bus of fewer phases");
    check.need(std::is_sorted(nodes.begin(), nodes.end()),
               "has a voltage override at a bus whose nodes are out of order");
    return phases_at(net_.buses[bus->index()], nodes, std::min(phases, looked_at));
  }

  //! Between lines where the capacitor is in delta, but only for one phase (CapControl.pas, GetControlVoltage).
  void read_voltage(CapacitorControl& c, const SwitchedCapacitor& s, const Watched& watched, ControlCheck& check) {
    const bool overrides = c.measure != CapacitorMeasure::voltage && yes(dss_.property(c.name, "voltoverride"));
    if (overrides) {
      c.vmin = number(c, "vmin"), c.vmax = number(c, "vmax");
    }
    MeasuredPhases all = watched.voltage;
    if (overrides) all = override_voltage(c, s, watched, check);
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
    if (!check.need(b, "measures the current of an element at one bus")) return;
    if (!check.need(b->winding == 0, "measures the current of a transformer with windings at three buses")) return;
    c.line = child_of(model_, net_, b->name);
    const Bus& child = net_.buses[c.line.index()];
    const std::string word = dss_.property(c.name, "ctphase");
    const bool one_phase = word != "max" && word != "min" && word != "avg";
    const std::size_t terminal = one_phase && c.measure == CapacitorMeasure::current ? 0 : watched.terminal;
    c.at_parent = b->bus[terminal] != child.name;
    const auto phases = one_phase ? 3 : static_cast<std::size_t>(dss_.number(s.shunt.name, "phases"));
    const bool whole = child.branch.kind == BranchKind::line && child.branch.name == b->name;
    if (whole) c.current = choose_phases(phases_at(child, b->node[terminal], phases), word);
    else if (!read_terminal(c, *b, terminal, phases, word, check)) return;
    check.need(c.current.node[0] >= 0, "measures a phase that is not there");
  }

  //! Of an element beside others, or one that is no straight line.
  bool read_terminal(CapacitorControl& c, const DssBranch& b, std::size_t terminal, std::size_t phases,
                     const std::string& word, ControlCheck& check) {
    const std::size_t conductors = b.node[terminal].size();
    if (!check.need(conductors <= kMaxNodesPerBus &&
                        std::all_of(b.terminal[terminal].begin(), b.terminal[terminal].end(),
                                    [&](int t) { return t == static_cast<int>(terminal); }) &&
                        conductors >= static_cast<std::size_t>(dss_.number(b.name, "phases")),
                    "measures the current of a terminal that is not all there"))
      return false;
    const Bus& child = as_read_[c.line.index()];
    c.terminal = terminal_current(b, terminal, child, as_read_[child.parent.index()]);
    const auto moves = [&](const Regulator& r) { return r.bus == c.line && r.name == b.name; };
    const auto moved = std::find_if(net_.regulators.begin(), net_.regulators.end(), moves);
    if (moved != net_.regulators.end())
      if (const std::string why = follow_tap(*moved, b.y[terminal][terminal], c.at_parent, *c.terminal);
          !check.need(why.empty(), why))
        return false;
    MeasuredPhases all;
    for (std::size_t p = 0; p < std::min({conductors, phases, all.node.size()}); ++p) all.node[p] = static_cast<int>(p);
    c.current = choose_phases(all, word);
    return true;
  }

  DssEngine& dss_;
  const DssModel& model_;
  const std::vector<SwitchedCapacitor>& switched_;
  const std::vector<Bus>& as_read_;
  const DayChoice& day_;
  Network& net_;
  Obstacles& obstacles_;
};

Capacitor capacitor_at(Network& net, const DssShunt& shunt, ControlCheck& check) {
  Capacitor c;
  c.name = shunt.name;
  c.bus = bus_of(net, shunt.bus);
  Bus& bus = net.buses[c.bus.index()];
  bus.has_capacitor = true;
  const auto at = [&](std::size_t i) { return position(bus, shunt.node[i]); };
  for (int node : shunt.node)
    check.need(std::abs(bus.v_initial[position(bus, node)]) > 0,
               "switches a capacitor whose star point has no voltage where the day begins, because the bank is open "
               "then, and which something else reaches");
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
    if (!check.need(found != model.shunts.end() && lies_at_one_bus(dss, name),
                    "switches what is no capacitor at one bus"))
      continue;
    switched.push_back({control, *found, state_of(dss, name), static_cast<int>(dss.number(name, "numsteps")),
                        steps_in_service(dss, name)});
    model.shunts.erase(found);
    model.capacitors.erase(std::find(model.capacitors.begin(), model.capacitors.end(), name));
  }
  if (!switched.empty()) read_admittances(dss, model, switched, obstacles);
  return switched;
}

void add_capacitor_controls(DssEngine& dss, const DssModel& model, const std::vector<SwitchedCapacitor>& switched,
                            const std::vector<Bus>& as_read, const DayChoice& day, Network& net, Obstacles& obstacles) {
  for (const SwitchedCapacitor& s : switched) {
    ControlCheck check(s.control, obstacles);
    net.capacitors.push_back(capacitor_at(net, s.shunt, check));
    net.capacitors.back().delta = dss.property(s.shunt.name, "conn") == "delta";
  }
  std::stable_sort(net.capacitors.begin(), net.capacitors.end(),
                   [](const Capacitor& a, const Capacitor& b) { return a.bus < b.bus; });
  ControlReader reader(dss, model, switched, as_read, day, net, obstacles);
  for (const SwitchedCapacitor& s : switched)
    obstacles.told_first([&] { net.capacitor_controls.push_back(reader.read(s)); });
  std::sort(net.capacitor_controls.begin(), net.capacitor_controls.end(),
            [](const CapacitorControl& a, const CapacitorControl& b) { return a.capacitor < b.capacitor; });
}

}  // namespace gridqueue
