// The orders of one queue: batch by batch, until the study's count or stopping rule is reached.
#pragma once
#include <functional>
#include <limits>
#include <memory>

#include "host/outcome/sample_statistics.hpp"
#include "host/study/study.hpp"
#include "host/walk/orders.hpp"

namespace gridqueue {

//! Numbers first .. last - 1, of orders or of queues.
struct NumberRange {
  std::uint64_t first = 0, last = std::numeric_limits<std::uint64_t>::max();
};

//! Who hears of orders as they come.
struct OrderLog {
  std::function<void(const Trajectories&)> write;
  std::function<void(double orders_done)> level_done;  //!< with parts of orders
};

class OrderBatches final : public Course {
 public:
  //! `queue`: its number in the study. `range`: of the study's orders, those to walk.
  OrderBatches(Walker& walker, const Study& study, std::uint32_t queue, OrderLog log = {}, NumberRange range = {});

  std::span<const StateUnit> next() override;
  void take(std::span<const StepId> steps) override { course_->take(steps); }
  [[nodiscard]] bool settled() const override { return course_->settled(); }
  [[nodiscard]] const SampleStatistics& sample() const { return sample_; }
  [[nodiscard]] std::uint64_t asked() const { return count_; }  //!< at most
  //! "+- 1200 of mean within 1000 USD"; empty without a stopping rule.
  [[nodiscard]] const std::string& present_error() const { return error_; }

 private:
  void end_batch();
  [[nodiscard]] std::uint64_t batch_size();  //!< of the next one; 0 = enough
  void look();                               //!< at the stopping rule
  [[nodiscard]] std::unique_ptr<OrderCourse> course_of(std::uint64_t done, std::uint64_t size) const;

  Walker& walker_;
  const Study& study_;
  std::uint32_t queue_;
  OrderLog log_;
  std::uint64_t first_;             //!< number of the first order
  std::uint64_t count_, goal_ = 0;  //!< orders: at most; before the next look at the stopping rule
  std::string error_;
  SampleStatistics sample_;
  std::unique_ptr<OrderCourse> course_;
};

}  // namespace gridqueue
