// How far a sharing rule is from the mean over orders, which is the Shapley value where OrderGap::shapley().
#pragma once
#include "host/allocate/study_sharing.hpp"
#include "host/statistics/statistics.hpp"

namespace gridqueue {

//! What the unit pays on average over all orders.
double shapley_usd(const SharingUnit& unit);

//! The part of the bill that would have to change hands: half of sum |share - mean over orders| over the total. For
//! `trigger` of one order's bill, mean over orders (averaged first, it is that mean). NaN where the rule has no
//! answer or nothing is to be paid.
double distance_from_shapley(const SharingTable& table, const RuleShares& rule);

//! One rule over many queues.
struct RuleOverQueues {
  SharingRule rule = SharingRule::trigger;
  std::size_t answers = 0;     //!< queues in which something is to be paid and the rule has an answer
  Estimate distance;           //!< mean over these queues
  double median = 0, p95 = 0;  //!< of the distance
  double rms_usd = 0;  //!< root of the mean over units of (share - mean over orders)^2; trigger: of one order's bill
  std::size_t closest = 0;   //!< queues in which no other rule but shapley is closer
  std::size_t negative = 0;  //!< queues in which some unit has a negative share
};
//! All with the same rules.
std::vector<RuleOverQueues> rules_over_queues(const std::vector<StudySharing>& queues);

}  // namespace gridqueue
