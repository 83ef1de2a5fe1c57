// States of the radial feeder that the linearized model is held to, and a power flow beside all kernels to hold it to.
#pragma once
#include "../feeder/fixed_point.hpp"
#include "../kernels/support.hpp"
#include "host/linear/admittance.hpp"
#include "host/linear/linear_model.hpp"

namespace gridqueue::test {

//! All lines on the way from a bus to the source that can be upgraded, ascending.
inline Upgrades way_of(const std::string& name) {
  Upgrades lines;
  for (BusId b = bus(name); b.valid(); b = radial().buses[b.index()].parent)
    if (radial().buses[b.index()].branch.upgradable) lines.emplace_back(b);
  std::sort(lines.begin(), lines.end());
  return lines;
}

//! Where the feeder stands: upgraded lines, taps, load.
struct Standing {
  Upgrades upgraded;
  std::vector<int> taps;
  double load = 1;
};

//! Taps and loads as a day has them, and far from it; with and without upgraded lines. No load stands at the edge of
//! its band (0.95, 1.05 pu), where its law has a knee.
inline std::vector<Standing> standings() {
  return {{{}, {3, 4, 3}, 0.7},
          {{}, {-6, 8, 0}, 0.35},
          {way_of("bus_1113"), {5, 5, 5}, 1.0},
          {way_of("bus_2505"), {0, 1, -1}, 0.5}};
}

//! A current of (kw + j kvar) / conj(voltage there) per phase into a three-phase bus, constant in magnitude.
struct Injection {
  BusId bus;
  double kw = 0, kvar = 0;
};

//! Per-unit voltages by node, in bus order: the plain power flow of tests/feeder, converged to rounding.
inline std::vector<Complex> plain_flow(const Standing& at, const std::vector<Injection>& injections = {},
                                       const std::vector<Complex>* reference = nullptr) {
  Network net = radial();
  for (const Upgrade& u : at.upgraded)
    for (auto* m : {&net.buses[u.element.index()].branch.z, &net.buses[u.element.index()].branch.y_line})
      for (auto& row : *m)
        for (Complex& x : row) x *= 0.5;
  const std::vector<int> offset = node_offsets(net);
  for (const Injection& i : injections)
    for (int k = 0; k < 3; ++k) {
      const double volts = std::abs((*reference)[static_cast<std::size_t>(offset[i.bus.index()] + k)]) *
                           net.buses[i.bus.index()].kv_base;
      net.loads.push_back({.name = "load.injection",
                           .bus = i.bus,
                           .node = k,
                           .kw = -i.kw / at.load,
                           .kvar = -i.kvar / at.load,
                           .kv = volts,
                           .vmin_pu = 0.5,
                           .vmax_pu = 1.5,
                           .vlow_pu = 0.4});
    }
  std::vector<Complex> v;
  const Voltages solved = solve(net, at.load, at.taps);
  for (std::size_t b = 0; b < net.buses.size(); ++b)
    for (std::size_t n = 0; n < size(net.buses[b]); ++n) v.push_back(solved[b][n] / (net.buses[b].kv_base * 1e3));
  return v;
}

//! Reports how far two sets of phasors are apart, over the largest of them.
inline double relative_error(const std::vector<Complex>& x, const std::vector<Complex>& expected) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    error = std::max(error, std::abs(x[i] - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return error / largest;
}

inline std::vector<Complex> difference(std::vector<Complex> a, const std::vector<Complex>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

}  // namespace gridqueue::test
