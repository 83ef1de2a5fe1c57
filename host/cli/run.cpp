// gridqueue run: walks the orders of a study.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/progress.hpp"
#include "host/cli/run_report.hpp"
#include "host/cli/version.hpp"
#include "host/explore/lattice.hpp"
#include "host/explore/random_queue.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

struct RunArguments {
  std::string study, out;
  std::uint64_t orders = 0, seed = 0;
  bool orders_given = false, seed_given = false;
};

std::atomic<bool> interrupted{false};
void on_signal(int) { interrupted = true; }

//! The first signal ends the run after the batch at hand, a second one at once.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

//! Orders are walked and committed in batches of this size; it fixes the numbering of states, so it is no option.
constexpr std::uint64_t kBatch = 20000;

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Queue make_queue(const Study& study, const Network& network, Evaluator& evaluator) {
  if (!study.queue.random) return study_queue(study, network);
  RandomQueueSpec spec;
  spec.buses = study_random_buses(study, network);
  spec.kw_min = study.queue.random->kw_min.value;
  spec.kw_max = study.queue.random->kw_max.value;
  spec.seed = study.queue.random->seed;
  spec.count = study.queue.random->count.value_or(0);
  return draw_random_queue(evaluator, spec);
}

class Run {
 public:
  Run(RunArguments a, const Common& common) : a_(std::move(a)), common_(common), study_(load_study(a_.study)) {
    if (a_.seed_given) study_.orders.seed = a_.seed;
    if (a_.orders_given) limit_orders();
    if (!a_.out.empty()) study_.output.file = a_.out;
  }

  int execute() {
    start_ = Clock::now();
    const Network network = read_feeder(study_.feeder.path);
    EvaluatorOptions options = study_options(study_, network);
    options.threads = common_.threads;
    options.backend = choose_backend(common_.backend);
    const auto evaluator = make_evaluator(network, options);
    const Queue queue = make_queue(study_, network, *evaluator);
    Walker walker(*evaluator, queue, study_.upgrades, study_.output.hosting_capacity);
    const Provenance from = provenance(network, options.backend);
    if (study_.orders.method == OrderMethod::all) {
      const ExactDistribution exact = enumerate(walker, from);
      report(ExactReport{study_.output.file, ResultsReader(study_.output.file).info(), exact});
    } else {
      const Summary summary = sample(walker, from);
      report(RunReport{study_.output.file, ResultsReader(study_.output.file).info(), summary});
    }
    return interrupted ? static_cast<int>(ExitCode::interrupted) : 0;
  }

 private:
  void limit_orders() {
    if (a_.orders == 0) fail(ExitCode::usage, "--orders 0 (at least one order is needed)");
    if (study_.orders.method == OrderMethod::given)
      study_.orders.given.resize(std::min<std::size_t>(study_.orders.given.size(), a_.orders));
    study_.orders.count = a_.orders;
    if (study_.orders.until) study_.orders.until->max_orders = a_.orders;
    if (const std::size_t size = cluster_size(study_.orders.sampling); a_.orders % size != 0)
      fail(ExitCode::usage, "--orders {} are no whole pairs (antithetic orders come two by two)", a_.orders);
  }

  Provenance provenance(const Network& network, Backend backend) const {
    const bool cuda = backend == Backend::cuda;
    Provenance p;
    p.program_version = program_version();
    p.commit = program_commit();
    p.command_line = common_.command_line;
    p.backend = cuda ? "cuda" : "cpu";
    p.device = backend_device(cuda);
    p.model = "ac";
    p.precision = study_.precision == Precision::single ? "float" : "double";
    p.study = study_.text;
    p.feeder = network.name;
    p.feeder_checksum = network.checksum;
    static constexpr const char* kMethods[] = {"random", "given", "all"};
    p.order_method = kMethods[static_cast<int>(study_.orders.method)];
    p.seed = study_.orders.seed;
    p.orders = study_.orders.method == OrderMethod::all ? 0 : order_count(study_);  // of `all`: none is stored
    p.antithetic = study_.orders.sampling == Sampling::antithetic;
    if (study_.orders.until) p.until = study_.orders.until->text();
    return p;
  }

  template <class Report>
  void report(const Report& r) const {
    if (common_.json) print_json(r);
    else print_table(r);
  }

  RunSeconds seconds(const Walker& walker) const {
    const double evaluate = walker.counters().evaluate_seconds;
    return {since(start_), evaluate, explore_seconds_ - evaluate, write_seconds_};
  }

  //! Every order at once: the lattice's states and steps, and the exact distributions, go to the file.
  ExactDistribution enumerate(Walker& walker, const Provenance& from) {
    const std::size_t n = walker.queue().units.size();
    const double states = lattice_states(n);
    spdlog::info("all orders of {} units: at least {:.0f} states, {:.2f} GB; upgrades and rejections add to them", n, states, lattice_bytes(states, n) / 1e9);
    ResultsWriter writer(study_.output.file, from, walker);
    ExactDistribution exact;
    {
      const auto explore_start = Clock::now();
      Progress progress(fmt::format("walking the lattice of {} units", n));
      exact = enumerate_orders(walker, {study_.orders.max_states}, [&](std::size_t level, std::size_t levels) {
        progress.at(static_cast<double>(level) / static_cast<double>(levels));
      });
      explore_seconds_ += since(explore_start);
    }
    const auto write_start = Clock::now();
    writer.append(walker, Trajectories{n, {}});
    writer.distribution(exact);
    write_seconds_ += since(write_start);
    writer.finish(nullptr, seconds(walker), true);
    return exact;
  }

  Orders batch_of(std::size_t units, std::uint64_t first, std::uint64_t count) const {
    if (study_.orders.method == OrderMethod::random) return random_orders(units, study_.orders.seed, first, count, study_.orders.sampling);
    const Orders all = given_orders(study_, units);
    const auto begin = all.unit.begin() + static_cast<std::ptrdiff_t>(first * units);
    return {units, {begin, begin + static_cast<std::ptrdiff_t>(count * units)}};
  }

  //! Orders to have before the next look at the stopping rule.
  std::uint64_t goal(const SampleStatistics& sample) const {
    return study_.orders.until ? orders_needed(sample, *study_.orders.until) : order_count(study_);
  }

  //! "mean +- 1,234" where a stopping rule asks for it.
  std::string present_error(const SampleStatistics& sample) const {
    if (!study_.orders.until || sample.orders() == 0) return "";
    return fmt::format("+- {:.4g} of {}", widest_half_width(sample, *study_.orders.until), study_.orders.until->text());
  }

  void walk_batch(Walker& walker, ResultsWriter& writer, SampleStatistics& sample, std::uint64_t size, Progress& progress) {
    const double count = static_cast<double>(order_count(study_)), done = static_cast<double>(sample.orders());
    const auto start = Clock::now();
    const Orders orders = batch_of(sample.num_units(), sample.orders(), size);
    const Trajectories batch = walk_orders(walker, orders, [&](std::size_t level, std::size_t levels) {
      progress.at((done + static_cast<double>(size) * static_cast<double>(level) / static_cast<double>(levels)) / count);
    });
    sample.append(walker, batch);
    explore_seconds_ += since(start);
    const auto write_start = Clock::now();
    writer.append(walker, batch, seconds(walker));
    write_seconds_ += since(write_start);
  }

  Summary sample(Walker& walker, const Provenance& from) {
    ResultsWriter writer(study_.output.file, from, walker);
    catch_signals();
    SampleStatistics sample(walker.queue().units.size(), study_.orders.sampling);
    {
      Progress progress(fmt::format("walking {}{} orders of {} units", study_.orders.until ? "up to " : "", order_count(study_), sample.num_units()));
      for (std::uint64_t next; !interrupted && (next = goal(sample)) > sample.orders();) {
        progress.note(present_error(sample));
        while (!interrupted && sample.orders() < next)
          walk_batch(walker, writer, sample, std::min(kBatch, next - sample.orders()), progress);
      }
    }
    if (interrupted) spdlog::warn("interrupted; {} of {} orders are in '{}'", sample.orders(), order_count(study_), study_.output.file);
    const Summary summary = summarize(sample);
    if (study_.orders.until) writer.half_width(widest_half_width(sample, *study_.orders.until));
    writer.finish(study_.orders.method == OrderMethod::random ? &summary : nullptr, seconds(walker), !interrupted);
    return summary;
  }

  RunArguments a_;
  const Common& common_;
  Study study_;
  Clock::time_point start_;
  double explore_seconds_ = 0, write_seconds_ = 0;
};

}  // namespace

void add_run(CLI::App& app, Common& common) {
  auto a = std::make_shared<RunArguments>();
  CLI::App* c = app.add_subcommand("run", "Walk the orders of a study through triggers, upgrades and costs");
  c->add_option("study", a->study, "study file (.toml)")->required();
  c->add_option("--out", a->out, "results file (default: output.file of the study)");
  auto* orders = c->add_option("--orders", a->orders, "number of orders (default: orders.count of the study)");
  auto* seed = c->add_option("--seed", a->seed, "seed of the orders (default: orders.seed of the study)");
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common, orders, seed] {
    a->orders_given = orders->count() > 0;
    a->seed_given = seed->count() > 0;
    if (const int code = Run(*a, common).execute(); code != 0) fail(static_cast<ExitCode>(code), "interrupted");
  });
}

}  // namespace gridqueue
