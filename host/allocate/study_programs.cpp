#include <algorithm>
#include <cmath>
#include <set>

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/allocate/study_needs.hpp"
#include "host/core/text.hpp"

namespace gridqueue {
namespace {

//! Programs whose unit rows induce less than this of the program's scale cannot be spread over the units.
constexpr double kNothingInduced = 1e-9;

std::vector<EndProgram> programs_of(const StudyOrders& study) {
  std::vector<EndProgram> programs;
  for (const FinalState& end : study.outcome.ends) programs.push_back({end, 0, 0, "", {}});
  return programs;
}

//! One query per final state; the same units and candidates in all of a study, so that the programs have one shape.
std::vector<FeederLpQuery> queries_of(const Network& network, const StudyOrders& study,
                                      const std::vector<EndProgram>& programs) {
  FeederLpQuery common;
  common.units = study.queue.units;
  common.line_cost = [&study](BusId line) { return study.policy->usd(line); };
  std::set<BusId> candidates;
  std::vector<FeederLpQuery> queries;
  for (const EndProgram& p : programs) {
    FeederLpQuery q = common;
    q.built = lines_of(p.end.upgrades);
    for (std::size_t u = 0; u < q.units.size(); ++u)
      if (!p.end.in.has(UnitId(u))) q.units[u].kw = 0;
    for (BusId line : default_candidates(network, q)) candidates.insert(line);
    queries.push_back(std::move(q));
  }
  for (FeederLpQuery& q : queries) q.candidates.assign(candidates.begin(), candidates.end());
  return queries;
}

//! Sums over the final states that have an answer, as shares of their probability.
void average(const StudyOrders& study, StudySharing& s) {
  double solved = 0;
  for (const EndProgram& p : s.programs)
    if (p.failed.empty()) solved += p.end.probability;
  if (solved == 0) return;
  for (std::size_t u = 0; u < study.queue.units.size(); ++u) {
    SharingUnit& unit = s.table.units[u];
    unit.induced_usd = 0;
    unit.balanced_usd = 0;
    for (const EndProgram& p : s.programs) {
      if (!p.failed.empty()) continue;
      const double weight = p.end.probability / solved;
      unit.induced_usd += weight * p.allocation.unit_usd[u];
      if (!p.allocation.balanced_usd.empty())
        *unit.balanced_usd += weight * p.allocation.balanced_usd[u] * p.built_usd / p.cost_usd;
    }
  }
}

//! The answer of a program, or why it has none.
void judge(EndProgram& p, LpAllocation report, std::size_t units) {
  p.allocation = feeder_allocation(std::move(report), units);
  p.cost_usd = p.allocation.report.matrix.objective;
  if (p.built_usd == 0) p.allocation.balanced_usd.clear();  // nothing to share
  else if (p.allocation.balanced_usd.empty() || !(p.cost_usd > kNothingInduced * p.built_usd))
    p.failed = fmt::format("the linear program of the final state with lines for {} needs none of them",
                           money_text(p.built_usd));
}

}  // namespace

void solve_programs(Evaluator& evaluator, const std::vector<StudyOrders>& studies, std::vector<StudySharing>& sharing) {
  std::vector<FeederLpQuery> queries;
  std::vector<EndProgram*> owners;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    sharing[i].programs = programs_of(studies[i]);
    for (FeederLpQuery& q : queries_of(evaluator.network(), studies[i], sharing[i].programs))
      queries.push_back(std::move(q));
    for (EndProgram& p : sharing[i].programs) {
      p.built_usd = usd_of(p.end.upgrades);
      owners.push_back(&p);
    }
  }
  auto linearized = linearize_feeders(evaluator, queries);
  std::vector<SolvedProgram> solved;
  std::vector<std::size_t> place;  // of the solved program among the queries
  for (std::size_t k = 0; k < linearized.size(); ++k) try {
      owners[k]->failed = linearized[k].failed;
      if (!linearized[k].failed.empty()) continue;
      LpSolution solution = solve_linear_program(linearized[k].lp.program);
      solved.push_back({std::move(linearized[k].lp.program), std::move(solution)});
      place.push_back(k);
    } catch (const Error& e) {
      owners[k]->failed = e.what();
    }
  auto reports =
      allocate_programs(std::move(solved), *evaluator.options().machine->basis_solver(), InducedRanges::none);
  for (std::size_t k = 0; k < reports.size(); ++k)
    judge(*owners[place[k]], std::move(reports[k]), queries[place[k]].units.size());
  for (std::size_t i = 0; i < studies.size(); ++i) average(studies[i], sharing[i]);
}

}  // namespace gridqueue
