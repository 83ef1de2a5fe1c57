// Reads a results file: what `info` and `show` print. Only committed orders are seen.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/outcome/final_states.hpp"
#include "host/outcome/observed.hpp"
#include "host/outcome/summary.hpp"
#include "host/results/model_report.hpp"
#include "host/results/provenance.hpp"

namespace gridqueue {

struct ResultsInfo {
  Provenance provenance;
  std::uint64_t committed = 0;                           //!< orders in the file
  std::uint64_t evaluations = 0, evaluations_asked = 0;  //!< done, and what every order on its own would have needed
  double half_width = 0;                                 //!< reached by the stopping rule's statistic; NaN without one
  RunSeconds seconds;
  bool complete = false;             //!< all orders that were asked for are there
  std::optional<ModelReport> model;  //!< of a linear or screened run
  std::uint64_t states = 0, steps = 0, upgrade_sets = 0;
  std::vector<std::string> unit_bus;  //!< [unit]
  std::vector<double> unit_kw;        //!< [unit] [kW]
};

//! Throws Error(input): missing, no results file, or of another version.
h5::File open_results(const std::string& path);
h5::File open_results(const std::string& path, const std::string& file_type);  //!< of that type
std::string file_type(const h5::File& file);                                   //!< "" = none
Provenance read_provenance(const h5::File& file);
ResultsInfo read_run(const h5::File& file);  //!< what the root's attributes say

struct BuiltLine {
  std::string name;
  double cost_usd = 0;
};

//! One step of one order, with the names of all places.
struct WalkStep {
  UnitId unit;
  std::string bus;
  double kw = 0;
  Decision decision = Decision::accept;
  std::uint32_t limits = 0;  //!< LimitBit's
  double cost_usd = 0;
  double hosting_kw = 0;  //!< NaN where not asked
  Observed added;         //!< with the unit in full, before any upgrade
  std::vector<BuiltLine> lines;
};

class ResultsReader {
 public:
  //! Throws Error(input): missing, no results file, or of another version.
  explicit ResultsReader(const std::string& path);
  ~ResultsReader();
  ResultsReader(ResultsReader&&) noexcept;

  [[nodiscard]] const ResultsInfo& info() const;
  //! Throws Error(input) for an order the file does not have.
  [[nodiscard]] std::vector<WalkStep> walk(std::uint64_t order) const;
  [[nodiscard]] SampleStatistics statistics() const;     //!< of all orders
  [[nodiscard]] ExactDistribution distribution() const;  //!< only of method "all", complete
  [[nodiscard]] std::vector<BuiltLine> upgrade_set(UpgradeSetId set) const;
  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] std::vector<FinalState> final_states() const;  //!< of all orders, most probable first
  [[nodiscard]] std::vector<double> total_usd() const;         //!< [order]
  [[nodiscard]] double order_gap_usd() const;                  //!< largest_order_gap() of the walk

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
