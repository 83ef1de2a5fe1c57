// Controls and what they switch, in OpenDSS's language.
#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/export_words.hpp"
#include "host/dss/time_schedule.hpp"

namespace gridqueue {
namespace {

//! Nodes between which a capacitor lies.
std::vector<std::size_t> nodes_of(const Capacitor& c) {
  std::vector<std::size_t> nodes;
  for (std::size_t n = 0; n < kMaxNodesPerBus; ++n)
    if (std::abs(c.y[n][n]) > 0) nodes.push_back(n);
  return nodes;
}

constexpr int kFree = 9;  //!< a node that no bus has

//! A capacitor of equal phases by its kvar, of one step and of all, which a control can switch step by step.
std::string dss_steps(const Network& net, const Capacitor& c, const CapacitorControl& control) {
  const Bus& bus = net.buses[c.bus.index()];
  const std::vector<std::size_t> at = nodes_of(c);
  std::vector<int> nodes;
  for (std::size_t n : at) nodes.push_back(bus.phase[n]);
  const double own = c.y[at[0]][at[0]].imag(), mutual = at.size() > 1 ? c.y[at[0]][at[1]].imag() : 0;
  for (std::size_t i : at)
    for (std::size_t j : at)
      if (std::abs(c.y[i][j].imag() - (i == j ? own : mutual)) > 1e-6 * std::abs(own))
        fail_input("'{}' is switched and not the same in all phases (cannot be exported)", c.name);
  const bool between = std::abs(mutual) > 1e-9 * std::abs(own), pair = between && at.size() == 2;
  const double kv_line = bus.kv_base * std::sqrt(3.0), kv = at.size() == 1 ? bus.kv_base : kv_line;
  const std::size_t phases = pair ? 1 : at.size();
  // In star each node's admittance at its voltage to ground, in delta each pair's at that between them.
  const double kvar = between ? -mutual * kv_line * kv_line * 1e3 * (pair ? 1 : 3)
                              : own * bus.kv_base * bus.kv_base * 1e3 * static_cast<double>(phases);
  std::vector<double> kvars;
  for (std::size_t k = 0; k < static_cast<std::size_t>(control.steps); ++k)
    kvars.push_back(kvar * (control.step_size[0] > 0 ? control.step_size[k] : 1));
  if (between && !pair && !c.delta)  // a star whose point is a node of its own
    return fmt::format("New {} bus1={} bus2={} phases=3 conn=wye kv={} numsteps={} kvar=({})\n", dss_word(c.name),
                       with_nodes(bus.model_name(), nodes), with_nodes(bus.model_name(), {kFree, kFree, kFree}), kv,
                       control.steps, fmt::join(kvars, " "));
  const std::string where = pair && !c.delta ? fmt::format("bus1={} bus2={}", with_nodes(bus.model_name(), {nodes[0]}),
                                                           with_nodes(bus.model_name(), {nodes[1]}))
                                             : fmt::format("bus1={}", with_nodes(bus.model_name(), nodes));
  return fmt::format("New {} {} phases={} conn={} kv={} numsteps={} kvar=({})\n", dss_word(c.name), where, phases,
                     c.delta ? "delta" : "wye", kv, control.steps, fmt::join(kvars, " "));
}

std::string states(const Capacitor& c, int steps, int in_service) {
  std::vector<int> state(static_cast<std::size_t>(steps), 0);
  std::fill_n(state.begin(), in_service, 1);
  return fmt::format("Edit {} states=({})\n", dss_word(c.name), fmt::join(state, " "));
}

double power_factor_setting(double pf) { return pf > 1 ? pf - 2 : pf; }

}  // namespace

namespace {
//! A control of OpenDSS begins with power flowing forward.
std::string reverse_settings(const Regulator& r) {
  if (r.back.at_start) fail_input("power flows back through '{}' where the day starts (cannot be exported)", r.control);
  const ReverseSettings& b = r.back;
  return fmt::format(
      " {}=yes revthreshold={} revdelay={} revneutral={} tapdelay={} revvreg={} revband={} revr={} revx={} rev_z={}",
      r.reverse == ReverseMode::cogeneration ? "cogen" : "reversible", b.threshold_kw, b.delay_s,
      b.to_neutral ? "yes" : "no", b.tap_delay_s, b.vreg, b.band, b.ldc_r, b.ldc_x, b.ldc_z);
}
}  // namespace

std::string dss_regulator_control(const Regulator& r) {
  if (r.measured_bus.valid() && r.words.empty())
    fail_input("the feeder does not tell what '{}' measures (import it again to export it)", r.control);
  // The windings carry the taps of the moment of import: set them before the control is made.
  std::string text = fmt::format(
      "Edit {} wdg={} tap={}\nNew {} transformer={} winding={} tapwinding={} vreg={} band={} ptratio={} "
      "maxtapchange={} "
      "delay={}",
      dss_word(r.name), r.tap_winding, r.ratio(r.tap_initial), dss_word(r.control), dss_word(without_class(r.name)),
      r.winding, r.tap_winding, r.vreg, r.band, r.pt_ratio, r.max_tap_change, r.delay_s);
  if (r.ldc_r != 0 || r.ldc_x != 0) text += fmt::format(" r={} x={} ctprim={}", r.ldc_r, r.ldc_x, r.ct_primary);
  if (r.ldc_z != 0) text += fmt::format(" ldc_z={} ctprim={}", r.ldc_z, r.ct_primary);
  if (r.vlimit != 0) text += fmt::format(" vlimit={}", r.vlimit);
  if (r.inverse_time) text += " inversetime=yes";
  if (r.reverse != ReverseMode::none) text += reverse_settings(r);
  return text + r.words + "\n";
}

std::string dss_capacitor(const Network& net, const Capacitor& c) {
  const Bus& bus = net.buses[c.bus.index()];
  const auto n = static_cast<std::size_t>(bus.num_nodes);
  for (std::size_t i = 0; i < n; ++i)
    if (std::abs(c.y[i][i].real()) > 1e-6 * std::abs(c.y[i][i].imag()))
      fail_input("'{}' has a resistance (cannot be exported)", c.name);
  for (const CapacitorControl& control : net.capacitor_controls)
    if (&net.capacitors[static_cast<std::size_t>(control.capacitor)] == &c) return dss_steps(net, c, control);
  const double kv = bus.kv_base * (n > 1 ? std::sqrt(3.0) : 1);
  return fmt::format("New {} bus1={} phases={} kv={} cmatrix={}\n", dss_word(c.name),
                     with_nodes(bus.model_name(), phases_of(bus)), n, kv,
                     matrix(c.y, n, [&](Complex y) { return y.imag() * 1e6 / omega(net); }));
}

std::string dss_capacitor_control(const Network& net, const CapacitorControl& c) {
  if (c.words.empty()) fail_input("the feeder does not tell what '{}' measures (import it again to export it)", c.name);
  const Capacitor& capacitor = net.capacitors[static_cast<std::size_t>(c.capacitor)];
  const bool by_factor = c.measure == CapacitorMeasure::power_factor;
  if (c.measure == CapacitorMeasure::time) {
    const DayChoice day{"daily", {0}, static_cast<int>(net.num_steps()), net.step_s};
    if (time_schedule(c.on, c.off, day) != net.shapes[static_cast<std::size_t>(c.schedule)].value)
      fail_input("'{}' goes by the time of a day that does not begin at hour 0 (cannot be exported)", c.name);
  }
  // Its switch is what the control finds it to be (CapControl.pas, RecalcElementData).
  std::string text = states(capacitor, c.steps, c.initial == CapacitorState::open ? 0 : c.steps);
  if (c.words.find(" vbus=") != std::string::npos) text += "MakeBusList\n";  // it is looked up at once
  text += fmt::format(
      "New {} capacitor={}{} onsetting={} offsetting={} delay={} delayoff={} deadtime={} ptratio={} ctratio={}",
      dss_word(c.name), dss_word(without_class(capacitor.name)), c.words, by_factor ? power_factor_setting(c.on) : c.on,
      by_factor ? power_factor_setting(c.off) : c.off, c.delay_on_s, c.delay_off_s, c.dead_time_s, c.pt_ratio,
      c.ct_ratio);
  if (c.vmax > 0) text += fmt::format(" vmin={} vmax={}", c.vmin, c.vmax);
  const int in_service = c.initial == CapacitorState::closed ? c.initial_steps : 0;
  return text + "\n" + states(capacitor, c.steps, in_service);
}

}  // namespace gridqueue
