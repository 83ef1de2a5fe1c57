// Days of the linearized feeder on the CPU: one native vector of states per group, groups spread over threads.
#pragma once
#include <memory>
#include <vector>

#include "kernels/linear_view.hpp"
#include "kernels/screening.hpp"

namespace gridqueue {

//! What a screening needs beside the model.
struct Screening {
  ScreeningMargins margins;
  MonitorRank rank;
};

//! Evaluates states `index` of a batch into their places of `answers` and, with `screening`, whether AC may decide
//! otherwise into `near_limit`. All must have the model's upgraded lines and DER at its units only.
template <class Real>
void evaluate_linear(const CompiledFeeder<Real>& feeder, const Network& network, const LinearView<Real>& model,
                     const StateBatch& states, const std::vector<std::size_t>& index, const Limits& limits,
                     const Thresholds& pass, const Screening* screening, int threads,
                     std::vector<Quantities>& answers, std::vector<char>& near_limit);

}  // namespace gridqueue
