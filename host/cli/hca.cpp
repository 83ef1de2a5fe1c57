// gridqueue hca: independent hosting capacity.
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/option_check.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hosting/hosting_capacity.hpp"

namespace gridqueue {
namespace {

struct HcaArguments {
  std::string feeder, monitors = "all", precision = "float", search = "bisect";
  std::vector<std::string> buses, der, upgrades;
  HostingSearchOptions options;
  PowerFlow model = PowerFlow::ac;
};

constexpr double kRounds = 20;  // a search doubles a few times, then halves from some 1000 kW to 0.1 kW

//! By the model asked for.
std::vector<HostingCapacity> find_capacities(Evaluator& ac, const std::vector<HostingQuery>& queries,
                                             const std::vector<std::vector<BusId>>& sets, const HcaArguments& a) {
  std::unique_ptr<LinearEvaluator> linear;
  Evaluator& evaluator = choose_model(ac, a.model, linear);
  auto found = hosting_capacities(evaluator, queries, sets, a.options);
  if (a.model == PowerFlow::ac) return found;
  StateBatch states;
  states.upgrade_sets = sets;
  for (std::size_t i = 0; i < queries.size(); ++i) add_query(states, queries[i], found[i].kw);
  log_difference(ac, states, evaluator.evaluate(states));
  return found;
}

void hca(HcaArguments a, const Common& common) {
  const Network network = read_feeder(a.feeder);
  EvaluatorOptions options;
  options.monitors = parse_monitors(network, a.monitors);
  options.precision = a.precision == "double" ? Precision::dual : Precision::single;
  std::vector<BusId> buses = network.candidate_buses;
  if (!a.buses.empty()) buses.clear();
  for (const auto& name : a.buses) buses.push_back(parse_three_phase_bus(network, name, "--buses"));
  a.options.method = a.search == "first" ? SearchMethod::first : SearchMethod::bisect;
  const auto der = parse_der(network, a.der);
  std::vector<HostingQuery> queries;
  for (BusId b : buses) queries.push_back({der, UpgradeSetId(0), b});
  set_backend(options, common, kRounds * static_cast<double>(buses.size()));
  const auto evaluator = make_evaluator(network, options);
  const std::vector<std::vector<BusId>> sets{parse_upgrades(network, a.upgrades)};
  const auto found = find_capacities(*evaluator, queries, sets, a);
  nlohmann::ordered_json list = nlohmann::json::array();
  if (!common.json) fmt::print("{:<14} {:>12}  {}\n", "bus", "kW", "limit");
  for (std::size_t i = 0; i < buses.size(); ++i) {
    const std::string& name = network.buses[buses[i].index()].name;
    const auto limits = found[i].unlimited ? std::vector<std::string>{"none found"} : limit_names(found[i].limits);
    if (common.json) {
      list.push_back({{"bus", name}, {"kw", found[i].kw}, {"limit", limits}});
      if (a.model != PowerFlow::ac) list.back()["model"] = power_flow_name(a.model);
    } else {
      fmt::print("{:<14} {:>12.1f}  {}\n", name, found[i].kw, fmt::join(limits, ", "));
    }
  }
  if (common.json) fmt::print("{}\n", list.dump(2));
  else
    fmt::print(
        "\nBehind a regulator capacities are not monotone in kW: a value belongs to its search path (--search {}).\n",
        a.search);
}

}  // namespace

void add_hca(CLI::App& app, Common& common) {
  auto a = std::make_shared<HcaArguments>();
  CLI::App* c = app.add_subcommand("hca", "Hosting capacity of each bus on its own");
  c->add_option("feeder", a->feeder, "feeder file (.h5)")->required();
  c->add_option("--buses", a->buses, "buses (default: every three-phase bus that carries nothing)")->delimiter(',');
  c->add_option("--der", a->der, "PV that is already there, BUS=KW; may be repeated");
  c->add_option("--upgrade", a->upgrades, "a line that is already upgraded; may be repeated");
  c->add_option("--monitors", a->monitors, "all, a list of the feeder, or buses with commas")->capture_default_str();
  c->add_option("--precision", a->precision, "float or double")
      ->check(one_of({"float", "double"}))
      ->type_name("WORD")
      ->capture_default_str();
  c->add_option("--tolerance-kw", a->options.tolerance_kw, "width of the final bracket")
      ->transform(number_between(1e-3, 1e4))
      ->type_name("KW")
      ->capture_default_str();
  c->add_option("--search", a->search,
                "bisect (doubling from 100 kW) or first (smallest violating size on a 10 kW grid)")
      ->check(one_of({"bisect", "first"}))
      ->type_name("WORD")
      ->capture_default_str();
  add_model(*c, a->model);
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common] { hca(*a, common); });
}

}  // namespace gridqueue
