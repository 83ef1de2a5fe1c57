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

//! /model: counts, and a sample of states.
class ModelTables {
 public:
  void create(h5::File& file, const ModelReport& report) const;
  void update(h5::File& file, WriteBehind& behind, const ModelReport& report);
  void tell(layout::RowCounts& counts) const { samples_.tell(counts); }

 private:
  layout::GrowingTable samples_{"model", "sample"};
};

std::optional<ModelReport> read_model(const h5::File& file);  //!< none of an AC run

}  // namespace gridqueue
