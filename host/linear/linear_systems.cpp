// The linear systems of a set of upgraded lines: A = admittance matrix less the turning load currents, B = units and
// taps, C = rows. All per unit, unknowns in pairs (re, im) by node.
#include <Eigen/Dense>

#include "gridqueue/contracts.hpp"
#include "host/linear/admittance.hpp"
#include "host/linear/linear_model.hpp"
#include "host/linear/row_builder.hpp"
#include "kernels/ac/injection.hpp"

namespace gridqueue {
namespace {

using Triplets = std::vector<Eigen::Triplet<double>>;

void add_complex(Triplets& to, int row, int column, Complex c) {
  to.emplace_back(2 * row, 2 * column, c.real());
  to.emplace_back(2 * row, 2 * column + 1, -c.imag());
  to.emplace_back(2 * row + 1, 2 * column, c.imag());
  to.emplace_back(2 * row + 1, 2 * column + 1, c.real());
}

//! d(load current) / d(re, im) of the node voltage, by central differences of the kernels' own law.
Eigen::Matrix2d load_slope(const CompiledFeeder<double>& feeder, const BusRecord& b, int node, Complex v,
                           double level) {
  constexpr double h = 1e-6;
  const FeederView<double> view = feeder.view();
  const auto current = [&](Complex at) {
    Cx<double> volts[kMaxNodes] = {{1, 0}, {1, 0}, {1, 0}, {1, 0}}, j[kMaxNodes] = {};
    volts[node] = {at.real(), at.imag()};
    for (std::int32_t i = b.injection; i < b.injection + b.injections; ++i)
      inject<true>(view, feeder.injection[static_cast<std::size_t>(i)], level, volts, j);
    return Complex(j[node].re, j[node].im);
  };
  const Complex re = (current(v + h) - current(v - h)) / (2 * h);
  const Complex im = (current(v + Complex(0, h)) - current(v - Complex(0, h))) / (2 * h);
  return (Eigen::Matrix2d() << re.real(), im.real(), re.imag(), im.imag()).finished();
}

RealSparse sparse(int rows, int columns, const Triplets& entries) {
  RealSparse m(rows, columns);
  m.setFromTriplets(entries.begin(), entries.end());
  return m;
}

}  // namespace

LinearAssembler::LinearAssembler(const Network& network, const CompiledFeeder<double>& feeder, double upgrade_factor,
                                 LinearPlan plan)
    : net_(network), feeder_(feeder), factor_(upgrade_factor), plan_(std::move(plan)), offset_(node_offsets(network)) {}

std::vector<double> LinearAssembler::ratios(const BasePoint& base) const {
  std::vector<double> ratio;
  for (std::size_t r = 0; r < net_.regulators.size(); ++r)
    ratio.push_back(1 + net_.regulators[r].tap_step * base.taps[r]);
  return ratio;
}

std::vector<ResponseSystem> LinearAssembler::systems(const Upgrades& upgraded, const BasePoint& base) const {
  const int n = offset_.back();
  const std::vector<double> ratio = ratios(base);
  AdmittanceCase which{std::vector<char>(net_.buses.size(), 0), factor_, ratio};
  for (const Upgrade& u : upgraded) which.upgraded[u.element.index()] = 1;
  const ComplexSparse y = bus_admittance(net_, which);
  std::vector<double> volts;
  for (const Bus& b : net_.buses) volts.insert(volts.end(), static_cast<std::size_t>(b.num_nodes), b.kv_base * 1e3);
  Triplets matrix;
  for (int column = 0; column < n; ++column)
    for (ComplexSparse::InnerIterator it(y, column); it; ++it)
      add_complex(
          matrix, static_cast<int>(it.row()), column,
          it.value() * volts[static_cast<std::size_t>(it.row())] * volts[static_cast<std::size_t>(column)] / kBaseVa);
  const RowBuilder rows(net_, feeder_, plan_, ratio, factor_, upgraded, base.voltage[level_middle]);
  const RealSparse b = rows.columns(), c = rows.rows();
  std::vector<ResponseSystem> out;
  for (LoadLevel level : {level_low, level_high}) {
    Triplets entries = matrix;
    for (std::size_t i = 0; i < net_.buses.size(); ++i)
      for (int k = 0; k < net_.buses[i].num_nodes; ++k) {
        const int node = offset_[i] + k;
        const Eigen::Matrix2d slope = load_slope(
            feeder_, feeder_.bus[i], k, base.voltage[level][static_cast<std::size_t>(node)], plan_.levels[level]);
        for (int r = 0; r < 2; ++r)
          for (int s = 0; s < 2; ++s) entries.emplace_back(2 * node + r, 2 * node + s, -slope(r, s));
      }
    out.push_back({sparse(2 * n, 2 * n, entries), b, c});
  }
  return out;
}

}  // namespace gridqueue
