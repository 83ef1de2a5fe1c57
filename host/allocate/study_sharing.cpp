#include "host/allocate/study_sharing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/allocate/study_needs.hpp"

namespace gridqueue {
namespace {

std::vector<SharingUnit> sharing_units(const Network& network, const StudyOrders& study) {
  std::vector<SharingUnit> units;
  std::vector<std::string> names, places;
  for (const Unit& unit : study.queue.units)
    names.push_back(unit.name), places.push_back(site_name(network, unit.site));
  const std::vector<std::string> labels = unit_labels(names, places);
  for (std::size_t u = 0; u < study.queue.units.size(); ++u) {
    SharingUnit s;
    s.name = labels[u];
    s.kw = study.queue.units[u].kw;
    s.accepted = study.outcome.accepted[u];
    s.trigger = study.outcome.unit[u];
    units.push_back(std::move(s));
  }
  return units;
}

//! A rule that has no answer says what stood in its way.
void explain(StudySharing& s) {
  for (RuleShares& r : s.table.rules)
    if (!r.available() && r.rule == SharingRule::constraint_matrix)
      for (const EndProgram& p : s.programs)
        if (!p.failed.empty()) {
          r.missing = p.failed;
          break;
        }
}

bool asked(const SharingOptions& options, SharingRule rule) {
  return std::find(options.rules.begin(), options.rules.end(), rule) != options.rules.end();
}

}  // namespace

ProgramMeans program_means(const StudySharing& s) {
  ProgramMeans m;
  for (const EndProgram& p : s.programs)
    if (p.failed.empty()) m.probability += p.end.probability, ++m.solved;
  std::map<std::string, double> columns;
  for (const EndProgram& p : s.programs) {
    if (!p.failed.empty()) continue;
    const double weight = p.end.probability / m.probability;
    m.built_usd += weight * p.built_usd;
    m.cost_usd += weight * p.cost_usd;
    m.limits_usd += weight * p.allocation.limits_usd;
    m.bounds_usd += weight * p.allocation.bounds_usd;
    for (const LimitColumn& c : p.allocation.columns) columns[c.name] += weight * c.usd;
  }
  for (const auto& [name, usd] : columns) m.columns.push_back({name, usd});
  std::stable_sort(m.columns.begin(), m.columns.end(),
                   [](const LimitColumn& a, const LimitColumn& b) { return std::abs(a.usd) > std::abs(b.usd); });
  return m;
}

std::unique_ptr<Evaluator> sharing_evaluator(Evaluator& walk) {
  EvaluatorOptions options = walk.options();
  options.precision = Precision::dual;
  return options.machine->evaluator(walk.network(), options);
}

std::vector<StudySharing> share_studies(Evaluator& evaluator, const std::vector<StudyOrders>& studies,
                                        const SharingOptions& options) {
  std::vector<StudySharing> all(studies.size());
  for (std::size_t i = 0; i < studies.size(); ++i) {
    GQ_EXPECT(studies[i].outcome.unit.size() == studies[i].queue.units.size() && !studies[i].outcome.ends.empty());
    all[i].source = studies[i].outcome.source;
    all[i].table.units = sharing_units(evaluator.network(), studies[i]);
  }
  if (asked(options, SharingRule::delta_hosting_capacity)) search_hosting(evaluator, studies, options, all);
  if (asked(options, SharingRule::constraint_matrix)) solve_programs(evaluator, studies, all);
  for (std::size_t i = 0; i < studies.size(); ++i) {
    all[i].table = share_costs(std::move(all[i].table.units), studies[i].outcome.total, options.rules);
    all[i].table.gap = studies[i].outcome.gap();
    explain(all[i]);
  }
  return all;
}

StudySharing share_study(Evaluator& evaluator, const StudyOrders& study, const SharingOptions& options) {
  return std::move(share_studies(evaluator, {study}, options).front());
}

OrderGap common_gap(const std::vector<StudySharing>& queues) {
  OrderGap common;
  for (const StudySharing& s : queues) {
    common.source = s.table.gap.source;  // alike in all
    common.largest_usd = std::max(common.largest_usd, s.table.gap.largest_usd);
  }
  return common;
}

}  // namespace gridqueue
