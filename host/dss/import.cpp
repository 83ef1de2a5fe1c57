#include "host/dss/import.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/core/files.hpp"
#include "host/core/text.hpp"
#include "host/dss/base_case.hpp"
#include "host/dss/capacitor_controls.hpp"
#include "host/dss/checksum.hpp"
#include "host/dss/compile.hpp"
#include "host/dss/control_rounds.hpp"
#include "host/dss/controls.hpp"
#include "host/dss/dead_nodes.hpp"
#include "host/dss/dead_snapshot.hpp"
#include "host/dss/floating.hpp"
#include "host/dss/inner_nodes.hpp"
#include "host/dss/isolated.hpp"
#include "host/dss/left_out.hpp"
#include "host/dss/load_neutrals.hpp"
#include "host/dss/loads.hpp"
#include "host/dss/regulator_branches.hpp"
#include "host/dss/shapes.hpp"
#include "host/dss/split_buses.hpp"
#include "host/dss/tree.hpp"
#include "host/dss/voltage_bases.hpp"
#include "host/dss/voltage_remarks.hpp"
#include "host/dss/words.hpp"
#include "host/feeder/feeder_file.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
//! OpenDSS files are often Latin-1; attributes of our files are UTF-8.
std::string to_utf8(const std::string& text) {
  const auto continues = [&](std::size_t i) { return i < text.size() && (text[i] & 0xC0) == 0x80; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool starts_character = c >= 0xC2 && c < 0xF5 && continues(i + 1);
    if (c < 0x80 || starts_character || continues(i)) {
      out += text[i];
    } else {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

using BusIndex = std::map<std::string, BusId>;

BusIndex index_of(const Network& net) {
  BusIndex index;
  for (std::size_t i = 0; i < net.buses.size(); ++i) index[net.buses[i].name] = BusId(i);
  return index;
}

void mark_generators(DssEngine& dss, const DssModel& model, const BusIndex& index, Network& net) {
  for (const auto& g : model.generators) {
    const std::string bus = dss.property(g, "bus1");
    if (const auto at = index.find(bus.substr(0, bus.find('.'))); at != index.end())
      net.buses[at->second.index()].has_generator = true;
  }
  for (const Capacitor& c : net.capacitors) net.buses[c.bus.index()].has_capacitor = true;
}

//! Buses below a transformer, or all but the source's in a feeder that has none. [bus]
std::vector<bool> below_substation(const Network& net) {
  std::vector<bool> below(net.buses.size());
  bool none = true;
  for (std::size_t i = 1; i < net.buses.size(); ++i) {
    const bool transformer = net.buses[i].branch.kind == BranchKind::transformer;
    below[i] = transformer || below[net.buses[i].parent.index()];
    none = none && !transformer;
  }
  if (none) below.assign(below.size(), true), below[0] = false;
  return below;
}

//! Buses from the branch at the feeder's head down. [bus]
std::vector<bool> below_head(const Network& net, const std::string& head) {
  const auto first = net.find_branch(head);
  if (!first) {
    std::vector<std::string> names;
    for (const Bus& b : net.buses) names.push_back(b.branch.name.substr(b.branch.name.find('.') + 1));
    const std::string near = closest_name(head, names);
    fail_input("unknown element '{}' in --feeder-head{}", head,
               near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
  std::vector<bool> below(net.buses.size());
  for (std::size_t i = first->index(); i < net.buses.size(); ++i)
    below[i] = i == first->index() || (i > 0 && below[net.buses[i].parent.index()]);
  return below;
}

//! Three-phase buses of medium voltage that carry nothing, from the feeder's head or the substation's secondary down,
//! in the file's order.
void find_candidates(const DssModel& model, const BusIndex& index, const std::string& head, Network& net) {
  const std::vector<bool> below = head.empty() ? below_substation(net) : below_head(net, head);
  for (const auto& name : model.bus_order) {
    const BusId id = index.at(name);
    const Bus& b = net.buses[id.index()];
    if (!net.three_phase(id) || low_voltage(b) || b.has_load || b.has_capacitor || b.has_generator ||
        !below[id.index()])
      continue;
    net.candidate_buses.push_back(id);
  }
}

//! E behind the source impedance. A shape may scale it.
void add_source_voltage(const DssModel& model, const MeasuredDay& measured, Network& net) {
  const Bus& root = net.buses[0];
  for (std::size_t c = 0; c < model.source_node.size(); ++c)
    for (std::size_t n = 0; n < static_cast<std::size_t>(root.num_nodes); ++n)
      if (root.phase[n] == model.source_node[c]) net.source_voltage[n] = measured.source[c];
  for (const auto& e : measured.sources) {
    if (std::abs(e[0]) < 1e-6 * std::abs(measured.source[0]))
      fail_input("'{}' has no voltage in step {} of the day (a 0 in its shape? cannot be represented)", model.source,
                 net.source_multiplier.size());
    const Complex multiplier = e[0] / measured.source[0];
    if (!(std::abs(multiplier.imag()) < 1e-9 && multiplier.real() > 0))
      fail_input("'{}' turns over the day (its magnitude may change)", model.source);
    net.source_multiplier.push_back(std::abs(multiplier.real() - 1) < 1e-11 ? 1 : multiplier.real());
  }
}

//! Where units could make them act, beside the base case.
void tell_protection(const DssModel& model) {
  std::size_t devices = 0;
  std::string first;
  for (const auto& [name, state] : model.switches)
    if (name.rfind("swtcontrol.", 0) != 0 && devices++ == 0) first = name;
  if (devices > 0)
    log_warn("{} fuses, reclosers and relays ('{}' the first) stay as they are in the base case, whatever units do",
             devices, first);
}

//! What the circuit's settings say that no element does.
void check_settings(DssEngine& dss, Obstacles& obstacles) {
  const std::string model = lower_case(dss.command("get loadmodel"));
  if (model.rfind("power", 0) != 0)
    obstacles.add("Set LoadModel=" + model, "loads as they were when the day began (PowerFlow can be represented)");
}

void add_settings(DssEngine& dss, const DayChoice& day, Network& net) {
  net.days = day.days();
  net.step_s = day.step_s;
  net.frequency_hz = std::stod(dss.command("get frequency"));
  net.max_control_iterations = static_cast<int>(std::stod(dss.command("get maxcontroliter")));
  net.max_iterations = static_cast<int>(std::stod(dss.command("get maxiterations")));
}

//! Returns what went wrong: what cannot be represented may be why, and is told first.
std::optional<Error> try_snapshot(DssEngine& dss) {
  try {
    solve_snapshot(dss);
    if (!dss.converged()) fail_input("the model does not converge (a snapshot with controlmode=static)");
    return {};
  } catch (const Error& error) {
    return error;
  }
}

//! Everything but what a day measures.
Network build_network(DssEngine& dss, DssModel& model, const std::vector<DssLoad>& loads,
                      const DssImportOptions& options, Obstacles& obstacles) {
  const auto switched = take_switched_capacitors(dss, model, options.day, obstacles);
  const std::size_t before = obstacles.count();
  Network net = build_tree(model, obstacles);
  const bool whole = !model.lacks_branches && obstacles.count() == before;
  if (whole)
    obstacles.told_first([&] {
      add_line_facts(dss, options.length_unit, net);
      add_units(dss, model, net);
      check_floating_loads(loads, model, net, obstacles);
    });
  else if (!model.lacks_branches) check_floating_loads(loads, model, net, obstacles);
  // Without a tree, too, so that all that is refused is told at once.
  add_regulators(dss, model, net, obstacles);
  const std::vector<Bus> as_read = switched.empty() ? std::vector<Bus>() : net.buses;
  if (whole && net.regulators.size() == model.regulators.size()) place_regulators(model, net, obstacles);
  obstacles.told_first([&] { add_capacitor_controls(dss, model, switched, as_read, options.day, net, obstacles); });
  obstacles.refuse();
  add_protection(dss, model, net);
  return net;
}

//! With a load of kV 0 no voltage is a number: it is taken out (and told), so that all else is told, too.
void leave_out_loads_of_no_voltage(DssEngine& dss, DssModel& model, std::vector<DssLoad>& loads) {
  std::set<std::string> names;
  for (const DssLoad& load : loads)
    if (!(load.law.kv > 0)) names.insert(load.injection.name);
  for (const auto& name : names) dss.command("edit " + dss_word(name) + " enabled=no");
  std::erase_if(loads, [&](const DssLoad& load) { return names.count(load.injection.name) > 0; });
  dss.command("calcvoltagebases");  // which were none, either
  solve_snapshot(dss);
  for (auto& [name, bus] : model.bus) {
    dss.select_bus(name);
    if (!(bus.kv_base > 0)) bus.kv_base = dss.bus_kv_base();
  }
  const auto nodes = dss.node_names();
  const auto volts = dss.node_voltages();
  for (std::size_t i = 0; i < nodes.size(); ++i) model.voltage[nodes[i]] = volts[i];
}

//! Leaves out of the model what no source reaches, and makes nodes and buses of it as a tree has them.
std::vector<DssLoad> loads_of_what_stands(DssEngine& dss, const DayChoice& day, DssModel& model, Obstacles& obstacles) {
  if (!model.lacks_branches)
    if (const std::string left_out = leave_out_isolated(dss, model); !left_out.empty()) log_warn("{}", left_out);
  auto loads = read_loads(dss, model, day, obstacles);
  const bool solved = std::all_of(loads.begin(), loads.end(), [](const DssLoad& l) { return l.law.kv > 0; });
  if (solved) check_snapshot(dss, model, obstacles);
  else obstacles.told_first([&] { leave_out_loads_of_no_voltage(dss, model, loads); });
  if (model.lacks_branches) return loads;
  leave_out_dead_nodes(model, loads, obstacles);
  fold_inner_nodes(dss, loads, model);
  check_load_neutrals(loads, model, obstacles);
  split_buses(loads, model);
  return loads;
}

Network compile(const std::string& master, const DssImportOptions& options) {
  DssEngine dss(options.library);
  for (const auto& pattern : compile_model(dss, master, options.commands))
    log_warn("--command 'batchedit {} ...' changes nothing (no name of that class is like it)", pattern);
  const std::optional<Error> unsolved = try_snapshot(dss);
  if (controls_ran_out() > 0)
    log_warn(
        "the model's controls do not settle within MaxControlIter={} rounds (in {} of the solves before the day), "
        "which goes on "
        "from where they stand",
        dss.command("get maxcontroliter"), controls_ran_out());
  Obstacles obstacles;
  check_settings(dss, obstacles);
  DssModel model = read_dss_model(dss, obstacles);
  const auto fresh = [&] {
    DssEngine next(options.library);
    compile_model(next, master, options.commands);
    solve_snapshot(next);
    return next;
  };
  if (!unsolved && !model.lacks_branches) derive_voltage_bases(fresh, model);
  const auto loads = loads_of_what_stands(dss, options.day, model, obstacles);
  check_regulators(dss, model, obstacles);
  note_reversed_regulators(dss, model);
  Network net = build_network(dss, model, loads, options, obstacles);
  if (unsolved) throw Error(*unsolved);
  net.name = options.name.empty() ? fs::path(master).stem().string() : options.name;
  const BusIndex index = index_of(net);
  mark_generators(dss, model, index, net);
  net.pv_shape = day_of_pv(dss, options.pv_shape, options.day);
  add_settings(dss, options.day, net);
  const auto another = [&] {
    DssEngine next = fresh();
    disable_left_out(next, node_names_of(net));
    return next;
  };
  disable_left_out(dss, node_names_of(net));
  net.base_case = solve_base_case(dss, another, options.day, model.switches, net, options.progress);
  const MeasuredDay measured = measure_day(dss, model, injections_of(loads), options.day, options.progress);
  if (options.progress) options.progress("", -1);
  add_source_voltage(model, measured, net);
  add_loads(dss, loads, measured, options.day, net);
  tell_voltages(net);
  tell_protection(model);
  find_candidates(model, index, options.feeder_head, net);
  return net;
}

void add_monitor_lists(const DssImportOptions& options, Network& net) {
  for (const auto& [list, names] : options.monitor_lists)
    for (const auto& name : names) {
      const auto bus = net.find_bus(name);
      if (!bus)
        fail_input("unknown bus '{}' in monitor list '{}' (feeder {} has {} buses)", name, list, net.name,
                   net.buses.size());
      net.monitor_lists[list].push_back(*bus);
    }
}

}  // namespace

Network import_dss(const std::string& master, const DssImportOptions& options) {
  if (!is_file(master)) fail_input("no such file '{}'", master);
  const std::string path = fs::absolute(master).string();
  const std::string library = find_dss_library(options.library);
  DssImportOptions inside = options;
  inside.library = library;
  if (is_shape_file(options.pv_shape)) inside.pv_shape = fs::absolute(options.pv_shape).string();
  const PrivateFolder folder;
  run_isolated(folder, [&] {
    write_feeder(compile(path, inside), folder.at("feeder.h5"));
    return std::string();
  });
  Network net = read_feeder(folder.at("feeder.h5"));
  add_monitor_lists(options, net);
  net.origin = to_utf8(options.origin);
  net.licence = to_utf8(options.licence);
  net.checksum = model_checksum(path);
  net.validate();
  return net;
}

}  // namespace gridqueue
