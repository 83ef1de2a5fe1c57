#include "host/run/order_batches.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "host/study/references.hpp"

namespace gridqueue {
namespace {

//! As large as all before them together, within these bounds: few and large batches of evaluations. That fixes the
//! numbering of states, so it is no option.
constexpr std::uint64_t kFirstBatch = 20'000, kLargestBatch = 320'000;

}  // namespace

OrderBatches::OrderBatches(Walker& walker, const Study& study, std::uint32_t queue, OrderLog log, NumberRange range)
    : walker_(walker), study_(study), queue_(queue), log_(std::move(log)), first_(range.first),
      count_(std::min(order_count(study), range.last) - range.first),
      sample_(walker.queue().units.size(), study.orders.sampling) {
  if (log_.write && study.orders.method == OrderMethod::random) sample_.track_convergence();
}

std::span<const StateUnit> OrderBatches::next() {
  for (;;) {
    if (course_) {
      if (const auto pairs = course_->next(); !pairs.empty()) return pairs;
      end_batch();
    }
    const std::uint64_t done = sample_.orders(), size = batch_size();
    if (size == 0) return {};
    course_ = course_of(done, size);
  }
}

void OrderBatches::end_batch() {
  const Trajectories batch = course_->trajectories();
  course_.reset();
  if (log_.write) log_.write(batch);
  sample_.append(walker_.steps(), batch);
}

std::uint64_t OrderBatches::batch_size() {
  const std::uint64_t now = sample_.orders();
  if (now >= goal_) look();
  return std::min(std::clamp(now, kFirstBatch, kLargestBatch), goal_ - std::min(goal_, now));
}

void OrderBatches::look() {
  goal_ = count_;
  if (!study_.orders.until) return;
  goal_ = orders_needed(sample_, *study_.orders.until);
  if (sample_.orders() > 0)
    error_ =
        fmt::format("+- {:.4g} of {}", widest_half_width(sample_, *study_.orders.until), study_.orders.until->text());
}

std::unique_ptr<OrderCourse> OrderBatches::course_of(std::uint64_t done, std::uint64_t size) const {
  const std::uint64_t first = first_ + done;
  const LevelProgress level_done = [this, done, size](std::size_t level, std::size_t levels) {
    if (log_.level_done)
      log_.level_done(static_cast<double>(done) +
                      static_cast<double>(size) * static_cast<double>(level) / static_cast<double>(levels));
  };
  const std::size_t units = sample_.num_units();
  if (study_.orders.method != OrderMethod::given)
    return std::make_unique<OrderCourse>(
        walker_, order_draw(units, study_.orders.seed, first, size, study_.orders.sampling, queue_), level_done);
  const Orders all = given_orders(study_, units);
  const auto begin = all.unit.begin() + static_cast<std::ptrdiff_t>(first * units);
  return std::make_unique<OrderCourse>(
      walker_, Orders{units, {begin, begin + static_cast<std::ptrdiff_t>(size * units)}}, level_done);
}

}  // namespace gridqueue
