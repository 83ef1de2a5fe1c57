// Walkers of some queues side by side.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "host/walk/orders.hpp"

namespace gridqueue {

//! They share one evaluation of the feeder without any unit.
class WalkerGroup {
 public:
  WalkerGroup(Evaluator& evaluator, const std::vector<Queue>& queues, const std::shared_ptr<const Policy>& policy,
              HostingCapacityMode hosting) {
    for (const Queue& queue : queues) {
      std::optional<Quantities> base;
      if (!walker_.empty()) base = walker_.front()->evaluations()[0];
      pointer_.push_back(
          walker_.emplace_back(std::make_unique<Walker>(evaluator, queue, policy, hosting, base ? &*base : nullptr))
              .get());
    }
  }
  [[nodiscard]] Walker& operator[](std::size_t i) { return *walker_[i]; }
  [[nodiscard]] std::span<Walker* const> walkers() const { return pointer_; }
  //! Solved: the feeder without any unit once.
  [[nodiscard]] std::size_t evaluations() const {
    std::size_t sum = 1;
    for (const Walker* w : pointer_) sum += w->counters().evaluations - 1;
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Walker>> walker_;
  std::vector<Walker*> pointer_;
};

//! orders[w] are of walkers[w]'s queue.
inline std::vector<Trajectories> walk_together(std::span<Walker* const> walkers, const std::vector<Orders>& orders) {
  std::vector<std::unique_ptr<OrderCourse>> walks;
  std::vector<Course*> courses;
  for (std::size_t w = 0; w < walkers.size(); ++w)
    courses.push_back(walks.emplace_back(std::make_unique<OrderCourse>(*walkers[w], orders[w])).get());
  walk_courses(walkers, courses);
  std::vector<Trajectories> all;
  for (const auto& w : walks) all.push_back(w->trajectories());
  return all;
}

}  // namespace gridqueue
