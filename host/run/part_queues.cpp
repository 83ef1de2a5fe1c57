#include "host/run/part_queues.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "gridqueue/contracts.hpp"
#include "gridqueue/log.hpp"
#include "host/answers/segment_file.hpp"
#include "host/core/durable_file.hpp"
#include "host/run/run_folder.hpp"

namespace gridqueue {
namespace fs = std::filesystem;
namespace {

constexpr const char *kStart = "queues-", *kEnd = ".h5";

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code none;
  for (const auto& part : fs::directory_iterator(folder, none)) {
    if (!part.is_directory(none) || part.is_symlink(none)) continue;
    for (const auto& file : fs::directory_iterator(part.path(), none))
      if (const std::string name = file.path().filename().string(); name.starts_with(kStart) && name.ends_with(kEnd))
        files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of(const std::string& hash) { return kStart + hash + kEnd; }

KnownQueues read_queues_left(const fs::path& file, const Provenance& run) {
  if (file.filename() != name_of(file_hash(file.string()))) fail_input("its bytes are not those that were written");
  auto results = std::make_shared<const ResultsReader>(file.string());
  const ResultsInfo& i = results->info();
  check_same_run(file.string(), i.provenance, run);
  if (i.provenance.answers != run.answers) fail_input("it was worked out by another build, or on another device");
  if (i.one_queue || !i.complete || i.summed_up == 0) fail_input("it does not hold whole queues");
  return {{i.first_queue, i.first_queue + i.summed_up}, std::move(results)};
}

std::optional<KnownQueues> try_read(const std::string& file, const Provenance& run) {
  try {
    return read_queues_left(file, run);
  } catch (const std::exception& e) {  // also one that only others see
    log_warn("queues in '{}' are left out ({}); they are walked again", file, e.what());
    return {};
  }
}

}  // namespace

void leave_queues(const std::string& temporary, const std::string& folder, const std::string& part) {
  const std::string to = folder + "/" + part;
  make_folder(to);
  publish_file(temporary, to + "/" + name_of(file_hash(temporary)));
}

std::vector<KnownQueues> queues_left(const std::string& folder, const Provenance& run, const ReadTogether* others) {
  std::vector<std::string> files = files_of(folder);
  if (others) files = others->same_files(std::move(files));
  std::vector<std::optional<KnownQueues>> read;
  for (const std::string& file : files) read.push_back(try_read(file, run));
  std::vector<std::uint8_t> is_read;
  for (const auto& r : read) is_read.push_back(r.has_value());
  if (others) others->read_by_all(is_read);
  std::vector<KnownQueues> all, taken;
  for (std::size_t i = 0; i < read.size(); ++i)
    if (is_read[i]) all.push_back(std::move(*read[i]));
  std::sort(all.begin(), all.end(),
            [](const KnownQueues& a, const KnownQueues& b) { return a.range.first < b.range.first; });
  for (KnownQueues& k : all)
    if (taken.empty() || k.range.first >= taken.back().range.last) taken.push_back(std::move(k));
  return taken;
}

bool are_all(const std::vector<KnownQueues>& known, std::uint64_t count) {
  std::uint64_t next = 0;
  for (const KnownQueues& k : known) {
    if (k.range.first != next) return false;
    next = k.range.last;
  }
  return next == count;
}

void remove_queues(const std::string& folder) {
  std::error_code none;
  for (const std::string& file : files_of(folder)) fs::remove(file, none);
}

}  // namespace gridqueue
