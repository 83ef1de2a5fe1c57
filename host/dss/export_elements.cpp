#include "host/dss/export_elements.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gridqueue/contracts.hpp"

namespace gridqueue {
namespace {

std::string without_class(const std::string& element) { return element.substr(element.find('.') + 1); }

std::string with_nodes(const std::string& bus, const std::vector<int>& nodes) {
  return fmt::format("{}.{}", bus, fmt::join(nodes, "."));
}

std::vector<int> phases_of(const Bus& bus) { return {bus.phase.begin(), bus.phase.begin() + bus.num_nodes}; }

const Bus& parent_of(const Network& net, const Bus& child) { return net.buses[child.parent.index()]; }

//! [a b | c d] of the first n rows and columns, each entry through `value`.
template <class Value>
std::string matrix(const NodeMatrix& m, std::size_t n, Value value) {
  std::vector<std::string> rows;
  for (std::size_t r = 0; r < n; ++r) {
    std::vector<double> row;
    for (std::size_t c = 0; c < n; ++c) row.push_back(value(m[r][c]));
    rows.push_back(fmt::format("{}", fmt::join(row, " ")));
  }
  return fmt::format("[{}]", fmt::join(rows, " | "));
}

//! Normal and emergency [A] of one of a branch's elements.
std::pair<double, double> ratings(const Branch& b, const std::string& name) {
  for (const BranchElement& e : b.elements)
    if (e.name == name) return {e.normal_amps, e.emergency_amps};
  return {b.normal_amps, b.emergency_amps};
}

double omega(const Network& net) { return 2 * std::numbers::pi * net.frequency_hz; }

}  // namespace

std::string dss_source(const Network& net) {
  const Bus& root = net.buses[0];
  const NodeMatrix& z = root.branch.z;
  const double size = std::abs(z[0][0]);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c)
      if (std::abs(z[r][c] - z[0][r == c ? 0 : 1]) > 1e-6 * size)
        fail_input("the source impedance at bus '{}' is not the same for all phases (cannot be exported)", root.name);
  const Complex z1 = z[0][0] - z[0][1], z0 = z[0][0] + 2.0 * z[0][1], e = net.source_voltage[0];
  const double kv = root.kv_base * std::sqrt(3.0);
  return fmt::format("Set DefaultBaseFrequency={}\n", net.frequency_hz) +
         fmt::format("New Circuit.{} bus1={} phases=3 basekv={} pu={} angle={} basefreq={} r1={} x1={} r0={} x0={}\n",
                     net.name, with_nodes(root.name, phases_of(root)), kv, std::abs(e) / (root.kv_base * 1e3),
                     std::arg(e) * 180 / std::numbers::pi, net.frequency_hz, z1.real(), z1.imag(), z0.real(),
                     z0.imag());
}

bool source_varies(const Network& net) {
  return std::any_of(net.source_multiplier.begin(), net.source_multiplier.end(), [](double m) { return m != 1; });
}

std::string dss_source_day() { return "Edit Vsource.source daily=gq_source\n"; }

std::string dss_line(const Network& net, const Bus& child, double factor) {
  const Branch& b = child.branch;
  const auto n = static_cast<std::size_t>(child.num_nodes);
  const bool has_length = b.length_ft > 0;
  const double length = has_length ? b.length_ft : 1;
  const double nanofarad = 2e9 / omega(net);  // both ends of the line
  const std::string parent = with_nodes(parent_of(net, child).name, phases_of(child));
  const std::string own = with_nodes(child.name, phases_of(child));
  return fmt::format("New {} bus1={} bus2={} phases={} length={} units={} linetype={} normamps={} emergamps={}\n",
                     b.name, b.terminal1_is_parent ? parent : own, b.terminal1_is_parent ? own : parent, n,
                     length / factor, has_length ? "ft" : "none", b.underground ? "UG" : "OH", b.normal_amps * factor,
                     b.emergency_amps * factor) +
         fmt::format("~ rmatrix={}\n~ xmatrix={}\n~ cmatrix={}\n",
                     matrix(b.z, n, [&](Complex z) { return z.real() / length; }),
                     matrix(b.z, n, [&](Complex z) { return z.imag() / length; }),
                     matrix(b.y_line, n, [&](Complex y) { return y.imag() * nanofarad / length; }));
}

std::string dss_transformers(const Network& net, const Bus& child) {
  const Branch& b = child.branch;
  if (b.units.empty()) fail_input("the feeder does not tell the windings of '{}' (cannot be exported)", b.name);
  std::string text;
  for (const TransformerUnit& u : b.units) {
    const Winding& first = u.winding[0];
    const auto [normal, emergency] = ratings(b, "transformer." + u.name);
    // Rated currents come from kVA of the first winding.
    const double kva_per_amp = first.kv * (u.phases > 1 ? std::sqrt(static_cast<double>(u.phases)) : 1);
    text += fmt::format(
        "New Transformer.{} phases={} windings={} xhl={} %noloadloss={} %imag={} ppm_antifloat={} leadlag={} "
        "normhkva={} emerghkva={}\n",
        u.name, u.phases, u.winding.size(), u.xhl_pct, u.noload_pct, u.imag_pct, u.ppm_antifloat,
        u.lead ? "lead" : "lag", normal * kva_per_amp, emergency * kva_per_amp);
    if (u.winding.size() > 2) text += fmt::format("~ xht={} xlt={}\n", u.xht_pct, u.xlt_pct);
    for (std::size_t w = 0; w < u.winding.size(); ++w) {
      const Winding& x = u.winding[w];
      text += fmt::format("~ wdg={} bus={} conn={} kv={} kva={} %r={} tap={} mintap={} maxtap={} numtaps={}", w + 1,
                          with_nodes(x.at_parent ? parent_of(net, child).name : child.name, x.conductors),
                          x.delta ? "delta" : "wye", x.kv, x.kva, x.r_pct, x.tap, x.tap_min, x.tap_max, x.num_taps);
      text += x.r_neutral >= 0 ? fmt::format(" rneut={} xneut={}\n", x.r_neutral, x.x_neutral) : "\n";
    }
  }
  return text;
}

std::string dss_regulator_control(const Regulator& r) {
  // The windings carry the taps of the moment of import: set them before the control is made.
  return fmt::format(
      "{}.wdg=2\n{}.tap={}\nNew {} transformer={} winding=2 vreg={} band={} ptratio={} maxtapchange={} delay={}\n",
      r.name, r.name, 1 + r.tap_initial * r.tap_step, r.control, without_class(r.name), r.vreg, r.band, r.pt_ratio,
      r.max_tap_change, r.delay_s);
}

std::string dss_fixed_element(const Network& net, const FixedElement& element, std::size_t number) {
  std::vector<std::pair<std::size_t, std::string>> node;  // row, name
  const auto add_nodes = [&](BusId id, std::size_t first) {
    const Bus& bus = net.buses[id.index()];
    for (std::size_t n = 0; n < static_cast<std::size_t>(bus.num_nodes); ++n)
      node.emplace_back(first + n, fmt::format("{}.{}", bus.name, bus.phase[n]));
  };
  add_nodes(element.bus, 0);
  if (element.parent.valid()) add_nodes(element.parent, kMaxNodesPerBus);
  const std::string ground = net.buses[element.bus.index()].name + ".0";
  std::string text = fmt::format("! {}\n", element.name);
  int part = 0;
  const auto reactor = [&](const std::string& from, const std::string& to, Complex y) {
    const Complex z = 1.0 / y;
    text += fmt::format("New Reactor.gq_{}_{} phases=1 bus1={} bus2={} r={} x={}\n", number, ++part, from, to, z.real(),
                        z.imag());
  };
  for (const auto& [i, from] : node) {
    Complex rest = 0;
    double largest = 0;
    for (const auto& [j, to] : node) {
      rest += element.y[i][j];
      largest = std::max(largest, std::abs(element.y[i][j]));
      if (j > i && std::abs(element.y[i][j]) > 0) reactor(from, to, -element.y[i][j]);
    }
    if (std::abs(rest) > 1e-12 * largest) reactor(from, ground, rest);  // below it is rounding
  }
  return text;
}

std::string dss_capacitor(const Network& net, const Capacitor& c) {
  const Bus& bus = net.buses[c.bus.index()];
  const auto n = static_cast<std::size_t>(bus.num_nodes);
  for (std::size_t i = 0; i < n; ++i)
    if (std::abs(c.y[i][i].real()) > 1e-6 * std::abs(c.y[i][i].imag()))
      fail_input("'{}' has a resistance (cannot be exported)", c.name);
  const double kv = bus.kv_base * (n > 1 ? std::sqrt(3.0) : 1);
  return fmt::format("New {} bus1={} phases={} kv={} cmatrix={}\n", c.name, with_nodes(bus.name, phases_of(bus)), n, kv,
                     matrix(c.y, n, [&](Complex y) { return y.imag() * 1e6 / omega(net); }));
}

std::string dss_load_shape(const Load& load) { return fmt::format("gq_load_{}_{}", load.kw_shape, load.kvar_shape); }

std::string dss_load(const Network& net, const Load& load, int part) {
  const Bus& bus = net.buses[load.bus.index()];
  std::vector<int> nodes{bus.phase[static_cast<std::size_t>(load.node)]};
  if (load.to_node >= 0) nodes.push_back(bus.phase[static_cast<std::size_t>(load.to_node)]);
  const bool generates = load.model == LoadModel::generation;
  const std::string law =
      generates ? fmt::format("kw={} kvar={} model=1", -load.kw, -load.kvar)
                : fmt::format("kw={} kvar={} model={} vlowpu={} cvrwatts={} cvrvars={}", load.kw, load.kvar,
                              static_cast<int>(load.model), load.vlow_pu, load.cvr_watts, load.cvr_vars);
  return fmt::format("New {}.{}_{} bus1={} phases=1 kv={} {} vminpu={} vmaxpu={} daily={}\n",
                     generates ? "Generator" : "Load", without_class(load.name), part, with_nodes(bus.name, nodes),
                     load.kv, law, load.vmin_pu, load.vmax_pu, dss_load_shape(load));
}

std::string dss_pv(const Network& net, BusId id, double kw, std::size_t number) {
  if (!net.three_phase(id)) fail_input("bus '{}' has not the three phases that PV needs", net.buses[id.index()].name);
  if (!(kw >= 0) || !std::isfinite(kw))
    fail_input("PV of {} kW at bus '{}' is no size", kw, net.buses[id.index()].name);
  const Bus& bus = net.buses[id.index()];
  return fmt::format(
      "New PVSystem.gq_{}_{} bus1={} phases=3 conn=wye kv={} kva={} pmpp={} irradiance=1 pf=1 %cutin=0 %cutout=0 "
      "daily=gq_pv\n",
      number, bus.name, with_nodes(bus.name, phases_of(bus)), bus.kv_base * std::sqrt(3.0), kw / 0.8, kw);
}

}  // namespace gridqueue
