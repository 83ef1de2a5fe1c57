// gridqueue info, show: what is in a file, readable.
#include <fmt/ranges.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/core/text.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"
#include "host/outcome/observed.hpp"
#include "host/present/results_report.hpp"
#include "host/results/allocation.hpp"

namespace gridqueue {
namespace {

void describe_feeder(const std::string& path) {
  const Network n = read_feeder(path);
  int lines = 0, upgradable = 0, nodes = 0;
  for (const Bus& b : n.buses) {
    nodes += b.inner ? 0 : b.num_nodes;
    lines += b.branch.kind == BranchKind::line;
    upgradable += b.branch.upgradable;
  }
  double drawn = 0, generated = 0;  // at a shape's value of 1, where loads of negative power generate
  int loads = 0, generators = 0;
  for (const Load& l : n.loads) {
    if (generates(l.model) || l.kw < 0) generated -= l.kw, ++generators;
    else drawn += l.kw, ++loads;
  }
  fmt::print("feeder {}\n", n.name);
  fmt::print("  {} buses, {} nodes, {} lines ({} upgradable), {} regulators, {} capacitors, {} reclosers\n",
             n.num_buses(), nodes, lines, upgradable, n.regulators.size(), n.capacitors.size(), n.reclosers.size());
  fmt::print("  {:.0f} kW of load on {} nodes{}, {} steps of {:.0f} s, {} candidate buses\n", drawn, loads,
             generators == 0 ? "" : fmt::format(", {:.0f} kW of generation on {}", generated, generators),
             n.num_steps(), n.step_s, n.candidate_buses.size());
  if (n.days.size() > 1 || n.days[0].start_hour != 0) {
    fmt::print("  days:");
    for (const Day& day : n.days) fmt::print(" from hour {:g} (step {})", day.start_hour, day.first_step);
    fmt::print("\n");
  }
  int unknown = 0;
  for (const Bus& b : n.buses) unknown += Network::lacks_cost(b.branch);
  if (unknown > 0) fmt::print("  {} upgradable lines have a length without a unit: their cost is not known\n", unknown);
  fmt::print("  monitor lists: all");
  for (const auto& [name, buses] : n.monitor_lists) fmt::print(", {} ({} buses)", name, buses.size());
  const BaseCase& b = n.base_case;
  fmt::print(
      "\n  base case (OpenDSS): voltage change {:.4f} % at {}, voltage {:.5f} ({}) to {:.5f} pu ({}), loading {:.2f} % "
      "({})\n",
      b.vdiff_pct, b.vdiff_bus, b.vmin_pu, b.vmin_node, b.vmax_pu, b.vmax_node, b.emergency_pct, b.emergency_element);
  if (const ImportCheck& c = n.check; c.days > 0)
    fmt::print("  checked against OpenDSS over {} day{}: voltages within {:.2g} pu, {} of {} taps differ\n", c.days,
               c.days == 1 ? "" : "s", c.voltage_pu, c.wrong_taps, c.taps);
  fmt::print("  origin: {}\n  licence: {}\n  checksum of the source files: {}\n", n.origin,
             n.licence.substr(0, n.licence.find('\n')), n.checksum);
}

std::string orders_of(const ResultsInfo& i) {
  const Provenance& p = i.provenance;
  if (i.source() == OrderSource::all) return "all orders";
  const std::string how = fmt::format("{}{}, seed {}{}", p.antithetic ? "antithetic " : "", p.order_method, p.seed,
                                      p.until.empty() ? "" : ", until " + p.until);
  if (i.one_queue) return fmt::format("{} of {} orders ({})", i.committed, p.orders, how);
  return fmt::format("{} orders ({})", p.orders, how);
}

//! Of one queue.
std::string kept_text(const ResultsInfo& i) {
  if (i.provenance.keep == Kept::summary) return "what they come to, ";
  return fmt::format("{} states, {} steps, {} sets of upgraded lines, ", i.states, i.steps, i.upgrade_sets);
}

void describe_results(const std::string& path) {
  const ResultsReader reader(path);
  const ResultsInfo& i = reader.info();
  const Provenance& p = i.provenance;
  fmt::print("results of gridqueue {} (commit {}): {}\n", p.program_version, p.commit, p.command_line);
  fmt::print("  feeder {} ({})\n  model {} in {}, backend {} on {}\n", p.feeder, p.feeder_checksum.substr(0, 12),
             p.model, p.precision, p.backend, p.device);
  const char* interrupted = i.complete ? "" : ", interrupted";
  if (i.one_queue) fmt::print("  {} of {} units{}\n  {}", orders_of(i), i.unit_site.size(), interrupted, kept_text(i));
  else fmt::print("  {} of {} random queues, {} of each{}\n  ", i.committed, i.queues, orders_of(i), interrupted);
  fmt::print("{} evaluations (one order at a time: {})\n", i.evaluations, i.evaluations_asked);
}

void show_walk(const std::string& path, std::uint64_t order) {
  static constexpr const char* kDecision[] = {"accepted", "upgrades", "rejected"};
  const ResultsReader reader(path);
  double total = 0;
  int position = 0;
  const auto walk = reader.walk(order);
  fmt::print("order {} of '{}'\n\n", order, path);
  for (const WalkStep& s : walk) {
    fmt::print("{:>3}  {:<12} {:>7.0f} kW  {}", ++position, s.name, s.kw, kDecision[static_cast<int>(s.decision)]);
    if (!std::isnan(s.hosting_kw)) fmt::print("  (hosting capacity {:.1f} kW)", s.hosting_kw);
    fmt::print("\n");
    for (const auto& text : describe_violations(s.added, s.limits)) fmt::print("     violates {}\n", text);
    for (const BuiltLine& l : s.lines) fmt::print("     builds {:<20} {:>14}\n", l.name, money_text(l.cost_usd));
    if (s.cost_usd > 0) fmt::print("     {} pays {}\n", s.name, money_text(s.cost_usd));
    total += s.cost_usd;
  }
  fmt::print("\ntotal {}\n", money_text(total));
}

void show_summary(const std::string& path, bool json) {
  const ResultsReader results(path);
  if (results.queues() == 0)
    fail_input("'{}' has nothing to show yet (its run was interrupted); go on with gridqueue run --resume", path);
  report_results(results, json);
  if (const auto rules = allocated_rules(h5::File::open(path)); !rules.empty() && !json)
    fmt::print("Shares by {} are in the file (/allocation).\n", fmt::join(rules, ", "));
}

}  // namespace

void commands::info(const std::string& path) {
  const auto file = h5::File::open(path);
  if (file.exists("/queue") || file.exists("/order")) describe_results(path);  // the latter: of version 1
  else describe_feeder(path);
  if (const auto rules = allocated_rules(file); !rules.empty()) fmt::print("  shares by {}\n", fmt::join(rules, ", "));
}

void commands::show(const ShowArguments& a, const Common& common) {
  if (a.order) show_walk(a.results, *a.order);
  else if (a.queue) report_queue(ResultsReader(a.results), *a.queue, common.json);
  else show_summary(a.results, common.json);
}

}  // namespace gridqueue
