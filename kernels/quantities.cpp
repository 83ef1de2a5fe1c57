#include "kernels/quantities.hpp"

#include <algorithm>
#include <cmath>

namespace gridqueue {
namespace {

std::uint32_t judge(const Quantities& q, const Limits& limits, const Thresholds& pass) {
  if (!q.converged) return limit_convergence;
  std::uint32_t bits = 0;
  if (q.vdiff_pct > pass.vdiff_pct) bits |= limit_vdiff;
  if (q.vmax_pu > pass.vmax_pu) bits |= limit_vmax;
  if (q.vmin_pu < pass.vmin_pu) bits |= limit_vmin;
  if (q.emergency_pct > pass.emergency_pct) bits |= limit_emergency;
  if (q.normal_hours > pass.normal_hours) bits |= limit_normal_hours;
  for (const AreaFlow& area : q.areas)
    if (island_excess(area, limits) > 0) bits |= limit_island;
  return bits;
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
      const double h = row_(plan_.hours + r) * net_.step_s / 3600.0;
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

  void places(Quantities& q, const Limits& limits, const Thresholds& pass) const {
    std::vector<std::pair<double, BusId>> changes;
    for (std::int32_t m = 0; m < f_.shape.num_monitors; ++m) {
      const double pct = 100 * row_(plan_.change + m);
      if (pct > limits.vdiff_pct) changes.emplace_back(-pct, f_.monitor_bus[static_cast<std::size_t>(m)]);
    }
    std::sort(changes.begin(), changes.end());
    for (const auto& [pct, bus] : changes) q.vdiff_buses.push_back(bus);
    for (std::int32_t r = 0; r < f_.shape.num_rated; ++r) {
      const bool emergency = 100 * std::sqrt(row_(plan_.overload + r)) > pass.emergency_pct;
      const bool hours = row_(plan_.hours + r) * net_.step_s / 3600.0 > pass.normal_hours;
      if (emergency || hours) q.overloaded_branches.push_back(f_.rated_bus[static_cast<std::size_t>(r)]);
    }
  }

 private:
  [[nodiscard]] double value(Scalar s) const { return row_(plan_.scalar + s); }

  static void split(double code, std::int32_t count, int& step, std::int32_t& index) {
    const auto c = static_cast<std::int64_t>(code);
    step = static_cast<int>(c / count);
    index = static_cast<std::int32_t>(c % count);
  }
  void split_node(double code, int& step, int& node_code) const {
    std::int32_t node = 0;
    split(code, f_.shape.num_nodes, step, node);
    const std::int32_t bus = f_.bus_of_node[static_cast<std::size_t>(node)];
    node_code = bus * kMaxNodesPerBus + node - f_.bus[static_cast<std::size_t>(bus)].node;
  }

  const CompiledFeeder<Real>& f_;
  const Network& net_;
  const RowReader<Real>& row_;
  const WorkspacePlan& plan_;
};

}  // namespace

Thresholds thresholds(const Limits& l, const Quantities* base) {
  Thresholds t{std::max(l.vdiff_pct, base ? base->vdiff_pct : 0.0) + l.vdiff_tolerance_pct,
               l.vmax_pu + l.voltage_tolerance_pu, l.vmin_pu - l.voltage_tolerance_pu,
               l.emergency_pct + l.emergency_tolerance_pct, l.normal_hours + l.normal_hours_tolerance};
  if (!base) return t;
  t.vmax_pu = std::max(t.vmax_pu, base->vmax_pu);
  t.vmin_pu = std::min(t.vmin_pu, base->vmin_pu);
  t.emergency_pct = std::max(t.emergency_pct, base->emergency_pct);
  t.normal_hours = std::max(t.normal_hours, base->normal_hours);
  return t;
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
  q.violations = judge(q, limits, pass);
  if (q.violations) reader.places(q, limits, pass);
  return q;
}

template Quantities read_quantities(const CompiledFeeder<float>&, const Network&, const RowReader<float>&,
                                    const Limits&, const Thresholds&);
template Quantities read_quantities(const CompiledFeeder<double>&, const Network&, const RowReader<double>&,
                                    const Limits&, const Thresholds&);

}  // namespace gridqueue
