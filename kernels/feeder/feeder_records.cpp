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

double simple_charging_error(const Network& network) {
  constexpr double kApart = 0.02;
  std::vector<double> way(network.buses.size(), 0.0);  // [pu]
  double error = 0;
  for (std::size_t i = 1; i < network.buses.size(); ++i) {
    const Bus& b = network.buses[i];
    const double z_base = base_volts(b) / base_amps(b);
    double z = 0, current = 0;
    for (std::size_t r = 0; r < static_cast<std::size_t>(b.num_nodes); ++r) {
      z = std::max(z, std::abs(b.branch.z[r][r]) / z_base);
      if (b.branch.kind != BranchKind::line) continue;
      Complex above = 0;
      double coupling = 0;
      for (std::size_t c = 0; c < kMaxNodesPerBus; ++c) {
        above += b.branch.a[r][c] * network.buses[b.parent.index()].v_initial[c];
        if (c != r) coupling += std::abs(b.branch.y_line[r][c]);
      }
      const double drop = std::abs(above - b.v_initial[r]) / base_volts(b);
      current = std::max(current, (2 * kApart * coupling + drop * std::abs(b.branch.y_line[r][r])) * z_base);
    }
    way[i] = way[b.parent.index()] + z;
    error += current * way[i];
  }
  return error;
}

template <class Real>
std::optional<RatingRecord<Real>> rating_record(const Network& network, std::size_t i, double normal_amps,
                                                double emergency_amps) {
  const Bus& bus = network.buses[i];
  if (bus.branch.kind == BranchKind::source || normal_amps <= 0 || emergency_amps <= 0) return std::nullopt;
  const double base = base_amps(network.buses[bus.parent.index()]);
  RatingRecord<Real> rating{};
  rating.inverse_normal2 = static_cast<Real>(std::pow(base / normal_amps, 2));
  rating.inverse_emergency2 = static_cast<Real>(std::pow(base / emergency_amps, 2));
  rating.inverse_watch2 = std::max(rating.inverse_normal2, rating.inverse_emergency2);
  rating.charging_sign = bus.branch.terminal1_is_parent ? Real(1) : Real(-1);
  rating.current = -1;
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

template <class Real>
DayRecords<Real> day_records(const Network& network) {
  DayRecords<Real> day;
  const auto same = [](const std::vector<double>& values, std::size_t k) { return values[k] == values[k - 1]; };
  for (std::size_t k = 0; k < network.num_steps(); ++k) {
    bool changed = k == 0 || !same(network.source_multiplier, k);
    for (const Shape& s : network.shapes) changed = changed || !same(s.value, k);
    if (!changed && same(network.pv_shape, k)) {
      day.step.back().weight += Real(1);
      continue;
    }
    day.step.push_back({static_cast<std::int32_t>(day.level.size()), static_cast<std::int32_t>(day.source.size()),
                        changed ? 1 : 0, static_cast<std::int32_t>(k), Real(1)});
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

#define GQ_RECORDS(Real)                                                                                       \
  template std::optional<RatingRecord<Real>> rating_record<Real>(const Network&, std::size_t, double, double); \
  template DayRecords<Real> day_records<Real>(const Network&)
GQ_RECORDS(float);
GQ_RECORDS(double);
#undef GQ_RECORDS

}  // namespace gridqueue
