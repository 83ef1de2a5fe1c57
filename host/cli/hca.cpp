// gridqueue hca: independent hosting capacity.
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "host/cli/command.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hosting/hosting_capacity.hpp"
#include "host/model/check_remark.hpp"
#include "host/present/state_json.hpp"

namespace gridqueue {
namespace {

constexpr double kRounds = 20;  // a search doubles a few times, then halves from some 1000 kW to 0.1 kW

//! By the model asked for.
std::vector<HostingCapacity> find_capacities(Evaluator& ac, const std::vector<HostingQuery>& queries,
                                             const std::vector<Upgrades>& sets, const HcaArguments& a) {
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

//! Those that are named, else those of the phases that are asked for.
std::vector<UnitSite> chosen_sites(const Network& network, const HcaArguments& a) {
  if (!a.buses.empty() && a.phases != "3")
    fail(ExitCode::usage, "--phases chooses buses where --buses names none; leave one of them out");
  std::vector<UnitSite> sites;
  for (const auto& name : a.buses) sites.push_back(parse_site(network, name, "--buses"));
  if (!sites.empty()) return sites;
  const bool few = a.phases == "1";  // buses of one or two phases
  for (UnitSite site : sites_of_kind(network, a.phases == "3" ? SiteKind::three_phase : SiteKind::any))
    if (!few || std::popcount(bus_phases(network.buses[site.bus.index()])) < 3) sites.push_back(site);
  std::string left_out;
  sites = where_units_stand(network, sites, left_out);
  if (!left_out.empty()) log_warn("{}", left_out);
  if (sites.empty())
    fail_input("feeder {} has no buses for --phases {}; {}name some with --buses", network.name, a.phases,
               a.phases == "3" ? "choose others by --phases 1 or any, or " : "");
  return sites;
}

std::vector<BusCapacity> capacities_at(const Network& network, const std::vector<UnitSite>& sites,
                                       const std::vector<HostingCapacity>& found) {
  std::vector<BusCapacity> capacities;
  for (std::size_t i = 0; i < sites.size(); ++i)
    capacities.push_back({site_name(network, sites[i]), found[i].kw,
                          found[i].unlimited ? std::vector<std::string>{"none found"} : limit_names(found[i].limits)});
  return capacities;
}

//! Says where the first search that ends at a state without solution has none.
void tell_unsolved(Evaluator& ac, const std::vector<HostingQuery>& queries, const std::vector<Upgrades>& sets,
                   const std::vector<HostingCapacity>& found, std::vector<BusCapacity>& capacities) {
  const auto first = std::ranges::find_if(
      found, [](const HostingCapacity& c) { return !c.unlimited && (c.limits & limit_convergence) != 0; });
  if (first == found.end()) return;
  const auto i = static_cast<std::size_t>(first - found.begin());
  StateBatch state;
  state.upgrade_sets = sets;
  add_query(state, queries[i], first->violating_kw);
  const DayTrace day = ac.trace(state);
  if (!day.unsolved) return;  // in double precision, or in AC, it has one
  capacities[i].unsolved = describe(ac.network(), *day.unsolved);
  log_warn("with {:.1f} kW at '{}' the power flow {}", first->violating_kw, capacities[i].bus, capacities[i].unsolved);
}

//! Of kW, down: what is printed shall fit.
double tenths(double kw) { return std::floor(kw * 10) / 10; }

void print_capacities(const std::vector<BusCapacity>& capacities, const std::string& search, bool regulated) {
  fmt::print("{:<14} {:>12}  {}\n", "bus", "kW", "limit");
  for (const BusCapacity& c : capacities)
    fmt::print("{:<14} {:>12.1f}  {}\n", c.bus, tenths(c.kw), fmt::join(c.limits, ", "));
  if (!regulated) return;
  fmt::print(
      "\nBehind a regulator capacities are not monotone in kW: a value belongs to its search path (--search {}).\n",
      search);
}

}  // namespace

void commands::hca(HcaArguments a, const Common& common) {
  const Network network = read_feeder(a.feeder);
  EvaluatorOptions options;
  options.monitors = parse_monitors(network, a.monitors);
  options.limits = parse_limits(a.limits);
  options.precision = exact_precision(network, a.precision == "double" ? Precision::dual : Precision::single);
  const std::vector<UnitSite> sites = chosen_sites(network, a);
  a.options.method = a.search == "first" ? SearchMethod::first : SearchMethod::bisect;
  const auto der = parse_der(network, a.der);
  std::vector<HostingQuery> queries;
  for (UnitSite site : sites) queries.push_back({der, UpgradeSetId(0), site});
  options.sites = sites;
  options.only_sites = true;
  for (const auto& [site, kw] : der) options.sites.push_back(site);
  set_backend(options, common, kRounds * static_cast<double>(sites.size()));
  warn_of_bands(network, options.sites);
  warn_of_difference(network);
  const std::vector<Upgrades> sets{parse_upgrades(network, a.upgrades)};
  const auto capacities = on_what_works(options.backend == Backend::automatic, [&](bool takes_over) {
    if (takes_over) options.backend = Backend::cpu;
    const auto evaluator = make_evaluator(network, options);
    const auto found = find_capacities(*evaluator, queries, sets, a);
    auto all = capacities_at(network, sites, found);
    tell_unsolved(*evaluator, queries, sets, found, all);
    return all;
  });
  if (common.json) fmt::print("{}\n", capacities_json(capacities, a.model));
  else print_capacities(capacities, a.search, !network.regulators.empty());
}

}  // namespace gridqueue
