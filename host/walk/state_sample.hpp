// A random sample of the states that a walker has evaluated.
#pragma once
#include <functional>
#include <span>

#include "host/walk/walker.hpp"

namespace gridqueue {

//! A state that was evaluated.
struct EvaluatedState {
  UnitSet in;
  UpgradeSetId upgrades;
};

//! At most `count` different evaluations that `wanted` says yes to: of every state, and of every step with its unit
//! added in full. Which they are hangs on units and lines alone, not on the order of the walk.
std::vector<EvaluatedState> sample_states(const Walker& walker, std::size_t count,
                                          const std::function<bool(const Quantities&)>& wanted);

//! The sample as a batch to evaluate.
StateBatch batch_of(const Walker& walker, std::span<const EvaluatedState> sample);

}  // namespace gridqueue
