// What a run's power-flow model did, and how far from AC it was: /model.
#pragma once
#include <optional>
#include <vector>

#include "host/hdf5/h5.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/linear/verification.hpp"

namespace gridqueue {

//! A set of lines that is linearized.
struct ForecastSet {
  std::vector<BusId> lines;
  double states = 0;  //!< expected to share it
  double near = 0;    //!< share of them that AC looks at again
};

//! Of a linear or screened run.
struct ModelReport {
  ModelCounters counters;
  Verification verified;
  std::vector<VerifiedState> states;  //!< `verified`, one by one
  std::vector<ForecastSet> sets;      //!< that were linearized
};

void write_model(h5::File& file, const ModelReport& report);
std::optional<ModelReport> read_model(const h5::File& file);  //!< none of an AC run

}  // namespace gridqueue
