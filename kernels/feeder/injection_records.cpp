// What stands at a bus as InjectionRecords: OpenDSS's load models (Load.pas of engine 0.14.5) and units.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "gridqueue/contracts.hpp"
#include "kernels/feeder/feeder_records.hpp"
#include "kernels/feeder/power_polynomial.hpp"

namespace gridqueue {
namespace {

//! P or Q of a load: its law, and whether that holds at any voltage.
struct Part {
  InjectionLaw law;
  double exponent = 0;     //!< |S| ~ u^exponent within the band
  bool unbounded = false;  //!< no other law outside
  bool impedance = false;  //!< outside, an impedance that draws |S| at nominal voltage
  bool turned = false;     //!< below the band, the other way
};

Part watts(const Load& load) {
  switch (load.model) {
    case LoadModel::generation_impedance:
    case LoadModel::constant_impedance: return {InjectionLaw::impedance, 2, true};
    case LoadModel::constant_current: return {InjectionLaw::current, 1};
    case LoadModel::cvr: return {InjectionLaw::polynomial, load.cvr_watts};
    default: return {InjectionLaw::power};
  }
}
Part vars(const Load& load) {
  switch (load.model) {
    case LoadModel::motor: return {InjectionLaw::impedance, 2};
    case LoadModel::cvr: return {InjectionLaw::polynomial, load.cvr_vars};
    case LoadModel::generation_fixed_q:
    case LoadModel::fixed_q: return {InjectionLaw::power, 0, false, true};
    case LoadModel::generation_limited: return {.law = InjectionLaw::power, .turned = true};
    case LoadModel::generation_fixed_q_impedance:
    case LoadModel::fixed_q_impedance: return {InjectionLaw::impedance, 2, true};
    default: return watts(load);
  }
}

bool alike(const Part& a, const Part& b) {
  return a.law == b.law && a.exponent == b.exponent && a.unbounded == b.unbounded && a.impedance == b.impedance &&
         a.turned == b.turned;
}

//! Where the band begins: at vlow, where that is not below vmin, the law jumps to the impedance.
double lower_edge(const Load& load) {
  return generates(load.model) ? load.vmin_pu : std::max(load.vmin_pu, load.vlow_pu);
}

//! Outside the band: below it the current falls along a line to that of an impedance at vlow (the impedance that draws
//! nominal power at nominal voltage; of models 6 and 7 to that of the edge's impedance, and jumps at vlow), above it is
//! that of an impedance with the power of the band's edge.
template <class Real>
void bound(const Load& load, const Part& part, InjectionRecord<Real>& r) {
  if (part.unbounded) return;
  const double vmin = lower_edge(load);
  r.vmin = static_cast<Real>(vmin), r.vmax = static_cast<Real>(load.vmax_pu);
  if (part.impedance) return;
  if (load.model == LoadModel::generation_limited) {  // the current of the lower edge, no bound above (Generator.pas)
    r.vmax = Real(1e9);
    r.slope = 0, r.offset = vmin > 0 ? static_cast<Real>((part.turned ? -1 : 1) / vmin) : Real(0);
    return;
  }
  if (generates(load.model)) {  // impedances with the power of either edge; OpenDSS divides one of delta by 3 always
    const double share = load.model == LoadModel::generation_single_delta ? 3 : 1;
    if (vmin > 0) r.slope = static_cast<Real>(1 / (vmin * vmin) / share);
    r.high = static_cast<Real>(1 / (load.vmax_pu * load.vmax_pu) / share);
    return;
  }
  const bool current = part.law == InjectionLaw::current;
  r.high = static_cast<Real>(current ? 1 / load.vmax_pu : 1 / (load.vmax_pu * load.vmax_pu));
  r.vlow = static_cast<Real>(load.vlow_pu);
  if (vmin <= load.vlow_pu) return;  // no line between them
  if (load.model == LoadModel::fixed_q || load.model == LoadModel::fixed_q_impedance) {
    r.slope = static_cast<Real>(1 / (vmin * vmin));
    return;
  }
  const double at_vmin = current ? 1 : 1 / vmin;
  const double slope = (at_vmin - load.vlow_pu) / (vmin - load.vlow_pu);
  r.slope = static_cast<Real>(slope);
  r.offset = static_cast<Real>(load.vlow_pu - slope * load.vlow_pu);
}

template <class Real>
InjectionRecord<Real> part_record(const Bus& bus, const Load& load, const Part& part, int shape,
                                  std::vector<Real>& coefficient) {
  InjectionRecord<Real> r{};
  r.law = part.law;
  r.connection = load.to_node < 0 ? Connection::ground : Connection::nodes;
  r.from = static_cast<std::int8_t>(load.node), r.to = static_cast<std::int8_t>(load.to_node);
  r.shape = static_cast<std::int16_t>(kFirstLoadShape + shape);
  r.ratio = static_cast<Real>(bus.kv_base / load.kv);
  bound(load, part, r);
  if (part.law != InjectionLaw::polynomial) return r;
  const auto fitted =
      power_polynomial(part.exponent - 1, lower_edge(load), load.vmax_pu, sizeof(Real) == 4 ? 1e-8 : 1e-12);
  r.degree = static_cast<std::int16_t>(fitted.size() - 3);
  r.polynomial = static_cast<std::int32_t>(coefficient.size());
  for (double c : fitted) coefficient.push_back(static_cast<Real>(c));
  return r;
}

//! At nominal voltage [pu of the bus].
double current(const Bus& bus, const Load& load, double kva) { return kva * 1e3 / kBaseVa * (bus.kv_base / load.kv); }

}  // namespace

template <class Real>
std::vector<InjectionRecord<Real>> load_records(const Bus& bus, const Load& load, std::vector<Real>& coefficient) {
  const Part p = watts(load), q = vars(load);
  const auto share = static_cast<std::size_t>(load.to_node < 0 ? load.node : 0);
  std::vector<InjectionRecord<Real>> records{part_record(bus, load, p, load.kw_shape, coefficient)};
  records.front().p[share] = static_cast<Real>(current(bus, load, load.kw));
  if (load.kvar == 0) return records;
  if (!alike(p, q) || load.kw_shape != load.kvar_shape)
    records.push_back(part_record(bus, load, q, load.kvar_shape, coefficient));
  records.back().q[share] = static_cast<Real>(current(bus, load, load.kvar));
  return records;
}

template <class Real>
InjectionRecord<Real> unit_record() {
  constexpr double vmin = 0.9, vmax = 1.1;  // OpenDSS PVSystem's Vminpu, Vmaxpu
  InjectionRecord<Real> unit;
  std::memset(static_cast<void*>(&unit), 0, sizeof unit);  // it goes to devices, which see its padding, too
  unit.law = InjectionLaw::power;
  unit.ratio = 1;
  for (Real& p : unit.p) p = Real(-1);
  Load law;
  law.model = LoadModel::generation, law.vmin_pu = vmin, law.vmax_pu = vmax;
  bound(law, {InjectionLaw::power}, unit);
  return unit;
}

template <class Real>
InjectionRecord<Real> unit_part_record(const Bus& bus, const UnitPart& part) {
  InjectionRecord<Real> r = unit_record<Real>();
  r.connection = Connection::nodes;
  r.from = static_cast<std::int8_t>(part.node), r.to = static_cast<std::int8_t>(part.to_node);
  r.shape = kUnitShape;
  r.ratio = static_cast<Real>(bus.kv_base / part.kv);
  for (Real& p : r.p) p = Real(0);
  r.p[0] = -r.ratio;
  return r;
}

#define GQ_RECORDS(Real)                                                                                       \
  template std::vector<InjectionRecord<Real>> load_records<Real>(const Bus&, const Load&, std::vector<Real>&); \
  template InjectionRecord<Real> unit_record<Real>();                                                          \
  template InjectionRecord<Real> unit_part_record<Real>(const Bus&, const UnitPart&)
GQ_RECORDS(float);
GQ_RECORDS(double);
#undef GQ_RECORDS

}  // namespace gridqueue
