// gridqueue solve: one evaluation.
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"
#include "host/outcome/observed.hpp"

namespace gridqueue {
namespace {

struct SolveArguments {
  std::string feeder, monitors = "all", precision = "float", voltages;
  std::vector<std::string> der, upgrades;
  PowerFlow model = PowerFlow::ac;
};

nlohmann::ordered_json to_json(const Observed& o, bool linear) {
  nlohmann::ordered_json json{{"model", linear ? "linear" : "ac"}, {"converged", o.converged}};
  const auto each = [&](const auto& add) {
    for (const LimitInfo& l : kLimits)
      if (l.value) add(l, o[l.bit]);
  };
  each([&](const LimitInfo& l, const ObservedLimit& q) { json[l.value] = q.value, json[l.place] = q.place; });
  json["island_ok"] = (o.violations & limit_island) == 0;
  json["violations"] = limit_names(o.violations);
  json["taps_min"] = o.taps_min;
  json["taps_max"] = o.taps_max;
  each([&](const LimitInfo& l, const ObservedLimit& q) {
    json[l.excess] = q.excess, json[l.excess_place] = q.excess_place;
  });
  return json;
}

void print(const Observed& o, bool linear) {
  for (const LimitInfo& l : kLimits)
    if (const ObservedLimit& q = o[l.bit]; l.value)
      fmt::print("{:<23} {:9.{}f} {:<3} {} {}\n", l.label, q.value, l.decimals, l.symbol, q.place, clock_time(q.step));
  fmt::print("regulator taps          {} to {}\n", o.taps_min, o.taps_max);
  if (linear) fmt::print("answered by             the linearized feeder\n");
  fmt::print("limits violated         {}\n",
             o.violations ? fmt::format("{}", fmt::join(limit_names(o.violations), ", ")) : "none");
  for (const std::string& line : describe_violations(o, o.violations)) fmt::print("  {}\n", line);
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
  if (common.json) fmt::print("{}\n", to_json(observe(network, q), q.linear).dump(2));
  else print(observe(network, q), q.linear);
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
