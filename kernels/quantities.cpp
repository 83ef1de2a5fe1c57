#include "kernels/quantities.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {
namespace {

std::uint32_t judge(const Quantities& q) {
  std::uint32_t bits = 0;
  for (std::size_t bit = 0; bit < q.excess.size(); ++bit)
    if (q.excess[bit].value > 0) bits |= 1u << bit;
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
    q.vdiff_pct = 100 * value(s_vdiff);
    if (q.vdiff_pct > 0) split(value(s_vdiff_code), f_.shape.num_buses, q.vdiff_step, q.vdiff_bus.value);
    q.vmax_pu = std::sqrt(value(s_vmax));
    split_node(value(s_vmax_code), q.vmax_step, q.vmax_node);
    q.vmin_pu = std::sqrt(value(s_vmin));
    split_node(value(s_vmin_code), q.vmin_step, q.vmin_node);
    q.emergency_pct = 100 * std::sqrt(value(s_emergency));
    if (q.emergency_pct > 0)
      split(value(s_emergency_code), f_.shape.num_buses, q.emergency_step, q.emergency_branch.value);
    if (f_.shape.num_regulators > 0) {
      q.taps_min = static_cast<int>(value(s_tap_min));
      q.taps_max = static_cast<int>(value(s_tap_max));
    }
    return q;
  }

  void hours(Quantities& q) const {
    if (value(s_above) == 0) return;
    for (std::int32_t r = 0; r < f_.shape.num_rated; ++r) {
      const double h = above(r).value;
      if (h <= q.normal_hours) continue;
      q.normal_hours = h;
      q.normal_hours_branch = f_.rated_bus[static_cast<std::size_t>(r)];
    }
  }

  void areas(Quantities& q) const {
    if (f_.shape.num_reclosers == 0) return;
    for (std::int32_t a = 0; a <= f_.shape.num_reclosers; ++a) {
      const std::int32_t r = plan_.flow + kFlowRows * a;
      q.areas.push_back({{row_(r), row_(r + 1), row_(r + 2)}, {row_(r + 3), row_(r + 4), row_(r + 5)}});
    }
  }

  //! Where all places have one threshold the extremes tell.
  void excesses(Quantities& q, const Limits& limits, const Thresholds& pass) const {
    const auto at = [&q](LimitBit bit) -> Excess& { return q.excess[limit_index(bit)]; };
    at(limit_vdiff) = {pass.vdiff_pct.excess(q.vdiff_pct), q.vdiff_bus.value};
    at(limit_vmax) = {pass.vmax_pu.excess(q.vmax_pu), q.vmax_node};
    at(limit_vmin) = {pass.vmin_pu.excess(q.vmin_pu), q.vmin_node};
    at(limit_emergency) = {pass.emergency_pct.excess(q.emergency_pct), q.emergency_branch.value};
    at(limit_normal_hours) = {pass.normal_hours.excess(q.normal_hours), q.normal_hours_branch.value};
    if (!pass.vdiff_pct.uniform())
      at(limit_vdiff) = largest(pass.vdiff_pct, f_.shape.num_monitors, [&](auto m) { return change(m); });
    if (!pass.vmax_pu.uniform())
      at(limit_vmax) = largest(pass.vmax_pu, f_.shape.num_nodes, [&](auto n) { return high(n); });
    if (!pass.vmin_pu.uniform())
      at(limit_vmin) = largest(pass.vmin_pu, f_.shape.num_nodes, [&](auto n) { return low(n); });
    if (!pass.emergency_pct.uniform())
      at(limit_emergency) = largest(pass.emergency_pct, f_.shape.num_rated, [&](auto r) { return loading(r); });
    if (!pass.normal_hours.uniform())
      at(limit_normal_hours) = largest(pass.normal_hours, f_.shape.num_rated, [&](auto r) { return above(r); });
    for (std::size_t a = 0; a < q.areas.size(); ++a)
      keep(at(limit_island), pass.island_kw.excess(island_excess(q.areas[a], limits), a), static_cast<int>(a));
  }

  void places(Quantities& q, const Thresholds& pass) const {
    std::vector<std::pair<double, BusId>> changes;
    for (std::int32_t m = 0; m < f_.shape.num_monitors; ++m) {
      const Place at = change(m);
      if (at.value > pass.vdiff_pct.bound(at.bound)) changes.emplace_back(-at.value, BusId(at.bound));
    }
    std::sort(changes.begin(), changes.end());
    for (const auto& [pct, bus] : changes) q.vdiff_buses.push_back(bus);
    for (std::int32_t r = 0; r < f_.shape.num_rated; ++r) {
      const Place amps = loading(r), hours = above(r);
      if (pass.emergency_pct.excess(amps.value, amps.bound) > 0 ||
          pass.normal_hours.excess(hours.value, hours.bound) > 0)
        q.overloaded_branches.push_back(f_.rated_bus[static_cast<std::size_t>(r)]);
    }
  }

  void admit(const Limits& limits, Thresholds& pass) const {
    const auto all = [](PlaceBounds& to, std::int32_t count, std::size_t places, const auto& at) {
      for (std::int32_t i = 0; i < count; ++i) {
        const Place p = at(i);
        to.admit(p.bound, p.value, places);
      }
    };
    const std::size_t buses = f_.bus.size(), nodes = f_.bus_of_node.size();
    const std::int32_t kept = f_.shape.by_place ? f_.shape.num_nodes : 0;
    all(pass.vdiff_pct, f_.shape.num_monitors, buses, [&](auto m) { return change(m); });
    all(pass.vmax_pu, kept, nodes, [&](auto n) { return high(n); });
    all(pass.vmin_pu, kept, nodes, [&](auto n) { return low(n); });
    all(pass.emergency_pct, f_.shape.num_rated, buses, [&](auto r) { return loading(r); });
    all(pass.normal_hours, f_.shape.num_rated, buses, [&](auto r) { return above(r); });
    Quantities q;
    areas(q);
    for (std::size_t a = 0; a < q.areas.size(); ++a)
      if (const double excess = island_excess(q.areas[a], limits); excess > 0)
        pass.island_kw.admit(a, excess + island_tolerance(q.areas[a], limits), q.areas.size());
  }

 private:
  //! A value of one place, and where its bound stands in PlaceBounds::at.
  struct Place {
    double value;
    std::size_t bound;
    int code;  //!< for Excess::place
  };

  [[nodiscard]] double value(Scalar s) const { return row_(plan_.scalar + s); }
  static Place at_bus(double value, BusId bus) { return {value, bus.index(), bus.value}; }
  [[nodiscard]] Place change(std::int32_t m) const {
    return at_bus(100 * row_(plan_.change + m), f_.monitor_bus[static_cast<std::size_t>(m)]);
  }
  [[nodiscard]] Place high(std::int32_t n) const { return at_node(plan_.high, n); }
  [[nodiscard]] Place low(std::int32_t n) const { return at_node(plan_.low, n); }
  [[nodiscard]] Place at_node(std::int32_t first, std::int32_t n) const {
    return {std::sqrt(row_(first + n)), static_cast<std::size_t>(n), node_code(n)};
  }
  [[nodiscard]] Place loading(std::int32_t r) const {
    return at_bus(100 * std::sqrt(row_(plan_.overload + r)), f_.rated_bus[static_cast<std::size_t>(r)]);
  }
  [[nodiscard]] Place above(std::int32_t r) const {
    return at_bus(row_(plan_.hours + r) * net_.step_s / 3600.0, f_.rated_bus[static_cast<std::size_t>(r)]);
  }

  template <class At>
  static Excess largest(const PlaceBounds& bounds, std::int32_t count, const At& at) {
    Excess found;
    for (std::int32_t i = 0; i < count; ++i) {
      const Place p = at(i);
      keep(found, bounds.excess(p.value, p.bound), p.code);
    }
    return found;
  }

  static void split(double code, std::int32_t count, int& step, std::int32_t& index) {
    const auto c = static_cast<std::int64_t>(code);
    step = static_cast<int>(c / count);
    index = static_cast<std::int32_t>(c % count);
  }
  void split_node(double code, int& step, int& code_of) const {
    std::int32_t node = 0;
    split(code, f_.shape.num_nodes, step, node);
    code_of = node_code(node);
  }
  [[nodiscard]] int node_code(std::int32_t node) const {
    const std::int32_t bus = f_.bus_of_node[static_cast<std::size_t>(node)];
    return bus * kMaxNodesPerBus + node - f_.bus[static_cast<std::size_t>(bus)].node;
  }

  const CompiledFeeder<Real>& f_;
  const Network& net_;
  const RowReader<Real>& row_;
  const WorkspacePlan& plan_;
};

}  // namespace

Thresholds uniform_thresholds(const Limits& l) {
  Thresholds t;
  t.vdiff_pct = {l.vdiff_pct, l.vdiff_tolerance_pct, 1, {}};
  t.vmax_pu = {l.vmax_pu, l.voltage_tolerance_pu, 1, {}};
  t.vmin_pu = {l.vmin_pu, l.voltage_tolerance_pu, -1, {}};
  t.emergency_pct = {l.emergency_pct, l.emergency_tolerance_pct, 1, {}};
  t.normal_hours = {l.normal_hours, l.normal_hours_tolerance, 1, {}};
  return t;  // island_excess has its tolerance within
}

template <class Real>
bool admit_base_case(const CompiledFeeder<Real>& feeder, const Network& network, const RowReader<Real>& row,
                     const Limits& limits, Thresholds& pass) {
  const Reader<Real> reader(feeder, network, row);
  if (!reader.scalars().converged) return false;
  reader.admit(limits, pass);
  return true;
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
template Quantities read_quantities(const CompiledFeeder<float>&, const Network&, const RowReader<float>&,
                                    const Limits&, const Thresholds&);
template Quantities read_quantities(const CompiledFeeder<double>&, const Network&, const RowReader<double>&,
                                    const Limits&, const Thresholds&);

}  // namespace gridqueue
