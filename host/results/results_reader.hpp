// Reads a results file: what `info` and `show` print. Only what is committed is seen.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/outcome/actual_order.hpp"
#include "host/outcome/observed.hpp"
#include "host/outcome/queue_outcome.hpp"
#include "host/results/model_report.hpp"
#include "host/results/provenance.hpp"

namespace gridqueue {

struct ResultsInfo {
  Provenance provenance;
  std::uint64_t committed = 0;                           //!< orders walked of one queue; of many, queues
  std::uint64_t queues = 1;                              //!< asked for
  std::uint64_t first_queue = 0;                         //!< of the study: row 0 of a part's file
  std::uint64_t summed_up = 0;                           //!< queues whose orders are: rows of /queue
  std::uint64_t evaluations = 0, evaluations_asked = 0;  //!< done, and what every order on its own would have needed
  double half_width = 0;                                 //!< reached by the stopping rule's statistic; NaN without one
  std::string unsolved;                                  //!< a state without a solution, and where; "" = none is told
  RunSeconds seconds;
  bool complete = false;                  //!< all that was asked for is there
  std::optional<ModelReport> model;       //!< of a linear or screened run
  std::vector<std::string> bus, element;  //!< names
  std::vector<double> upgrade_usd;        //!< [element]
  bool one_queue = false;                 //!< of which more is kept:
  std::uint64_t states = 0, steps = 0, upgrade_sets = 0;
  std::vector<UnitSite> unit_site;
  std::vector<double> unit_kw;         //!< [unit] [kW]
  std::vector<std::string> unit_name;  //!< [unit] "" = none; empty in files of before

  //! As a study names it.
  [[nodiscard]] std::string name(UnitSite site) const { return site_name(bus.at(site.bus.index()), site.phases); }
  //! What tables call the units of the one queue (unit_labels()).
  [[nodiscard]] std::vector<std::string> unit_names() const;

  [[nodiscard]] Sampling sampling() const {
    return provenance.antithetic ? Sampling::antithetic : Sampling::independent;
  }
  [[nodiscard]] OrderSource source() const {
    return provenance.order_method == "all"      ? OrderSource::all
           : provenance.order_method == "random" ? OrderSource::random
                                                 : OrderSource::given;
  }
};

//! Throws Error(input): missing, no results file, or of another version.
h5::File open_results(const std::string& path);
std::string file_type(const h5::File& file);  //!< "" = none
Provenance read_provenance(const h5::File& file);

struct BuiltLine {
  std::string name;
  double cost_usd = 0;
};

//! One step of one order, with the names of all places.
struct WalkStep {
  UnitId unit;
  std::string site;  //!< as a study names it
  std::string name;  //!< as tables call the unit
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
  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] std::uint64_t queues() const;  //!< that have something to say
  //! Queues first .. first + count - 1, one alone with its distributions; throws Error(input) beyond the last.
  [[nodiscard]] std::vector<QueueOutcome> queues(std::uint64_t first, std::uint64_t count) const;
  //! Each with its distributions.
  [[nodiscard]] std::vector<QueueOutcome> whole_queues(std::uint64_t first, std::uint64_t count) const;

  // Of one queue:
  [[nodiscard]] QueueSums sums() const;                     //!< of all orders; throws Error(input) where there is none
  [[nodiscard]] std::optional<ActualOrder> actual() const;  //!< none where the study says none
  //! Throws Error(input) for an order the file does not have.
  [[nodiscard]] std::vector<WalkStep> walk(std::uint64_t order) const;
  [[nodiscard]] std::vector<Upgrades> upgrade_sets() const;  //!< [upgrade_set]
  [[nodiscard]] std::vector<double> total_usd() const;       //!< [order]

 private:
  void check_queues(std::uint64_t first, std::uint64_t count) const;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gridqueue
