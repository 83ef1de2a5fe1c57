// Who should pay in a study: the rules' table from a queue and what its orders came to (docs/allocation.md).
//
//     const OrderDistribution exact = enumerate_orders(walker);
//     const auto evaluator = sharing_evaluator(walker.evaluator());
//     const StudySharing s = share_study(*evaluator, {walker.queue(), policy,
//         outcome_of(queue_outcome(view_of(walker), exact), OrderSource::all)});
//     s.table.rules[r].shares[unit].usd
//
// Many studies on one feeder go through share_studies() together: their hosting capacities are searched in lock step,
// and the bases of their linear programs are inverted in batches.
#pragma once
#include "host/allocate/feeder_lp.hpp"
#include "host/allocate/order_outcome.hpp"
#include "host/allocate/rules.hpp"

namespace gridqueue {

struct StudyOrders {
  Queue queue;
  std::shared_ptr<const Policy> policy;  //!< what lines cost
  OrderOutcome outcome;
};

struct SharingOptions {
  std::vector<SharingRule> rules{std::begin(kSharingRules), std::end(kSharingRules)};
  double hosting_tolerance_kw = 0.1;
};

//! The linear program of one of the likely_ends().
struct EndProgram {
  FinalState end;
  double built_usd = 0;         //!< cost of the lines built
  double cost_usd = 0;          //!< of the program
  std::string failed;           //!< why there is no answer; "" = there is one
  FeederAllocation allocation;  //!< [units] of the queue; 0 for rejected ones
};

struct StudySharing {
  SharingTable table;
  OrderSource source = OrderSource::all;
  Upgrades hosting_upgrades;         //!< built for the hosting capacities after: the most probable final set
  double hosting_probability = 0;    //!< of that set
  std::vector<EndProgram> programs;  //!< of constraint-matrix, most probable first
};

//! Over the final states that have an answer, weighted as the shares are.
struct ProgramMeans {
  std::size_t solved = 0;
  double probability = 0;  //!< of these states together
  double built_usd = 0, cost_usd = 0, limits_usd = 0, bounds_usd = 0;
  std::vector<LimitColumn> columns;  //!< of limits and bounds, the largest first
};
ProgramMeans program_means(const StudySharing& sharing);

//! The walk's feeder, limits, monitors and backend, exact AC in double precision: difference quotients need it.
std::unique_ptr<Evaluator> sharing_evaluator(Evaluator& walk);

StudySharing share_study(Evaluator& evaluator, const StudyOrders& study, const SharingOptions& options = {});
//! All on the evaluator's feeder.
std::vector<StudySharing> share_studies(Evaluator& evaluator, const std::vector<StudyOrders>& studies,
                                        const SharingOptions& options = {});

//! Of a results file: of its one queue, or of each of many.
struct FileSharing {
  std::vector<StudySharing> queues;
  bool many = false;
};

//! The largest order gap of any of them.
OrderGap common_gap(const std::vector<StudySharing>& queues);

}  // namespace gridqueue
