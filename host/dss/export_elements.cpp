#include "host/dss/export_elements.hpp"

#include <algorithm>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/dss/export_sequences.hpp"
#include "host/dss/export_words.hpp"

namespace gridqueue {
namespace {
//! Phases of the source: those of its bus that have a voltage behind an impedance.
std::vector<int> source_phases(const Network& net) {
  std::vector<int> nodes;
  const Bus& root = net.buses[0];
  for (std::size_t n = 0; n < static_cast<std::size_t>(root.num_nodes); ++n)
    if (net.source_voltage[n] != Complex(0)) nodes.push_back(root.phase[n]);
  return nodes;
}

//! Impedance behind the voltages of the first `phases`, the last two exchanged where they are so in OpenDSS's order.
std::string source_impedance(const Network& net, std::size_t phases, bool swapped) {
  const Bus& root = net.buses[0];
  const auto place = [&](std::size_t k) { return swapped && k > 0 ? 3 - k : k; };
  const auto z = sequences_of(phases, [&](std::size_t r, std::size_t c) { return root.branch.z[place(r)][place(c)]; });
  if (!z) fail_input("the source impedance at bus '{}' is not the same for all phases (cannot be exported)", root.name);
  if (z->positive != z->negative) return dss_sequences(*z);
  return fmt::format("r1={} x1={} r0={} x0={}", z->positive.real(), z->positive.imag(), z->zero.real(), z->zero.imag());
}
}  // namespace

std::string dss_source(const Network& net) {
  const Bus& root = net.buses[0];
  std::vector<int> nodes = source_phases(net);
  const std::size_t phases = nodes.size();
  const Complex e = net.source_voltage[0];
  if (phases == 2 && std::abs(net.source_voltage[1] + e) > 1e-6 * std::abs(e))
    fail_input("the two phases of the source at bus '{}' are not opposite (cannot be exported)", root.name);
  const double kv = root.kv_base * (phases == 3 ? std::sqrt(3.0) : static_cast<double>(phases));
  // OpenDSS: each phase of a source 120 degrees behind the one before
  const bool swapped = phases == 3 && (net.source_voltage[1] * std::conj(e)).imag() > 0;
  if (swapped) std::swap(nodes[1], nodes[2]);
  return fmt::format("Set DefaultBaseFrequency={}\n", net.frequency_hz) +
         fmt::format("New {} bus1={} phases={} basekv={} pu={} angle={} basefreq={} {}\n",
                     dss_word("Circuit." + net.name), with_nodes(root.name, nodes), phases, kv, source_pu(net),
                     std::arg(e) * 180 / std::numbers::pi, net.frequency_hz, source_impedance(net, phases, swapped));
}

double source_pu(const Network& net) { return std::abs(net.source_voltage[0]) / (net.buses[0].kv_base * 1e3); }

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
  const std::string parent = with_nodes(parent_of(net, child).model_name(), phases_of(child));
  const std::string own = with_nodes(child.model_name(), phases_of(child));
  // The length comes last: matrices take its unit away.
  return fmt::format("New {} bus1={} bus2={} phases={} linetype={} normamps={} emergamps={}\n", dss_word(b.name),
                     b.terminal1_is_parent ? parent : own, b.terminal1_is_parent ? own : parent, n,
                     b.underground ? "UG" : "OH", b.normal_amps * factor, b.emergency_amps * factor) +
         fmt::format("~ rmatrix={}\n~ xmatrix={}\n~ cmatrix={}\n~ length={} units={}\n",
                     matrix(b.z, n, [&](Complex z) { return z.real() / length; }),
                     matrix(b.z, n, [&](Complex z) { return z.imag() / length; }),
                     matrix(b.y_line, n, [&](Complex y) { return y.imag() * nanofarad / length; }), length / factor,
                     has_length ? "ft" : "none");
}

std::string dss_transformers(const Network& net, const Bus& child) {
  const Branch& b = child.branch;
  if (b.units.empty() && (child.inner || parent_of(net, child).inner)) return {};  // one transformer of three branches
  if (b.units.empty()) fail_input("the feeder does not tell the windings of '{}' (cannot be exported)", b.name);
  std::string text;
  for (const TransformerUnit& u : b.units) {
    const Winding& first = u.winding[0];
    const auto [normal, emergency] = ratings(b, "transformer." + u.name);
    // Rated currents come from kVA of the first winding.
    const double kva_per_amp = first.kv * (u.phases > 1 ? std::sqrt(static_cast<double>(u.phases)) : 1);
    text += fmt::format("New {} phases={} windings={} xhl={} %noloadloss={} %imag={} ppm_antifloat={} leadlag={}\n",
                        dss_word("Transformer." + u.name), u.phases, u.winding.size(), u.xhl_pct, u.noload_pct,
                        u.imag_pct, u.ppm_antifloat, u.lead ? "lead" : "lag");
    if (u.winding.size() > 2) text += fmt::format("~ xht={} xlt={}\n", u.xht_pct, u.xlt_pct);
    std::string kvas;  // one by one, a winding's would be the other's of two, too
    for (std::size_t w = 0; w < u.winding.size(); ++w) {
      const Winding& x = u.winding[w];
      const Bus& at = x.bus.valid() ? net.buses[x.bus.index()] : x.at_parent ? parent_of(net, child) : child;
      kvas += fmt::format("{}{}", w ? " " : "", x.kva);
      text += fmt::format("~ wdg={} bus={} conn={} kv={} %r={} tap={} mintap={} maxtap={} numtaps={}", w + 1,
                          with_nodes(at.model_name(), x.conductors), x.delta ? "delta" : "wye", x.kv, x.r_pct, x.tap,
                          x.tap_min, x.tap_max, x.num_taps);
      text += x.r_neutral >= 0 ? fmt::format(" rneut={} xneut={}\n", x.r_neutral, x.x_neutral) : "\n";
    }
    text += fmt::format("~ kvas=[{}] normhkva={} emerghkva={}\n", kvas, normal * kva_per_amp, emergency * kva_per_amp);
  }
  return text;
}

std::string dss_load_shape(const Load& load) { return fmt::format("gq_load_{}_{}", load.kw_shape, load.kvar_shape); }

namespace {
//! OpenDSS's number of a Generator's model.
int generator_model(LoadModel model) {
  if (model == LoadModel::generation || model == LoadModel::generation_single_delta) return 1;
  return static_cast<int>(model) - static_cast<int>(LoadModel::generation);
}
}  // namespace

std::string dss_load(const Network& net, const Load& load, int part) {
  const Bus& bus = net.buses[load.bus.index()];
  std::vector<int> nodes{bus.phase[static_cast<std::size_t>(load.node)]};
  if (load.to_node >= 0) nodes.push_back(bus.phase[static_cast<std::size_t>(load.to_node)]);
  const bool generator = generates(load.model);
  const std::string delta = load.model == LoadModel::generation_single_delta ? " conn=delta" : "";
  const std::string law =
      generator ? fmt::format("kw={} kvar={} model={}", -load.kw, -load.kvar, generator_model(load.model))
                : fmt::format("kw={} kvar={} model={} vlowpu={} cvrwatts={} cvrvars={}", load.kw, load.kvar,
                              static_cast<int>(load.model), load.vlow_pu, load.cvr_watts, load.cvr_vars);
  return fmt::format(
      "New {} bus1={} phases=1{} kv={} {} vminpu={} vmaxpu={} daily={}\n",
      dss_word(fmt::format("{}.{}_{}", generator ? "Generator" : "Load", without_class(load.name), part)),
      with_nodes(bus.model_name(), nodes), delta, load.kv, law, load.vmin_pu, load.vmax_pu, dss_load_shape(load));
}

namespace {
//! bus1, phases, connection and kV of a unit.
std::string pv_connection(const Bus& bus, const std::vector<UnitPart>& parts) {
  std::vector<int> nodes;
  for (const UnitPart& p : parts) nodes.push_back(bus.phase[static_cast<std::size_t>(p.node)]);
  const int common = parts[0].to_node;  // where all shares have their other end
  const bool star = std::all_of(parts.begin(), parts.end(), [&](const UnitPart& p) { return p.to_node == common; });
  if (star && common >= 0) nodes.push_back(bus.phase[static_cast<std::size_t>(common)]);
  const double kv = parts.size() == 1 ? parts[0].kv : std::sqrt(3.0) * bus.kv_base;  // OpenDSS: two and three phases
  return fmt::format("bus1={} phases={} conn={} kv={}", with_nodes(bus.model_name(), nodes), parts.size(),
                     star ? "wye" : "delta", kv);
}
}  // namespace

std::string dss_pv(const Network& net, UnitSite site, double kw, std::size_t number) {
  const Bus& bus = net.buses[site.bus.index()];
  const std::vector<UnitPart> parts = unit_parts(net, site);
  if (!(kw >= 0) || !std::isfinite(kw)) fail_input("PV of {} kW at '{}' is no size", kw, site_name(net, site));
  return fmt::format("New {} {} kva={} pmpp={} irradiance=1 pf=1 %cutin=0 %cutout=0 daily=gq_pv\n",
                     dss_word(fmt::format("PVSystem.gq_{}_{}", number, bus.name)), pv_connection(bus, parts), kw / 0.8,
                     kw);
}

}  // namespace gridqueue
