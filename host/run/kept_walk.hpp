// The walk of the one queue whose orders are kept: step by step in the file, from which it can be gone on with.
#pragma once
#include <memory>
#include <string>

#include "host/results/results_writer.hpp"
#include "host/run/order_batches.hpp"
#include "host/run/progress.hpp"
#include "host/run/study_model.hpp"
#include "host/run/walk_clock.hpp"
#include "host/walk/lattice_forecast.hpp"

namespace gridqueue {

class KeptWalk {
 public:
  KeptWalk(const Study& study, StudyModel& model, WalkClock& clock, std::shared_ptr<Walker> walker);

  [[nodiscard]] const Walker& walker() const { return *walker_; }
  //! What the file knows.
  void restore(const h5::File& file);
  //! Of all orders: says how large the lattice will be, refuses what is too large. Before a file is made.
  void foresee();
  //! Rows go to the writer as they come.
  Tour start(ResultsWriter& writer);
  //! What has been walked, for the user.
  [[nodiscard]] std::string state_text() const;
  //! What the walk has taken, and its orders in the file would have needed: a batch that was given up does not count.
  [[nodiscard]] WalkCounters counters() const;
  //! Walked ones, that can be summed up.
  [[nodiscard]] bool has_orders() const;
  [[nodiscard]] const OrderBatches* batches() const { return batches_; }
  void clear_progress();

 private:
  OrderLog log(ResultsWriter& writer);
  void level_done(ResultsWriter& writer, double orders_done);
  void lattice_level_done(ResultsWriter& writer, std::size_t level, std::size_t levels);
  void learned(ResultsWriter& writer, std::uint64_t requests);
  void tell_model(ResultsWriter& writer) const;
  [[nodiscard]] double lattice_done(std::size_t level) const;
  [[nodiscard]] RunSeconds seconds() const { return clock_.seconds(model_.evaluator()); }
  [[nodiscard]] bool all_orders() const { return study_.orders.method == OrderMethod::all; }

  const Study& study_;
  StudyModel& model_;
  WalkClock& clock_;
  std::shared_ptr<Walker> walker_;
  std::uint64_t committed_ = 0;            //!< orders in the file at the start
  const OrderBatches* batches_ = nullptr;  //!< the tour's course
  LatticeForecast forecast_;
  std::unique_ptr<Progress> progress_;
  std::uint64_t requests_ = 0;  //!< counted for the orders in the file
  WalkClock::Clock::time_point learned_{};
};

}  // namespace gridqueue
