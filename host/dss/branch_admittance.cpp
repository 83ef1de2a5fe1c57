#include "host/dss/branch_admittance.hpp"

#include "host/dss/two_port.hpp"

namespace gridqueue {
namespace {

using Matrix = EigenMatrix<Complex>;
using Index = Eigen::Index;

}  // namespace

Index row(const Bus& bus, int phase) { return static_cast<Index>(position(bus, phase)); }

void add_block(const MatrixC& y, const Bus& rows, const std::vector<int>& r, const Bus& columns,
               const std::vector<int>& c, Matrix& to) {
  for (std::size_t i = 0; i < r.size(); ++i)
    for (std::size_t j = 0; j < c.size(); ++j) to(row(rows, r[i]), row(columns, c[j])) += y(i, j);
}

BranchAdmittance sum_of(const std::vector<const DssBranch*>& elements, const Bus& child, const Bus& parent) {
  BranchAdmittance y{Matrix::Zero(child.num_nodes, child.num_nodes), Matrix::Zero(child.num_nodes, parent.num_nodes),
                     Matrix::Zero(parent.num_nodes, parent.num_nodes)};
  for (const DssBranch* e : elements) {
    const std::size_t c = end_at_child(*e, child), p = 1 - c;
    add_block(e->y[c][c], child, e->node[c], child, e->node[c], y.cc);
    add_block(e->y[c][p], child, e->node[c], parent, e->node[p], y.cp);
    add_block(e->y[p][p], parent, e->node[p], parent, e->node[p], y.pp);
  }
  return y;
}

void store(const Matrix& from, NodeMatrix& to) {
  for (Index i = 0; i < from.rows(); ++i)
    for (Index j = 0; j < from.cols(); ++j) to[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = from(i, j);
}

void divide(NodeMatrix& m, double by) {
  for (auto& row : m)
    for (Complex& x : row) x /= by;
}

}  // namespace gridqueue
