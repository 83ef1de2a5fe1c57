#include "host/run/run_study.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "gridqueue/machine.hpp"
#include "host/core/durable_file.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/model/check_remark.hpp"
#include "host/results/allocation.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/interrupt.hpp"
#include "host/run/memory_bound.hpp"
#include "host/run/part_queues.hpp"
#include "host/run/rank_walk.hpp"
#include "host/run/run_files_json.hpp"
#include "host/run/run_queues.hpp"
#include "host/run/run_setup.hpp"
#include "host/run/shard_slices.hpp"
#include "host/run/share.hpp"
#include "host/run/walk_answers.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

using Clock = std::chrono::steady_clock;

//! Shards and ranks answer each other, so that all of them are on one kind of machine.
bool cpu_may_take_over(const RunOptions& o) {
  return o.backend == Backend::automatic && !o.machine && !o.shard && !o.ranks && o.merge_from.empty();
}

class StudyWalk {
 public:
  //! `takes_over`: from the same walk on a device that has failed, whatever that has left.
  StudyWalk(const Study& study, const RunOptions& options, bool takes_over)
      : study_(study), options_(options), folder_(study.output.file), network_(read_feeder(study.feeder.path)),
        part_(part_name(options)), ranked_(is_ranked(options)), takes_over_(takes_over) {
    wanted_ = study_options(study, network_);
    wanted_.machine = options.machine;
    wanted_.backend = options.backend, wanted_.threads = options.threads, wanted_.devices = options.devices;
    wanted_.expected_evaluations = expected_evaluations(study);
    if (ranked_) share_devices(wanted_, *options.ranks);
    ac_ = make_evaluator(network_, wanted_);
    policy_ = options.policy ? options.policy : upgrade_policy(*ac_, study.upgrades);
    provenance_ = provenance(study, network_, *ac_->options().machine, options);
    provenance_.answers = answers_hash(*ac_);
    if (ranked_) check_alike(*options.ranks, fmt::format("{}\n{}", ac_terms(*ac_), manifest_text(manifest())));
  }

  RunEnd run() {
    if (options_.resume && !takes_over_ && decided([&] { return is_complete(); }))
      return is_first() ? end_of_complete() : RunEnd{};
    decided([&] {
      make_room();
      return true;
    });
    catch_signals();
    interrupt_together(ranked_);
    if (options_.max_seconds > 0) interrupt_after(options_.max_seconds);
    open_store();
    try {
      return walk();
    } catch (const DeviceFailed& e) {
      give_up();
      throw DeviceFailed(e.what() + (cpu_may_take_over(options_) ? "" : kept_text()));
    } catch (...) {
      give_up();
      throw;
    }
  }

 private:
  void give_up() {
    store_->save_what_can_be();
    folder_.remove_temporary();
    report_end(false);
  }
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
    warn_of_difference(network_);
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
    const auto parts = read_statuses(folder_.path());  // killed after the file got its name: none is done but shards
    const bool merges = !options_.merge_from.empty();
    const auto needed = [&](const PartStatus& s) { return (s.done && !merges) || s.alive(); };
    if (!options_.keep_answers && std::none_of(parts.begin(), parts.end(), needed)) folder_.clear();
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
    if (takes_over_) return;
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
    store_->guard([this, bound = MemoryBound(options_.memory_bytes, ranked_ ? ranks_here(*options_.ranks) : 1)] {
      if (const auto why = bound.exceeded()) fail(ExitCode::unavailable, "{}{}", *why, kept_text());
    });
    store_->before_first([this] {
      if (takes_over_) folder_.take_over(manifest());
      else if (options_.merge_from != folder_.path()) folder_.claim(manifest());
    });
    store_->on_tick([this] {
      if (options_.shard || store_->wrote()) reporter_->beat(store_->counts().evaluated, store_->counts().found);
      if (passes_on_) pass_on_stop();
    });
    if (options_.shard && study_.orders.method == OrderMethod::all && !study_.many_queues())
      slices_.emplace(*options_.shard, folder_.path(), options_.wait_seconds, *store_, *reporter_);
    else if (options_.shard && study_.many_queues()) store_->read_own_part_alone();
    else if (options_.shard) store_->follow_others();
    std::optional<ReadTogether> others;
    if (ranked_) others = read_by_ranks(*options_.ranks);
    known_ = known_queues(others ? &*others : nullptr);
    if (!options_.shard && study_.many_queues() && are_all(known_, *study_.queue.random->queues))
      store_->read_own_part_alone();  // nothing is looked up
    if (ranked_) crew_ = std::make_unique<MpiCrew>(*options_.ranks), store_->read_with(others);
  }

  RunEnd walk() {
    RunEnd end;
    StudyModel model(*ac_, *store_, crew_.get());
    std::vector<Queue> queues = prepared_queues(model);
    bool complete = true;
    std::string file;
    const bool apart = walks_apart(queues.size());
    if (apart) complete = walk_part(model, queues);
    if (!apart || (complete && ranked_ && is_first())) {
      if (!options_.shard && is_first()) file = folder_.temporary_results();
      const NumberRange range = apart ? NumberRange{} : part_range(queues.size());
      WalkEnd walked = run_queues(study_run(model, file, range), std::move(queues));
      end.sums = std::move(walked.sums), complete = walked.complete;
    }
    end.interrupted = !complete;
    end.work = ranked_ ? counts_of_all(*options_.ranks, store_->counts()) : store_->counts();
    leave_step();
    if (!file.empty() && complete && !study_.allocation.rules.empty()) share_file(file, end);
    end.interrupted = decided([&] { return end.interrupted; });
    finish(file, end.interrupted);
    return end;
  }

  std::vector<Queue> prepared_queues(StudyModel& model) {
    try {
      const auto part = clock_.walking();
      std::vector<Queue> queues = make_queues(study_, network_, model.ac());
      model.prepare(study_, queues, policy_);
      check_interrupted();
      return queues;
    } catch (const Interrupted&) {
      fail(ExitCode::interrupted, "interrupted before the first order{}", kept_text());
    }
  }

  [[nodiscard]] StudyRun study_run(StudyModel& model, const std::string& file, NumberRange range) {
    return {study_, model, policy_,     clock_, provenance_,
            file,   range, &*reporter_, known_, slices_ ? &*slices_ : nullptr};
  }

  [[nodiscard]] std::vector<KnownQueues> known_queues(const ReadTogether* others = nullptr) const {
    if (!knows_queues()) return {};
    return queues_left(options_.merge_from.empty() ? folder_.path() : options_.merge_from, provenance_, others);
  }

  //! Whether what queues come to can be told without walking them.
  [[nodiscard]] bool knows_queues() const { return study_.many_queues() && study_.power_flow == PowerFlow::ac; }
  //! Whether this process walks its queues alone, and leaves what they come to.
  [[nodiscard]] bool walks_apart(std::uint64_t queues) const {
    constexpr std::uint64_t kEach = 64;  // fewer are not as much work for one rank as for another
    if (!knows_queues()) return false;
    return options_.shard || (ranked_ && queues >= kEach * static_cast<std::uint64_t>(options_.ranks->size()));
  }

  //! Of ranks: whether all of them have ended.
  bool walk_part(StudyModel& model, const std::vector<Queue>& queues) {
    if (ranked_) model.leave_crew(), leave_step(), passes_on_ = true;
    const std::string file = folder_.temporary_results();
    const bool complete = run_queues(study_run(model, file, part_range(queues.size())), queues).complete;
    if (complete) leave_queues(file, folder_.path(), part_);
    if (!ranked_) return complete;
    pass_on_stop();
    const auto all = options_.ranks->gather(complete);
    passes_on_ = false;
    if (is_first()) known_ = known_queues();  // now those of all ranks
    return std::all_of(all.begin(), all.end(), [](std::uint64_t done) { return done != 0; });
  }

  //! What one of several ranks is told ends all, each after its batch.
  void pass_on_stop() {
    if (options_.ranks->heard_stop()) agree_to_stop();
    else if (told_to_stop() && !std::exchange(passed_on_, true)) options_.ranks->tell_stop();
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

  //! This part's queues where there are many, else a shard's orders: whole pairs.
  [[nodiscard]] NumberRange part_range(std::uint64_t queues) const {
    if (!walks_apart(queues) && (!options_.shard || slices_)) return {};
    const std::uint64_t size = study_.many_queues() ? 1 : cluster_size(study_.orders.sampling);
    const std::uint64_t all = (study_.many_queues() ? queues : order_count(study_)) / size;
    const Shard part = options_.shard ? *options_.shard : shard_of(*options_.ranks);
    const auto begin = [&](std::uint64_t i) { return all * i / part.count * size; };
    return {begin(part.index - 1), begin(part.index)};
  }

  const Study& study_;
  const RunOptions& options_;
  WalkClock clock_;
  RunFolder folder_;
  Network network_;
  std::string part_;
  bool ranked_;  //!< one of several ranks
  bool takes_over_;
  std::vector<KnownQueues> known_;  //!< that need not be walked
  bool passes_on_ = false;          //!< what ranks are told while each walks alone
  bool passed_on_ = false;
  EvaluatorOptions wanted_;
  std::unique_ptr<Evaluator> ac_;
  std::shared_ptr<const Policy> policy_;
  Provenance provenance_;
  std::optional<PartReporter> reporter_;
  std::unique_ptr<AnswerStore> store_;
  std::unique_ptr<Crew> crew_;
  std::optional<ShardSlices> slices_;  //!< of a shard of all orders
};

}  // namespace

const char* order_method_name(OrderMethod method) {
  static constexpr const char* kNames[] = {"random", "given", "all"};
  return kNames[static_cast<int>(method)];
}

RunEnd run_study(const Study& study, const RunOptions& options) {
  if (!options.ranks || options.ranks->first()) refuse_overwriting(RunFolder(study.output.file), options);
  if (options.shard && study.orders.until)
    fail(ExitCode::usage,
         "a stopping rule cannot be split in shards (no shard knows the orders of the others); leave orders.until out, "
         "or run it whole");
  const auto start = Clock::now();
  return on_what_works(cpu_may_take_over(options), [&](bool takes_over) {
    RunOptions here = options;
    if (takes_over) here.backend = Backend::cpu;
    const double spent = std::chrono::duration<double>(Clock::now() - start).count();
    if (takes_over && here.max_seconds > 0) here.max_seconds = std::max(1e-3, here.max_seconds - spent);
    return StudyWalk(study, here, takes_over).run();
  });
}

}  // namespace gridqueue
