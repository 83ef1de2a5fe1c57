// gridqueue run: walks the orders of a study.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "host/cli/command.hpp"
#include "host/cli/interrupt.hpp"
#include "host/cli/run_queues.hpp"
#include "host/cli/run_report.hpp"
#include "host/cli/run_walk.hpp"
#include "host/cli/share.hpp"
#include "host/cli/version.hpp"
#include "host/explore/lattice.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

struct RunArguments {
  std::string study, out;
  std::uint64_t orders = 0, seed = 0, max_states = 0;
  bool orders_given = false, seed_given = false, max_states_given = false, resume = false;
};

Queue make_queue(const Study& study, const Network& network, Evaluator& evaluator) {
  return study.queue.random ? draw_random_queue(evaluator, study_random_queue(study, network))
                            : study_queue(study, network);
}

class Run {
 public:
  Run(RunArguments a, const Common& common) : a_(std::move(a)), common_(common), study_(load_study(a_.study)) {
    if (a_.seed_given) study_.orders.seed = a_.seed;
    if (a_.orders_given) limit_orders();
    if (a_.max_states_given) study_.orders.max_states = a_.max_states;
    if (!a_.out.empty()) study_.output.file = a_.out;
  }

  //! Throws Error(interrupted) after the summary of what is committed.
  void execute() {
    WalkClock clock;
    const Network network = read_feeder(study_.feeder.path);
    EvaluatorOptions options = study_options(study_, network);
    set_backend(options, common_, expected_evaluations());
    const auto evaluator = make_evaluator(network, options);
    InterruptibleEvaluator drawing(*evaluator);
    StudyModel model(*evaluator, study_);
    catch_signals();
    const Provenance from = provenance(network, evaluator->options());
    try {
      if (study_.many_queues()) run_queues(study_, model, drawing, clock, from, a_.resume);
      else walk_queue(make_queue(study_, network, drawing), model, clock, from);
    } catch (const Interrupted&) {
      fail(ExitCode::interrupted, "interrupted before the first order");
    }
    std::shared_ptr<const FileSharing> sharing;
    if (!study_.allocation.rules.empty() && !interrupted())
      sharing = share_and_write(study_.output.file, study_, network, options, study_.allocation.rules);
    report(sharing);
    if (interrupted())
      fail(ExitCode::interrupted, "interrupted; gridqueue run --resume goes on with '{}'", study_.output.file);
  }

 private:
  void walk_queue(const Queue& queue, StudyModel& model, WalkClock& clock, const Provenance& from) {
    Walker walker(model.evaluator(), queue, study_.upgrades, study_.output.hosting_capacity);
    const StudyWalk walk{study_, model, walker, clock};
    end_ = walk_study(walk, from, a_.resume);
    if (!end_.walked) spdlog::info("'{}' is complete already", study_.output.file);
  }

  void limit_orders() {
    if (a_.orders == 0) fail(ExitCode::usage, "--orders 0 (at least one order is needed)");
    if (study_.orders.method == OrderMethod::given)
      study_.orders.given.resize(std::min<std::size_t>(study_.orders.given.size(), a_.orders));
    study_.orders.count = a_.orders;
    if (study_.orders.until) study_.orders.until->max_orders = a_.orders;
    if (const std::size_t size = cluster_size(study_.orders.sampling); a_.orders % size != 0)
      fail(ExitCode::usage, "--orders {} are no whole pairs (antithetic orders come two by two)", a_.orders);
    if (const std::size_t least = 2 * cluster_size(study_.orders.sampling); study_.many_queues() && a_.orders < least)
      fail(ExitCode::usage, "--orders {} of each queue do not tell their variance (at least {})", a_.orders, least);
  }

  //! One per step, where orders share the steps of a lattice; upgrades add to them.
  double expected_evaluations() const {
    constexpr std::size_t kUnknown = 12;  // units of a random queue that ends at its first trigger
    const std::size_t units =
        study_.queue.random ? study_.queue.random->count.value_or(kUnknown) : study_.queue.units.size();
    const double n = static_cast<double>(units), lattice = 0.5 * n * lattice_states(units);
    const double queues = study_.many_queues() ? static_cast<double>(*study_.queue.random->queues) : 1;
    if (study_.orders.method == OrderMethod::all) return queues * lattice;
    return queues * std::min(lattice, n * static_cast<double>(order_count(study_)));
  }

  Provenance provenance(const Network& network, const EvaluatorOptions& options) const {
    Provenance p;
    p.program_version = program_version();
    p.commit = program_commit();
    p.command_line = common_.command_line;
    p.backend = options.backend == Backend::cuda ? "cuda" : "cpu";
    p.device = backend_device(options);
    p.model = power_flow_name(study_.power_flow);
    p.precision = study_.precision == Precision::single ? "float" : "double";
    p.study = study_.text;
    p.feeder = network.name;
    p.feeder_checksum = network.checksum;
    p.feeder_file = std::filesystem::absolute(study_.feeder.path).lexically_normal().string();
    static constexpr const char* kMethods[] = {"random", "given", "all"};
    p.order_method = kMethods[static_cast<int>(study_.orders.method)];
    p.seed = study_.orders.seed;
    p.orders = study_.orders.method == OrderMethod::all ? 0 : order_count(study_);  // of `all`: none is stored
    p.antithetic = study_.orders.sampling == Sampling::antithetic;
    if (study_.orders.until) p.until = study_.orders.until->text();
    return p;
  }

  void report(const std::shared_ptr<const FileSharing>& sharing) const {
    if (study_.many_queues()) return report_queues(study_.output.file, common_.json, sharing);
    const ResultsReader reader(study_.output.file);
    const bool all = study_.orders.method == OrderMethod::all;
    if (all && !reader.info().complete) return;
    if (all) print(exact_report(reader, sharing), common_.json);
    else
      print(RunReport{study_.output.file, reader.info(), end_.summary ? *end_.summary : summarize(reader.statistics()),
                      sharing, reader.order_gap_usd()},
            common_.json);
  }

  RunArguments a_;
  const Common& common_;
  Study study_;
  WalkEnd end_;
};

}  // namespace

void add_run(CLI::App& app, Common& common) {
  auto a = std::make_shared<RunArguments>();
  CLI::App* c = app.add_subcommand("run", "Walk the orders of a study through triggers, upgrades and costs");
  c->add_option("study", a->study, "study file (.toml)")->required();
  c->add_option("--out", a->out, "results file (default: output.file of the study)");
  auto* orders = c->add_option("--orders", a->orders, "number of orders (default: orders.count of the study)");
  auto* seed = c->add_option("--seed", a->seed, "seed of the orders (default: orders.seed of the study)");
  auto* states = c->add_option("--max-states", a->max_states,
                               "largest lattice for method \"all\" (default: orders.max_states of the study)");
  c->add_flag("--resume", a->resume, "go on where the results file was interrupted");
  add_backend(*c, common);
  add_threads(*c, common);
  add_json(*c, common);
  c->callback([a, &common, orders, seed, states] {
    a->orders_given = orders->count() > 0;
    a->seed_given = seed->count() > 0;
    a->max_states_given = states->count() > 0;
    Run(*a, common).execute();
  });
}

}  // namespace gridqueue
