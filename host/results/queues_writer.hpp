// Writes what the orders of many queues say, group by group of queues: rows first, then a flush, then the counter
// `committed` at the root.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/model_report.hpp"
#include "host/results/provenance.hpp"

namespace gridqueue {

class QueuesWriter {
 public:
  //! A new file for `queues` queues of at most `most_units` units; `places`: any walker of the feeder.
  QueuesWriter(const std::string& path, const Provenance& provenance, std::uint64_t queues, std::size_t most_units,
               const Walker& places);
  //! Goes on with a file after its last commit. Throws Error(input) where it is of another study, feeder or backend.
  QueuesWriter(const std::string& path, const Provenance& provenance);
  ~QueuesWriter();
  QueuesWriter(const QueuesWriter&) = delete;
  QueuesWriter& operator=(const QueuesWriter&) = delete;

  //! The next queues; `spent`: evaluations and requests of all of them.
  void append(std::span<const QueueOutcome> queues, const WalkCounters& spent, const RunSeconds& seconds);
  void finish(const RunSeconds& seconds, bool complete);
  void model(const ModelReport& report);          //!< of a linear or screened run
  [[nodiscard]] std::uint64_t committed() const;  //!< queues in the file

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
