#include "host/results/allocation.hpp"

#include "gridqueue/contracts.hpp"
#include "host/allocate/rule_distance.hpp"
#include "host/results/group.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {
namespace {

OrderOutcome outcome(const ResultsReader& reader, const std::string& path) {
  const ResultsInfo& info = reader.info();
  if (info.provenance.order_method == "all" && !info.complete)
    fail_input("'{}' does not hold all orders yet (its run was interrupted); go on with gridqueue run --resume", path);
  if (info.provenance.order_method == "all")
    return outcome_of(reader.distribution(), reader.final_states(), reader.order_gap_usd());
  if (info.committed == 0)
    fail_input("'{}' has no order to share the costs of (its run was interrupted); go on with gridqueue run --resume",
               path);
  return outcome_of(reader.statistics(),
                    info.provenance.order_method == "random" ? OrderSource::random : OrderSource::given,
                    reader.final_states(), reader.order_gap_usd());
}

void put_units(Group& g, const StudySharing& s) {
  const std::size_t n = s.table.units.size();
  const auto put = [&](const char* name, const char* unit, const char* meaning, auto of) {
    std::vector<double> values;
    for (const SharingUnit& u : s.table.units) values.push_back(of(u));
    g.put(name, values, {n}, {"unit"}, unit, meaning);
  };
  put("mean_usd", "USD", "mean over orders of what the unit pays as the trigger",
      [](const SharingUnit& u) { return u.trigger.mean; });
  put("sd_usd", "USD", "standard deviation over orders", [](const SharingUnit& u) { return u.trigger.sd; });
  put("min_usd", "USD", "smallest over orders", [](const SharingUnit& u) { return u.trigger.min; });
  put("max_usd", "USD", "largest over orders", [](const SharingUnit& u) { return u.trigger.max; });
  put("accepted_probability", "1", "probability over orders that the unit is let in",
      [](const SharingUnit& u) { return u.accepted; });
  put("hosting_before_kw", "kW", "hosting capacity at the unit's bus before the upgrades; NaN = not searched",
      [](const SharingUnit& u) { return u.hc0; });
  put("hosting_after_kw", "kW", "the same after the upgrades of the most probable final set of lines",
      [](const SharingUnit& u) { return u.hc1; });
  put("induced_usd", "USD", "cost induced by the unit's row, mean over final states; NaN = no program",
      [](const SharingUnit& u) { return u.induced_usd; });
  put("spread_usd", "USD", "the same with the limits' and bounds' columns spread over the units",
      [](const SharingUnit& u) { return u.balanced_usd.value_or(kNotKnown); });
}

void put_rules(Group& g, const StudySharing& s) {
  const std::size_t n = s.table.units.size(), rules = s.table.rules.size();
  std::vector<std::string> name, missing;
  std::vector<double> usd, per_kw, low, high, distance;
  for (const RuleShares& r : s.table.rules) {
    name.emplace_back(rule_name(r.rule, s.table.gap));
    missing.push_back(r.missing);
    distance.push_back(distance_from_shapley(s.table, r));
    for (std::size_t u = 0; u < n; ++u) {
      const Share x = r.available() ? r.shares[u] : Share{kNotKnown, kNotKnown, kNotKnown};
      usd.push_back(x.usd), per_kw.push_back(x.usd / s.table.units[u].kw), low.push_back(x.low), high.push_back(x.high);
    }
  }
  g.put("rule_name", name, {rules}, {"rule"}, "", "sharing rule");
  g.put("missing", missing, {rules}, {"rule"}, "", "why the rule has no answer; empty = it has one");
  g.put("distance_from_shapley", distance, {rules}, {"rule"}, "1",
        "part of the bill that would have to change hands; trigger: of one order's bill, mean over orders");
  g.put("share_usd", usd, {rules, n}, {"rule", "unit"}, "USD",
        "the unit's share; a negative one is paid to it; NaN = no answer");
  g.put("share_usd_per_kw", per_kw, {rules, n}, {"rule", "unit"}, "USD/kW", "the same per kW");
  g.put("share_low_usd", low, {rules, n}, {"rule", "unit"}, "USD",
        "trigger: smallest over orders; mean over orders: low end of the 95 % interval; else NaN");
  g.put("share_high_usd", high, {rules, n}, {"rule", "unit"}, "USD",
        "trigger: largest over orders; mean over orders: high end of the 95 % interval; else NaN");
}

void put_programs(Group& g, const StudySharing& s) {
  const std::size_t n = s.table.units.size(), programs = s.programs.size();
  std::vector<std::int64_t> state;
  std::vector<double> probability, built, cost, limits, bounds, induced;
  std::vector<std::string> failed;
  for (const EndProgram& p : s.programs) {
    const bool ok = p.failed.empty();
    state.push_back(p.end.state.value);
    probability.push_back(p.end.probability);
    built.push_back(p.built_usd);
    failed.push_back(p.failed);
    cost.push_back(ok ? p.cost_usd : kNotKnown);
    limits.push_back(ok ? p.allocation.limits_usd : kNotKnown);
    bounds.push_back(ok ? p.allocation.bounds_usd : kNotKnown);
    for (std::size_t u = 0; u < n; ++u) induced.push_back(ok ? p.allocation.unit_usd[u] : kNotKnown);
  }
  g.put("program_state", state, {programs}, {"program"}, "1", "final state of the linear program, row of /state");
  g.put("program_probability", probability, {programs}, {"program"}, "1", "probability that an order ends there");
  g.put("program_built_usd", built, {programs}, {"program"}, "USD", "cost of the lines built there");
  g.put("program_cost_usd", cost, {programs}, {"program"}, "USD", "what the linear program costs");
  g.put("program_limits_usd", limits, {programs}, {"program"}, "USD", "cost induced by the limits' rows");
  g.put("program_bounds_usd", bounds, {programs}, {"program"}, "USD", "cost induced by the bounds of lines");
  g.put("program_induced_usd", induced, {programs, n}, {"program", "unit"}, "USD",
        "cost induced by the unit's row; 0 = rejected there");
  g.put("program_failed", failed, {programs}, {"program"}, "", "why the program has no answer; empty = it has one");
  const ProgramMeans means = program_means(s);
  if (means.columns.empty()) return;
  std::vector<std::string> name;
  std::vector<double> usd;
  for (const LimitColumn& c : means.columns) name.push_back(c.name), usd.push_back(c.usd);
  g.dimension("column", name.size());
  g.put("column_name", name, {name.size()}, {"column"}, "", "a limit's row or a line's bound in the linear programs");
  g.put("column_usd", usd, {usd.size()}, {"column"}, "USD",
        "what it induces, mean over final states; negative: room that is there for nothing");
}

}  // namespace

StudySharing share_results(const std::string& path, Evaluator& evaluator, const UpgradeRules& upgrades,
                           const SharingOptions& options) {
  const ResultsReader reader(path);
  StudyOrders study{{}, upgrades, outcome(reader, path)};
  const ResultsInfo& info = reader.info();
  for (std::size_t u = 0; u < info.unit_bus.size(); ++u) {
    const auto bus = evaluator.network().find_bus(info.unit_bus[u]);
    if (!bus)
      fail_input("'{}' has a unit at bus '{}', which feeder {} does not have", path, info.unit_bus[u],
                 evaluator.network().name);
    study.queue.units.push_back({*bus, info.unit_kw[u]});
  }
  return share_study(evaluator, study, options);
}

void write_allocation(const std::string& path, const StudySharing& s) {
  auto file = h5::File::open(path, true);
  file.remove(kAllocationGroup);
  Group g(file, kAllocationGroup);
  g.dimension("unit", s.table.units.size());
  g.dimension("rule", s.table.rules.size());
  put_units(g, s);
  put_rules(g, s);
  if (!s.programs.empty()) {
    g.dimension("program", s.programs.size());
    put_programs(g, s);
  }
  static constexpr const char* kSource[] = {"all", "random", "given"};
  file.attribute<std::string>(kAllocationGroup, "orders", kSource[static_cast<int>(s.source)]);
  const OrderCost& t = s.table.total;
  for (const auto& [name, value] : {std::pair("total_mean_usd", t.mean),
                                    {"total_sd_usd", t.sd},
                                    {"total_min_usd", t.min},
                                    {"total_max_usd", t.max}})
    file.attribute<double>(kAllocationGroup, name, value);
  file.attribute<double>(kAllocationGroup, "hosting_probability", s.hosting_probability);
  file.flush();
}

std::vector<std::string> allocated_rules(const h5::File& file) {
  return file.exists("/allocation/rule_name") ? file.read<std::string>("/allocation/rule_name")
                                              : std::vector<std::string>();
}

}  // namespace gridqueue
