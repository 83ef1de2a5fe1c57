#include "host/dss/strong_shunts.hpp"

#include <Eigen/Eigenvalues>

#include "host/core/dense_eigen.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;

constexpr double kLargest = 0.9;  //!< factor by which a sweep changes an error

Matrix matrix(const NodeMatrix& m, int rows, int columns) {
  Matrix out(rows, columns);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) out(r, c) = m[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  return out;
}

//! Of the transformers below a bus the first that is in star there, else the bus.
std::string cause(const Network& net, std::size_t bus) {
  for (const Bus& b : net.buses)
    if (b.parent.valid() && b.parent.index() == bus && b.branch.kind == BranchKind::transformer) return b.branch.name;
  return net.buses[bus].name;
}

}  // namespace

void refuse_strong_shunts(const Network& net, Obstacles& obstacles) {
  std::vector<Matrix> way(net.buses.size());  // impedance seen from each bus, with the source's voltage at 0
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    way[i] = matrix(b.branch.z, b.num_nodes, b.num_nodes);
    if (i > 0) {
      const Matrix a = matrix(b.branch.a, b.num_nodes, net.buses[b.parent.index()].num_nodes);
      way[i] += a * way[b.parent.index()] * a.transpose();
    }
    const Matrix shunt = matrix(b.y_shunt, b.num_nodes, b.num_nodes);
    if (shunt.cwiseAbs().maxCoeff() * way[i].cwiseAbs().maxCoeff() * b.num_nodes < kLargest) continue;
    const Matrix change = way[i] * shunt;
    const Eigen::ComplexEigenSolver<Matrix> solver(change, false);
    if (solver.eigenvalues().cwiseAbs().maxCoeff() > kLargest)
      obstacles.add(cause(net, i),
                    "draws more than its way from the source can carry, like a grounded star in front of a delta "
                    "(cannot be represented)");
  }
}

}  // namespace gridqueue
