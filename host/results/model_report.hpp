// What a run's power-flow model did, and how far from AC it was: /model.
#pragma once
#include <optional>
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/linear/verification.hpp"
#include "host/results/growing_table.hpp"

namespace gridqueue {

//! A set of upgrades whose feeder is linearized.
struct ForecastSet {
  Upgrades upgrades;
  double states = 0;  //!< expected to share it
  double near = 0;    //!< share of them that AC looks at again
};

//! Of a linear or screened run.
struct ModelReport {
  ModelCounters counters;
  Verification verified;
  std::vector<VerifiedState> states;  //!< `verified`, one by one, by queue
  std::vector<ForecastSet> sets;      //!< that were linearized
};

//! /model: counts that are replaced, and a sample of states that grows with what is committed.
class ModelTables {
 public:
  void create(h5::File& file, const ModelReport& report) const;
  //! `report.states` begin with those that are in the file.
  void update(h5::File& file, WriteBehind& behind, const ModelReport& report);
  void tell(layout::RowCounts& counts) const { samples_.tell(counts); }
  void cut(h5::File& file, const layout::RowCounts& committed) { samples_.cut(file, committed); }

 private:
  layout::GrowingTable samples_{"model", "sample"};
};

std::optional<ModelReport> read_model(const h5::File& file);  //!< none of an AC run

}  // namespace gridqueue
