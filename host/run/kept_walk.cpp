#include "host/run/kept_walk.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "gridqueue/log.hpp"
#include "host/run/memory_bound.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {
namespace {

constexpr double kTold = 200'000;  //!< states; larger lattices take minutes, and their levels are logged

}  // namespace

KeptWalk::KeptWalk(const Study& study, StudyModel& model, WalkClock& clock, std::shared_ptr<Walker> walker,
                   NumberRange range, PartReporter* reporter)
    : study_(study), model_(model), clock_(clock), walker_(std::move(walker)), range_(range), reporter_(reporter) {}

void KeptWalk::foresee(ShardSlices* slices) {
  if (!all_orders()) return;
  const auto part = clock_.walking();
  check_least_states(walker_->queue().units.size(), study_.orders.max_states);
  if (slices)
    before_slice_ = [slices](const Walker& w, std::span<const StateUnit> pairs) { slices->work_out(w, pairs); };
  forecast_ = forecast_lattice(*walker_, before_slice_);
  walker_->forget_requests();  // the lattice asks for the steps tried once more
  log_info(
      "all orders of {} units: about {:.3g} states ({:.2g} GB of memory), at most about {:.3g} ({:.2g} GB); found by "
      "trial of {} states",
      forecast_.expected.size() - 1, forecast_.states(), forecast_.bytes() / 1e9, forecast_.most_states(),
      forecast_.most_bytes() / 1e9, walker_->states().size());
  check_forecast(forecast_, study_.orders.max_states, available_memory());
}

void KeptWalk::walk_actual() {
  const Queue& queue = walker_->queue();
  if (queue.actual.empty()) return;
  Orders order{queue.units.size(), {}};
  for (UnitId unit : queue.actual) order.unit.push_back(unit.value);
  actual_ = walk_orders(*walker_, order);
  walker_->forget_requests();  // it is one more order, not one of those asked for
}

std::optional<ActualOrder> KeptWalk::actual(const QueueOutcome& queue) const {
  if (actual_.step.empty()) return {};
  return actual_order(*walker_, actual_, queue);
}

Tour KeptWalk::start(ResultsWriter* writer) {
  const std::size_t units = walker_->queue().units.size();
  writer_ = writer;
  if (all_orders()) {
    progress_ = std::make_unique<Progress>(fmt::format("walking the lattice of {} units", units));
    LatticeOptions options{study_.orders.max_states};
    options.before_slice = before_slice_;
    return {walker_, std::make_shared<LatticeCourse>(
                         *walker_, std::move(options),
                         [this](std::size_t level, std::size_t levels) { lattice_level_done(level, levels); })};
  }
  auto batches = std::make_shared<OrderBatches>(*walker_, study_, 0, log(), range_);
  batches_ = batches.get();
  progress_ = std::make_unique<Progress>(
      fmt::format("walking {}{} orders of {} units", study_.orders.until ? "up to " : "", batches->asked(), units));
  return {walker_, std::move(batches)};
}

OrderLog KeptWalk::log() {
  OrderLog log;
  log.write = [this](const Trajectories& orders) {
    requests_ = walker_->counters().requests;
    if (!writer_) return;
    const auto part = clock_.writing_while_walking();
    writer_->append(*walker_, orders);
  };
  log.level_done = [this](double orders_done) { level_done(orders_done); };
  return log;
}

void KeptWalk::at(double fraction) {
  progress_->at(fraction);
  if (reporter_) reporter_->at(fraction);
  check_interrupted();
}

void KeptWalk::level_done(double orders_done) {
  progress_->note(batches_->present_error());
  if (writer_ && !asks_capacities()) {  // which are known later
    const auto part = clock_.writing_while_walking();
    writer_->learned(*walker_);
  }
  at(orders_done / static_cast<double>(batches_->asked()));
}

//! What is known when a level is done goes to the file; how it grows is shown.
void KeptWalk::lattice_level_done(std::size_t level, std::size_t levels) {
  const std::size_t states = walker_->states().size();
  progress_->note(fmt::format("{} states", states));
  if (forecast_.states() > kTold) {
    progress_->clear();
    log_info("{} of {} units considered: {} states, {:.1f} s", level, levels, states,
             clock_.seconds(model_.evaluator()).total);
  }
  at(lattice_done(level));
  if (!writer_) return;
  const auto part = clock_.writing_while_walking();
  writer_->learned(*walker_);
}

//! Share of the states foreseen.
double KeptWalk::lattice_done(std::size_t level) const {
  const auto& all = forecast_.expected;
  const auto upto = all.begin() + static_cast<std::ptrdiff_t>(std::min(level + 1, all.size()));
  return all.empty() ? 0 : std::accumulate(all.begin(), upto, 0.0) / forecast_.states();
}

std::string KeptWalk::state_text() const {
  if (!batches_) return fmt::format("{} states of the lattice", walker_->states().size());
  return fmt::format("{} of {} orders", batches_->sample().orders(), batches_->asked());
}

WalkCounters KeptWalk::counters() const {
  WalkCounters c = walker_->counters();
  if (batches_) c.requests = requests_;
  return c;
}

bool KeptWalk::has_orders() const { return batches_ && batches_->sample().orders() > 0; }

void KeptWalk::clear_progress() { progress_->clear(); }

}  // namespace gridqueue
