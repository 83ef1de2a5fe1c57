#include "kernels/feeder/feeder_records.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "kernels/feeder/series.hpp"

namespace gridqueue {

Complex effective_admittance(const Bus& b, const NodeMatrix& y, std::size_t row) {
  Complex current = 0;
  for (std::size_t col = 0; col < static_cast<std::size_t>(b.num_nodes); ++col) current += y[row][col] * b.v_base[col];
  return current / b.v_base[row];
}

template <class Real>
std::int32_t add_line(const Bus& b, const NodeMatrix& z, const NodeMatrix& y, std::vector<Real>& coefficient) {
  const auto first = static_cast<std::int32_t>(coefficient.size());
  const auto n = static_cast<std::size_t>(b.num_nodes);
  const double z_base = base_volts(b) / base_amps(b);
  const auto push = [&](Complex x) {
    coefficient.push_back(static_cast<Real>(x.real()));
    coefficient.push_back(static_cast<Real>(x.imag()));
  };
  for (std::size_t row = 0; row < n; ++row)
    for (std::size_t col = 0; col < n; ++col) push(z[row][col] / z_base);
  for (std::size_t row = 0; row < n; ++row) push(effective_admittance(b, y, row) * z_base);
  for (std::size_t row = 0; row < n; ++row)
    for (std::size_t col = 0; col < n; ++col) push(y[row][col] * z_base);
  return first;
}

double simple_charging_error(const Network& network, const std::vector<Series>& series) {
  constexpr double kApart = 0.02;
  std::vector<const Series*> joined(network.buses.size(), nullptr);
  for (const Series& s : series)
    for (BusId b : s.bus) joined[b.index()] = &s;
  std::vector<double> way(network.buses.size(), 0.0);  // [pu]
  double error = 0;
  for (std::size_t i = 1; i < network.buses.size(); ++i) {
    const Bus& b = network.buses[i];
    const double z_base = base_volts(b) / base_amps(b);
    double z = 0, current = 0;
    const Series* s = joined[i];
    const bool ends = s == nullptr || s->bus.back() == BusId(i);  // a joined line counts at its end
    const Branch& upper = s == nullptr ? b.branch : network.buses[s->bus.front().index()].branch;
    const Bus& parent =
        network.buses[s == nullptr ? b.parent.index() : network.buses[s->bus.front().index()].parent.index()];
    const NodeMatrix& y = s == nullptr ? b.branch.y_line : s->y;
    for (std::size_t r = 0; r < static_cast<std::size_t>(b.num_nodes); ++r) {
      z = std::max(z, std::abs(b.branch.z[r][r]) / z_base);
      if (b.branch.kind != BranchKind::line || !ends) continue;
      Complex above = 0;
      double coupling = 0;
      for (std::size_t c = 0; c < kMaxNodesPerBus; ++c) {
        above += upper.a[r][c] * parent.v_initial[c];
        if (c != r) coupling += std::abs(y[r][c]);
      }
      const double drop = std::abs(above - b.v_initial[r]) / base_volts(b);
      current = std::max(current, (2 * kApart * coupling + drop * std::abs(y[r][r])) * z_base);
    }
    way[i] = way[b.parent.index()] + z;
    error += current * way[i];
  }
  return error;
}

namespace {

using NodeValues = std::array<double, kMaxNodesPerBus>;

//! Loads of constant power [pu] by bus and node, at the highest level of their shapes.
std::vector<NodeValues> constant_powers(const Network& network) {
  std::vector<double> level;
  for (const Shape& s : network.shapes)
    level.push_back(s.value.empty() ? 1.0 : std::abs(*std::max_element(s.value.begin(), s.value.end())));
  std::vector<NodeValues> power(network.buses.size(), NodeValues{});
  for (const Load& load : network.loads) {
    if (load.model != LoadModel::constant_power) continue;
    const Bus& b = network.buses[load.bus.index()];
    Complex v = b.v_initial[static_cast<std::size_t>(load.node)];
    if (load.to_node >= 0) v -= b.v_initial[static_cast<std::size_t>(load.to_node)];
    const double u = std::abs(v) / (load.kv * 1e3);
    if (u < load.vmin_pu || u > load.vmax_pu) continue;
    const double kva = std::hypot(load.kw * level[static_cast<std::size_t>(load.kw_shape)],
                                  load.kvar * level[static_cast<std::size_t>(load.kvar_shape)]);
    const double share = load.to_node < 0 ? 1.0 : 0.5;
    NodeValues& at = power[load.bus.index()];
    at[static_cast<std::size_t>(load.node)] += share * kva * 1e3 / kBaseVa;
    if (load.to_node >= 0) at[static_cast<std::size_t>(load.to_node)] += share * kva * 1e3 / kBaseVa;
  }
  return power;
}

//! Squared share of the parent's node p in the voltage of the child's node n, per unit.
double share2(const Network& network, const Bus& b, std::size_t n, std::size_t p) {
  return std::norm(b.branch.a[n][p] * base_volts(network.buses[b.parent.index()]) / base_volts(b));
}

}  // namespace

bool loosely_grounded(const Network& network) {
  constexpr double kShared = 0.98;
  const auto shares_all = [](const Bus& b) {
    bool all = b.num_nodes > 1;
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      for (std::size_t m = 0; m < static_cast<std::size_t>(b.num_nodes); ++m)
        all = all && std::abs(b.branch.z[n][m]) > kShared * std::abs(b.branch.z[n][n]);
    return all;
  };
  const std::vector<NodeValues> power = constant_powers(network);
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    const Bus& b = network.buses[i];
    const bool loaded = std::any_of(power[i].begin(), power[i].end(), [](double p) { return p > 0; });
    if (b.floating ? loaded : shares_all(b)) return true;
  }
  return false;
}

double constant_power_drop(const Network& network) {
  std::vector<NodeValues> power = constant_powers(network), drop(network.buses.size(), NodeValues{});
  const auto each = [&](std::size_t i, const auto& body) {
    const Bus& b = network.buses[i];
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n)
      for (std::size_t p = 0; b.parent.valid() && p < kMaxNodesPerBus; ++p) body(b, n, p, share2(network, b, n, p));
  };
  for (std::size_t i = network.buses.size(); i-- > 1;)
    each(i, [&](const Bus& b, std::size_t n, std::size_t p, double share) {
      power[b.parent.index()][p] += share * power[i][n];
    });
  double largest = 0;
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    each(i, [&](const Bus& b, std::size_t n, std::size_t p, double share) {
      if (share > 0) drop[i][n] = std::max(drop[i][n], drop[b.parent.index()][p]);
    });
    const Bus& b = network.buses[i];
    for (std::size_t n = 0; n < static_cast<std::size_t>(b.num_nodes); ++n) {
      drop[i][n] += std::abs(b.branch.z[n][n]) * base_amps(b) / base_volts(b) * power[i][n];
      largest = std::max(largest, drop[i][n]);
    }
  }
  return largest;
}

namespace {

//! The part [rows][columns] of a matrix at `place`(row), `place`(column), per unit of 1 / `base`.
template <class Real, class Place>
std::int32_t add_matrix(const NodeMatrix& m, int rows, int columns, double base, const Place& place,
                        std::vector<Real>& coefficient) {
  const auto first = static_cast<std::int32_t>(coefficient.size());
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const Complex x = m[place(row)][place(column)] * base;
      coefficient.push_back(static_cast<Real>(x.real()));
      coefficient.push_back(static_cast<Real>(x.imag()));
    }
  return first;
}

}  // namespace

template <class Real>
std::optional<RatingRecord<Real>> rating_record(const Network& network, std::size_t i, const BranchElement& element,
                                                const BusRecord& b, std::vector<Real>& coefficient) {
  const Bus& bus = network.buses[i];
  if (b.kind == SweepKind::source || element.normal_amps <= 0 || element.emergency_amps <= 0) return std::nullopt;
  const Bus& parent = network.buses[bus.parent.index()];
  const double base = base_amps(parent);
  RatingRecord<Real> rating{};
  rating.inverse_normal2 = static_cast<Real>(std::pow(base / element.normal_amps, 2));
  rating.inverse_emergency2 = static_cast<Real>(std::pow(base / element.emergency_amps, 2));
  rating.inverse_watch2 = std::max(rating.inverse_normal2, rating.inverse_emergency2);
  rating.charging_sign = bus.branch.terminal1_is_parent ? Real(1) : Real(-1);
  rating.current = rating.no_load = rating.tap = -1;
  const auto as_it_is = [](int n) { return static_cast<std::size_t>(n); };
  const auto selected = [&](int n) { return static_cast<std::size_t>(b.select[n]); };
  const double to_unit = base_volts(parent) / base;
  if (b.kind == SweepKind::two_port)
    rating.current =
        add_matrix(element.i_terminal1, kMaxNodes, b.num_nodes, base_amps(bus) / base, as_it_is, coefficient);
  if (element.y_terminal1 == NodeMatrix{} || b.kind == SweepKind::line) return rating;
  rating.no_load = b.kind == SweepKind::two_port
                       ? add_matrix(element.y_terminal1, kMaxNodes, b.parent_nodes, to_unit, as_it_is, coefficient)
                       : add_matrix(element.y_terminal1, b.num_nodes, b.num_nodes, to_unit, selected, coefficient);
  return rating;
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

namespace {

//! Ahead of a neutral, where the bus has one: nodes are in the order of their numbers.
bool has_three_phases(const Bus& bus) {
  return bus.num_nodes >= kPhases && bus.phase[0] == 1 && bus.phase[1] == 2 && bus.phase[2] == 3;
}

}  // namespace

std::vector<NodesRecord> three_phase_records(const Network& network, const std::vector<std::int32_t>& first_node) {
  std::vector<NodesRecord> records;
  for (std::size_t i = 0; i < network.buses.size(); ++i)
    if (has_three_phases(network.buses[i])) records.push_back({static_cast<std::int32_t>(i), first_node[i], kPhases});
  return records;
}

std::vector<NodesRecord> power_meter_records(const Network& network, const std::vector<std::int32_t>& first_node) {
  std::vector<NodesRecord> records{{0, first_node[0], network.buses[0].num_nodes}};
  for (const Regulator& r : network.regulators) {
    const std::int32_t first = first_node[r.bus.index()];
    if (r.gang || r.term) records.push_back({r.bus.value, first, network.buses[r.bus.index()].num_nodes});
    else records.push_back({r.bus.value, first + r.node, 1});
  }
  return records;
}

template <class Real>
DayRecords<Real> day_records(const Network& network) {
  DayRecords<Real> day;
  const auto same = [](const std::vector<double>& values, std::size_t k) { return values[k] == values[k - 1]; };
  for (std::size_t k = 0; k < network.num_steps(); ++k) {
    const bool new_day = network.starts_day(k);
    bool changed = new_day || !same(network.source_multiplier, k);
    for (const Shape& s : network.shapes) changed = changed || !same(s.value, k);
    if (!changed && same(network.pv_shape, k)) {
      day.step.back().weight += Real(1);
      continue;
    }
    day.step.push_back({static_cast<std::int32_t>(day.level.size()), static_cast<std::int32_t>(day.source.size()),
                        new_day   ? kNewDay
                        : changed ? kMoreThanSun
                                  : kOnlySun,
                        static_cast<std::int32_t>(k), Real(1)});
    day.level.push_back(static_cast<Real>(network.pv_shape[k]));
    for (const Shape& s : network.shapes) day.level.push_back(static_cast<Real>(s.value[k]));
    const Bus& root = network.buses[0];
    for (std::size_t n = 0; n < static_cast<std::size_t>(root.num_nodes); ++n) {
      const Complex e = network.source_voltage[n] * network.source_multiplier[k] / base_volts(root);
      day.source.push_back(static_cast<Real>(e.real()));
      day.source.push_back(static_cast<Real>(e.imag()));
    }
  }
  return day;
}

#define GQ_RECORDS(Real)                                                                                            \
  template std::optional<RatingRecord<Real>> rating_record<Real>(const Network&, std::size_t, const BranchElement&, \
                                                                 const BusRecord&, std::vector<Real>&);             \
  template std::int32_t add_line<Real>(const Bus&, const NodeMatrix&, const NodeMatrix&, std::vector<Real>&);       \
  template DayRecords<Real> day_records<Real>(const Network&)
GQ_RECORDS(float);
GQ_RECORDS(double);
#undef GQ_RECORDS

}  // namespace gridqueue
