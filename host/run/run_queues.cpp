#include "host/run/run_queues.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/queue/random_queue.hpp"
#include "host/results/queues_reader.hpp"
#include "host/results/queues_writer.hpp"
#include "host/run/progress.hpp"
#include "host/study/references.hpp"

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

class QueuesWalk {
 public:
  QueuesWalk(const Study& study, StudyModel& model, WalkClock& clock, std::vector<Queue> queues)
      : study_(study), model_(model), evaluator_(model.evaluator()), clock_(clock), queues_(std::move(queues)) {
    for (const Queue& q : queues_) most_units_ = std::max(most_units_, q.units.size());
    window_ = queues_at_once(study_.orders, most_units_);
  }

  std::unique_ptr<QueuesWriter> start_file(const Provenance& provenance, bool resume) {
    const std::string& path = study_.output.file;
    if (resume && std::filesystem::exists(path)) {
      const ResultsInfo before = QueuesReader(path).info().run;
      if (before.complete) return nullptr;
      clock_.resume(before.seconds);
      auto writer = std::make_unique<QueuesWriter>(path, provenance);
      known_ = writer->committed();
      if (known_ > 0) model_.tell_resumed(path);
      return writer;
    }
    return std::make_unique<QueuesWriter>(path, provenance, queues_.size(), most_units_, empty());
  }

  void run(QueuesWriter& writer) {
    bool complete = true;
    Progress progress(fmt::format("walking {} queues of up to {} units", queues_.size(), most_units_));
    try {
      const auto part = clock_.walking();
      walk(writer, progress);
    } catch (const Interrupted&) {
      complete = false;
      progress.clear();
      log_warn("{} of {} queues are in '{}'", writer.committed(), queues_.size(), study_.output.file);
    }
    if (const auto report = model_.report(); report && walked_ >= known_) writer.model(*report);
    writer.finish(clock_.seconds(evaluator_), complete);
  }

 private:
  //! Of a queue that has ended and is not in the file yet.
  struct Ended {
    QueueOutcome outcome;
    WalkCounters spent;
  };

  //! Knows the feeder without units, and places.
  const Walker& empty() {
    if (!empty_)
      empty_ = std::make_unique<Walker>(evaluator_, queues_.front(), study_.upgrades, HostingCapacityMode::none);
    return *empty_;
  }

  void walk(QueuesWriter& writer, Progress& progress) {
    base_ = empty().evaluations().front();
    ended_.resize(queues_.size());
    WalkCounters spent;
    if (known_ == 0) spent = empty().counters();
    const TourPlan plan{model_.remembers() ? 0 : known_,
                        queues_.size(),
                        window_,
                        [&](std::uint64_t k) { return start(k); },
                        [&](std::uint64_t k, const Tour& t) { finish(k, t); },
                        [&](std::uint64_t ended) {
                          walked_ = ended;
                          progress.at(static_cast<double>(ended) / static_cast<double>(queues_.size()));
                          check_interrupted();
                          if (ended >= writer.committed() + kCommit || ended == queues_.size())
                            write(writer, ended, spent);
                        }};
    walk_tours(evaluator_, plan);
  }

  Tour start(std::uint64_t k) {
    Tour t;
    t.walker = std::make_unique<Walker>(evaluator_, queues_[k], study_.upgrades, HostingCapacityMode::none, &base_);
    const OrdersEntry& o = study_.orders;
    if (o.method == OrderMethod::all)
      t.course = std::make_unique<LatticeCourse>(*t.walker,
                                                 LatticeOptions{o.max_states, fmt::format("queue {}: all orders", k)});
    else
      t.course = std::make_unique<OrderCourse>(*t.walker, order_draw(queues_[k].units.size(), o.seed, 0, o.count,
                                                                     o.sampling, static_cast<std::uint32_t>(k)));
    return t;
  }

  void finish(std::uint64_t k, const Tour& t) {
    ended_[k].spent = t.walker->counters();
    const auto sampled = [&](std::uint64_t queues) { return queues * study_.verify / queues_.size(); };
    model_.verify(*t.walker, sampled(k + 1) - sampled(k));
    if (k < known_) return;  // walked again, for what the model learns from it
    if (study_.orders.method == OrderMethod::all)
      ended_[k].outcome = queue_outcome(*t.walker, static_cast<const LatticeCourse&>(*t.course).distribution());
    else
      ended_[k].outcome =
          queue_outcome(*t.walker, static_cast<const OrderCourse&>(*t.course).trajectories(), study_.orders.sampling);
  }

  //! Queues up to `ended`; `spent` on none of them yet, or on them all.
  void write(QueuesWriter& writer, std::uint64_t ended, WalkCounters& spent) {
    const auto part = clock_.writing_while_walking();
    std::vector<QueueOutcome> outcomes;
    for (std::uint64_t k = writer.committed(); k < ended; ++k) {
      outcomes.push_back(std::move(ended_[k].outcome));
      spent.evaluations += ended_[k].spent.evaluations;
      spent.requests += ended_[k].spent.requests;
    }
    writer.append(outcomes, std::exchange(spent, {}), clock_.seconds(evaluator_));
  }

  static constexpr std::uint64_t kCommit = 100;  //!< queues
  const Study& study_;
  StudyModel& model_;
  InterruptibleEvaluator& evaluator_;
  WalkClock& clock_;
  std::vector<Queue> queues_;
  std::size_t most_units_ = 0, window_ = 1;
  std::uint64_t known_ = 0, walked_ = 0;  //!< queues: in the file at the start; ended
  std::unique_ptr<Walker> empty_;
  Quantities base_;           //!< of the feeder without any unit
  std::vector<Ended> ended_;  //!< [queue]
};

}  // namespace

void run_queues(const Study& study, StudyModel& model, Evaluator& drawing, WalkClock& clock,
                const Provenance& provenance, bool resume) {
  std::vector<Queue> queues;
  {
    const auto part = clock.walking();
    queues = draw_random_queues(drawing, study_random_queue(study, drawing.network()), *study.queue.random->queues);
  }
  QueuesWalk walk(study, model, clock, std::move(queues));
  if (const auto writer = walk.start_file(provenance, resume)) walk.run(*writer);
  else log_info("'{}' is complete already", study.output.file);
}

}  // namespace gridqueue
