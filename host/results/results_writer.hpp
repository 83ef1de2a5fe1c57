// Writes a results file: rows first, then a flush, then how many rows are committed, so that a reader never sees half
// a batch.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/model_report.hpp"
#include "host/results/provenance.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! What a new file is made for.
struct NewResults {
  const Provenance& provenance;
  const Network& network;
  const Policy& policy;
  std::uint64_t queues = 1;
  std::size_t most_units = 0;          //!< of any of them
  const Queue* kept = nullptr;         //!< the one queue whose orders are kept one by one; none = what they say is kept
  const ModelReport* model = nullptr;  //!< none = AC
};

//! Rows are written behind the caller's back; what fails is thrown by a later call.
class ResultsWriter {
 public:
  //! Makes the file with everything that is known before the walk. Replaces an older results file, nothing else.
  ResultsWriter(const std::string& path, const NewResults& about);
  //! Of one queue whose orders are kept.
  ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker);
  //! Goes on with a file of the same run (check_same_run()) after its last commit. When more comes, what it says of
  //! orders that were not all there, and shares of them, are taken away.
  ResultsWriter(const std::string& path, const Network& network);
  ~ResultsWriter();
  ResultsWriter(const ResultsWriter&) = delete;
  ResultsWriter& operator=(const ResultsWriter&) = delete;

  //! Appends these orders and what the walker has learned since the last call, and commits.
  void append(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds = {});
  //! What the walker has learned while its orders are not done yet; `requests`: counted for the orders in the file.
  void learned(const Walker& walker, std::uint64_t requests, const RunSeconds& seconds);
  //! What the next queues say; `spent`: on all queues so far.
  void append(std::span<const QueueOutcome> queues, const WalkCounters& spent, const RunSeconds& seconds = {});

  //! What the model did for all that is there with the next commit.
  void model(const ModelReport& report);

  // What stands in the file once, each after all that was written before:
  void details(const QueueSums& sums);  //!< /distribution and /estimate of one queue
  void half_width(double widest);       //!< reached by the stopping rule's statistic
  void finish(const RunSeconds& seconds, bool complete);
  void wait();  //!< until all of it is in the file

  [[nodiscard]] Trajectories trajectories(std::uint64_t first, std::uint64_t count);  //!< committed orders
  [[nodiscard]] std::uint64_t orders() const;                                         //!< in the file
  [[nodiscard]] std::uint64_t queues() const;  //!< whose orders are summed up for good

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
