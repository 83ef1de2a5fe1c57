#include "kernels/ac/quantities.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

std::uint32_t judge(const Quantities& q) {
  std::uint32_t bits = 0;
  for (const LimitInfo& l : kLimits)
    if (q[l.bit].excess.value > 0) bits |= l.bit;
  return bits;
}

//! Keeps the larger excess, the earlier place where they are equal.
void keep(Excess& largest, double value, int place) {
  if (largest.place < 0 || value > largest.value) largest = {value, place};
}

template <class Real>
class Reader {
 public:
  Reader(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row)
      : f_(feeder), net_(network), row_(row), plan_(feeder.shape.plan) {}

  Quantities scalars() const {
    Quantities q;
    q.converged = value(s_failed) == 0;
    for (const LimitInfo& l : kLimits) {
      LimitQuantity& to = q[l.bit];
      if (l.value && !anywhere(l.bit)) to.value = to.excess.value = kNoValue;
      const Rows rows = rows_of(l.bit);
      if (rows.extreme < 0 || !anywhere(l.bit)) continue;
      to.value = in_unit(l.bit, row_(rows.extreme));
      if (to.value > 0 || l.bit == limit_reverse_power) split(row_(rows.extreme + 1), l.kind, to);
    }
    if (f_.shape.num_regulators > 0) {
      q.taps_min = static_cast<int>(value(s_tap_min));
      q.taps_max = static_cast<int>(value(s_tap_max));
    }
    return q;
  }

  void hours(Quantities& q) const {
    if (value(s_above) == 0) return;
    LimitQuantity& to = q[limit_normal_hours];
    for (std::int32_t r = 0; r < f_.shape.num_rated; ++r)
      if (const Place at = place(limit_normal_hours, r); at.value > to.value) to.value = at.value, to.place = at.code;
  }

  void areas(Quantities& q) const {
    if (f_.shape.num_reclosers == 0) return;
    q.areas.reserve(static_cast<std::size_t>(f_.shape.num_reclosers) + 1);
    for (std::int32_t a = 0; a <= f_.shape.num_reclosers; ++a) {
      const std::int32_t r = plan_.flow + kFlowRows * a;
      q.areas.push_back({{row_(r), row_(r + 1), row_(r + 2)}, {row_(r + 3), row_(r + 4), row_(r + 5)}});
    }
  }

  //! Where all places have one threshold the extremes tell.
  void excesses(Quantities& q, const Limits& limits, const Thresholds& pass) const {
    for (const LimitInfo& l : kLimits) {
      const PlaceBounds& bounds = pass[l.bit];
      Excess& to = q[l.bit].excess;
      if (!anywhere(l.bit)) continue;
      if (l.value && bounds.uniform()) to = {bounds.excess(q[l.bit].value), q[l.bit].place};
      else each_place(l.bit, [&](const Place& at) { keep(to, bounds.excess(at.value, at.bound), at.code); });
    }
    for (std::size_t a = 0; a < q.areas.size(); ++a)
      keep(q[limit_island].excess, pass[limit_island].excess(island_excess(q.areas[a], limits), a),
           static_cast<int>(a));
  }

  void places(Quantities& q, const Thresholds& pass) const {
    std::vector<std::pair<double, BusId>> changes;
    for (std::int32_t m = 0; m < f_.shape.num_monitors; ++m) {
      const Place at = place(limit_vdiff, m);
      if (at.value > pass[limit_vdiff].bound(at.bound)) changes.emplace_back(-at.value, BusId(at.bound));
    }
    std::sort(changes.begin(), changes.end());
    q.vdiff_buses.reserve(changes.size());
    for (const auto& [pct, bus] : changes) q.vdiff_buses.push_back(bus);
    const auto beyond = [&](LimitBit bit, std::int32_t r) {
      const Place at = place(bit, r);
      return pass[bit].excess(at.value, at.bound) > 0;
    };
    for (std::int32_t r = 0; r < f_.shape.num_rated; ++r)
      if (beyond(limit_emergency, r) || beyond(limit_normal_hours, r))
        q.overloaded_branches.push_back(f_.rated_bus[static_cast<std::size_t>(r)]);
  }

  void admit(const Limits& limits, Thresholds& pass) const {
    for (const LimitInfo& l : kLimits)
      each_place(l.bit, [&](const Place& at) {
        pass[l.bit].admit(at.bound, at.value, static_cast<std::size_t>(places_of(l.kind)));
      });
    Quantities q;
    areas(q);
    for (std::size_t a = 0; a < q.areas.size(); ++a)
      if (const double excess = island_excess(q.areas[a], limits); excess > 0)
        pass[limit_island].admit(a, excess + island_tolerance(q.areas[a], limits), q.areas.size());
  }

 private:
  //! Where a limit's numbers are: its extreme, when and where it was in the row after it (-1 = none), and the rows of
  //! its places.
  struct Rows {
    std::int32_t extreme = -1, first = 0, count = 0;
    const std::vector<BusId>* bus = nullptr;  //!< of each row; null: see place()
  };
  [[nodiscard]] Rows rows_of(LimitBit bit) const {
    const FeederView<Real>& s = f_.shape;
    const std::int32_t nodes = s.by_place ? s.num_nodes : 0, scalar = plan_.scalar, low = plan_.low_voltage;
    switch (bit) {
      case limit_vdiff: return {scalar + s_vdiff, plan_.change, s.num_monitors, &f_.monitor_bus};
      case limit_vmax: return {scalar + s_vmax, plan_.high, nodes};
      case limit_vmin: return {scalar + s_vmin, plan_.low, nodes};
      case limit_lv_vmax: return {low + lv_vmax, plan_.high, nodes};
      case limit_lv_vmin: return {low + lv_vmin, plan_.low, nodes};
      case limit_emergency: return {scalar + s_emergency, plan_.overload, s.num_rated, &f_.rated_bus};
      case limit_normal_hours: return {-1, plan_.hours, s.num_rated, &f_.rated_bus};
      case limit_unbalance: return {plan_.unbalance, plan_.unbalance + num_extreme_rows, s.num_three_phase};
      case limit_reverse_power: return {plan_.reverse, plan_.reverse + num_extreme_rows, s.num_power_meters};
      default: return {};
    }
  }
  //! Whether some place of the limit is there, and judged.
  [[nodiscard]] bool anywhere(LimitBit bit) const {
    const FeederView<Real>& s = f_.shape;
    switch (bit) {
      case limit_vmax:
      case limit_vmin: return s.num_low_voltage < s.num_buses;
      case limit_lv_vmax:
      case limit_lv_vmin: return s.num_low_voltage > 0;
      case limit_unbalance: return s.num_three_phase > 0;
      case limit_reverse_power: return s.num_power_meters > 0;
      default: return true;
    }
  }
  //! From the kernels' numbers to the limit's unit.
  [[nodiscard]] double in_unit(LimitBit bit, double x) const {
    switch (bit) {
      case limit_vdiff: return 100 * x;
      case limit_emergency: return 100 * std::sqrt(x);
      case limit_normal_hours: return x * net_.step_s / 3600.0;
      case limit_unbalance: return 100 * std::sqrt(x);
      case limit_reverse_power: return x;
      default: return std::sqrt(x);
    }
  }

  //! A value of one place, and where its bound stands in PlaceBounds::at.
  struct Place {
    double value;
    std::size_t bound;
    int code;  //!< by PlaceKind
  };
  [[nodiscard]] Place place(LimitBit bit, std::int32_t i) const {
    const Rows rows = rows_of(bit);
    const double x = in_unit(bit, row_(rows.first + i));
    const auto index = static_cast<std::size_t>(i);
    if (bit == limit_reverse_power) return {x, index, i};
    if (bit != limit_unbalance && !rows.bus) return {x, index, node_code(i)};
    const BusId bus = rows.bus ? (*rows.bus)[index] : BusId(f_.three_phase[index].bus);
    return {x, bus.index(), bus.value};
  }
  //! Every place of a limit that has a row.
  template <class See>
  void each_place(LimitBit bit, const See& see) const {
    const bool low = bit == limit_lv_vmax || bit == limit_lv_vmin;
    const bool voltage = low || bit == limit_vmax || bit == limit_vmin;
    for (std::int32_t i = 0; i < rows_of(bit).count; ++i) {
      if (voltage && (bus_at(i).low_voltage != 0) != low) continue;
      see(place(bit, i));
    }
  }

  [[nodiscard]] double value(Scalar s) const { return row_(plan_.scalar + s); }

  //! Codes are step * (number of places) + place.
  void split(double code, PlaceKind kind, LimitQuantity& to) const {
    const std::int64_t count = places_of(kind);
    const auto steps = static_cast<std::int64_t>(net_.num_steps());
    const double first = kind == PlaceKind::node ? 0 : -1, end = static_cast<double>(count * steps);
    if (!(code >= first && code < end))  // of a kept answer
      fail_input("a kept answer names step and place {} (there are {} x {}); it is damaged", code, steps, count);
    const auto c = static_cast<std::int64_t>(code);
    const auto index = static_cast<std::int32_t>(c % count);
    to.step = static_cast<int>(c / count);
    to.place = kind == PlaceKind::node ? node_code(index) : index;
  }
  [[nodiscard]] std::int32_t places_of(PlaceKind kind) const {
    const FeederView<Real>& s = f_.shape;
    return kind == PlaceKind::node ? s.num_nodes : kind == PlaceKind::regulator ? s.num_power_meters : s.num_buses;
  }
  [[nodiscard]] const BusRecord& bus_at(std::int32_t node) const {
    return f_.bus[static_cast<std::size_t>(f_.bus_of_node[static_cast<std::size_t>(node)])];
  }
  [[nodiscard]] int node_code(std::int32_t node) const {
    return NodeId(BusId(f_.bus_of_node[static_cast<std::size_t>(node)]), node - bus_at(node).node).value;
  }

  const CompiledFeeder<Real>& f_;
  const Network& net_;
  const RowReader<Real>& row_;
  const WorkspacePlan& plan_;
};

}  // namespace

template <class Real>
bool admit_base_case(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row,
                     const Limits& limits, Thresholds& pass) {
  const Reader<Real> reader(feeder, network, row);
  if (!reader.scalars().converged) return false;
  reader.admit(limits, pass);
  return true;
}

template <class Real>
Quantities read_extremes(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row) {
  return Reader<Real>(feeder, network, row).scalars();
}

template <class Real>
Quantities read_quantities(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row,
                           const Limits& limits, const Thresholds& pass) {
  const Reader<Real> reader(feeder, network, row);
  Quantities q = reader.scalars();
  if (!q.converged) {
    q.violations = limit_convergence;
    return q;
  }
  reader.hours(q);
  reader.areas(q);
  reader.excesses(q, limits, pass);
  q.violations = judge(q);
  if (q.violations) reader.places(q, pass);
  return q;
}

template bool admit_base_case(const CompiledFeeder<float>&, const Network&, const RowReader<float>&, const Limits&,
                              Thresholds&);
template bool admit_base_case(const CompiledFeeder<double>&, const Network&, const RowReader<double>&, const Limits&,
                              Thresholds&);
template Quantities read_extremes(const CompiledFeeder<float>&, const Network&, const RowReader<float>&);
template Quantities read_extremes(const CompiledFeeder<double>&, const Network&, const RowReader<double>&);
template Quantities read_quantities(const CompiledFeeder<float>&, const Network&, const RowReader<float>&,
                                    const Limits&, const Thresholds&);
template Quantities read_quantities(const CompiledFeeder<double>&, const Network&, const RowReader<double>&,
                                    const Limits&, const Thresholds&);

}  // namespace gridqueue
