// Controls in OpenDSS's language.
#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/dss/export_elements.hpp"
#include "host/dss/export_words.hpp"
#include "host/dss/time_schedule.hpp"

namespace gridqueue {
namespace {

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
