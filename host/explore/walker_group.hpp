// Many queues on one feeder in lock step: what their walkers miss is evaluated in one batch. Every walker learns what it
// would have learned alone, bit for bit, and numbers it alike, whichever and however many walk beside it.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "host/explore/walker.hpp"

namespace gridqueue {

//! consider() of several walkers of one evaluator: pairs[w] and the result's [w] belong to walkers[w].
std::vector<std::vector<StepId>> consider_together(std::span<Walker* const> walkers,
                                                   std::span<const std::span<const StateUnit>> pairs);

//! The walkers of some queues; they share one evaluation of the feeder without any unit.
class WalkerGroup {
 public:
  WalkerGroup(Evaluator& evaluator, std::vector<Queue> queues, const UpgradeRules& rules, HostingCapacityMode hosting);

  [[nodiscard]] std::size_t size() const { return walker_.size(); }
  [[nodiscard]] Walker& operator[](std::size_t i) { return *walker_[i]; }
  [[nodiscard]] std::span<Walker* const> walkers() const { return pointer_; }
  [[nodiscard]] WalkCounters counters() const;  //!< sums

 private:
  std::vector<std::unique_ptr<Walker>> walker_;
  std::vector<Walker*> pointer_;
};

}  // namespace gridqueue
