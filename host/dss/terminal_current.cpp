#include "host/dss/terminal_current.hpp"

#include <algorithm>

#include "host/dss/branch_admittance.hpp"
#include "host/dss/two_port.hpp"

namespace gridqueue {

//! I = Y_c V_c + Y_p V_p with V_c = A V_p + Z J_c.
TerminalCurrent terminal_current(const DssBranch& e, std::size_t end, const Bus& child, const Bus& parent) {
  const std::size_t c = end_at_child(e, child), p = 1 - c;
  const Bus& at = end == c ? child : parent;
  TerminalCurrent current;
  for (std::size_t i = 0; i < std::min<std::size_t>(e.node[end].size(), kMaxNodesPerBus); ++i) {
    current.node[i] = static_cast<int>(position(at, e.node[end][i]));
    for (std::size_t j = 0; j < e.node[p].size(); ++j)
      current.y_parent[i][position(parent, e.node[p][j])] += e.y[end][p](i, j);
    for (std::size_t j = 0; j < e.node[c].size(); ++j) {
      const std::size_t n = position(child, e.node[c][j]);
      for (std::size_t m = 0; m < static_cast<std::size_t>(child.num_nodes); ++m)
        current.i_child[i][m] += e.y[end][c](i, j) * child.branch.z[n][m];
      for (std::size_t m = 0; m < static_cast<std::size_t>(parent.num_nodes); ++m)
        current.y_parent[i][m] += e.y[end][c](i, j) * child.branch.a[n][m];
    }
  }
  return current;
}

std::string follow_tap(const Regulator& r, const MatrixC& own, bool at_parent, TerminalCurrent& current) {
  if (!at_parent) {
    double beside = 0, largest = 0;
    for (const auto& row : current.y_parent)
      for (const Complex& y : row) beside = std::max(beside, std::abs(y));
    for (const Complex& y : own.values) largest = std::max(largest, std::abs(y));
    current.y_parent = {};
    return beside < 1e-6 * largest ? "" : "measures a terminal of a tap changer that stands beside a way to ground";
  }
  const double ratio = r.ratio(r.tap_initial);
  const bool inverse = r.term && r.term->at_parent;
  const double x = inverse ? 1 / ratio : ratio;
  current.tap = r.name;
  divide(current.i_child, x);
  if (inverse) divide(current.y_parent, x * x);
  return {};
}

NodeMatrix counted_no_load(const NodeMatrix& y, double normal_amps, const Bus& parent) {
  double largest = 0;
  for (const auto& row : y) {
    Complex drawn = 0;
    for (std::size_t p = 0; p < row.size(); ++p) drawn += row[p] * parent.v_initial[p];
    largest = std::max(largest, std::abs(drawn));
  }
  return normal_amps > 0 && largest > kLeastNoLoad * normal_amps ? y : NodeMatrix{};
}

BranchElement rated_element(const DssBranch& e, const Bus& child, const Bus& parent) {
  const TerminalCurrent drawn = terminal_current(e, 0, child, parent);
  BranchElement element{e.name, e.normal_amps, e.emergency_amps, {}, {}};
  for (std::size_t i = 0; i < std::min<std::size_t>(e.terminal1, kMaxNodesPerBus); ++i)
    for (std::size_t n = 0; n < kMaxNodesPerBus; ++n)
      element.i_terminal1[i][n] = -drawn.i_child[i][n], element.y_terminal1[i][n] = -drawn.y_parent[i][n];
  element.y_terminal1 = counted_no_load(element.y_terminal1, e.normal_amps, parent);
  return element;
}

}  // namespace gridqueue
