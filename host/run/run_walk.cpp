#include "host/run/run_walk.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/resume.hpp"
#include "host/run/progress.hpp"
#include "host/study/references.hpp"
#include "host/walk/lattice_forecast.hpp"

namespace gridqueue {
namespace {

//! Orders are walked in batches as large as all before them together, within these bounds: few and large batches of
//! evaluations. That fixes the numbering of states, so it is no option.
constexpr std::uint64_t kFirstBatch = 20'000, kLargestBatch = 320'000;
//! What is learned stays in memory alone at most so long, and until its level is done.
constexpr double kCommitSeconds = 5;

//! Says in the file how far the model was from AC; a walk that is done again, not before it has come as far as the
//! file.
void write_model_report(const StudyWalk& walk, ResultsWriter& writer) {
  if (!writer.known_to(walk.walker)) return;
  walk.model.verify(walk.walker, walk.study.verify);
  if (const auto report = walk.model.report()) writer.model(*report);
}

class SampleWalk {
  using Clock = WalkClock::Clock;

 public:
  SampleWalk(const StudyWalk& walk, ResultsWriter& writer)
      : walk_(walk), study_(walk.study), walker_(walk.walker), writer_(writer),
        sample_(walker_.queue().units.size(), study_.orders.sampling), count_(order_count(study_)),
        committed_(writer.committed()),
        progress_(fmt::format("walking {}{} orders of {} units", study_.orders.until ? "up to " : "", count_,
                              sample_.num_units())) {}

  //! What the orders say; none where the walk is done again and was stopped before it had come as far as the file.
  std::optional<Summary> run() {
    bool complete = true;
    try {
      for (std::uint64_t next; (next = goal()) > sample_.orders();) {
        progress_.note(present_error());
        while (sample_.orders() < next)
          advance(std::min(std::clamp(sample_.orders(), kFirstBatch, kLargestBatch), next - sample_.orders()));
      }
    } catch (const Interrupted&) {
      complete = false;
      progress_.clear();
      log_warn("{} of {} orders are in '{}'", std::max(sample_.orders(), committed_), count_, study_.output.file);
    }
    {
      const auto part = walk_.clock.writing();
      writer_.wait();
    }
    if (sample_.orders() < committed_) {
      writer_.finish(nullptr, walk_.seconds(), false);
      return {};
    }
    const Summary summary = summarize(sample_);
    write_model_report(walk_, writer_);
    if (study_.orders.until) writer_.half_width(widest_half_width(sample_, *study_.orders.until));
    writer_.finish(study_.orders.method == OrderMethod::random ? &summary : nullptr, walk_.seconds(), complete);
    return summary;
  }

 private:
  //! Orders to have before the next look at the stopping rule.
  [[nodiscard]] std::uint64_t goal() const {
    return study_.orders.until ? orders_needed(sample_, *study_.orders.until) : count_;
  }

  [[nodiscard]] std::string present_error() const {
    if (!study_.orders.until || sample_.orders() == 0) return "";
    return fmt::format("+- {:.4g} of {}", widest_half_width(sample_, *study_.orders.until),
                       study_.orders.until->text());
  }

  //! The next orders: from the file where they are committed and the walker knows them, else walked.
  void advance(std::uint64_t size) {
    const std::uint64_t first = sample_.orders();
    if (first < committed_ && !walk_.model.remembers()) {
      sample_.append(walker_, writer_.trajectories(first, std::min(size, committed_ - first)));
      return;
    }
    const Trajectories batch = explore(first, size);
    if (first >= committed_) {
      const auto part = walk_.clock.writing();
      writer_.append_behind(walker_, batch, walk_.seconds());
    }
    const auto part = walk_.clock.walking();
    sample_.append(walker_, batch);
  }

  Trajectories explore(std::uint64_t first, std::uint64_t size) {
    const auto part = walk_.clock.walking();
    const double count = static_cast<double>(count_), done = static_cast<double>(first);
    const std::uint64_t requests = walker_.counters().requests;  // a restart walks the batch anew, over steps it knows
    auto learned = Clock::now();
    const LevelProgress level_done = [&](std::size_t level, std::size_t levels) {
      progress_.at((done + static_cast<double>(size) * static_cast<double>(level) / static_cast<double>(levels)) /
                   count);
      check_interrupted();
      if (walker_.capacities_due() > 0 ||
          std::chrono::duration<double>(Clock::now() - learned).count() < kCommitSeconds)
        return;
      const auto writing = walk_.clock.writing_while_walking();
      writer_.learned_behind(walker_, requests, walk_.seconds());
      learned = Clock::now();
    };
    if (study_.orders.method == OrderMethod::given) return walk_orders(walker_, given(first, size), level_done);
    return walk_orders(
        walker_, order_draw(sample_.num_units(), study_.orders.seed, first, size, study_.orders.sampling), level_done);
  }

  [[nodiscard]] Orders given(std::uint64_t first, std::uint64_t size) const {
    const std::size_t units = sample_.num_units();
    const Orders all = given_orders(study_, units);
    const auto begin = all.unit.begin() + static_cast<std::ptrdiff_t>(first * units);
    return {units, {begin, begin + static_cast<std::ptrdiff_t>(size * units)}};
  }

  const StudyWalk& walk_;
  const Study& study_;
  Walker& walker_;
  ResultsWriter& writer_;
  SampleStatistics sample_;
  std::uint64_t count_, committed_;
  Progress progress_;
};

double physical_memory() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
}

//! Says how large the lattice will be; refuses what is too large.
LatticeForecast foresee(const StudyWalk& walk) {
  const auto part = walk.clock.walking();
  check_least_states(walk.walker.queue().units.size(), walk.study.orders.max_states);
  const LatticeForecast f = forecast_lattice(walk.walker);
  log_info(
      "all orders of {} units: about {:.3g} states ({:.2g} GB of memory), at most about {:.3g} ({:.2g} GB); found by "
      "trial of {} states",
      f.expected.size() - 1, f.states(), f.bytes() / 1e9, f.most_states(), f.most_bytes() / 1e9,
      walk.walker.states().size());
  check_forecast(f, walk.study.orders.max_states, physical_memory());
  return f;
}

//! What is known when a level is done goes to the file; how it grows is shown.
class LevelReport {
 public:
  LevelReport(const StudyWalk& walk, ResultsWriter& writer, LatticeForecast forecast)
      : walk_(walk), writer_(writer), forecast_(std::move(forecast)),
        progress_(fmt::format("walking the lattice of {} units", walk.walker.queue().units.size())) {}

  void operator()(std::size_t level, std::size_t levels) {
    const std::size_t states = walk_.walker.states().size();
    progress_.note(fmt::format("{} states", states));
    if (forecast_.states() > kTold) {
      progress_.clear();
      log_info("{} of {} units considered: {} states, {:.1f} s", level, levels, states, walk_.seconds().total);
    }
    progress_.at(done(level));
    check_interrupted();
    const auto part = walk_.clock.writing_while_walking();
    writer_.learned_behind(walk_.walker, walk_.walker.counters().requests, walk_.seconds());
  }

 private:
  static constexpr double kTold = 200'000;  //!< states; larger lattices take minutes
  //! Share of the states foreseen.
  [[nodiscard]] double done(std::size_t level) const {
    const auto& all = forecast_.expected;
    const auto upto = all.begin() + static_cast<std::ptrdiff_t>(std::min(level + 1, all.size()));
    return all.empty() ? 0 : std::accumulate(all.begin(), upto, 0.0) / forecast_.states();
  }
  const StudyWalk& walk_;
  ResultsWriter& writer_;
  LatticeForecast forecast_;
  Progress progress_;
};

}  // namespace

namespace {

//! A new file, or with `resume` the one that is there (if any): the walker then knows what the file knows.
//! None where the file is complete already.
std::unique_ptr<ResultsWriter> start_file(const StudyWalk& walk, const Provenance& provenance, bool resume) {
  const std::string& path = walk.study.output.file;
  if (!resume || !std::filesystem::exists(path)) return std::make_unique<ResultsWriter>(path, provenance, walk.walker);
  WalkRecord record;
  {
    const h5::File file = open_results(path);
    check_resumable(file, provenance, walk.walker.queue(), walk.walker.network());
    if (file.read_attribute<std::int64_t>("", "complete") != 0) return nullptr;
    if (!walk.model.remembers()) record = read_walk(file, walk.walker.network());
  }
  // the lattice is walked again from its root, over steps that are known: it asks for them once more
  if (walk.study.orders.method == OrderMethod::all)
    record.counters.requests -=
        std::accumulate(record.step_evaluations.begin(), record.step_evaluations.end(), std::uint64_t{0});
  if (!record.states.empty()) walk.walker.restore(std::move(record));
  walk.model.tell_resumed(path);
  walk.clock.resume(ResultsReader(path).info().seconds);
  return std::make_unique<ResultsWriter>(path, walk.walker);
}

}  // namespace

namespace {

//! Every order at once: the lattice's states and steps, level by level, and the exact distributions.
void enumerate(const StudyWalk& walk, ResultsWriter& writer, LatticeForecast forecast) {
  bool complete = true;
  try {
    ExactDistribution exact;
    if (walk.walker.steps().empty())
      forecast = foresee(walk);  // resumed, nothing restored: the states tried come first here too
    {
      const auto part = walk.clock.walking();
      LevelReport level_done(walk, writer, std::move(forecast));
      exact = enumerate_orders(walk.walker, {walk.study.orders.max_states},
                               [&](std::size_t level, std::size_t levels) { level_done(level, levels); });
    }
    const auto part = walk.clock.writing();
    writer.distribution(exact);
  } catch (const Interrupted&) {
    complete = false;
  }
  {
    const auto part = walk.clock.writing();
    writer.wait();
  }
  write_model_report(walk, writer);
  writer.finish(nullptr, walk.seconds(), complete);
}

}  // namespace

WalkEnd walk_study(const StudyWalk& walk, const Provenance& provenance, bool resume) {
  const bool all = walk.study.orders.method == OrderMethod::all,
             anew = !resume || !std::filesystem::exists(walk.study.output.file);
  const LatticeForecast forecast =
      all && anew ? foresee(walk) : LatticeForecast();  // what is refused costs no older file
  const auto writer = start_file(walk, provenance, resume);
  if (!writer) return {false, {}};
  if (!all) return {true, SampleWalk(walk, *writer).run()};
  enumerate(walk, *writer, forecast);
  return {true, {}};
}

}  // namespace gridqueue
