#include "host/results/queues_allocation.hpp"

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "host/allocate/rule_distance.hpp"
#include "host/results/allocation.hpp"
#include "host/results/group.hpp"
#include "host/results/queues_reader.hpp"

namespace gridqueue {
namespace {

constexpr std::size_t kTogether = 64;  // queues whose programs and searches advance together; changes no result

OrderOutcome outcome_of(const QueueOutcome& q, const Provenance& from) {
  const bool all = from.order_method == "all";
  const std::uint64_t clusters = all ? 0 : from.orders / (from.antithetic ? 2 : 1);
  OrderOutcome o{all ? OrderSource::all : OrderSource::random, {}, {}, {}, q.ends, q.lines, q.lines_probability};
  const auto half_width = [&](double standard_error) { return all ? 0 : student95(clusters - 1) * standard_error; };
  double total = 0;
  for (const QueueUnit& u : q.units) {
    o.unit.push_back({u.mean_usd, u.sd_usd, u.min_usd, u.max_usd, half_width(u.mean_se_usd), u.deviation_usd});
    o.accepted.push_back(1 - u.reject_probability);
    total += u.mean_usd;
  }
  o.total = {total, q.total.sd_usd, q.total.min_usd, q.total.max_usd,
             half_width(q.total.mean_se_usd)};  // the units' sum to the last bit
  o.order_gap_usd = q.total.order_gap_usd;
  return o;
}

//! Numbers of every queue, side by side; a shorter queue's missing units are NaN.
class Tables {
 public:
  Tables(Group& group, const std::vector<StudySharing>& queues)
      : group_(group), queues_(queues), rules_(queues.front().table.rules.size()) {
    for (const StudySharing& s : queues) units_ = std::max(units_, s.table.units.size());
    group.dimension("queue", queues.size());
    group.dimension("rule", rules_);
    group.dimension("unit", units_);
  }

  void of_rules(const char* name, const char* meaning, auto text) {
    std::vector<std::string> values;
    for (const StudySharing& s : queues_)
      for (const RuleShares& r : s.table.rules) values.push_back(text(r));
    group_.put(name, values, {queues_.size(), rules_}, {"queue", "rule"}, "", meaning);
  }
  void of_distances(const char* name, const char* meaning) {
    std::vector<double> values;
    for (const StudySharing& s : queues_)
      for (const RuleShares& r : s.table.rules) values.push_back(distance_from_shapley(s.table, r));
    group_.put(name, values, {queues_.size(), rules_}, {"queue", "rule"}, "1", meaning);
  }
  void of_shares(const char* name, const char* unit, const char* meaning, auto get) {
    std::vector<double> values;
    for (const StudySharing& s : queues_)
      for (const RuleShares& r : s.table.rules)
        for (std::size_t u = 0; u < units_; ++u)
          values.push_back(r.available() && u < r.shares.size() ? get(r.shares[u], s.table.units[u]) : kNotKnown);
    group_.put(name, values, {queues_.size(), rules_, units_}, {"queue", "rule", "unit"}, unit, meaning);
  }
  void of_units(const char* name, const char* unit, const char* meaning, auto get) {
    std::vector<double> values;
    for (const StudySharing& s : queues_)
      for (std::size_t u = 0; u < units_; ++u)
        values.push_back(u < s.table.units.size() ? get(s.table.units[u]) : kNotKnown);
    group_.put(name, values, {queues_.size(), units_}, {"queue", "unit"}, unit, meaning);
  }
  void of_queues(const char* name, const char* unit, const char* meaning, auto get) {
    std::vector<double> values;
    for (const StudySharing& s : queues_) values.push_back(get(s));
    group_.put(name, values, {queues_.size()}, {"queue"}, unit, meaning);
  }

 private:
  Group& group_;
  const std::vector<StudySharing>& queues_;
  std::size_t rules_, units_ = 0;
};

void put_programs(Tables& t) {
  t.of_units("induced_usd", "USD", "cost induced by the unit's row, mean over final states; NaN = no program",
             [](const SharingUnit& u) { return u.induced_usd; });
  t.of_units("spread_usd", "USD", "the same with the limits' and bounds' columns spread over the units",
             [](const SharingUnit& u) { return u.balanced_usd.value_or(kNotKnown); });
  const auto mean = [&t](const char* name, const char* unit, const char* meaning, double ProgramMeans::*value) {
    t.of_queues(name, unit, meaning, [value](const StudySharing& s) {
      const ProgramMeans m = program_means(s);
      return m.solved ? m.*value : kNotKnown;
    });
  };
  mean("program_probability", "1", "probability of the final states that have a linear program",
       &ProgramMeans::probability);
  mean("program_built_usd", "USD", "cost of the lines built there, mean", &ProgramMeans::built_usd);
  mean("program_cost_usd", "USD", "what the linear programs cost, mean", &ProgramMeans::cost_usd);
  mean("program_limits_usd", "USD", "cost induced by the limits' rows, mean", &ProgramMeans::limits_usd);
  mean("program_bounds_usd", "USD", "cost induced by the bounds of lines, mean", &ProgramMeans::bounds_usd);
}

}  // namespace

std::vector<StudySharing> share_queues(const std::string& path, Evaluator& evaluator, const UpgradeRules& upgrades,
                                       const SharingOptions& options,
                                       const std::function<void(std::size_t done, std::size_t all)>& tell) {
  const QueuesReader reader(path);
  const std::uint64_t all = reader.info().run.committed;
  if (all == 0)
    fail_input("'{}' has no queue to share the costs of (its run was interrupted); go on with gridqueue run --resume",
               path);
  std::vector<StudySharing> shared;
  while (shared.size() < all) {
    std::vector<StudyOrders> studies;
    for (const QueueOutcome& q :
         reader.queues(shared.size(), std::min<std::uint64_t>(kTogether, all - shared.size()))) {
      StudyOrders study{{}, upgrades, outcome_of(q, reader.info().run.provenance)};
      for (const QueueUnit& u : q.units) study.queue.units.push_back({u.bus, u.kw});
      studies.push_back(std::move(study));
    }
    for (StudySharing& s : share_studies(evaluator, studies, options)) {
      for (EndProgram& p : s.programs) p.allocation.report = {};
      shared.push_back(std::move(s));
    }
    if (tell) tell(shared.size(), all);
  }
  return shared;
}

void write_queues_allocation(const std::string& path, const std::vector<StudySharing>& queues) {
  GQ_EXPECT(!queues.empty());
  auto file = h5::File::open(path, true);
  file.remove(kAllocationGroup);
  Group g(file, kAllocationGroup);
  Tables t(g, queues);
  std::vector<std::string> names;
  for (const RuleShares& r : queues.front().table.rules) names.emplace_back(rule_name(r.rule, common_gap(queues)));
  g.put("rule_name", names, {names.size()}, {"rule"}, "", "sharing rule");
  t.of_rules("missing", "why the rule has no answer; empty = it has one",
             [](const RuleShares& r) { return r.missing; });
  t.of_distances("distance_from_shapley",
                 "part of the bill that would have to change hands; trigger: of one order's bill, mean over orders");
  using S = Share;
  using U = SharingUnit;
  t.of_shares("share_usd", "USD", "the unit's share; a negative one is paid to it; NaN = no answer, or a shorter queue",
              [](const S& s, const U&) { return s.usd; });
  t.of_shares("share_usd_per_kw", "USD/kW", "the same per kW", [](const S& s, const U& u) { return s.usd / u.kw; });
  t.of_shares("share_low_usd", "USD",
              "trigger: smallest over orders; mean over orders: low end of the 95 % interval; else NaN",
              [](const S& s, const U&) { return s.low; });
  t.of_shares("share_high_usd", "USD",
              "trigger: largest over orders; mean over orders: high end of the 95 % interval; else NaN",
              [](const S& s, const U&) { return s.high; });
  t.of_units("hosting_before_kw", "kW", "hosting capacity at the unit's bus before the upgrades; NaN = not searched",
             [](const U& u) { return u.hc0; });
  t.of_units("hosting_after_kw", "kW", "the same after the upgrades of the most probable final set of lines",
             [](const U& u) { return u.hc1; });
  put_programs(t);
  file.flush();
}

}  // namespace gridqueue
