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
#include "host/results/distribution.hpp"
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
    const auto start = Clock::now();
    const Network network = read_feeder(study_.feeder.path);
    EvaluatorOptions options = study_options(study_, network);
    options.threads = common_.threads;
    options.backend = choose_backend(common_.backend);
    const auto evaluator = make_evaluator(network, options);
    const Queue queue = make_queue(study_, network, *evaluator);
    Walker walker(*evaluator, queue, study_.upgrades, study_.output.hosting_capacity);
    if (study_.orders.method == OrderMethod::all) return enumerate(walker, provenance(network, options.backend), start);
    ResultsWriter writer(study_.output.file, provenance(network, options.backend), walker);
    catch_signals();
    const Outcomes outcomes = walk(walker, writer);
    RunReport report{study_.output.file, {}, summarize(outcomes), {}, walker.counters()};
    for (const Unit& u : walker.queue().units) report.units.emplace_back(network.buses[u.bus.index()].name, u.kw);
    report.seconds = {{"total", since(start)}, {"evaluate", walker.counters().evaluate_seconds}, {"explore", explore_seconds_ - walker.counters().evaluate_seconds}, {"write", write_seconds_}};
    if (common_.json) print_json(report);
    else print_table(report);
    return interrupted ? static_cast<int>(ExitCode::interrupted) : 0;
  }

 private:
  void limit_orders() {
    if (a_.orders == 0) fail(ExitCode::usage, "--orders 0 (at least one order is needed)");
    if (study_.orders.method == OrderMethod::given)
      study_.orders.given.resize(std::min<std::size_t>(study_.orders.given.size(), a_.orders));
    study_.orders.count = a_.orders;
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
    return p;
  }

  //! Every order at once: the lattice's states and steps, and the exact distributions, go to the file.
  int enumerate(Walker& walker, const Provenance& from, Clock::time_point start) {
    const std::size_t n = walker.queue().units.size();
    const double states = lattice_states(n);
    spdlog::info("all orders of {} units: at least {:.0f} states, {:.2f} GB; upgrades and rejections add to them", n, states, lattice_bytes(states, n) / 1e9);
    ExactDistribution exact;
    {
      Progress progress(fmt::format("walking the lattice of {} units", n));
      exact = enumerate_orders(walker, {study_.orders.max_states}, [&](std::size_t level, std::size_t levels) {
        progress.at(static_cast<double>(level) / static_cast<double>(levels));
      });
    }
    ResultsWriter(study_.output.file, from, walker).append(walker, Trajectories{n, {}});
    write_distribution(study_.output.file, exact);
    ExactReport report{study_.output.file, {}, exact, {{"total", since(start)}, {"evaluate", walker.counters().evaluate_seconds}}, walker.counters()};
    for (const Unit& u : walker.queue().units) report.units.emplace_back(walker.network().buses[u.bus.index()].name, u.kw);
    if (common_.json) print_json(report);
    else print_table(report);
    return 0;
  }

  Orders batch_of(std::size_t units, std::uint64_t first, std::uint64_t count) const {
    if (study_.orders.method == OrderMethod::random) return random_orders(units, study_.orders.seed, first, count);
    const Orders all = given_orders(study_, units);
    const auto begin = all.unit.begin() + static_cast<std::ptrdiff_t>(first * units);
    return {units, {begin, begin + static_cast<std::ptrdiff_t>(count * units)}};
  }

  Outcomes walk(Walker& walker, ResultsWriter& writer) {
    const std::uint64_t count = order_count(study_);
    const std::size_t units = walker.queue().units.size();
    Outcomes all(units);
    Progress progress(fmt::format("walking {} orders of {} units", count, units));
    for (std::uint64_t first = 0; first < count && !interrupted; first += kBatch) {
      const std::uint64_t size = std::min(kBatch, count - first);
      const auto start = Clock::now();
      const Trajectories batch = walk_orders(walker, batch_of(units, first, size), [&](std::size_t level, std::size_t levels) {
        progress.at((static_cast<double>(first) + static_cast<double>(size) * static_cast<double>(level) / static_cast<double>(levels)) / static_cast<double>(count));
      });
      explore_seconds_ += since(start);
      const auto write_start = Clock::now();
      writer.append(walker, batch);
      write_seconds_ += since(write_start);
      all.append(walker, batch);
    }
    if (interrupted) spdlog::warn("interrupted; {} of {} orders are in '{}'", all.orders(), count, study_.output.file);
    return all;
  }

  RunArguments a_;
  const Common& common_;
  Study study_;
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
