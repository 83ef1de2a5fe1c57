#include "host/run/run_queues.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/run/kept_walk.hpp"
#include "host/run/unsolved_state.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {
namespace {

//! Queues under way at once: enough for large batches of evaluations, few enough for memory. Changes no result.
std::size_t queues_at_once(const OrdersEntry& orders, std::size_t units) {
  constexpr double kPairs = 80'000;  // of a level, sampled
  constexpr double kStates = 1 << 18;
  const double of_one =
      orders.method == OrderMethod::all ? kStates / lattice_states(units) : kPairs / static_cast<double>(orders.count);
  return static_cast<std::size_t>(std::clamp(of_one, 1.0, 4000.0));
}

class QueuesRun {
 public:
  QueuesRun(const StudyRun& run, std::vector<Queue> queues)
      : run_(run), study_(run.study), evaluator_(run.model.evaluator()), queues_(std::move(queues)),
        range_(study_.many_queues() ? run.range : NumberRange{}), ended_(queues_.size()) {
    range_.last = std::min<std::uint64_t>(range_.last, queues_.size());
    for (const Queue& q : queues_) most_units_ = std::max(most_units_, q.units.size());
    const auto part = run_.clock.walking();
    spent_.evaluations = 1;  // the base case
    if (!study_.many_queues()) kept_.emplace(study_, run_.model, run_.clock, first_walker(), run_.range, run_.reporter);
    else if (all_orders()) check_least_states(most_units_, study_.orders.max_states);
  }

  //! What is refused costs no file.
  void start_file() {
    if (kept_) kept_->foresee(run_.slices);
    if (run_.file.empty()) return;
    const auto model = run_.model.report(0);
    writer_ = std::make_unique<ResultsWriter>(
        run_.file, NewResults{run_.provenance, evaluator_.network(), *run_.policy, queues_.size(), most_units_,
                              kept_ ? &queues_.front() : nullptr, model ? &*model : nullptr, range_.first});
  }

  WalkEnd run() {
    bool complete = true;
    try {
      const auto part = run_.clock.walking();
      walk();
    } catch (const Interrupted&) {
      complete = false;
    }
    if (kept_) kept_->clear_progress();
    if (!writer_) return {complete, {}};
    if (!complete) end_early();
    const auto part = run_.clock.writing();
    if (const auto report = run_.model.report(kept_ ? 1 : writer_->queues()); report) writer_->model(*report);
    if (kept_ && kept_->has_orders() && study_.orders.until)
      writer_->half_width(widest_half_width(kept_->batches()->sample(), *study_.orders.until));
    if (kept_ && !sums_) count(kept_->counters());
    writer_->finish({spent_.evaluations, spent_.requests, seconds()}, complete);
    return {complete, std::move(sums_)};
  }

 private:
  //! Of a queue that has ended and is not in the file yet.
  struct Ended {
    QueueOutcome outcome;
    WalkCounters spent;
  };

  [[nodiscard]] bool all_orders() const { return study_.orders.method == OrderMethod::all; }
  [[nodiscard]] HostingCapacityMode hosting() const {
    return study_.many_queues() ? HostingCapacityMode::none : study_.output.hosting_capacity;
  }
  [[nodiscard]] RunSeconds seconds() const { return run_.clock.seconds(evaluator_); }
  [[nodiscard]] std::uint64_t written() const { return writer_ ? range_.first + writer_->queues() : done_; }

  [[nodiscard]] std::shared_ptr<Walker> first_walker() const {
    return std::make_shared<Walker>(evaluator_, queues_.front(), run_.policy, hosting());
  }

  void walk() {
    if (!kept_)
      progress_.emplace(fmt::format("walking {} queues of up to {} units", range_.last - range_.first, most_units_));
    std::uint64_t at = range_.first;
    for (const KnownQueues& k : run_.known) {
      if (k.range.first < at || k.range.last > range_.last) continue;
      walk({at, k.range.first});
      take(k);
      at = k.range.last;
    }
    walk({at, range_.last});
    progress_.reset();
  }

  void walk(NumberRange range) {
    if (range.first == range.last) return;
    if (!kept_ && !base_) base_ = first_walker()->evaluations()[0];
    const TourPlan plan{range.first,
                        range.last,
                        queues_at_once(study_.orders, most_units_),
                        [&](std::uint64_t k) { return start(k); },
                        [&](std::uint64_t k, const Tour& t) { finish(k, t); },
                        [&](std::uint64_t ended) {
                          if (!kept_) told(ended);
                          if (ended >= written() + kTogether || ended == range.last) write(ended);
                        }};
    walk_tours(evaluator_, plan);
  }

  //! How far it is, of many queues.
  void told(std::uint64_t ended) {
    const double part = static_cast<double>(ended - range_.first) /
                        static_cast<double>(std::max<std::uint64_t>(range_.last - range_.first, 1));
    progress_->at(part);
    if (run_.reporter) run_.reporter->at(part);
    check_interrupted();
  }

  void take(const KnownQueues& known) {
    const ResultsInfo& info = known.results->info();
    for (std::uint64_t first = 0; first < info.summed_up; first += kTogether) {
      const auto queues = known.results->whole_queues(first, std::min(kTogether, info.summed_up - first));
      const auto part = run_.clock.writing_while_walking();
      if (writer_) writer_->append(queues);
    }
    done_ = known.range.last;
    spent_.evaluations += info.evaluations - 1;  // the base case is evaluated once
    spent_.requests += info.evaluations_asked;
    told(known.range.last);
  }

  Tour start(std::uint64_t k) {
    if (kept_) {
      kept_->walk_actual();
      return tour_ = kept_->start(writer_.get());
    }
    Tour t;
    t.walker = std::make_shared<Walker>(evaluator_, queues_[k], run_.policy, hosting(), &*base_);
    if (all_orders())
      t.course = std::make_shared<LatticeCourse>(
          *t.walker, LatticeOptions{study_.orders.max_states, fmt::format("queue {}: all orders", k)});
    else t.course = std::make_shared<OrderBatches>(*t.walker, study_, static_cast<std::uint32_t>(k));
    return t;
  }

  void finish(std::uint64_t k, const Tour& t) {
    if (!writer_) return;
    const auto sampled = [&](std::uint64_t queues) { return queues * study_.verify / queues_.size(); };
    verify(*t.walker, k, sampled(k + 1) - sampled(k));
    QueueSums sums = sums_of(t);
    const WalkCounters spent = kept_ ? kept_->counters() : t.walker->counters();
    sums.outcome.evaluations_asked = spent.requests;
    ended_[k] = {sums.outcome, spent};
    if (kept_) sums_ = std::move(sums), tell_unsolved(*t.walker);
  }

  void tell_unsolved(const Walker& walker) {
    const std::string state = unsolved_state(evaluator_, walker);
    if (state.empty()) return;
    log_warn("{}", state);
    writer_->unsolved(state);
  }

  //! Many queues finish on many threads, where no clock counts.
  void verify(const Walker& walker, std::uint64_t queue, std::uint64_t states) {
    if (!kept_) return run_.model.verify(walker, queue, states);
    const auto part = run_.clock.checking_while_walking();
    run_.model.verify(walker, queue, states);
  }

  [[nodiscard]] QueueSums sums_of(const Tour& t) const {
    const WalkView view = view_of(*t.walker);
    QueueSums sums = all_orders() ? sum_up(view, static_cast<const LatticeCourse&>(*t.course).distribution())
                                  : sum_up(view, static_cast<const OrderBatches&>(*t.course).sample(),
                                           kept_ && study_.orders.method == OrderMethod::random);
    if (study_.keep() == Kept::summary)
      for (FinalState& end : sums.outcome.ends) end.state = {};
    return sums;
  }

  void count(const WalkCounters& spent) {
    spent_.evaluations += spent.evaluations - 1;  // the base case is evaluated once
    spent_.requests += spent.requests;
  }

  //! Queues up to `ended`.
  void write(std::uint64_t ended) {
    done_ = ended;
    if (!writer_) return;
    const auto part = run_.clock.writing_while_walking();
    std::vector<QueueOutcome> outcomes;
    for (std::uint64_t k = written(); k < ended; ++k) {
      outcomes.push_back(std::move(ended_[k].outcome));
      count(ended_[k].spent);
    }
    if (sums_ && study_.keep() == Kept::summary)
      writer_->final_sets(number_final_sets(sums_->orders, kept_->walker().upgrade_sets()));
    if (sums_) writer_->details(*sums_);
    if (const auto actual = sums_ ? kept_->actual(sums_->outcome) : std::nullopt) writer_->actual(*actual);
    writer_->append(outcomes);
  }

  //! Of one queue, the orders that were walked are summed up.
  void end_early() {
    log_warn("{} were walked",
             kept_ ? kept_->state_text() : fmt::format("{} of {} queues", writer_->queues(), queues_.size()));
    if (!kept_) return;
    const auto part = run_.clock.walking();
    if (all_orders()) return verify(kept_->walker(), 0, study_.verify);
    if (!kept_->has_orders()) return;
    finish(0, tour_);
    write(1);
  }

  static constexpr std::uint64_t kTogether = 100;  //!< queues whose rows are made at once
  const StudyRun& run_;
  const Study& study_;
  InterruptibleEvaluator& evaluator_;
  std::vector<Queue> queues_;
  std::size_t most_units_ = 0;
  std::optional<Quantities> base_;    //!< of the feeder without any unit, for many walkers
  std::optional<KeptWalk> kept_;      //!< of one queue
  std::optional<Progress> progress_;  //!< of many
  Tour tour_;                         //!< its
  NumberRange range_;                 //!< of queues
  std::unique_ptr<ResultsWriter> writer_;
  std::uint64_t done_ = 0;         //!< queues that have ended
  std::vector<Ended> ended_;       //!< [queue]
  WalkCounters spent_;             //!< on the queues in the file
  std::optional<QueueSums> sums_;  //!< of one queue
};

}  // namespace

WalkEnd run_queues(const StudyRun& run, std::vector<Queue> queues) {
  QueuesRun walk(run, std::move(queues));
  walk.start_file();
  return walk.run();
}

}  // namespace gridqueue
