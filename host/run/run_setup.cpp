#include "host/run/run_setup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "host/core/files.hpp"
#include "host/feeder/feeder_digest.hpp"
#include "host/queue/random_queue.hpp"
#include "host/results/layout.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/rank_walk.hpp"
#include "host/run/version.hpp"
#include "host/study/references.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {

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
  p.tables = study.tables;
  p.feeder = network.name;
  p.feeder_checksum = network.checksum;
  p.feeder_digest = feeder_digest(network);
  p.feeder_file = std::filesystem::absolute(study.feeder.path).lexically_normal().string();
  p.order_method = order_method_name(study.orders.method);
  p.seed = study.orders.seed;
  p.orders = study.orders.method == OrderMethod::all ? 0 : order_count(study);  // of `all`: none is stored
  p.keep = study.keep();
  p.antithetic = study.orders.sampling == Sampling::antithetic;
  if (study.orders.until) p.until = study.orders.until->text();
  return p;
}

std::vector<Queue> make_queues(const Study& study, const Network& network, Evaluator& evaluator) {
  if (study.many_queues())
    return draw_random_queues(evaluator, study_random_queue(study, network), *study.queue.random->queues);
  return {study.queue.random ? draw_random_queue(evaluator, study_random_queue(study, network))
                             : study_queue(study, network)};
}

namespace {

//! A wrong --out must not cost anyone a file.
bool is_results_file(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return false;
  try {
    const std::string type = file_type(h5::File::open(path));
    return type == layout::kFileType || type == layout::kOldQueuesFileType;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void refuse_overwriting(const RunFolder& folder, const RunOptions& options) {
  const std::string& file = folder.results();
  check_can_be_file(file);
  if (std::filesystem::exists(file) && !is_results_file(file))
    fail_input("'{}' exists and is no readable results file of gridqueue; remove it or choose another name", file);
  if (options.shard || options.resume || options.force) return;
  if (std::filesystem::exists(file))
    fail_input(
        "'{}' exists (run overwrites no file unasked); --force replaces it, --resume goes on with it, --out FILE names "
        "another",
        file);
  if (options.merge_from != folder.path() && folder.manifest())
    fail_input(
        "'{}' is there (of a run that has not ended, or under way); --resume goes on with it, --force starts anew, "
        "--out FILE names another",
        folder.path());
}

std::string part_name(const RunOptions& options) {
  if (options.shard) return fmt::format("{}-of-{}", options.shard->index, options.shard->count);
  if (is_ranked(options)) return fmt::format("rank-{}", options.ranks->rank());
  return options.merge_from.empty() ? "run" : "merge";
}

}  // namespace gridqueue
