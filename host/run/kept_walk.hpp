// The walk of the one queue whose orders are kept one by one.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "host/outcome/actual_order.hpp"
#include "host/results/results_writer.hpp"
#include "host/run/order_batches.hpp"
#include "host/run/part_status.hpp"
#include "host/run/progress.hpp"
#include "host/run/shard_slices.hpp"
#include "host/run/study_model.hpp"
#include "host/run/walk_clock.hpp"
#include "host/walk/lattice_forecast.hpp"

namespace gridqueue {

class KeptWalk {
 public:
  //! `range`: of orders, where they are sampled. `reporter`: null = nobody is told how far it is.
  KeptWalk(const Study& study, StudyModel& model, WalkClock& clock, std::shared_ptr<Walker> walker, NumberRange range,
           PartReporter* reporter);

  [[nodiscard]] const Walker& walker() const { return *walker_; }
  //! Of all orders: says how large the lattice will be, refuses what is too large. Before a file is made. `slices`:
  //! that shards share, there and in the tour; null = alone.
  void foresee(ShardSlices* slices);
  //! Rows go to the writer as they come; null = nowhere.
  Tour start(ResultsWriter* writer);
  //! Walks the queue's actual order, where it has one: first, so that it is there whatever ends the run.
  void walk_actual();
  //! Among those walked; none where there is none.
  [[nodiscard]] std::optional<ActualOrder> actual(const QueueOutcome& queue) const;
  //! What has been walked, for the user.
  [[nodiscard]] std::string state_text() const;
  //! What the walk has taken, and its orders would have needed: a batch that was given up does not count.
  [[nodiscard]] WalkCounters counters() const;
  //! Walked ones, that can be summed up.
  [[nodiscard]] bool has_orders() const;
  [[nodiscard]] const OrderBatches* batches() const { return batches_; }
  void clear_progress();

 private:
  OrderLog log();
  [[nodiscard]] bool asks_capacities() const { return study_.output.hosting_capacity != HostingCapacityMode::none; }
  void level_done(double orders_done);
  void lattice_level_done(std::size_t level, std::size_t levels);
  void at(double fraction);
  [[nodiscard]] double lattice_done(std::size_t level) const;
  [[nodiscard]] bool all_orders() const { return study_.orders.method == OrderMethod::all; }

  const Study& study_;
  StudyModel& model_;
  WalkClock& clock_;
  std::shared_ptr<Walker> walker_;
  NumberRange range_;
  PartReporter* reporter_;
  ResultsWriter* writer_ = nullptr;
  Trajectories actual_;                    //!< of the actual order
  const OrderBatches* batches_ = nullptr;  //!< the tour's course
  LatticeForecast forecast_;
  BeforeSlice before_slice_;  //!< of all orders
  std::unique_ptr<Progress> progress_;
  std::uint64_t requests_ = 0;  //!< counted for the orders that are done
};

}  // namespace gridqueue
