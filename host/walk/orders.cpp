#include "host/walk/orders.hpp"

#include "gridqueue/contracts.hpp"
#include "gridqueue/machine.hpp"
#include "host/walk/unique_pairs.hpp"

namespace gridqueue {
namespace {

//! Where the evaluator works; one without a machine stands on the host.
template <class... Arguments>
std::unique_ptr<OrderFront> make_front(const Evaluator& evaluator, const Arguments&... arguments) {
  if (const auto& machine = evaluator.options().machine) return machine->order_front(arguments...);
  return make_host_order_front(arguments...);
}

std::vector<std::int32_t> numbers(std::span<const StepId> ids) {
  std::vector<std::int32_t> all;
  all.reserve(ids.size());
  for (StepId id : ids) all.push_back(id.value);
  return all;
}

}  // namespace

OrderDraw order_draw(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling, std::uint32_t queue) {
  GQ_EXPECT(num_units <= kMaxUnits);
  return {static_cast<std::uint32_t>(num_units),
          seed,
          first,
          count,
          static_cast<std::uint32_t>(cluster_size(sampling)),
          queue};
}

Orders random_orders(std::size_t num_units, std::uint64_t seed, std::uint64_t first, std::size_t count,
                     Sampling sampling, std::uint32_t queue) {
  return {num_units, make_host_order_front(order_draw(num_units, seed, first, count, sampling, queue))->orders()};
}

OrderCourse::OrderCourse(Walker& walker, std::size_t num_units, std::unique_ptr<OrderFront> front,
                         LevelProgress progress)
    : walker_(walker), num_units_(num_units), front_(std::move(front)), progress_(std::move(progress)) {
  GQ_EXPECT(num_units == walker.queue().units.size());
  const NewSteps all = new_steps();
  front_->know(numbers(walker.step_table()), all.facts());
}
OrderCourse::OrderCourse(Walker& walker, const Orders& orders, LevelProgress progress)
    : OrderCourse(walker, orders.num_units,
                  make_front(walker.evaluator(), static_cast<std::uint32_t>(orders.num_units),
                             std::span<const std::int32_t>(orders.unit)),
                  std::move(progress)) {}
OrderCourse::OrderCourse(Walker& walker, const OrderDraw& draw, LevelProgress progress)
    : OrderCourse(walker, draw.num_units, make_front(walker.evaluator(), draw), std::move(progress)) {}

OrderCourse::NewSteps OrderCourse::new_steps() {
  NewSteps s;
  for (; told_ < walker_.steps().size(); ++told_) {
    s.to.push_back(walker_.steps()[told_].to.value);
    s.evaluations.push_back(walker_.evaluations_of(StepId(told_)));
  }
  return s;
}

std::span<const StateUnit> OrderCourse::next() {
  while (!settled()) {
    asked_ = front_->unknown();
    pairs_.clear();
    for (const std::uint64_t pair : asked_) pairs_.push_back(unpack_pair(pair));
    if (!pairs_.empty()) return pairs_;
    advance(0);
  }
  return {};
}

void OrderCourse::take(std::span<const StepId> steps) {
  std::uint64_t asked = 0;  // counted already
  for (const StepId s : steps) asked += walker_.evaluations_of(s);
  const NewSteps fresh = new_steps();
  front_->learn(asked_, numbers(steps), fresh.facts());
  advance(asked);
}

void OrderCourse::advance(std::uint64_t asked) {
  walker_.count_requests(front_->advance() - asked);
  ++position_;
  if (progress_) progress_(position_, num_units_);
}

Trajectories OrderCourse::trajectories() const {
  Trajectories t{num_units_, {}};
  const auto steps = front_->steps();
  t.step.reserve(steps.size());
  for (const std::int32_t s : steps) t.step.emplace_back(s);
  return t;
}

namespace {

Trajectories walk(Walker& walker, OrderCourse&& orders) {
  Walker* const self = &walker;
  Course* const course = &orders;
  walk_courses({&self, 1}, {&course, 1});
  return orders.trajectories();
}

}  // namespace

Trajectories walk_orders(Walker& walker, const Orders& orders, const LevelProgress& progress) {
  return walk(walker, OrderCourse(walker, orders, progress));
}
Trajectories walk_orders(Walker& walker, const OrderDraw& draw, const LevelProgress& progress) {
  return walk(walker, OrderCourse(walker, draw, progress));
}

}  // namespace gridqueue
