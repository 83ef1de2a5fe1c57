#include "host/linear/row_builder.hpp"

#include <cmath>
#include <numbers>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using Triplets = std::vector<Eigen::Triplet<double>>;
const Complex kJ(0, 1);

//! Real and imaginary part of a functional of complex voltages.
template <class Functional>
void add_rows(Triplets& to, int re_row, int im_row, const Functional& functional, Complex factor = 1) {
  for (const auto& [node, f] : functional) {
    const Complex c = f * factor;
    if (re_row >= 0) to.emplace_back(re_row, 2 * node, c.real()), to.emplace_back(re_row, 2 * node + 1, -c.imag());
    if (im_row >= 0) to.emplace_back(im_row, 2 * node, c.imag()), to.emplace_back(im_row, 2 * node + 1, c.real());
  }
}

//! A complex current at a node, as a column and as j times it.
void add_columns(Triplets& to, int node, int re_column, int im_column, Complex current) {
  for (const auto& [column, c] : {std::pair(re_column, current), std::pair(im_column, current * kJ)}) {
    to.emplace_back(2 * node, column, c.real());
    to.emplace_back(2 * node + 1, column, c.imag());
  }
}

}  // namespace

Complex phase_turn(int phase) { return std::polar(1.0, -2.0 * std::numbers::pi / 3.0 * phase); }

RowBuilder::RowBuilder(const Network& network, const CompiledFeeder<double>& feeder, const LinearPlan& plan,
                       const std::vector<double>& ratio, double upgrade_factor, const Upgrades& upgraded,
                       const std::vector<Complex>& reference)
    : net_(network), feeder_(feeder), plan_(plan), ratio_(ratio), factor_(upgrade_factor),
      upgraded_(network.buses.size(), 0), reference_(reference) {
  for (const Upgrade& u : upgraded) upgraded_[u.element.index()] = 1;
}

Complex RowBuilder::coefficient(std::int32_t at) const {
  const auto i = static_cast<std::size_t>(at);
  return {feeder_.coefficient[i], feeder_.coefficient[i + 1]};
}

Eigen::MatrixXcd RowBuilder::impedance(BusId child) const {
  const BusRecord& b = feeder_.bus[child.index()];
  const int n = b.num_nodes;
  Eigen::MatrixXcd z = Eigen::MatrixXcd::Zero(n, n);
  for (int r = 0; r < n; ++r) {
    if (b.kind == SweepKind::regulator) {
      const double t = ratio_[static_cast<std::size_t>(b.regulator + r)];
      z(r, r) = t * t * coefficient(b.coefficient + 2 * r);
      continue;
    }
    for (int c = 0; c < n; ++c) z(r, c) = coefficient(b.coefficient + 2 * (r * n + c)) * length(child);
  }
  return z;
}

Eigen::MatrixXcd RowBuilder::transfer(BusId child) const {
  const BusRecord& b = feeder_.bus[child.index()];
  const int n = b.num_nodes;
  Eigen::MatrixXcd a = Eigen::MatrixXcd::Identity(n, n);
  for (int r = 0; r < n; ++r) {
    if (b.kind == SweepKind::regulator) a(r, r) = ratio_[static_cast<std::size_t>(b.regulator + r)];
    if (b.kind != SweepKind::transformer) continue;
    for (int c = 0; c < n; ++c) a(r, c) = coefficient(b.coefficient + 2 * (n * n + r * n + c));
  }
  return a;
}

std::vector<RowBuilder::Functional> RowBuilder::series_current(BusId child) const {
  const BusRecord& b = feeder_.bus[child.index()];
  const Eigen::MatrixXcd y = impedance(child).inverse(), ya = y * transfer(child);
  std::vector<Functional> current(static_cast<std::size_t>(b.num_nodes));
  for (int r = 0; r < b.num_nodes; ++r)
    for (int c = 0; c < b.num_nodes; ++c) {
      current[static_cast<std::size_t>(r)].push_back({b.node + c, y(r, c)});
      current[static_cast<std::size_t>(r)].push_back({b.parent_node + b.select[c], -ya(r, c)});
    }
  return current;
}

double RowBuilder::loading_per_ampere(BusId child) const {
  const BusRecord& b = feeder_.bus[child.index()];
  const RatingRecord<double>& rating = feeder_.rating[static_cast<std::size_t>(b.rated)];
  return std::sqrt(rating.inverse_emergency2) * (b.kind == SweepKind::line ? length(child) : 1);
}

std::vector<RowBuilder::Functional> RowBuilder::terminal_loading(BusId child) const {
  const BusRecord& b = feeder_.bus[child.index()];
  const RatingRecord<double>& rating = feeder_.rating[static_cast<std::size_t>(b.rated)];
  const std::vector<Functional> series = series_current(child);
  const Eigen::MatrixXcd a = transfer(child);
  const double scale = loading_per_ampere(child);
  std::vector<Functional> out(series.size());
  for (int c = 0; c < b.num_nodes; ++c) {
    Functional& f = out[static_cast<std::size_t>(c)];
    for (int r = 0; r < b.num_nodes; ++r)
      for (const Term& t : series[static_cast<std::size_t>(r)])
        if (a(r, c) != Complex(0)) f.push_back({t.node, t.factor * a(r, c) * scale});
    for (int n = 0; n < b.num_nodes && rating.no_load >= 0; ++n)
      f.push_back({b.parent_node + b.select[n], coefficient(rating.no_load + 2 * (c * b.num_nodes + n)) * scale});
    if (b.kind != SweepKind::line) continue;
    const Complex charging = coefficient(b.coefficient + 2 * b.num_nodes * b.num_nodes + 2 * c) * length(child);
    f.push_back({b.node + c, -rating.charging_sign * charging * scale});
  }
  return out;
}

Eigen::VectorXcd RowBuilder::loading(BusId child, const std::vector<Complex>& v) const {
  const std::vector<Functional> rows = terminal_loading(child);
  Eigen::VectorXcd out = Eigen::VectorXcd::Zero(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const Term& t : rows[r]) out[static_cast<Eigen::Index>(r)] += t.factor * v[static_cast<std::size_t>(t.node)];
  return out;
}

Complex RowBuilder::regulator_admittance(std::size_t r) const {
  const Regulator& g = net_.regulators[r];
  return 1.0 / impedance(g.bus)(g.node, g.node);
}

RealSparse RowBuilder::rows() const {
  Triplets to;
  const auto frame = [&](int n) { return reference_[static_cast<std::size_t>(n)]; };
  for (std::size_t i = 0; i < plan_.units.size(); ++i)
    for (int k = 0; k < 3; ++k) {
      const int n = node(plan_.units[i], k), row = plan_.unit_row + kUnitRows * static_cast<int>(i) + 2 * k;
      add_rows(to, row, row + 1, Functional{{n, 1.0 / frame(n)}});
    }
  for (std::size_t r = 0; r < net_.regulators.size(); ++r) {
    const Regulator& g = net_.regulators[r];
    const BusRecord& b = feeder_.bus[g.bus.index()];
    const int row = plan_.regulator_row + kRegulatorRows * static_cast<int>(r), n = b.node + g.node;
    add_rows(to, row, row + 1, Functional{{b.parent_node + b.select[g.node], 1.0}});
    add_rows(to, row + 2, row + 3, series_current(g.bus)[static_cast<std::size_t>(g.node)]);
    const int controlled = plan_.controlled_row + kControlledRows * static_cast<int>(r);
    add_rows(to, controlled, controlled + 1, Functional{{n, std::conj(frame(n)) / std::abs(frame(n))}});
  }
  for (std::size_t b = 0; b < plan_.path.size(); ++b)
    for (int k = 0; k < 3; ++k) {
      const int n = node(plan_.path[b], k), bus = static_cast<int>(b);
      const Complex turn = std::conj(frame(n)) / std::abs(frame(n));
      add_rows(to, plan_.node_row + 3 * bus + k, -1, Functional{{n, turn}});
      add_rows(to, -1, plan_.tau_row + bus, Functional{{n, turn / 3.0}});
      add_rows(to, -1, plan_.turn_row + 3 * bus + k, Functional{{n, turn}});
    }
  for (std::size_t b = 0; b < plan_.branches.size(); ++b) {
    const std::vector<Functional> loading = terminal_loading(plan_.branches[b].front());
    const int row = plan_.branch_row + kBranchRows * static_cast<int>(b);
    for (int k = 0; k < 3; ++k) {
      const int phase_row = plan_.current_row + 6 * static_cast<int>(b) + 2 * k;
      add_rows(to, row, row + 1, loading[static_cast<std::size_t>(k)], std::conj(phase_turn(k)) / 3.0);
      add_rows(to, phase_row, phase_row + 1, loading[static_cast<std::size_t>(k)]);
    }
  }
  for (std::size_t i = 0; i < net_.reclosers.size(); ++i) {
    const Recloser& r = net_.reclosers[i];
    const BusRecord& b = feeder_.bus[r.branch_child.index()];
    const std::vector<Functional> current = series_current(r.branch_child);
    for (int k = 0; k < 3; ++k) {
      const int row = plan_.flow_row + kRecloserRows * static_cast<int>(i) + 2 * k;
      add_rows(to, row, row + 1, Functional{{r.at_parent ? b.parent_node + b.select[k] : b.node + k, 1.0}});
      add_rows(to, row + 6, row + 7, current[static_cast<std::size_t>(k)]);
    }
  }
  RealSparse c(plan_.all_rows, 2 * static_cast<Eigen::Index>(reference_.size()));
  c.setFromTriplets(to.begin(), to.end());
  return c;
}

RealSparse RowBuilder::columns() const {
  Triplets to;
  for (std::size_t i = 0; i < plan_.units.size(); ++i)
    for (int k = 0; k < 3; ++k) {
      const int n = node(plan_.units[i], k), column = kPhaseColumns * static_cast<int>(i) + 2 * k;
      add_columns(to, n, column, column + 1, 1.0 / std::conj(reference_[static_cast<std::size_t>(n)]));
    }
  const int first = kPhaseColumns * static_cast<int>(plan_.units.size());
  for (std::size_t r = 0; r < net_.regulators.size(); ++r) {
    const Regulator& g = net_.regulators[r];
    const BusRecord& b = feeder_.bus[g.bus.index()];
    const int column = first + kTapColumns * static_cast<int>(r), parent = b.parent_node + b.select[g.node];
    const Complex y = regulator_admittance(r);
    add_columns(to, b.node + g.node, column, column + 1, y);
    add_columns(to, parent, column, column + 1, -y * ratio_[r]);
    add_columns(to, parent, column + 2, column + 3, 1.0);
  }
  RealSparse b(2 * static_cast<Eigen::Index>(reference_.size()),
               first + kTapColumns * static_cast<int>(net_.regulators.size()));
  b.setFromTriplets(to.begin(), to.end());
  return b;
}

Eigen::MatrixXd RowBuilder::feedthrough() const {
  const auto regulators = static_cast<int>(net_.regulators.size());
  Eigen::MatrixXd d = Eigen::MatrixXd::Zero(plan_.all_rows, kTapColumns * regulators);
  const auto add = [&](int row, int column, Complex c) {
    d(row, column) += c.real(), d(row, column + 1) -= c.imag();
    d(row + 1, column) += c.imag(), d(row + 1, column + 1) += c.real();
  };
  for (int r = 0; r < regulators; ++r) {
    const Regulator& g = net_.regulators[static_cast<std::size_t>(r)];
    const Complex y = regulator_admittance(static_cast<std::size_t>(r));
    add(plan_.regulator_row + kRegulatorRows * r + 2, kTapColumns * r, -y);  // J = y (V_c - t V_p - e)
    for (std::size_t b = 0; b < plan_.branches.size(); ++b) {
      if (plan_.branches[b].front() != g.bus) continue;
      const double scale = loading_per_ampere(g.bus);
      const int row = plan_.branch_row + kBranchRows * static_cast<int>(b);
      const int phase_row = plan_.current_row + 6 * static_cast<int>(b) + 2 * g.node;
      for (const auto& [to, factor] :
           {std::pair(row, std::conj(phase_turn(g.node)) / 3.0 * scale), std::pair(phase_row, Complex(scale))}) {
        add(to, kTapColumns * r, -y * ratio_[static_cast<std::size_t>(r)] * factor);
        add(to, kTapColumns * r + 2, factor);
      }
    }
  }
  return d;
}

}  // namespace gridqueue
