// The walk of `gridqueue run`: the orders of every queue, one or many, into a results file that can be gone on with.
#pragma once
#include <optional>
#include <vector>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/provenance.hpp"
#include "host/run/study_model.hpp"
#include "host/run/walk_clock.hpp"

namespace gridqueue {

struct StudyRun {
  const Study& study;
  StudyModel& model;
  std::shared_ptr<const Policy> policy;
  WalkClock& clock;
  const Provenance& provenance;
  bool resume = false;  //!< go on with the study's file, where there is one
};

//! Keeps the orders of a study's one queue one by one, of many queues what they say. A signal ends it early. What the
//! orders of one queue came to; none of many, of none at all, or where the file was complete already.
std::optional<QueueSums> run_queues(const StudyRun& run, std::vector<Queue> queues);

}  // namespace gridqueue
