#include "host/run/share.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "host/answers/stored_evaluator.hpp"
#include "host/core/durable_file.hpp"
#include "host/core/host_name.hpp"
#include "host/results/allocation.hpp"
#include "host/results/results_reader.hpp"
#include "host/run/interrupt.hpp"
#include "host/run/progress.hpp"
#include "host/run/walk_answers.hpp"

namespace gridqueue {
namespace fs = std::filesystem;
namespace {

//! Evaluations for the two hosting capacities at a unit's bus: each search doubles a few times, then halves to 0.1 kW.
constexpr double kSearches = 2 * 20;

double expected_evaluations(const ResultsReader& results, const Network& network) {
  if (results.info().one_queue) return kSearches * static_cast<double>(results.info().unit_site.size());
  return kSearches * static_cast<double>(results.queues() * network.candidate_buses.size()) /
         4;  // equal searches are made once
}

constexpr const char* kCopyEnd = ".tmp.h5";

//! Of processes of this machine that were killed.
void remove_stale_copies(const std::string& file) {
  const fs::path path(file), folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::string start = path.filename().string() + ".";
  std::error_code none;
  std::vector<fs::path> gone;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(start) || !name.ends_with(kCopyEnd)) continue;
    if (const auto process = process_here(name.substr(start.size())); process && !is_alive(*process))
      gone.push_back(entry.path());
  }
  for (const fs::path& copy : gone) fs::remove(copy, none);
}

//! Takes a copy away when something fails.
class Copy {
 public:
  explicit Copy(const std::string& file) : path_(fmt::format("{}.{}{}", file, host_and_pid(), kCopyEnd)) {
    remove_stale_copies(file);
    std::error_code error;
    fs::copy_file(file, path_, fs::copy_options::overwrite_existing, error);
    if (!error) return;
    fs::remove(path_, gone_);
    fail(ExitCode::output, "cannot copy '{}' to '{}' ({})", file, path_, error.message());
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() { fs::remove(path_, gone_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::error_code gone_;
};

FileSharing share(const std::string& results, const Network& network, EvaluatorOptions options,
                  const SharingTask& task) {
  options.precision = Precision::dual;  // difference quotients need it
  options.expected_evaluations = expected_evaluations(ResultsReader(results), network);
  const auto evaluator = make_evaluator(network, options);
  std::optional<StoredEvaluator> stored;
  if (task.store) stored.emplace(*evaluator, *task.store, ac_terms(*evaluator));
  SharingOptions sharing;
  sharing.rules = task.rules;
  std::optional<Progress> progress;
  if (task.show_progress) progress.emplace("sharing");
  InterruptibleEvaluator answering(stored ? static_cast<Evaluator&>(*stored) : *evaluator);
  return share_results(results, answering, task.policy, sharing, [&](std::size_t done, std::size_t all) {
    if (progress) progress->at(static_cast<double>(done) / static_cast<double>(all));
  });
}

}  // namespace

std::shared_ptr<const FileSharing> share_beside(const std::string& results, const Network& network,
                                                const EvaluatorOptions& options, const SharingTask& task) {
  auto shared = share(results, network, options, task);
  const std::string file = fs::canonical(results).string();  // a symbolic link stays one
  const Copy copy(file);
  write_allocation(copy.path(), shared.queues);
  publish_file(copy.path(), file);
  return std::make_shared<const FileSharing>(std::move(shared));
}

std::shared_ptr<const FileSharing> share_and_write(const std::string& results, const Network& network,
                                                   EvaluatorOptions options, const SharingTask& task) {
  auto shared = share(results, network, std::move(options), task);
  write_allocation(results, shared.queues);
  return std::make_shared<const FileSharing>(std::move(shared));
}

}  // namespace gridqueue
