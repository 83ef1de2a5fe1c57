// gridqueue solve: one evaluation.
#include <fmt/ranges.h>

#include <cmath>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"
#include "host/model/check_remark.hpp"
#include "host/outcome/observed.hpp"
#include "host/present/state_json.hpp"

namespace gridqueue {
namespace {

void print(const Observed& o, bool linear) {
  for (const LimitInfo& l : kLimits)
    if (const ObservedLimit& q = o[l.bit]; l.value && !std::isnan(q.value))
      fmt::print("{:<23} {:9.{}f} {:<3} {} {}\n", l.label, q.value, l.decimals, l.symbol, q.place, q.time);
  fmt::print("regulator taps          {} to {}\n", o.taps_min, o.taps_max);
  if (linear) fmt::print("answered by             the linearized feeder\n");
  fmt::print("limits violated         {}\n",
             o.violations ? fmt::format("{}", fmt::join(limit_names(o.violations), ", ")) : "none");
  for (const std::string& line : describe_violations(o, o.violations)) fmt::print("  {}\n", line);
}

void write_voltages(const Network& n, const DayTrace& day, const std::string& path) {
  std::vector<std::string> nodes, regulators;
  std::vector<std::size_t> column;  // of each node
  std::size_t all = 0;
  for (std::size_t b = 0; b < n.buses.size(); ++b)
    for (int i = 0; i < n.buses[b].num_nodes; ++i, ++all)
      if (!n.buses[b].inner) nodes.push_back(node_name(n, NodeId(BusId(b), i))), column.push_back(all);
  for (const Regulator& r : n.regulators) regulators.push_back(r.name);
  const std::size_t steps = day.voltage.size() / all;
  std::vector<Complex> voltage;
  for (std::size_t k = 0; k < steps; ++k)
    for (std::size_t c : column) voltage.push_back(day.voltage[k * all + c]);
  if (steps < n.num_steps())
    log_warn("'{}' ends after {} of {} steps: the power flow finds no solution there", path, steps, n.num_steps());
  auto file = h5::File::create(path);
  file.write<Complex>("/voltage", std::span<const Complex>(voltage), {steps, nodes.size()});
  file.attribute<std::string>("/voltage", "units", "V");
  const std::vector<std::int32_t> taps(day.tap.begin(), day.tap.end());
  file.write<std::int32_t>("/tap", std::span<const std::int32_t>(taps), {steps, regulators.size()});
  file.write("/node", nodes);
  file.write("/regulator", regulators);
}

}  // namespace

void commands::solve(const SolveArguments& a, const Common& common) {
  if (a.steps && !common.json) fail_input("--steps needs --json (it has every step; --voltages writes them to a file)");
  if (!a.voltages.empty()) check_output(a.voltages, a.feeder);
  const Network network = read_feeder(a.feeder);
  EvaluatorOptions options;
  options.monitors = parse_monitors(network, a.monitors);
  options.limits = parse_limits(a.limits);
  options.precision = exact_precision(network, a.precision == "double" ? Precision::dual : Precision::single);
  set_backend(options, common, 1);
  StateBatch state;
  state.upgrade_sets = {parse_upgrades(network, a.upgrades)};
  for (const auto& [site, kw] : parse_der(network, a.der)) state.add_der(site, kw);
  options.sites = state.der_site;
  state.finish_state(UpgradeSetId(0));
  const auto evaluator = make_evaluator(network, options);
  warn_of_bands(network, options.sites);
  warn_of_difference(network);
  std::unique_ptr<LinearEvaluator> linear;
  const std::vector<Quantities> answers = choose_model(*evaluator, a.model, linear).evaluate(state);
  const Quantities& q = answers.front();
  if (q.linear) log_difference(*evaluator, state, answers);
  std::optional<DayTrace> day;
  if (!a.voltages.empty() || a.steps || !q.converged) day = evaluator->trace(state);
  const bool unsolved = day && day->unsolved;
  if (!a.voltages.empty()) write_voltages(network, *day, a.voltages);
  if (common.json)
    fmt::print("{}\n", observed_json(network, observe(network, q), q.linear, a.voltages, a.steps ? &*day : nullptr));
  else print(observe(network, q), q.linear);
  if (unsolved) fail(ExitCode::numerics, "the power flow of this state {}", describe(network, *day->unsolved));
  if (!q.converged) fail(ExitCode::numerics, "the power flow does not converge in this state");
}

}  // namespace gridqueue
