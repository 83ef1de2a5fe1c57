#include "host/run/run_study.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "host/core/durable_file.hpp"
#include "host/core/files.hpp"
#include "host/feeder/feeder_digest.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/queue/random_queue.hpp"
#include "host/results/allocation.hpp"
#include "host/results/layout.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/interrupt.hpp"
#include "host/run/rank_walk.hpp"
#include "host/run/run_files_json.hpp"
#include "host/run/run_queues.hpp"
#include "host/run/shard_crew.hpp"
#include "host/run/share.hpp"
#include "host/run/version.hpp"
#include "host/run/walk_answers.hpp"
#include "host/study/references.hpp"
#include "host/walk/lattice.hpp"

namespace gridqueue {
namespace {

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
  p.feeder_digest = feeder_digest(network);
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

//! What an earlier run left is not lost unasked.
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

class StudyWalk {
 public:
  StudyWalk(const Study& study, const RunOptions& options)
      : study_(study), options_(options), folder_(study.output.file), network_(read_feeder(study.feeder.path)),
        part_(part_name(options)), ranked_(is_ranked(options)) {
    wanted_ = study_options(study, network_);
    wanted_.machine = options.machine;
    wanted_.backend = options.backend, wanted_.threads = options.threads, wanted_.devices = options.devices;
    wanted_.expected_evaluations = expected_evaluations(study);
    if (ranked_) share_devices(wanted_, *options.ranks);
    ac_ = make_evaluator(network_, wanted_);
    policy_ = options.policy ? options.policy : upgrade_policy(*ac_, study.upgrades);
    provenance_ = provenance(study, network_, *ac_->options().machine, options);
    if (ranked_) check_alike(*options.ranks, fmt::format("{}\n{}", ac_terms(*ac_), manifest_text(manifest())));
  }

  RunEnd run() {
    if (options_.resume && decided([&] { return is_complete(); })) return is_first() ? end_of_complete() : RunEnd{};
    decided([&] {
      make_room();
      return true;
    });
    catch_signals();
    interrupt_together(ranked_);
    if (options_.max_seconds > 0) interrupt_after(options_.max_seconds);
    open_store();
    RunEnd end;
    try {
      end = walk();
    } catch (...) {
      store_->save_what_can_be();
      folder_.remove_temporary();
      report_end(false);
      throw;
    }
    return end;
  }

 private:
  //! Writes the file, and speaks for all.
  [[nodiscard]] bool is_first() const { return !ranked_ || options_.ranks->first(); }
  //! By the first rank, for all; they wait for it.
  template <class Decision>
  bool decided(const Decision& decide) const {
    if (!ranked_) return decide();
    return !options_.ranks->from_first(is_first() && decide() ? "yes" : "").empty();
  }

  void make_room() const {
    check_earlier();
    if (options_.force && options_.merge_from != folder_.path()) folder_.clear();
    folder_.remove_stale();
    warn_of_bands(network_, wanted_.sites);
  }
  //! Whether the results file holds all already. Throws Error(input) where it is another run's.
  [[nodiscard]] bool is_complete() const {
    const std::string& file = folder_.results();
    if (!std::filesystem::exists(file)) return false;
    const auto results = open_results(file);
    check_same_run(file, read_provenance(results), provenance_);
    return results.read_attribute<std::int64_t>("", "complete") != 0;
  }
  RunEnd end_of_complete() {
    log_info("'{}' is complete already", folder_.results());
    const auto parts = read_statuses(folder_.path());  // killed after the file got its name: none of them is done
    if (std::none_of(parts.begin(), parts.end(), [](const PartStatus& s) { return s.done || s.alive(); }))
      folder_.clear();
    RunEnd end;
    if (!study_.allocation.rules.empty() && allocated_rules(open_results(folder_.results())).empty())
      end.sharing = share_beside(folder_.results(), network_, wanted_, sharing_task(nullptr));
    return end;
  }

  [[nodiscard]] RunManifest manifest() const {
    return {provenance_, std::filesystem::absolute(study_.path).lexically_normal().string(), options_.overrides,
            options_.shard ? options_.shard->count : 0};
  }
  //! Throws Error(input) where what is there belongs to another run.
  void check_earlier() const {
    if (!options_.merge_from.empty()) {
      const RunFolder source(options_.merge_from.substr(0, options_.merge_from.size() - 2));
      check_same_run(source.path(), source.manifest().value().provenance, provenance_);
    } else if (options_.shard) {
      folder_.claim(manifest());
    } else if (const auto then = folder_.manifest(); then && options_.resume) {
      check_same_run(folder_.path(), then->provenance, provenance_);
    }
  }

  void open_store() {
    const std::string answers = options_.answers.empty() ? folder_.path() : options_.answers;
    std::vector<std::string> read_too;
    if (!options_.answers.empty()) read_too.push_back(folder_.path());
    if (!options_.merge_from.empty() && options_.merge_from != folder_.path()) read_too.push_back(options_.merge_from);
    reporter_.emplace(folder_.path(), part_);
    const std::string part = options_.answers.empty() ? part_ : fmt::format("{}-{}", part_, getpid());
    store_ = std::make_unique<AnswerStore>(AnswerFolder(answers, part), read_too, options_.save_seconds);
    store_->before_first([this] {
      if (options_.merge_from != folder_.path()) folder_.claim(manifest());
    });
    store_->on_tick([this] {
      if (options_.shard || store_->wrote()) reporter_->beat(store_->counts().evaluated, store_->counts().found);
    });
    if (options_.shard && study_.orders.method == OrderMethod::all && !study_.many_queues())
      crew_ = std::make_unique<ShardCrew>(*options_.shard, folder_.path(), options_.wait_seconds);
    else if (options_.shard) store_->read_own_part_alone();
    if (ranked_) crew_ = std::make_unique<MpiCrew>(*options_.ranks), store_->read_with(read_by_ranks(*options_.ranks));
  }

  RunEnd walk() {
    RunEnd end;
    StudyModel model(*ac_, *store_, crew_.get());
    std::vector<Queue> queues;
    const bool writes = !options_.shard && is_first();
    try {
      const auto part = clock_.walking();
      queues = make_queues(study_, network_, model.ac());
      model.prepare(study_, queues, policy_);
      check_interrupted();
    } catch (const Interrupted&) {
      fail(ExitCode::interrupted, "interrupted before the first order{}", kept_text());
    }
    const std::string file = writes ? folder_.temporary_results() : "";
    const NumberRange part = range(queues.size());  // before queues are moved
    WalkEnd walked =
        run_queues({study_, model, policy_, clock_, provenance_, file, part, &*reporter_}, std::move(queues));
    end.sums = std::move(walked.sums), end.interrupted = !walked.complete;
    end.work = ranked_ ? counts_of_all(*options_.ranks, store_->counts()) : store_->counts();
    leave_step();
    if (writes && walked.complete && !study_.allocation.rules.empty()) share_file(file, end);
    end.interrupted = decided([&] { return end.interrupted; });
    finish(file, end.interrupted);
    return end;
  }

  //! What is left the first rank does alone.
  void leave_step() {
    store_->read_with({});
    interrupt_together(false);
  }

  void share_file(const std::string& file, RunEnd& end) {
    try {
      end.sharing = share_and_write(file, network_, wanted_, sharing_task(&*store_));
    } catch (const Interrupted&) {
      end.interrupted = true;
    }
  }

  //! Where others can see this part at all.
  void report_end(bool done) {
    if (options_.shard || store_->wrote()) reporter_->end(done, store_->counts().evaluated, store_->counts().found);
  }

  //! The file gets its name; answers go where they are not needed any more.
  void finish(const std::string& file, bool interrupted) {
    const bool keep = interrupted || options_.shard || options_.keep_answers || !options_.answers.empty();
    if (keep) store_->write();
    else store_->settle();
    if (!file.empty() && (!interrupted || says_more(file))) publish_file(file, folder_.results());
    if (keep) report_end(!interrupted);
    if (ranked_) options_.ranks->wait();  // until nobody writes there any more
    if (interrupted || options_.shard) folder_.remove_temporary();
    else if (!options_.keep_answers && is_first()) folder_.clear();
  }

  //! Than the file of an earlier, interrupted run.
  [[nodiscard]] bool says_more(const std::string& file) const {
    const auto committed = [](const std::string& path) {
      return h5::File::open(path).read_attribute<std::int64_t>("", "committed");
    };
    return !std::filesystem::exists(folder_.results()) || options_.force ||
           committed(file) >= committed(folder_.results());
  }

  [[nodiscard]] SharingTask sharing_task(AnswerStore* store) const {
    return {policy_, study_.allocation.rules, study_.many_queues(), store};
  }
  [[nodiscard]] std::string kept_text() const {
    return store_->counts().evaluated > 0 ? "; gridqueue run --resume goes on" : "";
  }

  //! This shard's queues where there are many, else its orders: whole pairs.
  [[nodiscard]] NumberRange range(std::uint64_t queues) const {
    if (!options_.shard || crew_) return {};
    const std::uint64_t size = study_.many_queues() ? 1 : cluster_size(study_.orders.sampling);
    const std::uint64_t all = (study_.many_queues() ? queues : order_count(study_)) / size;
    const auto begin = [&](std::uint64_t i) { return all * i / options_.shard->count * size; };
    return {begin(options_.shard->index - 1), begin(options_.shard->index)};
  }

  const Study& study_;
  const RunOptions& options_;
  WalkClock clock_;
  RunFolder folder_;
  Network network_;
  std::string part_;
  bool ranked_;  //!< one of several ranks
  EvaluatorOptions wanted_;
  std::unique_ptr<Evaluator> ac_;
  std::shared_ptr<const Policy> policy_;
  Provenance provenance_;
  std::optional<PartReporter> reporter_;
  std::unique_ptr<AnswerStore> store_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace

RunEnd run_study(const Study& study, const RunOptions& options) {
  if (!options.ranks || options.ranks->first()) refuse_overwriting(RunFolder(study.output.file), options);
  if (options.shard && study.orders.until)
    fail(ExitCode::usage,
         "a stopping rule cannot be split in shards (no shard knows the orders of the others); leave orders.until out, "
         "or run it whole");
  return StudyWalk(study, options).run();
}

}  // namespace gridqueue
