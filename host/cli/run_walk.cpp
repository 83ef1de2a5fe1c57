#include "host/cli/run_walk.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/cli/interrupt.hpp"
#include "host/cli/progress.hpp"
#include "host/explore/lattice_forecast.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/resume.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

//! Orders are walked and committed in batches of this size; it fixes the numbering of states, so it is no option.
constexpr std::uint64_t kBatch = 20000;

class SampleWalk {
 public:
  SampleWalk(const StudyWalk& walk, ResultsWriter& writer)
      : walk_(walk),
        study_(walk.study),
        walker_(walk.walker),
        writer_(writer),
        sample_(walker_.queue().units.size(), study_.orders.sampling),
        count_(order_count(study_)),
        committed_(writer.committed()),
        progress_(fmt::format("walking {}{} orders of {} units", study_.orders.until ? "up to " : "", count_, sample_.num_units())) {}

  void run() {
    bool complete = true;
    try {
      for (std::uint64_t next; (next = goal()) > sample_.orders();) {
        progress_.note(present_error());
        while (sample_.orders() < next) advance(std::min(kBatch, next - sample_.orders()));
      }
    } catch (const Interrupted&) {
      complete = false;
      spdlog::warn("{} of {} orders are in '{}'", sample_.orders(), count_, study_.output.file);
    }
    const Summary summary = summarize(sample_);
    if (study_.orders.until) writer_.half_width(widest_half_width(sample_, *study_.orders.until));
    writer_.finish(study_.orders.method == OrderMethod::random ? &summary : nullptr, walk_.seconds(), complete);
  }

 private:
  //! Orders to have before the next look at the stopping rule.
  [[nodiscard]] std::uint64_t goal() const { return study_.orders.until ? orders_needed(sample_, *study_.orders.until) : count_; }

  [[nodiscard]] std::string present_error() const {
    if (!study_.orders.until || sample_.orders() == 0) return "";
    return fmt::format("+- {:.4g} of {}", widest_half_width(sample_, *study_.orders.until), study_.orders.until->text());
  }

  //! The next orders: from the file where they are committed, else walked.
  void advance(std::uint64_t size) {
    const std::uint64_t first = sample_.orders();
    if (first + size <= committed_) {
      sample_.append(walker_, writer_.trajectories(first, size));
      return;
    }
    const Trajectories batch = explore(first, size);
    sample_.append(walker_, batch);
    const auto part = walk_.clock.writing();
    writer_.append(walker_, batch, walk_.seconds());
  }

  Trajectories explore(std::uint64_t first, std::uint64_t size) {
    const auto part = walk_.clock.walking();
    const double count = static_cast<double>(count_), done = static_cast<double>(first);
    return walk_orders(walker_, orders(first, size), [&](std::size_t level, std::size_t levels) {
      progress_.at((done + static_cast<double>(size) * static_cast<double>(level) / static_cast<double>(levels)) / count);
      check_interrupted();
    });
  }

  [[nodiscard]] Orders orders(std::uint64_t first, std::uint64_t size) const {
    const std::size_t units = sample_.num_units();
    if (study_.orders.method == OrderMethod::random) return random_orders(units, study_.orders.seed, first, size, study_.orders.sampling);
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

}  // namespace

std::unique_ptr<ResultsWriter> start_file(const StudyWalk& walk, const Provenance& provenance, bool resume) {
  const std::string& path = walk.study.output.file;
  if (!resume || !std::filesystem::exists(path)) return std::make_unique<ResultsWriter>(path, provenance, walk.walker);
  WalkRecord record;
  {
    const h5::File file = open_results(path);
    check_resumable(file, provenance, walk.walker.queue(), walk.walker.network());
    if (file.read_attribute<std::int64_t>("", "complete") != 0) return nullptr;
    record = read_walk(file, walk.walker.network());
  }
  // the lattice is walked again from its root, over steps that are known: it asks for them once more
  if (walk.study.orders.method == OrderMethod::all)
    record.counters.requests -= std::accumulate(record.step_evaluations.begin(), record.step_evaluations.end(), std::uint64_t{0});
  if (!record.states.empty()) walk.walker.restore(std::move(record));
  walk.clock.resume(ResultsReader(path).info().seconds);
  return std::make_unique<ResultsWriter>(path, walk.walker);
}

void sample(const StudyWalk& walk, ResultsWriter& writer) { SampleWalk(walk, writer).run(); }

namespace {

double physical_memory() { return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)); }

//! Says how large the lattice will be; refuses what is too large.
LatticeForecast foresee(const StudyWalk& walk) {
  const auto part = walk.clock.walking();
  const LatticeForecast f = forecast_lattice(walk.walker);
  spdlog::info("all orders of {} units: about {:.3g} states ({:.2g} GB of memory), at most about {:.3g} ({:.2g} GB); found by trial of {} states",
               f.expected.size() - 1, f.states(), f.bytes() / 1e9, f.most_states(), f.most_bytes() / 1e9, walk.walker.states().size());
  check_forecast(f, walk.study.orders.max_states, physical_memory());
  return f;
}

//! What is known when a level is done goes to the file; how it grows is shown.
class LevelReport {
 public:
  LevelReport(const StudyWalk& walk, ResultsWriter& writer, LatticeForecast forecast)
      : walk_(walk), writer_(writer), forecast_(std::move(forecast)), progress_(fmt::format("walking the lattice of {} units", walk.walker.queue().units.size())) {}

  void operator()(std::size_t level, std::size_t levels) {
    const std::size_t states = walk_.walker.states().size();
    progress_.note(fmt::format("{} states", states));
    progress_.at(done(level));
    if (forecast_.states() > kTold) spdlog::info("{} of {} units considered: {} states, {:.1f} s", level, levels, states, walk_.seconds().total);
    check_interrupted();
    const auto part = walk_.clock.writing_while_walking();
    writer_.append(walk_.walker, Trajectories{levels, {}}, walk_.seconds());
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

void enumerate(const StudyWalk& walk, ResultsWriter& writer) {
  bool complete = true;
  try {
    LatticeForecast forecast;
    if (walk.walker.steps().empty()) forecast = foresee(walk);
    ExactDistribution exact;
    {
      const auto part = walk.clock.walking();
      LevelReport level_done(walk, writer, forecast);
      exact = enumerate_orders(walk.walker, {walk.study.orders.max_states}, [&](std::size_t level, std::size_t levels) { level_done(level, levels); });
    }
    const auto part = walk.clock.writing();
    writer.distribution(exact);
  } catch (const Interrupted&) {
    complete = false;
  }
  writer.finish(nullptr, walk.seconds(), complete);
}

}  // namespace gridqueue
