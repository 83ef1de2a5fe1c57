// Network::validate: what every later stage relies on, checked once where a network enters the program.
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/network.hpp"
#include "host/model/voltage_base.hpp"

namespace gridqueue {
namespace {

bool finite(Complex z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }

bool finite(const NodeMatrix& m) {
  for (const auto& row : m)
    for (Complex z : row)
      if (!finite(z)) return false;
  return true;
}

//! Beyond what any feeder has; more would only cost time without end.
constexpr int kMostIterations = 10'000, kMostTaps = 10'000, kMostSteps = 10'000;
constexpr double kMostKv = 2000;  //!< the highest voltage of any network is 1,200 kV between phases

bool exists(BranchKind kind) { return kind >= BranchKind::source && kind <= BranchKind::other; }
bool exists(PhaseChoice c) { return c >= PhaseChoice::highest && c <= PhaseChoice::average; }
bool exists(CapacitorMeasure m) { return m >= CapacitorMeasure::voltage && m <= CapacitorMeasure::power_factor; }
bool exists(CapacitorState s) { return s >= CapacitorState::no_step && s <= CapacitorState::closed; }
bool exists(LoadModel m) {
  return (m >= LoadModel::constant_power && m <= LoadModel::fixed_q_impedance) || m == LoadModel::generation ||
         m == LoadModel::generation_impedance || m == LoadModel::generation_fixed_q ||
         m == LoadModel::generation_fixed_q_impedance || m == LoadModel::generation_limited ||
         m == LoadModel::generation_single_delta;
}

class Validator {
 public:
  explicit Validator(const Network& network) : net_(network) {}

  void run() const {
    if (net_.buses.empty()) fail_input("feeder '{}' has no buses", net_.name);
    check_order();
    for (std::size_t i = 0; i < net_.buses.size(); ++i) check_bus(i);
    check_loads();
    check_regulators();
    check_reclosers();
    check_capacitors();
    check_capacitor_controls();
    check_fixed_elements();
    check_steps();
    for (const auto& [name, list] : net_.monitor_lists) check_ids(list, "monitor list '" + name + "'");
    check_ids(net_.candidate_buses, "candidate_buses");
    for (const Load& load : net_.loads)
      if (bus(load.bus).inner)
        fail_input("'{}' stands at '{}', which is inside a transformer", load.name, name(load.bus));
    for (BusId bus : net_.candidate_buses)
      if (!net_.three_phase(bus)) fail_input("candidate bus '{}' does not have the phases 1, 2, 3", name(bus));
  }

 private:
  [[nodiscard]] const Bus& bus(BusId id) const { return net_.buses[id.index()]; }
  [[nodiscard]] const std::string& name(BusId id) const { return bus(id).name; }
  [[nodiscard]] bool known(BusId id) const { return id.valid() && id.index() < net_.buses.size(); }

  //! Depth-first: the parent of bus i is bus i - 1 or one of its ancestors. Names are unique.
  void check_order() const {
    std::set<std::string> names;
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      const Bus& b = net_.buses[i];
      if (b.name.empty()) fail_input("bus number {} has no name", i);
      if (!names.insert(b.name).second) fail_input("two buses are named '{}'", b.name);
      if (i == 0 && (b.parent.valid() || b.branch.kind != BranchKind::source))
        fail_input("bus '{}' stands first but is no source bus", b.name);
      if (i == 0) continue;
      if (!b.parent.valid() || b.parent.index() >= i) fail_input("bus '{}' has no parent before it", b.name);
      BusId at(i - 1);
      while (at.valid() && at != b.parent) at = bus(at).parent;
      if (!at.valid()) fail_input("bus '{}' is out of depth-first order", b.name);
    }
  }

  void check_bus(std::size_t i) const {
    const Bus& b = net_.buses[i];
    if (b.num_nodes < 1 || b.num_nodes > kMaxNodesPerBus)
      fail_input("bus '{}' has {} nodes (1 to {} are possible)", b.name, b.num_nodes, kMaxNodesPerBus);
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      if (b.phase[n] < 1 || (n > 0 && b.phase[n] <= b.phase[n - 1]))
        fail_input("bus '{}' has phases that do not ascend", b.name);
    if (!(b.kv_base > 0 && b.kv_base < kMostKv)) fail_input("bus '{}' has a base voltage of {} kV", b.name, b.kv_base);
    if (!finite(b.y_shunt)) fail_input("bus '{}' has a shunt that is no number", b.name);
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      if (!finite(b.v_initial[n]) || !finite(b.v_base[n]) || std::abs(b.v_base[n]) == 0)
        fail_input("bus '{}' has no voltage at phase {}", b.name, b.phase[n]);
    if (b.inner && (b.phase[0] <= kMaxNodesPerBus || i == 0))
      fail_input("bus '{}' is called inner, but has nodes up to {} (or is the source)", b.name, kMaxNodesPerBus);
    for (const TransformerUnit& unit : b.branch.units)
      for (const Winding& w : unit.winding)
        if (w.bus.valid() && !known(w.bus))
          fail_input("'transformer.{}' has a winding at a bus that does not exist (number {})", unit.name, w.bus.value);
    check_branch(b, i == 0);
  }

  void check_branch(const Bus& b, bool root) const {
    const Branch& branch = b.branch;
    if (!exists(branch.kind))
      fail_input("branch '{}' is of a kind that does not exist (number {})", branch.name,
                 static_cast<int>(branch.kind));
    if (!root && branch.kind == BranchKind::source)
      fail_input("bus '{}' has a source but is not the first bus", b.name);
    if (!root && branch.name.empty()) fail_input("the branch to bus '{}' has no name", b.name);
    if (!finite(branch.z) || !finite(branch.a) || !finite(branch.y_line) || !finite(branch.i_terminal1) ||
        !finite(branch.y_terminal1))
      fail_input("branch '{}' has a matrix with an element that is no number", branch.name);
    if (!(branch.normal_amps >= 0 && branch.emergency_amps >= 0 && branch.length_ft >= 0))
      fail_input("branch '{}' has a negative rating or length", branch.name);
    for (const BranchElement& e : branch.elements)
      if (!(e.normal_amps >= 0 && e.emergency_amps >= 0)) fail_input("'{}' has a negative rating", e.name);
    if (branch.upgradable && branch.kind != BranchKind::line)
      fail_input("branch '{}' is called upgradable but is no line", branch.name);
    if (branch.kind == BranchKind::line || branch.kind == BranchKind::regulator) check_phases(b);
  }

  void check_phases(const Bus& b) const {
    const Bus& parent = bus(b.parent);
    if (!same_base(b, parent))
      fail_input("branch '{}' joins buses of voltage bases {} and {} kV as if they were one (import the model again)",
                 b.branch.name, parent.kv_base, b.kv_base);
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      bool found = false;
      for (std::size_t m = 0; m < static_cast<std::size_t>(parent.num_nodes); ++m)
        found = found || parent.phase[m] == b.phase[n];
      if (!found)
        fail_input("branch '{}' leads phase {} from bus '{}', which does not have it", b.branch.name, b.phase[n],
                   parent.name);
    }
  }

  void check_node(const std::string& what, BusId id, int node) const {
    if (!known(id)) fail_input("{} is at a bus that does not exist (number {})", what, id.value);
    if (node < 0 || node >= bus(id).num_nodes)
      fail_input("{} is at node {} of bus '{}', which has {}", what, node, name(id), bus(id).num_nodes);
  }

  void check_loads() const {
    BusId last;
    for (const Load& load : net_.loads) {
      check_node("'" + load.name + "'", load.bus, load.node);
      if (load.bus < last) fail_input("'{}' is out of bus order", load.name);
      last = load.bus;
      if (!exists(load.model))
        fail_input("'{}' is of a model that does not exist (number {})", load.name, static_cast<int>(load.model));
      if (!(load.kv > 0 && load.kv < kMostKv)) fail_input("'{}' has a nominal voltage of {} kV", load.name, load.kv);
      if (!std::isfinite(load.kw) || !std::isfinite(load.kvar))
        fail_input("'{}' has a power that is no number", load.name);
      check_band(load);
      check_ends_and_shapes(load);
    }
  }

  void check_band(const Load& load) const {
    const bool low = generates(load.model) || load.vlow_pu < load.vmax_pu;
    if (!(load.vlow_pu >= 0 && load.vmin_pu >= 0 && load.vmin_pu < load.vmax_pu && low))
      fail_input("'{}' needs 0 <= vlow_pu, vmin_pu < vmax_pu (has {}, {}, {})", load.name, load.vlow_pu, load.vmin_pu,
                 load.vmax_pu);
  }

  void check_ends_and_shapes(const Load& load) const {
    if (load.to_node != -1) check_node("'" + load.name + "'", load.bus, load.to_node);
    if (load.to_node == load.node) fail_input("'{}' has both ends at one node", load.name);
    for (int shape : {load.kw_shape, load.kvar_shape})
      if (shape < 0 || static_cast<std::size_t>(shape) >= net_.shapes.size())
        fail_input("'{}' follows a shape that does not exist (number {})", load.name, shape);
  }

  void check_measured(const std::string& what, BusId id, const MeasuredPhases& phases) const {
    if (!exists(phases.choice))
      fail_input("{} chooses its phase in a way that does not exist (number {})", what,
                 static_cast<int>(phases.choice));
    check_node(what, id, phases.node[0]);
    for (std::size_t p = 0; p < phases.node.size(); ++p) {
      if (phases.node[p] != -1) check_node(what, id, phases.node[p]);
      if (phases.to_node[p] != -1) check_node(what, id, phases.to_node[p]);
    }
  }

  void check_regulators() const {
    for (const Regulator& r : net_.regulators) {
      check_node("'" + r.name + "'", r.bus, r.node);
      const BranchKind kind = bus(r.bus).branch.kind;
      if (r.gang || r.term ? kind == BranchKind::source || kind == BranchKind::line : kind != BranchKind::regulator)
        fail_input("'{}' is at bus '{}', whose branch is no regulator", r.name, name(r.bus));
      if (r.term) check_term(r);
      if (!(r.vreg > 0 && r.band > 0 && r.pt_ratio > 0 && r.kv_winding > 0 && r.tap_step > 0 && r.tap_ratio > 0 &&
            r.ct_primary > 0))
        fail_input("'{}' has a setting that is not above zero", r.name);
      if (r.max_tap_change < 0 || !(r.delay_s >= 0)) fail_input("'{}' has a setting below zero", r.name);
      if (r.tap_min < -kMostTaps || r.tap_max > kMostTaps || !(r.ratio(r.tap_min) > 0))
        fail_input("'{}' has taps from {} to {} in steps of {} (its ratio must stay above zero)", r.name, r.tap_min,
                   r.tap_max, r.tap_step);
      if (r.positions_per_step < 1 || r.positions_per_step > kMostTaps)
        fail_input("'{}' moves {} positions a step", r.name, r.positions_per_step);
      if (r.tap_initial < r.tap_min || r.tap_initial > r.tap_max)
        fail_input("'{}' starts at tap {}, outside {} to {}", r.name, r.tap_initial, r.tap_min, r.tap_max);
      check_reverse(r);
      if (!r.measured_bus.valid()) continue;
      check_measured("'" + r.control + "'", r.measured_bus, r.measured);
      if (!(r.measured_pt_ratio > 0)) fail_input("'{}' measures through no voltage transformer", r.control);
    }
  }

  static void check_reverse(const Regulator& r) {
    const ReverseSettings& b = r.back;
    if (r.reverse < ReverseMode::none || r.reverse > ReverseMode::cogeneration)
      fail_input("'{}' reverses in a mode that does not exist (number {})", r.control, static_cast<int>(r.reverse));
    if (r.reverse == ReverseMode::none) return;
    if (r.term) fail_input("'{}' is reversible, but moves something else than its own nodes", r.control);
    if (!(b.vreg > 0 && b.band > 0 && b.threshold_kw >= 0 && b.delay_s >= 0 && b.tap_delay_s >= 0) ||
        !std::isfinite(b.ldc_r) || !std::isfinite(b.ldc_x) || !std::isfinite(b.ldc_z))
      fail_input("'{}' has a setting for power that flows back that is no number, or too small", r.control);
  }

  static void check_step_sizes(const CapacitorControl& c) {
    if (c.step_size[0] == 0) return;
    if (c.steps > kMaxUnequalSteps)
      fail_input("'{}' switches {} unequal steps (at most {})", c.name, c.steps, kMaxUnequalSteps);
    for (int k = 0; k < c.steps; ++k)
      if (const double size = c.step_size[static_cast<std::size_t>(k)]; !(size > 0) || !std::isfinite(size))
        fail_input("step {} of '{}' has no size", k + 1, c.name);
  }

  //! Places count up among the branch's tap changers, each of which has a term.
  void check_term(const Regulator& r) const {
    int place = 0;
    for (const Regulator& other : net_.regulators) {
      if (other.bus != r.bus) continue;
      if (!other.term || other.node != place++)
        fail_input("'{}' is out of order among the tap changers of its branch", other.name);
    }
    if (!finite(r.term->z) || !finite(r.term->a) || !finite(r.term->y_parent))
      fail_input("'{}' has a matrix with an element that is no number", r.name);
    if (!r.measured_bus.valid()) fail_input("'{}' does not say where it measures", r.control);
  }

  void check_capacitor_controls() const {
    int next = 0;
    for (const CapacitorControl& c : net_.capacitor_controls) {
      if (c.capacitor < next || static_cast<std::size_t>(c.capacitor) >= net_.capacitors.size())
        fail_input("'{}' switches capacitor {}, which is not there or not the next one", c.name, c.capacitor);
      next = c.capacitor + 1;
      if (!exists(c.measure) || !exists(c.initial))
        fail_input("'{}' goes by a measure or starts in a state that does not exist (numbers {} and {})", c.name,
                   static_cast<int>(c.measure), static_cast<int>(c.initial));
      if (!(c.pt_ratio > 0 && c.ct_ratio > 0 && c.delay_on_s >= 0 && c.delay_off_s >= 0))
        fail_input("'{}' has a ratio that is not above zero, or a delay below", c.name);
      check_measured("'" + c.name + "'", c.measured_bus, c.voltage);
      if (c.steps < 1 || c.initial_steps < 1 || c.initial_steps > c.steps || c.steps > kMostSteps)
        fail_input("'{}' starts with {} of {} steps", c.name, c.initial_steps, c.steps);
      check_step_sizes(c);
      if (c.measure == CapacitorMeasure::time &&
          (c.schedule < 0 || static_cast<std::size_t>(c.schedule) >= net_.shapes.size()))
        fail_input("'{}' follows a schedule that does not exist (number {})", c.name, c.schedule);
      if (c.measure == CapacitorMeasure::voltage || c.measure == CapacitorMeasure::time) continue;
      if (!known(c.line) || c.line.index() == 0 || (!c.terminal && bus(c.line).branch.kind != BranchKind::line))
        fail_input("'{}' measures the current of no line", c.name);
      check_measured("'" + c.name + "'", c.line, c.current);
      if (c.terminal) check_terminal(c);
    }
  }

  void check_terminal(const CapacitorControl& c) const {
    int conductors = 0;
    for (int node : c.terminal->node)
      if (node != -1) check_node("'" + c.name + "'", c.at_parent ? bus(c.line).parent : c.line, node), ++conductors;
    for (int conductor : c.current.node)
      if (conductor >= conductors) fail_input("'{}' measures a conductor that its terminal lacks", c.name);
    const auto moves = [&](const Regulator& r) { return r.name == c.terminal->tap && r.bus == c.line; };
    if (!c.terminal->tap.empty() && std::none_of(net_.regulators.begin(), net_.regulators.end(), moves))
      fail_input("'{}' measures at the tap of '{}', which has none there", c.name, c.terminal->tap);
    if (!finite(c.terminal->i_child) || !finite(c.terminal->y_parent))
      fail_input("'{}' has a matrix with an element that is no number", c.name);
  }

  void check_reclosers() const {
    for (const Recloser& r : net_.reclosers) {
      if (!known(r.branch_child) || r.branch_child.index() == 0) fail_input("recloser '{}' watches no branch", r.name);
      if (r.bus != (r.at_parent ? bus(r.branch_child).parent : r.branch_child))
        fail_input("recloser '{}' is not at an end of the branch that it watches", r.name);
    }
  }

  void check_capacitors() const {
    for (const Capacitor& c : net_.capacitors) {
      if (!known(c.bus)) fail_input("'{}' is at a bus that does not exist (number {})", c.name, c.bus.value);
      if (!finite(c.y)) fail_input("'{}' has an admittance that is no number", c.name);
    }
  }

  void check_fixed_elements() const {
    for (const FixedElement& f : net_.fixed_elements) {
      if (!known(f.bus) || (f.parent.valid() && f.parent != bus(f.bus).parent))
        fail_input("'{}' is at a bus that does not exist, or that is no end of its branch (number {})", f.name,
                   f.bus.value);
      for (int node : f.line_node)
        if (node != -1) check_node("'" + f.name + "'", f.bus, node);
      for (int node : f.line_parent_node)
        if (node != -1) check_node("'" + f.name + "'", f.parent, node);
      for (const auto& row : f.y)
        for (Complex y : row)
          if (!finite(y)) fail_input("'{}' has an admittance that is no number", f.name);
    }
  }

  void check_steps() const {
    if (net_.pv_shape.empty()) fail_input("feeder '{}' has no steps", net_.name);
    check_days();
    check_shape(net_.source_multiplier, "the source's multiplier");
    for (const Shape& shape : net_.shapes) check_shape(shape.value, "shape '" + shape.name + "'");
    for (double m : net_.pv_shape)
      if (!(m >= 0 && m <= 1)) fail_input("feeder '{}' has a value of the PV shape outside 0 to 1 ({})", net_.name, m);
    if (!(net_.step_s > 0 && net_.step_s <= 1e7 && net_.frequency_hz > 0 && net_.frequency_hz <= 1e4))
      fail_input("feeder '{}' has no step length or frequency", net_.name);
    for (int limit : {net_.max_iterations, net_.max_control_iterations})
      if (limit < 1 || limit > kMostIterations)
        fail_input("feeder '{}' solves with up to {} iterations (1 to {} are possible)", net_.name, limit,
                   kMostIterations);
  }

  void check_days() const {
    int next = 0;
    for (const Day& day : net_.days) {
      const bool first = &day == &net_.days.front();
      if (first ? day.first_step != 0 : day.first_step < next)
        fail_input("feeder '{}' has a day that begins at step {} (they begin at 0 and ascend)", net_.name,
                   day.first_step);
      next = day.first_step + 1;
    }
    if (net_.days.empty() || next > static_cast<int>(net_.num_steps()))
      fail_input("feeder '{}' has {} days in {} steps", net_.name, net_.days.size(), net_.num_steps());
  }

  void check_shape(const std::vector<double>& values, const std::string& what) const {
    if (values.size() != net_.num_steps())
      fail_input("feeder '{}' has {} steps but {} values of {}", net_.name, net_.num_steps(), values.size(), what);
    for (double m : values)
      if (!std::isfinite(m)) fail_input("feeder '{}' has a value of {} that is no number", net_.name, what);
  }

  void check_ids(const std::vector<BusId>& ids, const std::string& what) const {
    for (BusId id : ids)
      if (!known(id)) fail_input("{} names a bus that does not exist (number {})", what, id.value);
  }

  const Network& net_;
};

}  // namespace

void Network::validate() const { Validator(*this).run(); }

}  // namespace gridqueue
