#include "kernels/feeder/feeder_records.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {

Complex effective_admittance(const Bus& b, const NodeMatrix& y, std::size_t row) {
  Complex current = 0;
  for (std::size_t col = 0; col < static_cast<std::size_t>(b.num_nodes); ++col) current += y[row][col] * b.v_base[col];
  return current / b.v_base[row];
}

template <class Real>
std::optional<RatingRecord<Real>> rating_record(const Network& network, std::size_t i) {
  const Bus& bus = network.buses[i];
  const Branch& branch = bus.branch;
  if (branch.kind == BranchKind::source || branch.normal_amps <= 0 || branch.emergency_amps <= 0) return std::nullopt;
  const double base = base_amps(network.buses[bus.parent.index()]);
  RatingRecord<Real> rating;
  rating.inverse_normal2 = static_cast<Real>(std::pow(base / branch.normal_amps, 2));
  rating.inverse_emergency2 = static_cast<Real>(std::pow(base / branch.emergency_amps, 2));
  rating.inverse_watch2 = std::max(rating.inverse_normal2, rating.inverse_emergency2);
  rating.charging_sign = branch.terminal1_is_parent ? Real(1) : Real(-1);
  return rating;
}

template <class Real>
InjectionRecord<Real> load_record(const Bus& bus, const Load& load) {
  InjectionRecord<Real> l{InjectionLaw::constant_current, kLoadShape};
  const double ratio = bus.kv_base / load.kv;
  l.p[load.node] = static_cast<Real>(load.kw * 1e3 / kBaseVa * ratio);
  l.q[load.node] = static_cast<Real>(load.kvar * 1e3 / kBaseVa * ratio);
  l.ratio = static_cast<Real>(ratio);
  l.high = static_cast<Real>(load.vmax_pu);
  l.low = static_cast<Real>(load.vlow_pu);
  l.slope = static_cast<Real>((1 - load.vlow_pu) / (load.vmin_pu - load.vlow_pu));
  return l;
}

template <class Real>
RegulatorRecord<Real> regulator_record(const Network& network, std::size_t i, int phase) {
  const Bus& bus = network.buses[i];
  const auto found = std::find_if(network.regulators.begin(), network.regulators.end(),
                                  [&](const Regulator& g) { return g.bus.index() == i && g.node == phase; });
  if (found == network.regulators.end())
    fail_input("phase {} of the regulator bank at bus '{}' has no control (not representable)", phase + 1, bus.name);
  const Regulator& g = *found;
  const double winding_volts = (g.kv_winding > 0 ? g.kv_winding : bus.kv_base) * 1e3;
  RegulatorRecord<Real> r{};
  r.volts = static_cast<Real>(base_volts(bus) / g.pt_ratio);
  r.vreg = static_cast<Real>(g.vreg);
  r.half_band = static_cast<Real>(g.band / 2);
  r.boost_steps = static_cast<Real>(g.pt_ratio / winding_volts / g.tap_step);
  r.tap_step = static_cast<Real>(g.tap_step);
  r.tap_min = static_cast<Real>(g.tap_min);
  r.tap_max = static_cast<Real>(g.tap_max);
  r.max_change = static_cast<Real>(g.max_tap_change);
  r.tap_initial = static_cast<Real>(g.tap_initial);
  return r;
}

std::vector<RecloserRecord> recloser_records(const Network& network) {
  std::vector<RecloserRecord> records;
  for (const Recloser& r : network.reclosers) {
    RecloserRecord record{r.branch_child.value, r.at_parent ? 1 : 0, 0};
    for (BusId b = network.buses[r.branch_child.index()].parent; b.valid() && !record.area_above;
         b = network.buses[b.index()].parent)
      for (std::size_t k = 0; k < network.reclosers.size(); ++k)
        if (network.reclosers[k].branch_child == b) record.area_above = static_cast<std::int32_t>(k) + 1;
    records.push_back(record);
  }
  return records;
}

template <class Real>
InjectionRecord<Real> unit_record() {
  constexpr double vmin = 0.9, vmax = 1.1;  // OpenDSS PVSystem's Vminpu, Vmaxpu: outside, constant impedance
  InjectionRecord<Real> unit{InjectionLaw::constant_power, kUnitShape};
  for (Real& p : unit.p) p = Real(-1);
  unit.low = static_cast<Real>(vmin * vmin);
  unit.high = static_cast<Real>(vmax * vmax);
  return unit;
}

template <class Real>
DayRecords<Real> day_records(const Network& network) {
  DayRecords<Real> day;
  for (std::size_t k = 0; k < network.num_steps(); ++k) {
    const bool load_changed = k == 0 || network.load_multiplier[k] != network.load_multiplier[k - 1];
    if (!load_changed && network.pv_shape[k] == network.pv_shape[k - 1]) {
      day.step.back().weight += Real(1);
      continue;
    }
    day.step.push_back(
        {static_cast<std::int32_t>(day.level.size()), load_changed ? 1 : 0, static_cast<std::int32_t>(k), Real(1)});
    day.level.resize(day.level.size() + kShapes);
    Real* level = day.level.data() + day.step.back().level;
    level[kUnitShape] = static_cast<Real>(network.pv_shape[k]);
    level[kLoadShape] = static_cast<Real>(network.load_multiplier[k]);
  }
  return day;
}

#define GQ_RECORDS(Real)                                                                       \
  template std::optional<RatingRecord<Real>> rating_record<Real>(const Network&, std::size_t); \
  template InjectionRecord<Real> load_record<Real>(const Bus&, const Load&);                   \
  template RegulatorRecord<Real> regulator_record<Real>(const Network&, std::size_t, int);     \
  template InjectionRecord<Real> unit_record<Real>();                                          \
  template DayRecords<Real> day_records<Real>(const Network&)
GQ_RECORDS(float);
GQ_RECORDS(double);
#undef GQ_RECORDS

}  // namespace gridqueue
