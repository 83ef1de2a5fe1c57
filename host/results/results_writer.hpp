// Writes a walk into a results file, batch by batch. A batch counts once it is committed: rows first, then a flush,
// then the counter `committed` at the root.
#pragma once
#include <memory>
#include <string>

#include "host/outcome/summary.hpp"
#include "host/results/model_report.hpp"
#include "host/results/provenance.hpp"
#include "host/walk/lattice.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

class ResultsWriter {
 public:
  //! Makes the file with everything that is known before the walk. Replaces an older results file, nothing else.
  ResultsWriter(const std::string& path, const Provenance& provenance, const Walker& walker);
  //! Goes on with a file of the same study after its last commit; the walker must have been restored from it.
  ResultsWriter(const std::string& path, const Walker& walker);
  ~ResultsWriter();
  ResultsWriter(const ResultsWriter&) = delete;
  ResultsWriter& operator=(const ResultsWriter&) = delete;

  //! Appends these orders and what the walker has learned since the last call, and commits.
  void append(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds = {});
  //! The same while the caller goes on; what fails is thrown by a later call.
  void append_behind(const Walker& walker, const Trajectories& orders, const RunSeconds& seconds);
  //! Whether the walker knows all steps of the file; one whose walk is done again does not at first.
  [[nodiscard]] bool known_to(const Walker& walker) const;
  //! What the walker has learned while its orders are not done yet; `requests`: counted for the orders in the file.
  void learned_behind(const Walker& walker, std::uint64_t requests, const RunSeconds& seconds);
  void wait();  //!< until all of it is in the file
  //! What the file says of itself when no more orders come; `complete`: all that the study asked for are there.
  void finish(const Summary* estimates, const RunSeconds& seconds, bool complete);
  void distribution(const ExactDistribution& exact);  //!< of all orders
  void model(const ModelReport& report);              //!< of a linear or screened run
  void half_width(double widest);                     //!< reached by the stopping rule's statistic
  [[nodiscard]] Trajectories trajectories(std::uint64_t first, std::uint64_t count);  //!< committed orders
  [[nodiscard]] std::uint64_t committed() const;                                      //!< orders in the file

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
