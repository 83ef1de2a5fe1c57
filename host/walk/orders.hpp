// Orders of a queue, and the walk of many orders level by level.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "host/statistics/sampling.hpp"
#include "host/walk/order_front.hpp"
#include "host/walk/rounds.hpp"

namespace gridqueue {

//! [count][num_units], row-major: unit at each position.
struct Orders {
  std::size_t num_units = 0;
  std::vector<std::int32_t> unit;
  [[nodiscard]] std::size_t count() const { return num_units ? unit.size() / num_units : 0; }
};

//! Orders first .. first + count - 1 of the study; the same for any batching and number of threads. Antithetic: orders
//! 2k and 2k + 1 are draw k and its reverse. Every queue of a study of many has orders of its own.
OrderDraw order_draw(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling = Sampling::independent, std::uint32_t queue = 0);
Orders random_orders(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling = Sampling::independent, std::uint32_t queue = 0);

//! The step each order takes at each position, [realization][position].
struct Trajectories {
  std::size_t num_units = 0;
  std::vector<StepId> step;
  [[nodiscard]] std::size_t count() const { return num_units ? step.size() / num_units : 0; }
};

//! progress(levels done, levels): after each level, where this is the walk of one queue.
using LevelProgress = std::function<void(std::size_t, std::size_t)>;

//! The walk of many orders of one queue, one more unit per level; equal states of different orders are considered once.
class OrderCourse final : public Course {
 public:
  OrderCourse(Walker& walker, const Orders& orders, LevelProgress progress = {});
  OrderCourse(Walker& walker, const OrderDraw& draw, LevelProgress progress = {});

  std::span<const StateUnit> next() override;
  void take(std::span<const StepId> steps) override;
  [[nodiscard]] bool settled() const override { return position_ == num_units_; }
  [[nodiscard]] Trajectories trajectories() const;  //!< at the end

 private:
  OrderCourse(Walker& walker, std::size_t num_units, std::unique_ptr<OrderFront> front, LevelProgress progress);
  //! What the walker has learned since the last call.
  struct NewSteps {
    std::vector<std::int32_t> to;
    std::vector<std::uint32_t> evaluations;
    [[nodiscard]] StepFacts facts() const { return {to, evaluations}; }
  };
  NewSteps new_steps();
  //! `asked`: evaluations of the walks that count as requests already.
  void advance(std::uint64_t asked);

  Walker& walker_;
  std::size_t num_units_, position_ = 0;
  std::unique_ptr<OrderFront> front_;
  LevelProgress progress_;
  std::size_t told_ = 0;              //!< steps that the front knows
  std::vector<std::uint64_t> asked_;  //!< next()'s pairs, packed
  std::vector<StateUnit> pairs_;
};

Trajectories walk_orders(Walker& walker, const Orders& orders, const LevelProgress& progress = {});
Trajectories walk_orders(Walker& walker, const OrderDraw& draw, const LevelProgress& progress = {});

}  // namespace gridqueue
