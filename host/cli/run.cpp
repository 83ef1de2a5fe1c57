// gridqueue run, merge and status: a study's walk, in one process or in parts.
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/cli/command.hpp"
#include "host/cli/shard_option.hpp"
#include "host/cli/together.hpp"
#include "host/present/results_report.hpp"
#include "host/run/run_files_json.hpp"
#include "host/run/run_study.hpp"
#include "host/run/version.hpp"
#include "host/study/references.hpp"

namespace gridqueue {
namespace {

RunOptions machine_options(const Common& common) {
  EvaluatorOptions machine;
  set_backend(machine, common, 0);
  RunOptions options;
  options.backend = machine.backend, options.threads = machine.threads, options.devices = machine.devices;
  options.command_line = common.command_line;
  return options;
}

//! Prints what there is. Throws Error(interrupted) after it where the run has not ended.
void tell_end(const Study& study, RunEnd end, bool json) {
  const std::string& file = study.output.file;
  if (std::filesystem::exists(file))
    report_results(ResultsReader(file), json, std::move(end.sums), end.sharing, &end.work);
  if (end.interrupted) fail(ExitCode::interrupted, "interrupted; gridqueue run --resume goes on with '{}'", file);
}

void tell_part(const std::string& folder, const RunEnd& end, bool json) {
  const auto all = read_statuses(folder);
  if (json) std::cout << statuses_text(folder, all, 0) << '\n';
  else
    fmt::print("{} states worked out, {} looked up; gridqueue merge {} makes the results file of all parts.\n",
               end.work.evaluated, end.work.found, folder);
  if (end.interrupted)
    fail(ExitCode::interrupted, "interrupted; the same command goes on (its answers are in '{}')", folder);
}

//! The run that a folder belongs to, and where its results go.
struct FolderRun {
  RunFolder folder;
  RunManifest manifest;
};
FolderRun run_of(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (!path.ends_with(".d") || !std::filesystem::is_directory(path))
    fail_input("'{}' is no folder of a run (it is called as the results file, with .d behind)", path);
  RunFolder folder(path.substr(0, path.size() - 2));
  auto manifest = folder.manifest();
  if (!manifest) fail_input("'{}' is no folder of a run (it has no run.json)", path);
  return {std::move(folder), std::move(*manifest)};
}

//! Parts that are not there, or not done: merge works out what they lack.
void warn_of_missing(const FolderRun& run) {
  std::vector<std::string> lacking;
  const auto all = read_statuses(run.folder.path());
  for (std::uint64_t i = 1; i <= run.manifest.shards; ++i) {
    const std::string part = fmt::format("{}-of-{}", i, run.manifest.shards);
    const auto at = std::find_if(all.begin(), all.end(), [&](const PartStatus& s) { return s.part == part; });
    if (at == all.end()) lacking.push_back(part + " (not started)");
    else if (!at->done) lacking.push_back(fmt::format("{} ({:.0f} % done)", part, 100 * at->fraction));
  }
  constexpr std::size_t kNamed = 8;
  const std::size_t more = lacking.size() - std::min(lacking.size(), kNamed);
  lacking.resize(lacking.size() - more);
  if (!lacking.empty())
    log_warn("not done: {}{}; what they lack is worked out here", fmt::format("{}", fmt::join(lacking, ", ")),
             more ? fmt::format(" and {} more", more) : "");
}

//! The file of this folder's run is there and whole, of this program: a merge was killed while it cleared up.
bool is_merged(const FolderRun& run) {
  const std::string& file = run.folder.results();
  if (!std::filesystem::exists(file)) return false;
  try {
    const auto results = open_results(file);
    const Provenance made = read_provenance(results);
    check_same_run(file, run.manifest.provenance, made);
    return results.read_attribute<std::int64_t>("", "complete") != 0 && made.program_version == program_version() &&
           made.commit == program_commit();
  } catch (const Error&) {
    return false;  // another run's: the merge says so
  }
}

}  // namespace

namespace {

void run_with(const MpiSession* ranks, const RunArguments& a, const Common& common) {
  Study study = load_study(a.study);
  apply(a.overrides, study);
  if (!a.out.empty()) study.output.file = a.out;
  RunOptions options = machine_options(common);
  options.resume = a.resume, options.force = a.force, options.overrides = a.overrides;
  options.memory_bytes = 1e9 * a.memory_gb;
  options.max_seconds = a.max_seconds, options.answers = a.answers, options.keep_answers = a.keep_answers;
  options.wait_seconds = a.wait_seconds, options.save_seconds = a.save_seconds;
  if (!a.shard.empty()) options.shard = parse_shard(a.shard);
  options.ranks = ranks;
  RunEnd end = run_study(study, options);
  if (ranks && !ranks->first()) {
    if (end.interrupted) fail(ExitCode::interrupted, "interrupted");
    return;
  }
  if (options.shard) tell_part(RunFolder(study.output.file).path(), end, common.json);
  else tell_end(study, std::move(end), common.json);
}

}  // namespace

void commands::run(const RunArguments& a, const Common& common) {
  if (a.shard.empty()) return together([&](const MpiSession& ranks) { run_with(&ranks, a, common); });
  if (MpiSession::started_by_mpi())
    fail(ExitCode::usage, "--shard is one process's part, and several were started together; leave one of them out");
  run_with(nullptr, a, common);
}

void commands::merge(const MergeArguments& a, const Common& common) {
  MpiSession::refuse_several("merge");
  const FolderRun run = run_of(a.folder);
  const Provenance& from = run.manifest.provenance;
  Study study = parse_study(run.manifest.study_file, from.study, from.feeder_file, from.tables);
  apply(run.manifest.overrides, study);
  study.output.file = a.out.empty() ? run.folder.results() : a.out;
  RunOptions options = machine_options(common);
  options.backend = from.backend == "cuda" ? Backend::cuda : Backend::cpu;
  options.merge_from = run.folder.path(), options.force = a.force, options.overrides = run.manifest.overrides;
  options.keep_answers = a.keep_answers, options.memory_bytes = 1e9 * a.memory_gb;
  options.resume = !a.force && study.output.file == run.folder.results() && is_merged(run);
  if (!options.resume) warn_of_missing(run);
  tell_end(study, run_study(study, options), common.json);
}

void commands::status(const std::string& folder, const Common& common) {
  const FolderRun run = run_of(folder);
  const auto all = read_statuses(run.folder.path());
  if (common.json) std::cout << statuses_text(run.folder.path(), all, run.manifest.shards) << '\n';
  else std::cout << statuses_table(run.folder.path(), all, run.manifest.shards);
}

}  // namespace gridqueue
