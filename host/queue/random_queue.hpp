// Queues drawn at random, as the notebook cluster_activity draws them.
#pragma once
#include <cstdint>
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/queue/queue.hpp"

namespace gridqueue {

struct RandomQueueSpec {
  std::vector<UnitSite> sites;        //!< drawn from uniformly
  double kw_min = 50, kw_max = 1000;  //!< [kW] whole numbers, both ends included
  std::uint64_t seed = 1;
  std::uint64_t realization = 0;  //!< which queue of the seed
  std::size_t count = 0;          //!< units; 0 = until one violates a limit (it is the last)
};

//! With `count`, sizes are drawn freely. Without, as the notebook does: draw a site, then a size until it is at most
//! the site's hosting capacity as last known (independent at first; where a unit stands, what was left when it came).
//! A site with less than kw_min left is drawn again. Throws Error(input) when a site can host less than kw_min on its
//! own, when none has room left, or when the queue grows beyond kMaxUnits.
Queue draw_random_queue(Evaluator& evaluator, const RandomQueueSpec& spec);
//! Queues spec.realization, spec.realization + 1, ..., in lock step; each is what it would be alone.
std::vector<Queue> draw_random_queues(Evaluator& evaluator, const RandomQueueSpec& spec, std::size_t queues);

}  // namespace gridqueue
