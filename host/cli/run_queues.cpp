#include "host/cli/run_queues.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "host/cli/progress.hpp"
#include "host/explore/random_queue.hpp"
#include "host/results/queues_reader.hpp"
#include "host/results/queues_writer.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

//! Queues that walk together: enough for large batches of evaluations, few enough for memory. Changes no result.
std::size_t queues_at_once(const OrdersEntry& orders, std::size_t units) {
  constexpr double kPairs = 40'000;  // of a level, sampled
  constexpr double kStates = 1 << 18;
  const double of_one = orders.method == OrderMethod::all ? kStates / lattice_states(units) : kPairs / static_cast<double>(orders.count);
  return static_cast<std::size_t>(std::clamp(of_one, 1.0, 2000.0));
}

class QueuesWalk {
 public:
  QueuesWalk(const Study& study, InterruptibleEvaluator& evaluator, WalkClock& clock, std::vector<Queue> queues)
      : study_(study), evaluator_(evaluator), clock_(clock), queues_(std::move(queues)) {
    for (const Queue& q : queues_) most_units_ = std::max(most_units_, q.units.size());
    size_ = queues_at_once(study_.orders, most_units_);
  }

  std::unique_ptr<QueuesWriter> start_file(const Provenance& provenance, bool resume) {
    const std::string& path = study_.output.file;
    if (resume && std::filesystem::exists(path)) {
      const ResultsInfo before = QueuesReader(path).info().run;
      if (before.complete) return nullptr;
      clock_.resume(before.seconds);
      return std::make_unique<QueuesWriter>(path, provenance);
    }
    const Walker places(evaluator_, queues_.front(), study_.upgrades, HostingCapacityMode::none);
    return std::make_unique<QueuesWriter>(path, provenance, queues_.size(), most_units_, places);
  }

  void run(QueuesWriter& writer) {
    bool complete = true;
    Progress progress(fmt::format("walking {} queues of up to {} units", queues_.size(), most_units_));
    try {
      while (writer.committed() < queues_.size()) walk_group(writer, progress);
    } catch (const Interrupted&) {
      complete = false;
      spdlog::warn("{} of {} queues are in '{}'", writer.committed(), queues_.size(), study_.output.file);
    }
    writer.finish(clock_.seconds(evaluator_), complete);
  }

 private:
  void walk_group(QueuesWriter& writer, Progress& progress) {
    const std::uint64_t first = writer.committed(), last = std::min<std::uint64_t>(queues_.size(), first + size_);
    WalkCounters spent;
    const auto outcomes = walk(first, last, spent, progress);
    const auto part = clock_.writing();
    writer.append(outcomes, spent, clock_.seconds(evaluator_));
  }

  std::vector<QueueOutcome> walk(std::uint64_t first, std::uint64_t last, WalkCounters& spent, Progress& progress) {
    const auto part = clock_.walking();
    const auto at = [&](std::uint64_t k) { return queues_.begin() + static_cast<std::ptrdiff_t>(k); };
    WalkerGroup group(evaluator_, {at(first), at(last)}, study_.upgrades, HostingCapacityMode::none);
    const auto tell = [&](std::size_t level, std::size_t levels) {
      const double done = static_cast<double>(last - first) * static_cast<double>(level) / static_cast<double>(levels);
      progress.at((static_cast<double>(first) + done) / static_cast<double>(queues_.size()));
      check_interrupted();
    };
    std::vector<QueueOutcome> outcomes;
    if (study_.orders.method == OrderMethod::all) {
      const auto exact = enumerate_together(group.walkers(), {study_.orders.max_states, first}, tell);
      for (std::size_t i = 0; i < exact.size(); ++i) outcomes.push_back(queue_outcome(group[i], exact[i]));
    } else {
      std::vector<Orders> orders;
      for (std::uint64_t k = first; k < last; ++k)
        orders.push_back(random_orders(queues_[k].units.size(), study_.orders.seed, 0, study_.orders.count, study_.orders.sampling, static_cast<std::uint32_t>(k)));
      const auto walks = walk_together(group.walkers(), orders, tell);
      for (std::size_t i = 0; i < walks.size(); ++i) outcomes.push_back(queue_outcome(group[i], walks[i], study_.orders.sampling));
    }
    spent = group.counters();
    return outcomes;
  }

  const Study& study_;
  InterruptibleEvaluator& evaluator_;
  WalkClock& clock_;
  std::vector<Queue> queues_;
  std::size_t most_units_ = 0, size_ = 1;
};

}  // namespace

void run_queues(const Study& study, InterruptibleEvaluator& evaluator, WalkClock& clock, const Provenance& provenance, bool resume) {
  std::vector<Queue> queues;
  {
    const auto part = clock.walking();
    queues = draw_random_queues(evaluator, study_random_queue(study, evaluator.network()), *study.queue.random->queues);
  }
  QueuesWalk walk(study, evaluator, clock, std::move(queues));
  if (const auto writer = walk.start_file(provenance, resume)) walk.run(*writer);
  else spdlog::info("'{}' is complete already", study.output.file);
}

}  // namespace gridqueue
