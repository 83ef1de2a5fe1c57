// What a run's power-flow model did, and how far from AC it was: /model.
#pragma once
#include <optional>

#include "host/hdf5/h5.hpp"
#include "host/linear/linear_evaluator.hpp"
#include "host/linear/verification.hpp"

namespace gridqueue {

//! Of a linear or screened run.
struct ModelReport {
  ModelCounters counters;
  Verification verified;
};

void write_model(h5::File& file, const ModelReport& report);
std::optional<ModelReport> read_model(const h5::File& file);  //!< none of an AC run

}  // namespace gridqueue
