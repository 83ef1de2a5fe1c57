// Who should pay in a study: the rules' table from a queue and what its orders came to (docs/allocation.md).
//
//     const ExactDistribution exact = enumerate_orders(walker);
//     const auto evaluator = sharing_evaluator(walker.evaluator());
//     const StudySharing s = share_study(*evaluator, {walker.queue(), walker.rules(), outcome_of(exact, final_states(walker, exact))});
//     s.table.rules[r].shares[unit].usd
//
// Many studies on one feeder go through share_studies() together: their hosting capacities are searched in lock step, and
// the bases of their linear programs are inverted in batches.
#pragma once
#include "host/allocate/feeder_lp.hpp"
#include "host/allocate/order_outcome.hpp"
#include "host/allocate/rules.hpp"

namespace gridqueue {

struct StudyOrders {
  Queue queue;
  UpgradeRules upgrades;
  OrderOutcome outcome;
};

struct SharingOptions {
  std::vector<SharingRule> rules{std::begin(kSharingRules), std::end(kSharingRules)};
  double hosting_tolerance_kw = 0.1;
  double end_share = 0.999;       //!< final states that get a linear program: the most probable ones up to this share
  std::size_t max_programs = 16;  //!< and at most so many
};

//! The linear program of one final state.
struct EndProgram {
  FinalState end;
  double built_usd = 0;            //!< cost of the lines built
  std::string failed;              //!< why there is no answer; "" = there is one
  FeederAllocation allocation;     //!< [units] of the queue; 0 for rejected ones
};

struct StudySharing {
  SharingTable table;
  OrderSource source = OrderSource::all;
  std::vector<BusId> hosting_lines;    //!< built for the hosting capacities after: the most probable final set
  double hosting_probability = 0;      //!< of that set
  std::vector<EndProgram> programs;    //!< of constraint-matrix, most probable first
};

//! The walk's feeder, limits, monitors and backend, exact AC in double precision: difference quotients need it.
std::unique_ptr<Evaluator> sharing_evaluator(Evaluator& walk);

StudySharing share_study(Evaluator& evaluator, const StudyOrders& study, const SharingOptions& options = {});
//! All on the evaluator's feeder.
std::vector<StudySharing> share_studies(Evaluator& evaluator, const std::vector<StudyOrders>& studies, const SharingOptions& options = {});

}  // namespace gridqueue
