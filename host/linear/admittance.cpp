#include "host/linear/admittance.hpp"

#include <Eigen/Dense>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

using Block = Eigen::MatrixXcd;

Block block(const NodeMatrix& m, int rows, int columns) {
  Block b(rows, columns);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) b(r, c) = m[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  return b;
}

class Assembler {
 public:
  Assembler(const Network& network, const AdmittanceCase& which)
      : net_(network), case_(which), offset_(node_offsets(network)),
        ratio_(which.tap_ratio.empty() ? initial_ratios(network) : which.tap_ratio) {
    GQ_EXPECT(which.upgraded.empty() || which.upgraded.size() == net_.buses.size());
    GQ_EXPECT(ratio_.size() == net_.regulators.size());
  }

  ComplexSparse run() {
    for (std::size_t i = 0; i < net_.buses.size(); ++i) {
      const Bus& b = net_.buses[i];
      add(i, i, block(b.y_shunt, b.num_nodes, b.num_nodes));
      if (b.parent.valid()) add_branch(i);
      else add(i, i, block(b.branch.z, b.num_nodes, b.num_nodes).inverse());
    }
    ComplexSparse y(offset_.back(), offset_.back());
    y.setFromTriplets(entries_.begin(), entries_.end());
    return y;
  }

 private:
  void add(std::size_t row, std::size_t column, const Block& b) {
    for (int r = 0; r < b.rows(); ++r)
      for (int c = 0; c < b.cols(); ++c) entries_.emplace_back(offset_[row] + r, offset_[column] + c, b(r, c));
  }

  void add_branch(std::size_t i) {
    const Bus& b = net_.buses[i];
    const std::size_t p = b.parent.index();
    const int n = b.num_nodes, m = net_.buses[p].num_nodes;
    Block z = block(b.branch.z, n, n), a = block(b.branch.a, n, m);
    const bool line = b.branch.kind == BranchKind::line;
    const double length = line && !case_.upgraded.empty() && case_.upgraded[i] ? 1 / case_.upgrade_factor : 1;
    if (b.branch.kind == BranchKind::regulator) {
      const Eigen::VectorXd t = taps(i, n);
      z = t.asDiagonal() * z * t.asDiagonal();
      a = t.asDiagonal() * a;
    }
    const Block y = (z * length).inverse();
    add(i, i, y);
    add(i, p, -y * a);
    add(p, i, -(y * a).transpose());
    add(p, p, a.transpose() * y * a);
    if (!line) return;
    const Block charging = block(b.branch.y_line, n, n) * length;
    add(i, i, charging);
    add(p, p, a.transpose() * charging * a);
  }

  [[nodiscard]] Eigen::VectorXd taps(std::size_t bus, int nodes) const {
    Eigen::VectorXd t = Eigen::VectorXd::Ones(nodes);
    for (std::size_t r = 0; r < net_.regulators.size(); ++r)
      if (net_.regulators[r].bus.index() == bus) t[net_.regulators[r].node] = ratio_[r];
    return t;
  }

  const Network& net_;
  const AdmittanceCase& case_;
  std::vector<int> offset_;
  std::vector<double> ratio_;
  std::vector<Eigen::Triplet<Complex>> entries_;
};

}  // namespace

std::vector<int> node_offsets(const Network& network) {
  std::vector<int> offset{0};
  for (const Bus& b : network.buses) offset.push_back(offset.back() + b.num_nodes);
  return offset;
}

std::vector<double> initial_ratios(const Network& network) {
  std::vector<double> ratio;
  for (const Regulator& r : network.regulators) ratio.push_back(1 + r.tap_step * r.tap_initial);
  return ratio;
}

ComplexSparse bus_admittance(const Network& network, const AdmittanceCase& which) {
  return Assembler(network, which).run();
}

}  // namespace gridqueue
