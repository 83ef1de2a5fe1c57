#include "kernels/feeder/held_shunts.hpp"

#include <Eigen/Dense>
#include <Eigen/Eigenvalues>
#include <utility>

#include "kernels/feeder/feeder_records.hpp"

namespace gridqueue {
namespace {

using Matrix = Eigen::MatrixXcd;
using Index = Eigen::Index;

constexpr double kMostGrowth = 0.5;  //!< factor by which a sweep changes an error

Matrix matrix(const NodeMatrix& m, int rows, int columns) {
  Matrix out(rows, columns);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < columns; ++c) out(r, c) = m[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  return out;
}

Matrix ratio(const Network& network, std::size_t i) {
  const Bus& b = network.buses[i];
  return matrix(b.branch.a, b.num_nodes, network.buses[b.parent.index()].num_nodes);
}

Matrix shunt_of(const Bus& b) { return matrix(b.y_shunt, b.num_nodes, b.num_nodes); }

std::vector<BusId> strong_buses(const Network& network) {
  std::vector<BusId> strong;
  std::vector<Matrix> way(network.buses.size());  // [ohm] seen from each bus, with the source's voltage at 0
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    const Bus& b = network.buses[i];
    way[i] = matrix(b.branch.z, b.num_nodes, b.num_nodes);
    if (i > 0) way[i] += ratio(network, i) * way[b.parent.index()] * ratio(network, i).transpose();
    const Matrix shunt = shunt_of(b);
    if (shunt.cwiseAbs().maxCoeff() * way[i].cwiseAbs().maxCoeff() * b.num_nodes < kMostGrowth) continue;
    const Eigen::ComplexEigenSolver<Matrix> solver(way[i] * shunt, false);
    if (solver.eigenvalues().cwiseAbs().maxCoeff() > kMostGrowth) strong.emplace_back(i);
  }
  return strong;
}

//! Voltages [V] at every bus by a current of 1 A into a node, with the source's voltage at 0: one sweep.
std::vector<Matrix> response(const Network& network, BusId bus, Index node) {
  std::vector<Matrix> current, voltage;
  for (const Bus& b : network.buses) current.push_back(Matrix::Zero(b.num_nodes, 1));
  current[bus.index()](node, 0) = 1;
  for (std::size_t i = bus.index(); i > 0; i = network.buses[i].parent.index())
    current[network.buses[i].parent.index()] += ratio(network, i).transpose() * current[i];
  for (std::size_t i = 0; i < network.buses.size(); ++i) {
    const Bus& b = network.buses[i];
    voltage.push_back(matrix(b.branch.z, b.num_nodes, b.num_nodes) * current[i]);
    if (i > 0) voltage[i] += ratio(network, i) * voltage[b.parent.index()];
  }
  return voltage;
}

//! Y and W of these buses, node by node [S, ohm].
std::pair<Matrix, Matrix> shunts_and_ways(const Network& network, const std::vector<BusId>& buses) {
  Index size = 0;
  for (BusId b : buses) size += network.buses[b.index()].num_nodes;
  Matrix shunts = Matrix::Zero(size, size), ways(size, size);
  Index first = 0;
  for (BusId bus : buses) {
    const Index nodes = network.buses[bus.index()].num_nodes;
    shunts.block(first, first, nodes, nodes) = shunt_of(network.buses[bus.index()]);
    for (Index n = 0; n < nodes; ++n) {
      const std::vector<Matrix> voltage = response(network, bus, n);
      Index row = 0;
      for (BusId to : buses) {
        ways.block(row, first + n, voltage[to.index()].rows(), 1) = voltage[to.index()];
        row += voltage[to.index()].rows();
      }
    }
    first += nodes;
  }
  return {shunts, ways};
}

}  // namespace

HeldShunts held_shunts(const Network& network) {
  HeldShunts held{strong_buses(network), {}, {}};
  if (held.bus.empty()) return held;
  const auto [shunts, ways] = shunts_and_ways(network, held.bus);
  const Index size = shunts.rows();
  const Matrix of_current = (Matrix::Identity(size, size) + shunts * ways).inverse(), of_voltage = of_current * shunts;
  std::vector<const Bus*> bus;  // of each node
  for (BusId b : held.bus)
    bus.insert(bus.end(), static_cast<std::size_t>(network.buses[b.index()].num_nodes), &network.buses[b.index()]);
  for (Index r = 0; r < size; ++r)
    for (Index c = 0; c < size; ++c) {
      const Bus &to = *bus[static_cast<std::size_t>(r)], &from = *bus[static_cast<std::size_t>(c)];
      held.of_voltage.push_back(of_voltage(r, c) * base_volts(from) / base_amps(to));
      held.of_current.push_back(of_current(r, c) * base_amps(from) / base_amps(to));
    }
  return held;
}

}  // namespace gridqueue
