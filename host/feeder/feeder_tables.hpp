// Every dataset of a feeder file, named once for both directions (docs/feeder-format.md is the same list for people).
#pragma once
#include <algorithm>
#include <optional>

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
};
struct ElementRow {
  BusId branch;  //!< child bus
  BranchElement element;
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
  if (io.has("bus/floating", std::ranges::any_of(buses, &Bus::floating)))
    io.column("bus/floating", buses, GQ_MEMBER(floating));
  if (io.has("bus/whole", std::ranges::any_of(buses, [](const Bus& b) { return !b.whole.empty(); })))
    io.column("bus/whole", buses, GQ_MEMBER(whole));
  if (io.has("bus/inner", std::ranges::any_of(buses, &Bus::inner))) io.column("bus/inner", buses, GQ_MEMBER(inner));
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
  if (io.has("branch/y_terminal1",
             std::ranges::any_of(buses, [](const Bus& b) { return b.branch.y_terminal1 != NodeMatrix{}; })))
    io.column("branch/y_terminal1", buses, GQ_MEMBER(branch.y_terminal1), "S");
}

//! [unit][winding]; as many windings as the transformer of most has. W is that number.
template <std::size_t W, class Io, class Get>
void winding_column(Io& io, std::vector<TransformerRow>& rows, const char* name, Get member, const char* units = "") {
  using T = std::remove_cvref_t<std::invoke_result_t<Get, Winding&>>;
  std::vector<std::array<T, W>> values(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t w = 0; w < rows[i].unit.winding.size(); ++w) values[i][w] = member(rows[i].unit.winding[w]);
  io.column(
      std::string("transformer/winding/") + name, values, [](std::array<T, W> & v) -> auto& { return v; }, units);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t w = 0; w < rows[i].unit.winding.size(); ++w) member(rows[i].unit.winding[w]) = values[i][w];
}

template <std::size_t W, class Io>
void winding_tables(Io& io, std::vector<TransformerRow>& rows) {
  const auto all = [&](const char* name, auto member, const char* units = "") {
    winding_column<W>(io, rows, name, member, units);
  };
  all("at_parent", GQ_MEMBER(at_parent));
  all("delta", GQ_MEMBER(delta));
  all("kv", GQ_MEMBER(kv), "kV");
  all("kva", GQ_MEMBER(kva), "kVA");
  all("r_pct", GQ_MEMBER(r_pct), "percent");
  all("r_neutral", GQ_MEMBER(r_neutral), "ohm");
  all("x_neutral", GQ_MEMBER(x_neutral), "ohm");
  all("tap", GQ_MEMBER(tap));
  all("tap_min", GQ_MEMBER(tap_min));
  all("tap_max", GQ_MEMBER(tap_max));
  all("num_taps", GQ_MEMBER(num_taps));
}

//! Node numbers, then -1; a winding that the transformer lacks has none. Says how many windings each has.
template <std::size_t W, class Io>
void conductor_table(Io& io, std::vector<TransformerRow>& rows) {
  using Conductors = std::array<std::array<int, kMaxConductors>, W>;
  std::vector<Conductors> values(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t w = 0; w < W; ++w) {
      values[i][w].fill(-1);
      if (w < rows[i].unit.winding.size()) std::ranges::copy(rows[i].unit.winding[w].conductors, values[i][w].begin());
    }
  io.column(
      "transformer/winding/conductors", values, [](Conductors & c) -> auto& { return c; });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].unit.winding.resize(W);
    for (std::size_t w = 0; w < W; ++w)
      rows[i].unit.winding[w].conductors.assign(values[i][w].begin(), std::ranges::find(values[i][w], -1));
    while (!rows[i].unit.winding.empty() && rows[i].unit.winding.back().conductors.empty())
      rows[i].unit.winding.pop_back();
  }
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
  const bool three =
      io.has("transformer/xht_pct",
             std::ranges::any_of(rows, [](const TransformerRow& row) { return row.unit.winding.size() > 2; }));
  if (!three) return conductor_table<2>(io, rows), winding_tables<2>(io, rows);
  io.column("transformer/xht_pct", rows, GQ_MEMBER(unit.xht_pct), "percent");
  io.column("transformer/xlt_pct", rows, GQ_MEMBER(unit.xlt_pct), "percent");
  conductor_table<3>(io, rows);
  winding_tables<3>(io, rows);
  const auto apart = [](const TransformerRow& row) {
    return std::ranges::any_of(row.unit.winding, [](const Winding& w) { return w.bus.valid(); });
  };
  if (io.has("transformer/winding/bus", std::ranges::any_of(rows, apart)))
    winding_column<3>(io, rows, "bus", GQ_MEMBER(bus));
}

//! Absent where every branch is judged as a whole.
template <class Io>
void element_tables(Io& io, std::vector<ElementRow>& rows) {
  if (!io.has("element/name", !rows.empty())) return;
  io.first_column("element/name", rows, GQ_MEMBER(element.name));
  io.column("element/branch", rows, GQ_MEMBER(branch));
  io.column("element/normal_amps", rows, GQ_MEMBER(element.normal_amps), "A");
  io.column("element/emergency_amps", rows, GQ_MEMBER(element.emergency_amps), "A");
  io.column("element/i_terminal1", rows, GQ_MEMBER(element.i_terminal1));
  if (io.has("element/y_terminal1",
             std::ranges::any_of(rows, [](const ElementRow& row) { return row.element.y_terminal1 != NodeMatrix{}; })))
    io.column("element/y_terminal1", rows, GQ_MEMBER(element.y_terminal1), "S");
  if (io.has("element/with_tap", std::ranges::any_of(rows, [](const ElementRow& r) { return r.element.with_tap; })))
    io.column("element/with_tap", rows, GQ_MEMBER(element.with_tap));
}

template <class Io>
void load_tables(Io& io, std::vector<Load>& loads) {
  io.first_column("load/name", loads, GQ_MEMBER(name));
  io.column("load/bus", loads, GQ_MEMBER(bus));
  io.column("load/node", loads, GQ_MEMBER(node));
  io.column("load/to_node", loads, GQ_MEMBER(to_node));
  io.column("load/model", loads, GQ_MEMBER(model));
  io.column("load/kw", loads, GQ_MEMBER(kw), "kW");
  io.column("load/kvar", loads, GQ_MEMBER(kvar), "kvar");
  io.column("load/kw_shape", loads, GQ_MEMBER(kw_shape));
  io.column("load/kvar_shape", loads, GQ_MEMBER(kvar_shape));
  io.column("load/kv", loads, GQ_MEMBER(kv), "kV");
  io.column("load/vmin_pu", loads, GQ_MEMBER(vmin_pu));
  io.column("load/vmax_pu", loads, GQ_MEMBER(vmax_pu));
  io.column("load/vlow_pu", loads, GQ_MEMBER(vlow_pu));
  io.column("load/cvr_watts", loads, GQ_MEMBER(cvr_watts));
  io.column("load/cvr_vars", loads, GQ_MEMBER(cvr_vars));
}

template <class Row, class Io, class Get>
void measured_tables(Io& io, const std::string& path, std::vector<Row>& rows, Get get) {
  io.column(
      path + "_choice", rows, [get](Row & r) -> auto& { return get(r).choice; });
  io.column(
      path + "_node", rows, [get](Row & r) -> auto& { return get(r).node; });
  io.column(
      path + "_to_node", rows, [get](Row & r) -> auto& { return get(r).to_node; });
}

//! What only some rows have, with the row of what they belong to. Absent where none has it.
template <class Part>
struct PartRow {
  int row;
  Part part;
};
template <class Owner, class Part>
std::vector<PartRow<Part>> part_rows(const std::vector<Owner>& owners, std::optional<Part> Owner::*member) {
  std::vector<PartRow<Part>> rows;
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i].*member) rows.push_back({static_cast<int>(i), *(owners[i].*member)});
  return rows;
}
template <class Owner, class Part>
void attach_parts(const std::vector<PartRow<Part>>& rows, std::vector<Owner>& owners,
                  std::optional<Part> Owner::*member) {
  for (const auto& [row, part] : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= owners.size())
      fail_input("a dataset names row {} of {} (no consistent feeder file)", row, owners.size());
    owners[static_cast<std::size_t>(row)].*member = part;
  }
}

//! What only an export needs: absent where no control says anything.
template <class Io, class Control>
void words_column(Io& io, const std::string& path, std::vector<Control>& controls) {
  if (io.has(path, std::ranges::any_of(controls, [](const Control& c) { return !c.words.empty(); })))
    io.column(path, controls, GQ_MEMBER(words));
}

template <class Io>
void term_tables(Io& io, std::vector<Regulator>& regulators) {
  auto rows = part_rows(regulators, &Regulator::term);
  if (!io.has("tap_term/regulator", !rows.empty())) return;
  io.first_column("tap_term/regulator", rows, GQ_MEMBER(row));
  io.column("tap_term/at_parent", rows, GQ_MEMBER(part.at_parent));
  io.column("tap_term/z", rows, GQ_MEMBER(part.z), "ohm");
  io.column("tap_term/a", rows, GQ_MEMBER(part.a));
  io.column("tap_term/y_parent", rows, GQ_MEMBER(part.y_parent), "S");
  attach_parts(rows, regulators, &Regulator::term);
}

template <class Io>
void terminal_tables(Io& io, std::vector<CapacitorControl>& controls) {
  auto rows = part_rows(controls, &CapacitorControl::terminal);
  if (!io.has("measured_terminal/control", !rows.empty())) return;
  io.first_column("measured_terminal/control", rows, GQ_MEMBER(row));
  io.column("measured_terminal/node", rows, GQ_MEMBER(part.node));
  io.column("measured_terminal/i_child", rows, GQ_MEMBER(part.i_child));
  io.column("measured_terminal/y_parent", rows, GQ_MEMBER(part.y_parent), "S");
  if (io.has("measured_terminal/tap", std::ranges::any_of(rows, [](const auto& row) { return !row.part.tap.empty(); })))
    io.column("measured_terminal/tap", rows, GQ_MEMBER(part.tap));
  attach_parts(rows, controls, &CapacitorControl::terminal);
}

template <class Io>
void reverse_tables(Io& io, std::vector<Regulator>& regulators) {
  const auto turns = [](const Regulator& r) { return r.reverse != ReverseMode::none; };
  if (!io.has("regulator/reverse", std::ranges::any_of(regulators, turns))) return;
  io.column("regulator/reverse", regulators, GQ_MEMBER(reverse));
  io.column("regulator/back_at_start", regulators, GQ_MEMBER(back.at_start));
  io.column("regulator/back_threshold_kw", regulators, GQ_MEMBER(back.threshold_kw), "kW");
  io.column("regulator/back_delay_s", regulators, GQ_MEMBER(back.delay_s), "s");
  io.column("regulator/back_to_neutral", regulators, GQ_MEMBER(back.to_neutral));
  io.column("regulator/back_tap_delay_s", regulators, GQ_MEMBER(back.tap_delay_s), "s");
  io.column("regulator/back_vreg", regulators, GQ_MEMBER(back.vreg), "V");
  io.column("regulator/back_band", regulators, GQ_MEMBER(back.band), "V");
  io.column("regulator/back_ldc_r", regulators, GQ_MEMBER(back.ldc_r), "V");
  io.column("regulator/back_ldc_x", regulators, GQ_MEMBER(back.ldc_x), "V");
  io.column("regulator/back_ldc_z", regulators, GQ_MEMBER(back.ldc_z), "V");
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
  io.column("regulator/gang", regulators, GQ_MEMBER(gang));
  io.column("regulator/tap_ratio", regulators, GQ_MEMBER(tap_ratio));
  io.column("regulator/ldc_r", regulators, GQ_MEMBER(ldc_r), "V");
  io.column("regulator/ldc_x", regulators, GQ_MEMBER(ldc_x), "V");
  io.column("regulator/ct_primary", regulators, GQ_MEMBER(ct_primary), "A");
  io.column("regulator/measured_bus", regulators, GQ_MEMBER(measured_bus));
  io.column("regulator/measured_pt_ratio", regulators, GQ_MEMBER(measured_pt_ratio));
  measured_tables(io, "regulator/measured", regulators, GQ_MEMBER(measured));
  const auto other_windings = [](const Regulator& r) { return r.winding != 2 || r.tap_winding != 2; };
  if (io.has("regulator/winding", std::ranges::any_of(regulators, other_windings))) {
    io.column("regulator/winding", regulators, GQ_MEMBER(winding));
    io.column("regulator/tap_winding", regulators, GQ_MEMBER(tap_winding));
  }
  words_column(io, "regulator/words", regulators);
  const auto limited = [](const Regulator& r) { return r.ldc_z != 0 || r.vlimit != 0; };
  if (io.has("regulator/ldc_z", std::ranges::any_of(regulators, limited))) {
    io.column("regulator/ldc_z", regulators, GQ_MEMBER(ldc_z), "V");
    io.column("regulator/vlimit", regulators, GQ_MEMBER(vlimit), "V");
  }
  if (io.has("regulator/positions_per_step",
             std::ranges::any_of(regulators, [](const Regulator& r) { return r.positions_per_step != 1; })))
    io.column("regulator/positions_per_step", regulators, GQ_MEMBER(positions_per_step));
  if (io.has("regulator/inverse_time", std::ranges::any_of(regulators, &Regulator::inverse_time)))
    io.column("regulator/inverse_time", regulators, GQ_MEMBER(inverse_time));
  reverse_tables(io, regulators);
  term_tables(io, regulators);
}

template <class Io>
void capacitor_control_tables(Io& io, std::vector<CapacitorControl>& controls) {
  io.first_column("capacitor_control/name", controls, GQ_MEMBER(name));
  io.column("capacitor_control/capacitor", controls, GQ_MEMBER(capacitor));
  io.column("capacitor_control/measure", controls, GQ_MEMBER(measure));
  io.column("capacitor_control/on", controls, GQ_MEMBER(on));
  io.column("capacitor_control/off", controls, GQ_MEMBER(off));
  io.column("capacitor_control/delay_on_s", controls, GQ_MEMBER(delay_on_s), "s");
  io.column("capacitor_control/delay_off_s", controls, GQ_MEMBER(delay_off_s), "s");
  io.column("capacitor_control/dead_time_s", controls, GQ_MEMBER(dead_time_s), "s");
  io.column("capacitor_control/vmin", controls, GQ_MEMBER(vmin), "V");
  io.column("capacitor_control/vmax", controls, GQ_MEMBER(vmax), "V");
  io.column("capacitor_control/pt_ratio", controls, GQ_MEMBER(pt_ratio));
  io.column("capacitor_control/ct_ratio", controls, GQ_MEMBER(ct_ratio));
  io.column("capacitor_control/measured_bus", controls, GQ_MEMBER(measured_bus));
  measured_tables(io, "capacitor_control/voltage", controls, GQ_MEMBER(voltage));
  io.column("capacitor_control/line", controls, GQ_MEMBER(line));
  io.column("capacitor_control/at_parent", controls, GQ_MEMBER(at_parent));
  measured_tables(io, "capacitor_control/current", controls, GQ_MEMBER(current));
  io.column("capacitor_control/initial", controls, GQ_MEMBER(initial));
  const auto more_steps = [](const CapacitorControl& c) { return c.steps != 1; };
  if (io.has("capacitor_control/steps", std::ranges::any_of(controls, more_steps))) {
    io.column("capacitor_control/steps", controls, GQ_MEMBER(steps));
    io.column("capacitor_control/initial_steps", controls, GQ_MEMBER(initial_steps));
  }
  const auto unequal = [](const CapacitorControl& c) { return c.step_size[0] != 0; };
  if (io.has("capacitor_control/step_size", std::ranges::any_of(controls, unequal)))
    io.column("capacitor_control/step_size", controls, GQ_MEMBER(step_size));
  const auto other_measure = [](const CapacitorControl& c) { return c.schedule >= 0 || c.least_kvar != 0; };
  if (io.has("capacitor_control/schedule", std::ranges::any_of(controls, other_measure))) {
    io.column("capacitor_control/schedule", controls, GQ_MEMBER(schedule));
    io.column("capacitor_control/least_kvar", controls, GQ_MEMBER(least_kvar), "kvar");
    io.column("capacitor_control/least_kvar_per_step", controls, GQ_MEMBER(least_kvar_per_step), "kvar");
  }
  words_column(io, "capacitor_control/words", controls);
  terminal_tables(io, controls);
}

template <class Io>
void other_tables(Io& io, Network& net) {
  io.first_column("capacitor/name", net.capacitors, GQ_MEMBER(name));
  io.column("capacitor/bus", net.capacitors, GQ_MEMBER(bus));
  io.column("capacitor/y", net.capacitors, GQ_MEMBER(y), "S");
  if (io.has("capacitor/delta", std::ranges::any_of(net.capacitors, &Capacitor::delta)))
    io.column("capacitor/delta", net.capacitors, GQ_MEMBER(delta));
  if (io.has("fixed/name", !net.fixed_elements.empty())) {
    io.first_column("fixed/name", net.fixed_elements, GQ_MEMBER(name));
    io.column("fixed/bus", net.fixed_elements, GQ_MEMBER(bus));
    io.column("fixed/parent", net.fixed_elements, GQ_MEMBER(parent));
    io.column("fixed/y", net.fixed_elements, GQ_MEMBER(y), "S");
    const auto is_line = [](const FixedElement& f) { return f.line_node[0] >= 0; };
    if (io.has("fixed/line_node", std::ranges::any_of(net.fixed_elements, is_line))) {
      io.column("fixed/line_node", net.fixed_elements, GQ_MEMBER(line_node));
      io.column("fixed/line_parent_node", net.fixed_elements, GQ_MEMBER(line_parent_node));
      io.column("fixed/terminal1_is_parent", net.fixed_elements, GQ_MEMBER(terminal1_is_parent));
    }
  }
  io.first_column("recloser/name", net.reclosers, GQ_MEMBER(name));
  io.column("recloser/branch", net.reclosers, GQ_MEMBER(branch_child));
  io.column("recloser/at_parent", net.reclosers, GQ_MEMBER(at_parent));
  io.column("recloser/bus", net.reclosers, GQ_MEMBER(bus));
  io.first_column("shape/name", net.shapes, GQ_MEMBER(name));
  io.lists("shape/value", net.shapes, GQ_MEMBER(value));
  if (io.has("day/first_step", true)) {
    io.first_column("day/first_step", net.days, GQ_MEMBER(first_step));
    io.column("day/start_hour", net.days, GQ_MEMBER(start_hour), "h");
  }
  io.values("step/source_multiplier", net.source_multiplier);
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
  io.attribute("check_days", net.check.days);
  io.attribute("check_voltage_pu", net.check.voltage_pu);
  io.attribute("check_voltage_node", net.check.voltage_node);
  io.attribute("check_taps", net.check.taps);
  io.attribute("check_wrong_taps", net.check.wrong_taps);
  io.attribute("check_steps_left_out", net.check.steps_left_out);
  io.attribute("check_loading_pct", net.check.loading_pct);
}

#undef GQ_MEMBER

}  // namespace gridqueue
