// How large the lattice of a queue will be, before it is walked.
//
// Without upgrades and rejections there is one state per set of considered units: C(N, k) of k units. How many
// different states one set can end in is found by trial: some sets of every size, each walked in some random orders,
// and Chao's lower bound on what was not met (Chao, Scand. J. Statist. 1984). The trial's states are states of the
// lattice: nothing is evaluated twice.
#pragma once
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

struct LatticeForecast {
  std::vector<double> expected;  //!< [num_units + 1] states after so many units, from the mean over the sets tried
  std::vector<double> most;      //!< the same from the set that may have the most
  double evaluations_per_state = 1;
  [[nodiscard]] double states() const;
  [[nodiscard]] double most_states() const;
  [[nodiscard]] double bytes() const;  //!< memory of the walk, expected
  [[nodiscard]] double most_bytes() const;
};

LatticeForecast forecast_lattice(Walker& walker, const BeforeSlice& before_slice = {});

//! Throws Error(input), with the advice to sample, where more than max_states states or bytes of memory are expected.
void check_forecast(const LatticeForecast& forecast, std::size_t max_states, double memory_bytes);

}  // namespace gridqueue
