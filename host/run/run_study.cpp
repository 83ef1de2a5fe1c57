#include "host/run/run_study.hpp"

#include <algorithm>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/queue/random_queue.hpp"
#include "host/run/interrupt.hpp"
#include "host/run/run_queues.hpp"
#include "host/run/share.hpp"
#include "host/run/version.hpp"
#include "host/study/references.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {
namespace {

void refuse_overwriting(const std::string& file, const RunOptions& options) {
  if (options.resume || options.force || !std::filesystem::exists(file)) return;
  fail_input(
      "'{}' exists (run overwrites no file unasked); --force replaces it, --resume goes on with it, --out FILE names "
      "another",
      file);
}

//! One per step, where orders share the steps of a lattice; upgrades add to them.
double expected_evaluations(const Study& study) {
  constexpr std::size_t kUnknown = 12;  // units of a random queue that ends at its first trigger
  const std::size_t units =
      study.queue.random ? study.queue.random->count.value_or(kUnknown) : study.queue.units.size();
  const double n = static_cast<double>(units), lattice = 0.5 * n * lattice_states(units);
  const double queues = study.many_queues() ? static_cast<double>(*study.queue.random->queues) : 1;
  if (study.orders.method == OrderMethod::all) return queues * lattice;
  return queues * std::min(lattice, n * static_cast<double>(order_count(study)));
}

Provenance provenance(const Study& study, const Network& network, const Machine& machine, const RunOptions& options) {
  Provenance p;
  p.program_version = program_version();
  p.commit = program_commit();
  p.command_line = options.command_line;
  p.backend = machine.name();
  p.device = machine.description();
  p.model = power_flow_name(study.power_flow);
  p.precision = exact_precision(network, study.precision) == Precision::single ? "float" : "double";
  p.study = study.text;
  p.feeder = network.name;
  p.feeder_checksum = network.checksum;
  p.feeder_file = std::filesystem::absolute(study.feeder.path).lexically_normal().string();
  p.order_method = order_method_name(study.orders.method);
  p.seed = study.orders.seed;
  p.orders = study.orders.method == OrderMethod::all ? 0 : order_count(study);  // of `all`: none is stored
  p.antithetic = study.orders.sampling == Sampling::antithetic;
  if (study.orders.until) p.until = study.orders.until->text();
  return p;
}

//! One listed or drawn, or many drawn.
std::vector<Queue> make_queues(const Study& study, const Network& network, Evaluator& evaluator) {
  if (study.many_queues())
    return draw_random_queues(evaluator, study_random_queue(study, network), *study.queue.random->queues);
  return {study.queue.random ? draw_random_queue(evaluator, study_random_queue(study, network))
                             : study_queue(study, network)};
}

}  // namespace

const char* order_method_name(OrderMethod method) {
  static constexpr const char* kNames[] = {"random", "given", "all"};
  return kNames[static_cast<int>(method)];
}

RunEnd run_study(const Study& study, const RunOptions& options) {
  refuse_overwriting(study.output.file, options);
  WalkClock clock;
  const Network network = read_feeder(study.feeder.path);
  EvaluatorOptions wanted = study_options(study, network);
  wanted.machine = options.machine;
  wanted.backend = options.backend, wanted.threads = options.threads, wanted.devices = options.devices;
  wanted.expected_evaluations = expected_evaluations(study);
  const auto evaluator = make_evaluator(network, wanted);
  warn_of_bands(network, wanted.sites);
  InterruptibleEvaluator drawing(*evaluator);
  catch_signals();
  const auto policy = options.policy ? options.policy : upgrade_policy(*evaluator, study.upgrades);
  const Provenance from = provenance(study, network, *evaluator->options().machine, options);
  RunEnd end;
  try {
    std::vector<Queue> queues;
    {
      const auto part = clock.walking();
      queues = make_queues(study, network, drawing);
    }
    std::optional<StudyModel> model;
    {
      const auto part = clock.walking();
      model.emplace(*evaluator, study, queues, policy);
    }
    end.sums = run_queues({study, *model, policy, clock, from, options.resume}, std::move(queues));
  } catch (const Interrupted&) {
    fail(ExitCode::interrupted, "interrupted before the first order");
  }
  if (!study.allocation.rules.empty() && !interrupted())
    end.sharing =
        share_and_write(study.output.file, network, wanted, {policy, study.allocation.rules, study.many_queues()});
  end.interrupted = interrupted();
  return end;
}

}  // namespace gridqueue
