// Controls of regulators and capacitors as the records of FeederView.
#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "kernels/feeder/feeder_records.hpp"

namespace gridqueue {
namespace {

MeasuredNodes measured_nodes(const MeasuredPhases& phases, std::int32_t first_node) {
  MeasuredNodes m{phases.choice, 0, {-1, -1, -1}, {-1, -1, -1}};
  for (std::size_t p = 0; p < phases.node.size() && phases.node[p] >= 0; ++p) {
    m.node[p] = first_node + phases.node[p];
    if (phases.to_node[p] >= 0) m.to_node[p] = first_node + phases.to_node[p];
    ++m.count;
  }
  return m;
}

//! Nodes in whose order the line's own current is measured.
template <class Real>
void measure_line(const Network& network, const CapacitorControl& control, const std::vector<std::int32_t>& first_node,
                  CapacitorRecord<Real>& r) {
  const Bus& child = network.buses[control.line.index()];
  const Bus& parent = network.buses[child.parent.index()];
  r.conductors = child.num_nodes;
  for (std::int32_t n = 0; n < r.conductors; ++n) {
    r.conductor_node[n] = first_node[control.line.index()] + n;
    for (std::int32_t p = 0; control.at_parent && p < parent.num_nodes; ++p)
      if (parent.phase[static_cast<std::size_t>(p)] == child.phase[static_cast<std::size_t>(n)])
        r.conductor_node[n] = first_node[child.parent.index()] + p;
  }
}

template <class Real>
void measure_terminal(const Network& network, const CapacitorControl& control,
                      const std::vector<std::int32_t>& first_node, std::vector<Real>& coefficient,
                      CapacitorRecord<Real>& r) {
  const Bus& child = network.buses[control.line.index()];
  const Bus& parent = network.buses[child.parent.index()];
  const auto push = [&](Complex x) {
    coefficient.push_back(static_cast<Real>(x.real()));
    coefficient.push_back(static_cast<Real>(x.imag()));
  };
  r.terminal = static_cast<std::int32_t>(coefficient.size());
  for (std::size_t i = 0; i < network.regulators.size(); ++i)
    if (network.regulators[i].name == control.terminal->tap) r.tap = static_cast<std::int32_t>(i);
  const BusId at = control.at_parent ? child.parent : control.line;
  for (std::size_t i = 0; i < kMaxNodes && control.terminal->node[i] >= 0; ++i) {
    r.conductor_node[r.conductors++] = first_node[at.index()] + control.terminal->node[i];
    for (std::size_t n = 0; n < static_cast<std::size_t>(child.num_nodes); ++n) push(control.terminal->i_child[i][n]);
    for (std::size_t p = 0; p < static_cast<std::size_t>(parent.num_nodes); ++p)
      push(control.terminal->y_parent[i][p] * base_volts(parent) / base_amps(child));
  }
}

template <class Real>
void measure_current(const Network& network, const CapacitorControl& control,
                     const std::vector<std::int32_t>& first_node, std::vector<Real>& coefficient,
                     CapacitorRecord<Real>& r) {
  const Bus& child = network.buses[control.line.index()];
  const Bus& at = control.at_parent ? network.buses[child.parent.index()] : child;
  r.line = control.line.value;
  r.at_parent = control.at_parent ? 1 : 0;
  r.current = measured_nodes(control.current, first_node[control.line.index()]);
  r.amps = static_cast<Real>(control.measure != CapacitorMeasure::current ? base_volts(at) * base_amps(child) / 1e3
                                                                          : base_amps(child) / control.ct_ratio);
  if (control.terminal) measure_terminal(network, control, first_node, coefficient, r);
  else measure_line(network, control, first_node, r);
}

//! `drop`: PT secondary volts per unit of current and volt of compensation.
template <class Real>
ReverseRecord<Real> reverse_record(const Regulator& g, const Bus& bus, std::int32_t first_node, double drop) {
  const ReverseSettings& b = g.back;
  ReverseRecord<Real> r{};
  r.mode = g.reverse;
  r.at_start = b.at_start ? 1 : 0;
  r.to_neutral = g.reverse != ReverseMode::none && b.to_neutral ? 1 : 0;
  r.meter = {g.bus.value, g.gang ? first_node : first_node + g.node, g.gang ? bus.num_nodes : 1};
  r.threshold = static_cast<Real>(b.threshold_kw);
  r.delay = static_cast<Real>(b.delay_s);
  r.tap_delay = static_cast<Real>(b.tap_delay_s);
  r.vreg = static_cast<Real>(b.vreg);
  r.half_band = static_cast<Real>(b.band / 2);
  r.drop_re = static_cast<Real>((g.ldc_z != 0 ? b.ldc_z : b.ldc_r) * drop);
  r.drop_im = static_cast<Real>(b.ldc_x * drop);
  return r;
}

}  // namespace

template <class Real>
std::optional<RegulatorRecord<Real>> regulator_record(const Network& network, std::size_t i, int node,
                                                      const std::vector<std::int32_t>& first_node) {
  const Bus& bus = network.buses[i];
  const auto found = std::find_if(network.regulators.begin(), network.regulators.end(),
                                  [&](const Regulator& g) { return g.bus.index() == i && g.node == node; });
  if (found == network.regulators.end()) return std::nullopt;
  const Regulator& g = *found;
  const bool remote = g.measured_bus.valid();
  const std::size_t at = remote ? g.measured_bus.index() : i;
  const double winding_volts = (g.kv_winding > 0 ? g.kv_winding : bus.kv_base) * 1e3;
  const double volts = base_volts(network.buses[at]) / (remote ? g.measured_pt_ratio : g.pt_ratio);
  RegulatorRecord<Real> r{};
  r.measured = remote ? measured_nodes(g.measured, first_node[at])
                      : MeasuredNodes{PhaseChoice::highest, 1, {first_node[i] + node, -1, -1}, {-1, -1, -1}};
  r.volts = static_cast<Real>(volts);
  r.vreg = static_cast<Real>(g.vreg);
  r.half_band = g.max_tap_change > 0 ? static_cast<Real>(g.band / 2) : Real(1e30);
  r.boost_steps = static_cast<Real>(g.pt_ratio / winding_volts / (g.tap_step * g.positions_per_step));
  r.tap_ratio = static_cast<Real>(g.tap_ratio);
  r.tap_step = static_cast<Real>(g.tap_step);
  r.inverse = g.term && g.term->at_parent ? 1 : 0;
  r.tap_min = static_cast<Real>(g.tap_min);
  r.tap_max = static_cast<Real>(g.tap_max);
  r.max_change = static_cast<Real>(g.max_tap_change);
  r.tap_initial = static_cast<Real>(g.tap_initial);
  r.positions = static_cast<Real>(g.positions_per_step);
  r.delay = static_cast<Real>(g.delay_s);
  r.direction = g.winding == g.tap_winding ? Real(1) : Real(-1);
  r.limits = g.vlimit > 0 ? 1 : 0;
  r.vlimit = static_cast<Real>(g.vlimit);
  r.compensates = g.ldc_z != 0 ? 2 : g.ldc_r != 0 || g.ldc_x != 0 ? 1 : 0;
  const double drop = base_amps(bus) / g.ct_primary / volts;
  r.drop_re = static_cast<Real>((g.ldc_z != 0 ? g.ldc_z : g.ldc_r) * drop);
  r.drop_im = static_cast<Real>(g.ldc_x * drop);
  r.inverse_time = g.inverse_time && g.max_tap_change > 0 ? 1 : 0;
  if (g.max_tap_change > 0) r.back = reverse_record<Real>(g, bus, first_node[i], drop);
  return r;
}

template <class Real>
CapacitorRecord<Real> capacitor_record(const Network& network, const CapacitorControl& control,
                                       const std::vector<std::int32_t>& first_node, std::vector<Real>& coefficient) {
  const Capacitor& capacitor = network.capacitors[static_cast<std::size_t>(control.capacitor)];
  const Bus& bus = network.buses[capacitor.bus.index()];
  CapacitorRecord<Real> r{};
  r.shunt = static_cast<std::int32_t>(coefficient.size());
  for (std::size_t row = 0; row < static_cast<std::size_t>(bus.num_nodes); ++row)
    for (std::size_t col = 0; col < static_cast<std::size_t>(bus.num_nodes); ++col) {
      const Complex y = capacitor.y[row][col] * base_volts(bus) / base_amps(bus);
      coefficient.push_back(static_cast<Real>(y.real()));
      coefficient.push_back(static_cast<Real>(y.imag()));
    }
  r.measure = control.measure;
  r.voltage = measured_nodes(control.voltage, first_node[control.measured_bus.index()]);
  r.overrides = control.vmax > 0 ? 1 : 0;
  r.volts = static_cast<Real>(base_volts(network.buses[control.measured_bus.index()]) / control.pt_ratio);
  r.vmin = static_cast<Real>(control.vmin);
  r.vmax = static_cast<Real>(control.vmax);
  const bool by_time = control.measure == CapacitorMeasure::time;
  const bool falls = control.measure == CapacitorMeasure::voltage || control.measure == CapacitorMeasure::power_factor;
  r.on = static_cast<Real>(by_time ? 0 : falls ? -control.on : control.on);
  r.off = static_cast<Real>(by_time ? 0 : falls ? -control.off : control.off);
  r.schedule = static_cast<std::int32_t>(kFirstLoadShape + control.schedule);
  r.least_kvar = static_cast<Real>(control.least_kvar);
  r.least_step_kvar = static_cast<Real>(control.least_kvar_per_step);
  r.delay_on = static_cast<Real>(control.delay_on_s);
  r.delay_off = static_cast<Real>(control.delay_off_s);
  r.dead_time = static_cast<Real>(control.dead_time_s);
  r.steps = static_cast<Real>(control.steps);
  r.initial = static_cast<Real>(control.initial == CapacitorState::closed ? control.initial_steps
                                                                          : static_cast<int>(control.initial));
  r.size = -1;
  if (control.step_size[0] > 0) {
    r.size = static_cast<std::int32_t>(coefficient.size());
    for (double size : control.step_size) coefficient.push_back(static_cast<Real>(size));
  }
  r.terminal = r.tap = -1;
  if (control.line.valid()) measure_current(network, control, first_node, coefficient, r);
  return r;
}

#define GQ_RECORDS(Real)                                                                                  \
  template std::optional<RegulatorRecord<Real>> regulator_record<Real>(const Network&, std::size_t, int,  \
                                                                       const std::vector<std::int32_t>&); \
  template CapacitorRecord<Real> capacitor_record<Real>(const Network&, const CapacitorControl&,          \
                                                        const std::vector<std::int32_t>&, std::vector<Real>&)
GQ_RECORDS(float);
GQ_RECORDS(double);
#undef GQ_RECORDS

}  // namespace gridqueue
