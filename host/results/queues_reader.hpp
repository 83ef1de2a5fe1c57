// Reads a file of many queues. Only committed queues are seen.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "host/outcome/queue_outcome.hpp"
#include "host/results/results_reader.hpp"

namespace gridqueue {

struct QueuesInfo {
  ResultsInfo run;                        //!< committed: queues in the file; without units and tables of one queue
  std::uint64_t queues = 0;               //!< asked for
  std::vector<std::string> bus, element;  //!< names
  std::vector<double> upgrade_usd;        //!< [element]
};

class QueuesReader {
 public:
  //! Throws Error(input): missing, no file of many queues, or of another version.
  explicit QueuesReader(const std::string& path);
  ~QueuesReader();

  [[nodiscard]] const QueuesInfo& info() const;
  //! Queues first .. first + count - 1, without the units' distributions; throws Error(input) beyond the last.
  [[nodiscard]] std::vector<QueueOutcome> queues(std::uint64_t first, std::uint64_t count) const;
  [[nodiscard]] std::vector<QueueOutcome> queues() const { return queues(0, info().run.committed); }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
