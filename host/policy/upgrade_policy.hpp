// Lines are upgraded until nothing is violated (docs/evaluation.md, "A queue, walked unit by unit").
#pragma once
#include <memory>

#include "host/policy/policy.hpp"

namespace gridqueue {

//! Which violations lines may cure, and what they cost. Unit costs: i2x's conductor cost table.
struct UpgradeRules {
  double overhead_usd_per_ft = 196;
  double underground_usd_per_ft = 268;
  double factor = 2;                                                 //!< length / factor, ratings * factor
  bool cure_vdiff = true, cure_thermal = true, cure_voltage = true;  //!< what is not cured is rejected
};

//! Keeps the network. Ties between equally deep buses are broken by units, recloser buses, then monitors, in order.
std::shared_ptr<const Policy> upgrade_policy(const Network& network, const MonitorSet& monitors,
                                             const UpgradeRules& rules = {});
//! On an evaluator's feeder, with its monitors.
std::shared_ptr<const Policy> upgrade_policy(const Evaluator& evaluator, const UpgradeRules& rules = {});

}  // namespace gridqueue
