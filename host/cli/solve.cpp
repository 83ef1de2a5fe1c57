// gridqueue solve: one evaluation.
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"
#include "host/results/observed.hpp"

namespace gridqueue {
namespace {

struct SolveArguments {
  std::string feeder, monitors = "all", precision = "float", voltages;
  std::vector<std::string> der, upgrades;
  PowerFlow model = PowerFlow::ac;
};

std::string bus_or_none(const Network& n, BusId b) { return b.valid() ? n.buses[b.index()].name : ""; }
std::string element_or_none(const Network& n, BusId b) { return b.valid() ? n.buses[b.index()].branch.name : ""; }

//! The largest excess over what a place may reach, and the place.
void add_excess(nlohmann::ordered_json& json, const Network& n, const Quantities& q) {
  for (const ExcessKeys& c : kExcessKeys) {
    const Excess& e = q.excess[limit_index(c.limit)];
    json[c.value] = e.value;
    json[c.place] = excess_place(n, c.limit, e.place);
  }
}

nlohmann::ordered_json to_json(const Network& n, const Quantities& q) {
  nlohmann::ordered_json json{{"model", q.linear ? "linear" : "ac"},
                              {"converged", q.converged},
                              {"vdiff_pct", q.vdiff_pct},
                              {"vdiff_bus", bus_or_none(n, q.vdiff_bus)},
                              {"vmax_pu", q.vmax_pu},
                              {"vmax_node", node_name(n, q.vmax_node)},
                              {"vmin_pu", q.vmin_pu},
                              {"vmin_node", node_name(n, q.vmin_node)},
                              {"emergency_pct", q.emergency_pct},
                              {"emergency_element", element_or_none(n, q.emergency_branch)},
                              {"normal_hours", q.normal_hours},
                              {"normal_hours_element", element_or_none(n, q.normal_hours_branch)},
                              {"island_ok", (q.violations & limit_island) == 0},
                              {"violations", limit_names(q.violations)},
                              {"taps_min", q.taps_min},
                              {"taps_max", q.taps_max}};
  add_excess(json, n, q);
  return json;
}

void print(const Network& n, const Quantities& q) {
  fmt::print("largest voltage change  {:8.4f} %   {} {}\n", q.vdiff_pct, bus_or_none(n, q.vdiff_bus),
             clock_time(q.vdiff_step));
  fmt::print("highest voltage         {:8.5f} pu  {} {}\n", q.vmax_pu, node_name(n, q.vmax_node),
             clock_time(q.vmax_step));
  fmt::print("lowest voltage          {:8.5f} pu  {} {}\n", q.vmin_pu, node_name(n, q.vmin_node),
             clock_time(q.vmin_step));
  fmt::print("emergency loading       {:8.2f} %   {} {}\n", q.emergency_pct, element_or_none(n, q.emergency_branch),
             clock_time(q.emergency_step));
  fmt::print("above normal rating     {:8.2f} h   {}\n", q.normal_hours, element_or_none(n, q.normal_hours_branch));
  fmt::print("regulator taps          {} to {}\n", q.taps_min, q.taps_max);
  if (q.linear) fmt::print("answered by             the linearized feeder\n");
  fmt::print("limits violated         {}\n",
             q.violations ? fmt::format("{}", fmt::join(limit_names(q.violations), ", ")) : "none");
  for (const std::string& line : describe_violations(observe(n, q), q.violations)) fmt::print("  {}\n", line);
}

void write_voltages(const Network& n, const DayTrace& day, const std::string& path) {
  std::vector<std::string> nodes, regulators;
  for (std::size_t b = 0; b < n.buses.size(); ++b)
    for (int i = 0; i < n.buses[b].num_nodes; ++i)
      nodes.push_back(node_name(n, static_cast<int>(b) * kMaxNodesPerBus + i));
  for (const Regulator& r : n.regulators) regulators.push_back(r.name);
  auto file = h5::File::create(path);
  file.write<Complex>("/voltage", std::span<const Complex>(day.voltage), {n.num_steps(), nodes.size()});
  file.attribute<std::string>("/voltage", "units", "V");
  const std::vector<std::int32_t> taps(day.tap.begin(), day.tap.end());
  file.write<std::int32_t>("/tap", std::span<const std::int32_t>(taps), {n.num_steps(), regulators.size()});
  file.write("/node", nodes);
  file.write("/regulator", regulators);
}

void solve(const SolveArguments& a, const Common& common) {
  const Network network = read_feeder(a.feeder);
  EvaluatorOptions options;
  options.monitors = parse_monitors(network, a.monitors);
  options.precision = a.precision == "double" ? Precision::dual : Precision::single;
  set_backend(options, common, 1);
  StateBatch state;
  state.upgrade_sets = {parse_upgrades(network, a.upgrades)};
  for (const auto& [bus, kw] : parse_der(network, a.der)) state.add_der(bus, kw);
  state.finish_state(UpgradeSetId(0));
  const auto evaluator = make_evaluator(network, options);
  std::unique_ptr<LinearEvaluator> linear;
  const std::vector<Quantities> answers = choose_model(*evaluator, a.model, linear).evaluate(state);
  const Quantities& q = answers.front();
  if (q.linear) log_difference(*evaluator, state, answers);
  if (!a.voltages.empty()) write_voltages(network, evaluator->trace(state), a.voltages);
  if (common.json) fmt::print("{}\n", to_json(network, q).dump(2));
  else print(network, q);
  if (!q.converged) fail(ExitCode::numerics, "the power flow does not converge in this state");
}

}  // namespace

void add_solve(CLI::App& app, Common& common) {
  auto a = std::make_shared<SolveArguments>();
  CLI::App* c = app.add_subcommand(
      "solve", "Evaluate one state of a feeder over a day: which limits are violated, where and when");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("--der", a->der, "PV at a bus, BUS=KW; may be repeated");
  c->add_option("--upgrade", a->upgrades, "an upgraded line; may be repeated");
  c->add_option("--monitors", a->monitors, "all, a list of the feeder, or buses with commas")->capture_default_str();
  c->add_option("--precision", a->precision, "float or double")
      ->check(one_of({"float", "double"}))
      ->type_name("WORD")
      ->capture_default_str();
  c->add_option("--voltages", a->voltages,
                "write voltages [step, node] and taps [step, regulator], always AC's, to this HDF5 file");
  add_model(*c, a->model);
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { solve(*a, common); });
}

}  // namespace gridqueue
