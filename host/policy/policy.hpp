// What happens when a unit breaks a limit: lines are upgraded for it, or it is rejected.
#pragma once
#include "gridqueue/evaluation.hpp"
#include "gridqueue/upgrade.hpp"
#include "host/queue/queue.hpp"

namespace gridqueue {

//! A state that breaks a limit.
struct Trouble {
  const Quantities& quantities;
  const Queue& queue;
  const UnitSet& in;      //!< units in, the one being tried among them
  const Upgrades& built;  //!< so far, ascending
};

//! Pure functions, asked on any thread.
class Policy {
 public:
  virtual ~Policy() = default;
  //! What to build one by one until nothing is violated, or all of it is built; then it is asked again. Empty = the
  //! unit is rejected.
  [[nodiscard]] virtual Upgrades measures(const Trouble& trouble) const = 0;
  //! What it costs [USD]. Throws Error(input) by name where that is not known; in measures() such a cost is NaN.
  [[nodiscard]] virtual double usd(const Upgrade& upgrade) const = 0;
};

}  // namespace gridqueue
