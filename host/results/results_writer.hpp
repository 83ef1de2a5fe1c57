// Writes a results file. It is whole with finish(): until then it has another name than the one that users know
// (host/run/run_folder.hpp).
#pragma once
#include <memory>
#include <span>
#include <string>

#include "host/outcome/actual_order.hpp"
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
  const Queue* queue = nullptr;        //!< the one queue, of which more is kept; none = of many, the summary
  const ModelReport* model = nullptr;  //!< none = AC
  std::uint64_t first_queue = 0;       //!< of the study: row 0 of the file
};

//! What the walks of a file took.
struct RunWork {
  std::uint64_t evaluations = 0;  //!< that the walks came to
  std::uint64_t requests = 0;     //!< that orders on their own would have needed
  RunSeconds seconds{};
};

//! Rows are written behind the caller's back; what fails is thrown by a later call: Error(output).
class ResultsWriter {
 public:
  //! Makes the file, in place of what is there, with everything that is known before the walk.
  ResultsWriter(const std::string& path, const NewResults& about);
  //! Of one queue.
  ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker);
  ~ResultsWriter();
  ResultsWriter(const ResultsWriter&) = delete;
  ResultsWriter& operator=(const ResultsWriter&) = delete;

  //! Appends what is to be kept of these orders, and of what the walker has learned since the last call.
  void append(const Walker& walker, const Trajectories& orders);
  void learned(const Walker& walker);  //!< the same without orders
  //! What the next queues say.
  void append(std::span<const QueueOutcome> queues);

  // What stands in the file once, each after all that was written before:
  void model(const ModelReport& report);  //!< what the model did
  void details(const QueueSums& sums);    //!< /distribution and /estimate of one queue
  void actual(const ActualOrder& order);  //!< /actual of one queue
  //! Rows of /upgrade_set, where no state is kept.
  void final_sets(std::span<const Upgrades> sets);
  void half_width(double widest);           //!< reached by the stopping rule's statistic
  void unsolved(const std::string& state);  //!< one without a solution, and where it has none
  //! How many rows there are and what they took; ends the file.
  void finish(const RunWork& work, bool complete);

  [[nodiscard]] std::uint64_t queues() const;  //!< whose orders are summed up

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
