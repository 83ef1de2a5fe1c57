// A power flow as plain as it can be written, to check a Network's matrices without any of our kernels.
#pragma once
#include <cmath>
#include <vector>

#include "gridqueue/network.hpp"

namespace gridqueue::test {

using Voltages = std::vector<NodeVector>;  //!< [bus] [V]

inline std::size_t size(const Bus& b) { return static_cast<std::size_t>(b.num_nodes); }

//! OpenDSS load model 5 within its band: I = conj(S / (Vn V / |V|)); outside, as below vmin and above vmax.
inline Complex load_current(const Load& load, double multiplier, Complex v) {
  const double u = std::abs(v) / (load.kv * 1e3);
  double factor = 1;
  if (u > load.vmax_pu) factor = u / load.vmax_pu;
  if (u < load.vmin_pu) factor = load.vlow_pu + (u - load.vlow_pu) * (1 - load.vlow_pu) / (load.vmin_pu - load.vlow_pu);
  if (u < load.vlow_pu) factor = u;
  const Complex s(load.kw * 1e3 * multiplier, load.kvar * 1e3 * multiplier);
  return std::conj(s / (load.kv * 1e3 * v / std::abs(v))) * factor;
}

//! Tap ratio per node of a regulator branch, 1 elsewhere.
inline std::vector<std::array<double, kMaxNodesPerBus>> tap_ratios(const Network& net, const std::vector<int>& taps) {
  std::vector<std::array<double, kMaxNodesPerBus>> t(net.buses.size(), {1, 1, 1, 1});
  for (std::size_t i = 0; i < net.regulators.size(); ++i) {
    const Regulator& r = net.regulators[i];
    t[r.bus.index()][static_cast<std::size_t>(r.node)] = 1 + taps[i] * r.tap_step;
  }
  return t;
}

inline void subtract(NodeVector& j, const NodeMatrix& y, const NodeVector& v) {
  for (std::size_t r = 0; r < j.size(); ++r)
    for (std::size_t c = 0; c < v.size(); ++c) j[r] -= y[r][c] * v[c];
}

//! Currents injected at each bus [A].
inline Voltages injections(const Network& net, double multiplier, const Voltages& v) {
  Voltages j(net.buses.size(), NodeVector{});
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    subtract(j[i], b.y_shunt, v[i]);
    subtract(j[i], b.branch.y_line, v[i]);
    if (b.branch.kind != BranchKind::line) continue;
    const Bus& parent = net.buses[b.parent.index()];  // the charging of the parent's end, on the line's phases
    for (std::size_t r = 0; r < size(b); ++r)
      for (std::size_t pr = 0; pr < size(parent); ++pr)
        for (std::size_t c = 0; c < size(b); ++c)
          for (std::size_t pc = 0; pc < size(parent); ++pc)
            j[b.parent.index()][pr] -=
                b.branch.a[r][pr] * b.branch.y_line[r][c] * b.branch.a[c][pc] * v[b.parent.index()][pc];
  }
  for (const Load& load : net.loads) {
    const auto n = static_cast<std::size_t>(load.node);
    j[load.bus.index()][n] -= load_current(load, multiplier, v[load.bus.index()][n]);
  }
  return j;
}

//! One backward and one forward sweep; returns the new voltages.
inline Voltages sweep(const Network& net, const std::vector<std::array<double, kMaxNodesPerBus>>& t, Voltages j) {
  for (std::size_t i = net.buses.size(); i-- > 1;) {
    const Bus& b = net.buses[i];
    for (std::size_t p = 0; p < size(net.buses[b.parent.index()]); ++p)
      for (std::size_t n = 0; n < size(b); ++n) j[b.parent.index()][p] += b.branch.a[n][p] * t[i][n] * j[i][n];
  }
  Voltages v(net.buses.size(), NodeVector{});
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Bus& b = net.buses[i];
    for (std::size_t n = 0; n < size(b); ++n) {
      if (i == 0) v[i][n] = net.source_voltage[n];
      else
        for (std::size_t p = 0; p < size(net.buses[b.parent.index()]); ++p)
          v[i][n] += b.branch.a[n][p] * t[i][n] * v[b.parent.index()][p];
      for (std::size_t m = 0; m < size(b); ++m) v[i][n] += b.branch.z[n][m] * t[i][n] * t[i][m] * j[i][m];
    }
  }
  return v;
}

inline Voltages solve(const Network& net, double multiplier, const std::vector<int>& taps) {
  Voltages v;
  for (const Bus& b : net.buses) v.push_back(b.v_initial);
  const auto t = tap_ratios(net, taps);
  for (int k = 0; k < 60; ++k) v = sweep(net, t, injections(net, multiplier, v));
  return v;
}

}  // namespace gridqueue::test
