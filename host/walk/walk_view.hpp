// What a walk has learned, whoever keeps it: a walker, or a results file.
#pragma once
#include <span>
#include <vector>

#include "host/walk/walker.hpp"

namespace gridqueue {

//! Looks into its owner's tables.
struct WalkView {
  std::span<const Unit> units;
  std::span<const State> states;
  std::span<const Step> steps;
  std::span<const Upgrades> upgrade_sets;
  std::vector<double> set_usd;  //!< [upgrade_set] cost of all of it [USD]
};

inline WalkView view_of(const Walker& walker) {
  WalkView view{walker.queue().units, walker.states(), walker.steps(), walker.upgrade_sets(), {}};
  for (const Upgrades& set : walker.upgrade_sets()) view.set_usd.push_back(usd_of(set));
  return view;
}

}  // namespace gridqueue
