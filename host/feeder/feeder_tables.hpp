// Every dataset of a feeder file, named once for both directions (docs/feeder-format.md is the same list for people).
#pragma once
#include "host/feeder/table_io.hpp"

namespace gridqueue {

//! Reference to a member, through a chain of members.
#define GQ_MEMBER(...) \
  [](auto& row) -> auto& { return row.__VA_ARGS__; }

//! A winding's conductors in the file: as many as they are, then -1.
constexpr std::size_t kMaxConductors = 5;
struct TransformerRow {
  BusId branch;  //!< child bus
  TransformerUnit unit;
  std::array<std::array<int, kMaxConductors>, 2> conductors{};
};

template <class Io>
void bus_tables(Io& io, std::vector<Bus>& buses) {
  io.first_column("bus/name", buses, GQ_MEMBER(name));
  io.column("bus/parent", buses, GQ_MEMBER(parent));
  io.column("bus/num_nodes", buses, GQ_MEMBER(num_nodes));
  io.column("bus/phase", buses, GQ_MEMBER(phase));
  io.column("bus/kv_base", buses, GQ_MEMBER(kv_base), "kV");
  io.column("bus/y_shunt", buses, GQ_MEMBER(y_shunt), "S");
  io.column("bus/v_initial", buses, GQ_MEMBER(v_initial), "V");
  io.column("bus/v_base", buses, GQ_MEMBER(v_base), "V");
  io.column("bus/x", buses, GQ_MEMBER(x));
  io.column("bus/y", buses, GQ_MEMBER(y));
  io.column("bus/has_coordinates", buses, GQ_MEMBER(has_coordinates));
  io.column("bus/has_load", buses, GQ_MEMBER(has_load));
  io.column("bus/has_capacitor", buses, GQ_MEMBER(has_capacitor));
  io.column("bus/has_generator", buses, GQ_MEMBER(has_generator));
}

template <class Io>
void branch_tables(Io& io, std::vector<Bus>& buses) {
  io.column("branch/kind", buses, GQ_MEMBER(branch.kind));
  io.column("branch/name", buses, GQ_MEMBER(branch.name));
  io.column("branch/z", buses, GQ_MEMBER(branch.z), "ohm");
  io.column("branch/a", buses, GQ_MEMBER(branch.a));
  io.column("branch/y_line", buses, GQ_MEMBER(branch.y_line), "S");
  io.column("branch/length_ft", buses, GQ_MEMBER(branch.length_ft), "ft");
  io.column("branch/underground", buses, GQ_MEMBER(branch.underground));
  io.column("branch/upgradable", buses, GQ_MEMBER(branch.upgradable));
  io.column("branch/terminal1_is_parent", buses, GQ_MEMBER(branch.terminal1_is_parent));
  io.column("branch/normal_amps", buses, GQ_MEMBER(branch.normal_amps), "A");
  io.column("branch/emergency_amps", buses, GQ_MEMBER(branch.emergency_amps), "A");
  io.column("branch/i_terminal1", buses, GQ_MEMBER(branch.i_terminal1));
}

template <class Io>
void winding_tables(Io& io, std::vector<TransformerRow>& rows) {
  // [unit][winding]
  const auto both = [&](const char* name, auto member, const char* units = "") {
    using T = std::remove_cvref_t<std::invoke_result_t<decltype(member), Winding&>>;
    std::vector<std::array<T, 2>> pairs(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t w = 0; w < 2; ++w) pairs[i][w] = member(rows[i].unit.winding[w]);
    io.column(
        std::string("transformer/winding/") + name, pairs, [](std::array<T, 2> & p) -> auto& { return p; }, units);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t w = 0; w < 2; ++w) member(rows[i].unit.winding[w]) = pairs[i][w];
  };
  both("at_parent", GQ_MEMBER(at_parent));
  both("delta", GQ_MEMBER(delta));
  both("kv", GQ_MEMBER(kv), "kV");
  both("kva", GQ_MEMBER(kva), "kVA");
  both("r_pct", GQ_MEMBER(r_pct), "percent");
  both("r_neutral", GQ_MEMBER(r_neutral), "ohm");
  both("x_neutral", GQ_MEMBER(x_neutral), "ohm");
  both("tap", GQ_MEMBER(tap));
  both("tap_min", GQ_MEMBER(tap_min));
  both("tap_max", GQ_MEMBER(tap_max));
  both("num_taps", GQ_MEMBER(num_taps));
  io.column("transformer/winding/conductors", rows, GQ_MEMBER(conductors));
}

template <class Io>
void transformer_tables(Io& io, std::vector<TransformerRow>& rows) {
  io.first_column("transformer/name", rows, GQ_MEMBER(unit.name));
  io.column("transformer/branch", rows, GQ_MEMBER(branch));
  io.column("transformer/phases", rows, GQ_MEMBER(unit.phases));
  io.column("transformer/lead", rows, GQ_MEMBER(unit.lead));
  io.column("transformer/xhl_pct", rows, GQ_MEMBER(unit.xhl_pct), "percent");
  io.column("transformer/noload_pct", rows, GQ_MEMBER(unit.noload_pct), "percent");
  io.column("transformer/imag_pct", rows, GQ_MEMBER(unit.imag_pct), "percent");
  io.column("transformer/ppm_antifloat", rows, GQ_MEMBER(unit.ppm_antifloat));
  winding_tables(io, rows);
}

template <class Io>
void load_tables(Io& io, std::vector<Load>& loads) {
  io.first_column("load/name", loads, GQ_MEMBER(name));
  io.column("load/bus", loads, GQ_MEMBER(bus));
  io.column("load/node", loads, GQ_MEMBER(node));
  io.column("load/kw", loads, GQ_MEMBER(kw), "kW");
  io.column("load/kvar", loads, GQ_MEMBER(kvar), "kvar");
  io.column("load/kv", loads, GQ_MEMBER(kv), "kV");
  io.column("load/vmin_pu", loads, GQ_MEMBER(vmin_pu));
  io.column("load/vmax_pu", loads, GQ_MEMBER(vmax_pu));
  io.column("load/vlow_pu", loads, GQ_MEMBER(vlow_pu));
}

template <class Io>
void regulator_tables(Io& io, std::vector<Regulator>& regulators) {
  io.first_column("regulator/name", regulators, GQ_MEMBER(name));
  io.column("regulator/control", regulators, GQ_MEMBER(control));
  io.column("regulator/bus", regulators, GQ_MEMBER(bus));
  io.column("regulator/node", regulators, GQ_MEMBER(node));
  io.column("regulator/vreg", regulators, GQ_MEMBER(vreg), "V");
  io.column("regulator/band", regulators, GQ_MEMBER(band), "V");
  io.column("regulator/pt_ratio", regulators, GQ_MEMBER(pt_ratio));
  io.column("regulator/kv_winding", regulators, GQ_MEMBER(kv_winding), "kV");
  io.column("regulator/tap_step", regulators, GQ_MEMBER(tap_step));
  io.column("regulator/tap_min", regulators, GQ_MEMBER(tap_min));
  io.column("regulator/tap_max", regulators, GQ_MEMBER(tap_max));
  io.column("regulator/tap_initial", regulators, GQ_MEMBER(tap_initial));
  io.column("regulator/max_tap_change", regulators, GQ_MEMBER(max_tap_change));
  io.column("regulator/delay_s", regulators, GQ_MEMBER(delay_s), "s");
}

template <class Io>
void other_tables(Io& io, Network& net) {
  io.first_column("capacitor/name", net.capacitors, GQ_MEMBER(name));
  io.column("capacitor/bus", net.capacitors, GQ_MEMBER(bus));
  io.column("capacitor/y", net.capacitors, GQ_MEMBER(y), "S");
  io.first_column("recloser/name", net.reclosers, GQ_MEMBER(name));
  io.column("recloser/branch", net.reclosers, GQ_MEMBER(branch_child));
  io.column("recloser/at_parent", net.reclosers, GQ_MEMBER(at_parent));
  io.column("recloser/bus", net.reclosers, GQ_MEMBER(bus));
  io.values("step/load_multiplier", net.load_multiplier);
  io.values("step/pv_shape", net.pv_shape);
  io.values("candidate_bus", net.candidate_buses);
  std::vector<Complex> source(net.source_voltage.begin(), net.source_voltage.end());
  io.values("source_voltage", source, "V");
  if (source.size() != net.source_voltage.size())
    fail_input("dataset 'source_voltage' needs {} values", net.source_voltage.size());
  std::copy(source.begin(), source.end(), net.source_voltage.begin());
}

template <class Io>
void attributes(Io& io, Network& net) {
  io.attribute("name", net.name);
  io.attribute("step_s", net.step_s);
  io.attribute("frequency_hz", net.frequency_hz);
  io.attribute("max_control_iterations", net.max_control_iterations);
  io.attribute("max_iterations", net.max_iterations);
  io.attribute("origin", net.origin);
  io.attribute("licence", net.licence);
  io.attribute("checksum", net.checksum);
  io.attribute("base_case_vdiff_pct", net.base_case.vdiff_pct);
  io.attribute("base_case_vdiff_bus", net.base_case.vdiff_bus);
  io.attribute("base_case_vmax_pu", net.base_case.vmax_pu);
  io.attribute("base_case_vmax_node", net.base_case.vmax_node);
  io.attribute("base_case_vmin_pu", net.base_case.vmin_pu);
  io.attribute("base_case_vmin_node", net.base_case.vmin_node);
  io.attribute("base_case_emergency_pct", net.base_case.emergency_pct);
  io.attribute("base_case_emergency_element", net.base_case.emergency_element);
  io.values("base_case_taps_first_step", net.base_case.taps_first_step);
}

#undef GQ_MEMBER

}  // namespace gridqueue
