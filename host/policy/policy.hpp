// What happens when a unit breaks a limit: lines are upgraded for it, or it is rejected.
#pragma once
#include <vector>

#include "gridqueue/evaluation.hpp"
#include "host/queue/queue.hpp"

namespace gridqueue {

//! A state that breaks a limit.
struct Trouble {
  const Quantities& quantities;
  const Queue& queue;
  const UnitSet& in;                   //!< units in, the one being tried among them
  const std::vector<BusId>& upgraded;  //!< lines, by child bus, ascending
};

//! Pure functions, asked on any thread.
class Policy {
 public:
  virtual ~Policy() = default;
  //! Lines to upgrade one by one, by child bus, until nothing is violated or they are all built; then it is asked again.
  //! Empty = the unit is rejected.
  [[nodiscard]] virtual std::vector<BusId> lines(const Trouble& trouble) const = 0;
  [[nodiscard]] virtual double line_usd(BusId line) const = 0;  //!< cost of a line's upgrade [USD]
};

}  // namespace gridqueue
