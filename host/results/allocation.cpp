#include "host/results/allocation.hpp"

#include <algorithm>
#include <set>

#include "gridqueue/contracts.hpp"
#include "host/allocate/rule_distance.hpp"
#include "host/results/group.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {
namespace {

constexpr const char* kGroup = "allocation";
constexpr std::size_t kTogether = 64;  // queues whose programs and searches advance together; changes no result

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

  void of_rules(const char* name, const char* unit, const char* meaning, auto get) {
    std::vector<decltype(get(queues_.front(), queues_.front().table.rules.front()))> values;
    for (const StudySharing& s : queues_)
      for (const RuleShares& r : s.table.rules) values.push_back(get(s, r));
    group_.put(name, values, {queues_.size(), rules_}, {"queue", "rule"}, unit, meaning);
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

void put_shares(Tables& t) {
  using S = Share;
  using U = SharingUnit;
  t.of_rules("missing", "", "why the rule has no answer; empty = it has one",
             [](const StudySharing&, const RuleShares& r) { return r.missing; });
  t.of_rules("distance_from_shapley", "1",
             "part of the bill that would have to change hands; trigger: of one order's bill, mean over orders",
             [](const StudySharing& s, const RuleShares& r) { return distance_from_shapley(s.table, r); });
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
  t.of_units("induced_usd", "USD", "cost induced by the unit's row, mean over final states; NaN = no program",
             [](const U& u) { return u.induced_usd; });
  t.of_units("spread_usd", "USD", "the same with the limits' and bounds' columns spread over the units",
             [](const U& u) { return u.balanced_usd.value_or(kNotKnown); });
  t.of_queues("total_usd", "USD", "what every rule shares out: the mean over orders",
              [](const StudySharing& s) { return s.table.total.mean; });
  t.of_queues("hosting_probability", "1",
              "probability of the final set of lines that capacities after are searched with; 0 = not searched",
              [](const StudySharing& s) { return s.hosting_probability; });
}

//! A linear program per queue and likely final state.
class Programs {
 public:
  explicit Programs(const std::vector<StudySharing>& queues) {
    for (const StudySharing& s : queues) units_ = std::max(units_, s.table.units.size());
    for (std::size_t k = 0; k < queues.size(); ++k)
      for (const EndProgram& p : queues[k].programs) queue_.push_back(static_cast<std::int64_t>(k)), all_.push_back(&p);
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  void put(Group& g) const {
    g.dimension("program", all_.size());
    put<std::int64_t>(g, "program_queue", "1", "queue it belongs to", queue_);
    of<std::int64_t>(g, "program_state", "1", "final state of the linear program, row of /state; -1 = not kept",
                     [](const EndProgram& p) { return std::int64_t{p.end.state.value}; });
    of<double>(g, "program_probability", "1", "probability that an order ends there",
               [](const EndProgram& p) { return p.end.probability; });
    of<double>(g, "program_built_usd", "USD", "cost of the lines built there",
               [](const EndProgram& p) { return p.built_usd; });
    of_solved(g, "program_cost_usd", "what the linear program costs", [](const EndProgram& p) { return p.cost_usd; });
    of_solved(g, "program_limits_usd", "cost induced by the limits' rows",
              [](const EndProgram& p) { return p.allocation.limits_usd; });
    of_solved(g, "program_bounds_usd", "cost induced by the bounds of lines",
              [](const EndProgram& p) { return p.allocation.bounds_usd; });
    put_induced(g);
    of<std::string>(g, "program_failed", "", "why the program has no answer; empty = it has one",
                    [](const EndProgram& p) { return p.failed; });
  }

 private:
  template <class T>
  void put(Group& g, const char* name, const char* unit, const char* meaning, const std::vector<T>& values) const {
    g.put(name, values, {values.size()}, {"program"}, unit, meaning);
  }
  template <class T>
  void of(Group& g, const char* name, const char* unit, const char* meaning, auto get) const {
    std::vector<T> values;
    for (const EndProgram* p : all_) values.push_back(get(*p));
    put(g, name, unit, meaning, values);
  }
  void of_solved(Group& g, const char* name, const char* meaning, auto get) const {
    of<double>(g, name, "USD", meaning, [&](const EndProgram& p) { return p.failed.empty() ? get(p) : kNotKnown; });
  }

  void put_induced(Group& g) const {
    std::vector<double> usd;
    for (const EndProgram* p : all_)
      for (std::size_t u = 0; u < units_; ++u)
        usd.push_back(u < p->allocation.unit_usd.size() && p->failed.empty() ? p->allocation.unit_usd[u] : kNotKnown);
    g.put("program_induced_usd", usd, {all_.size(), units_}, {"program", "unit"}, "USD",
          "cost induced by the unit's row; 0 = rejected there, NaN = no answer, or a shorter queue");
  }

  std::size_t units_ = 0;  //!< most of any queue
  std::vector<std::int64_t> queue_;
  std::vector<const EndProgram*> all_;
};

//! What limits and bounds induce in one queue; many queues have too many of them.
void put_columns(Group& g, const StudySharing& s) {
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

void check_there(const ResultsReader& reader) {
  const ResultsInfo& i = reader.info();
  if (i.source() == OrderSource::all && i.one_queue && !i.complete)
    fail_input("'{}' does not hold all orders yet (its run was interrupted); go on with gridqueue run --resume",
               reader.path());
  if (reader.queues() == 0)
    fail_input("'{}' has no {} to share the costs of (its run was interrupted); go on with gridqueue run --resume",
               reader.path(), i.one_queue ? "order" : "queue");
}

//! Whom the evaluator can place: those of the study that the file was made from.
void check_sites(const ResultsReader& reader, const QueueOutcome& q, const std::set<UnitSite>& known) {
  for (const QueueUnit& u : q.units)
    if (!known.contains(u.site) || !(u.kw > 0))
      fail_input(
          "'{}' is damaged (a unit of {} kW stands at bus {}, which its study does not name); run the study again",
          reader.path(), u.kw, u.site.bus.value);
}

StudyOrders study_of(const ResultsInfo& info, const QueueOutcome& q, const std::shared_ptr<const Policy>& policy) {
  StudyOrders study{{}, policy, outcome_of(q, info.source(), info.sampling())};
  for (const QueueUnit& u : q.units) study.queue.units.push_back({u.site, u.kw});
  for (std::size_t u = 0; u < info.unit_name.size(); ++u) study.queue.units[u].name = info.unit_name[u];
  return study;
}

}  // namespace

FileSharing share_results(const std::string& path, Evaluator& evaluator, const std::shared_ptr<const Policy>& policy,
                          const SharingOptions& options,
                          const std::function<void(std::size_t done, std::size_t all)>& tell) {
  const ResultsReader reader(path);
  check_there(reader);
  const Network& network = evaluator.network();
  if (reader.info().bus.size() != network.buses.size())
    fail_input("'{}' is of a feeder of {} buses (this one has {}); name the right one with --feeder FILE", path,
               reader.info().bus.size(), network.buses.size());
  const std::set<UnitSite> sites(evaluator.options().sites.begin(), evaluator.options().sites.end());
  const std::uint64_t all = reader.queues();
  FileSharing sharing;
  sharing.many = !reader.info().one_queue;
  while (sharing.queues.size() < all) {
    std::vector<StudyOrders> studies;
    for (const QueueOutcome& q :
         reader.queues(sharing.queues.size(), std::min<std::uint64_t>(kTogether, all - sharing.queues.size())))
      check_sites(reader, q, sites), studies.push_back(study_of(reader.info(), q, policy));
    for (StudySharing& s : share_studies(evaluator, studies, options)) {
      for (EndProgram& p : s.programs)
        if (sharing.many) p.allocation.report = {};
      sharing.queues.push_back(std::move(s));
    }
    if (tell) tell(sharing.queues.size(), all);
  }
  return sharing;
}

void write_allocation(const std::string& path, const std::vector<StudySharing>& queues) {
  GQ_EXPECT(!queues.empty());
  auto file = h5::File::open(path, true);
  file.remove(kGroup);
  Group g(file, kGroup);
  Tables t(g, queues);
  std::vector<std::string> names;
  for (const RuleShares& r : queues.front().table.rules) names.emplace_back(rule_name(r.rule, common_gap(queues)));
  g.put("rule_name", names, {names.size()}, {"rule"}, "", "sharing rule");
  put_shares(t);
  if (const Programs programs(queues); !programs.empty()) programs.put(g);
  if (queues.size() == 1) put_columns(g, queues.front());
  static constexpr const char* kSource[] = {"all", "random", "given"};
  file.attribute<std::string>(kGroup, "orders", kSource[static_cast<int>(queues.front().source)]);
  file.close();
}

std::vector<std::string> allocated_rules(const h5::File& file) {
  return file.exists("/allocation/rule_name") ? file.read<std::string>("/allocation/rule_name")
                                              : std::vector<std::string>();
}

}  // namespace gridqueue
