#include "host/allocate/day_meter.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using BlockMatrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, 0, kMaxNodesPerBus, kMaxNodesPerBus>;
using BlockVector = Eigen::Matrix<Complex, Eigen::Dynamic, 1, 0, kMaxNodesPerBus, 1>;

BlockMatrix matrix(const NodeMatrix& m, int rows, int columns) {
  BlockMatrix out(rows, columns);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) out(r, c) = m[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  return out;
}

}  // namespace

DayMeter::DayMeter(const Network& network, double upgrade_factor) : net_(network), factor_(upgrade_factor) {
  for (const Regulator& r : net_.regulators)
    if (r.term) fail_input("'{}' moves something else than the phases of a bus (its taps cannot be held)", r.name);
  for (std::size_t b = 0; b < net_.buses.size(); ++b) {
    first_node_.push_back(bus_of_node_.size());
    for (int n = 0; n < net_.buses[b].num_nodes; ++n) {
      bus_of_node_.emplace_back(b);
      regulators_.emplace_back();
      const int phase = net_.buses[b].phase[static_cast<std::size_t>(n)];
      for (BusId above = BusId(b); above.valid(); above = net_.buses[above.index()].parent)
        for (std::size_t r = 0; r < net_.regulators.size(); ++r) {
          const Regulator& regulator = net_.regulators[r];
          if (regulator.bus == above &&
              (regulator.gang || net_.buses[above.index()].phase[static_cast<std::size_t>(regulator.node)] == phase))
            regulators_.back().push_back(r);
        }
    }
  }
}

std::string DayMeter::node_name(std::size_t node) const {
  const std::size_t bus = bus_of_node_[node].index();
  return fmt::format("{}.{}", net_.buses[bus].name, net_.buses[bus].phase[node - first_node_[bus]]);
}

double DayMeter::held_magnitude(const MeteredDay& day, const MeteredDay& held, std::size_t step,
                                std::size_t node) const {
  double magnitude = std::abs(voltage(day, step, node));
  for (std::size_t r : regulators_[node]) {
    const std::size_t at = step * net_.regulators.size() + r;
    magnitude *= net_.regulators[r].ratio(held.trace.tap[at]) / net_.regulators[r].ratio(day.trace.tap[at]);
  }
  return magnitude / (net_.buses[bus_of_node_[node].index()].kv_base * 1e3);
}

double DayMeter::average_pu(const MeteredDay& day, const MeteredDay& held, std::size_t step, std::size_t bus) const {
  const auto count = static_cast<std::size_t>(net_.buses[bus].num_nodes);
  double sum = 0;
  for (std::size_t n = 0; n < count; ++n) sum += held_magnitude(day, held, step, first_node_[bus] + n);
  return sum / static_cast<double>(count);
}

//! V_c = A V_p + Z J gives the current J of all that is injected below; terminal 1 sees it referred to its side, less
//! or plus the line's charging there. An upgraded line has Z / factor, charging / factor, ratings * factor.
double DayMeter::loading_pct(const MeteredDay& day, std::size_t step, std::size_t bus, double amps) const {
  const Bus& child = net_.buses[bus];
  const Bus& parent = net_.buses[child.parent.index()];
  const bool line = child.branch.kind == BranchKind::line;
  const double scale = line && day.upgraded[bus] ? 1 / factor_ : 1;
  const int n = child.num_nodes, m = parent.num_nodes;
  BlockVector vc(n), vp(m);
  for (int i = 0; i < n; ++i) vc(i) = voltage(day, step, first_node_[bus] + static_cast<std::size_t>(i));
  for (int i = 0; i < m; ++i)
    vp(i) = voltage(day, step, first_node_[child.parent.index()] + static_cast<std::size_t>(i));
  BlockMatrix z = scale * matrix(child.branch.z, n, n), a = matrix(child.branch.a, n, m);
  double gang_ratio = 1;
  for (std::size_t r = 0; r < net_.regulators.size(); ++r) {
    const Regulator& regulator = net_.regulators[r];
    if (regulator.bus.index() != bus) continue;
    const double t = regulator.ratio(day.trace.tap[step * net_.regulators.size() + r]);
    if (regulator.gang) gang_ratio = t;
    for (int i = 0; i < n; ++i)
      if (regulator.moves(i)) a.row(i) *= t, z.row(i) *= t * t;
  }
  const BlockVector j = z.partialPivLu().solve(vc - a * vp);
  BlockVector terminal = child.branch.kind == BranchKind::transformer
                             ? BlockVector(gang_ratio * matrix(child.branch.i_terminal1, m, n) * j)
                             : BlockVector(a.transpose() * j);
  terminal += matrix(child.branch.y_terminal1, m, m) * vp;
  if (line)
    terminal = j - (child.branch.terminal1_is_parent ? scale : -scale) * (matrix(child.branch.y_line, n, n) * vc);
  return 100 * scale * terminal.cwiseAbs().maxCoeff() / amps;
}

double DayMeter::value(const MeteredDay& day, const MeteredDay& held, const Probe& p) const {
  const auto step = static_cast<std::size_t>(p.step);
  switch (p.limit) {
    case limit_vdiff:
      GQ_EXPECT(p.step > 0);
      return 100 * p.sign * (average_pu(day, held, step, p.place) - average_pu(day, held, step - 1, p.place));
    case limit_vmax:
    case limit_vmin:
    case limit_lv_vmax:
    case limit_lv_vmin: return held_magnitude(day, held, step, p.place);
    case limit_emergency: return loading_pct(day, step, p.place, net_.buses[p.place].branch.emergency_amps);
    case limit_normal_hours: return loading_pct(day, step, p.place, net_.buses[p.place].branch.normal_amps);
    default: contract_failed("precondition", "the limit has a quantity that lines change", __FILE__, __LINE__);
  }
}

}  // namespace gridqueue
