// The walk of `gridqueue run`: the orders of every queue, one or many, into a results file.
#pragma once
#include <optional>
#include <vector>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/provenance.hpp"
#include "host/run/order_batches.hpp"
#include "host/run/part_queues.hpp"
#include "host/run/part_status.hpp"
#include "host/run/shard_slices.hpp"
#include "host/run/study_model.hpp"
#include "host/run/walk_clock.hpp"

namespace gridqueue {

struct StudyRun {
  const Study& study;
  StudyModel& model;
  std::shared_ptr<const Policy> policy;
  WalkClock& clock;
  const Provenance& provenance;
  std::string file;                  //!< results file to write; empty = the walk's answers are all that is wanted
  NumberRange range{};               //!< of queues where there are many, else of orders
  PartReporter* reporter = nullptr;  //!< null = nobody is told how far it is
  std::vector<KnownQueues> known{};  //!< many queues that need not be walked, ascending
  ShardSlices* slices = nullptr;     //!< of the one queue's lattice; null = it is walked by this process alone
};

struct WalkEnd {
  bool complete = false;          //!< not ended by a signal
  std::optional<QueueSums> sums;  //!< of one queue, where there is a file and at least one order
};
//! Keeps the orders of a study's one queue one by one, of many queues what they say. A signal ends it early, with a
//! file of what was done.
WalkEnd run_queues(const StudyRun& run, std::vector<Queue> queues);

}  // namespace gridqueue
