#include "host/run/run_folder.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/answers/answer_folder.hpp"
#include "host/core/durable_file.hpp"
#include "host/core/files.hpp"
#include "host/core/host_name.hpp"
#include "host/run/part_queues.hpp"
#include "host/run/run_files_json.hpp"

namespace gridqueue {
namespace fs = std::filesystem;
namespace {

constexpr const char *kTemporaryStart = "results-", *kTemporaryEnd = ".tmp.h5";

bool is_temporary(const std::string& name) {
  return name.starts_with(kTemporaryStart) && name.ends_with(kTemporaryEnd);
}

//! Written by another process of this machine that is still there.
bool is_in_use(const std::string& name) {
  const auto process = process_here(name.substr(std::strlen(kTemporaryStart)));
  return process && *process != getpid() && is_alive(*process);
}

std::string temporary_path(const std::string& folder) {
  return fmt::format("{}/{}{}{}", folder, kTemporaryStart, host_and_pid(), kTemporaryEnd);
}

template <class T>
void need_same(const std::string& where, const char* what, const T& then, const T& now) {
  if (then == now) return;
  fail_input(
      "'{}' cannot be resumed: its {} differs (a resumed run would not end as an uninterrupted one); run it anew, or "
      "choose another --out",
      where, what);
}

}  // namespace

void check_same_run(const std::string& where, const Provenance& then, const Provenance& now) {
  need_same(where, "study", then.study, now.study);
  need_same(where, "queue's file", then.tables, now.tables);
  need_same(where, "feeder", then.feeder_checksum, now.feeder_checksum);
  if (!then.feeder_digest.empty()) need_same(where, "feeder's content", then.feeder_digest, now.feeder_digest);
  need_same(where, "model", then.model, now.model);
  need_same(where, "precision", then.precision, now.precision);
  need_same(where, "backend", then.backend, now.backend);
  need_same(where, "seed", then.seed, now.seed);
  need_same(where, "number of orders", then.orders, now.orders);
}

std::string RunFolder::temporary_results() const {
  check_has_folder(results_);
  make_folder(path_);
  return temporary_path(path_);
}

std::optional<RunManifest> RunFolder::manifest() const {
  std::ifstream in(manifest_path(), std::ios::binary);
  if (!in) return {};
  std::ostringstream text;
  text << in.rdbuf();
  return parse_manifest(text.str(), manifest_path());
}

RunFolder::RunFolder(const std::string& results)
    : results_((check_can_be_file(results), file_behind(results))), path_(results_ + ".d") {}

void RunFolder::claim(const RunManifest& manifest) const {
  if (const auto then = this->manifest()) {
    check_same_run(path_, then->provenance, manifest.provenance);
    need_same(path_, "number of shards", then->shards, manifest.shards);
    return;
  }
  take_over(manifest);
}

void RunFolder::take_over(const RunManifest& manifest) const {
  make_folder(path_);
  const std::string text = manifest_text(manifest);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  write_durably(fmt::format("{}.{}.tmp", manifest_path(), host_and_pid()), manifest_path(), {bytes, text.size()});
}

void RunFolder::remove_temporary() const {
  std::error_code none;
  fs::remove(temporary_path(path_), none);
  fs::remove(path_, none);  // where it is empty
}

void RunFolder::remove_stale() const {
  std::error_code none;
  std::vector<fs::path> gone;
  for (const auto& entry : fs::directory_iterator(path_, none))
    if (const std::string name = entry.path().filename().string(); is_temporary(name) && !is_in_use(name))
      gone.push_back(entry.path());
  for (const fs::path& file : gone) fs::remove(file, none);
}

//! What says which run it is goes last, so that whoever is killed here can be asked for the rest again.
void RunFolder::clear() const {
  std::error_code none;
  std::vector<fs::path> gone, last;
  for (const auto& entry : fs::directory_iterator(path_, none)) {
    const std::string name = entry.path().filename().string();
    if (is_temporary(name) && !is_in_use(name)) gone.push_back(entry.path());
    if (name.starts_with("run.json")) last.push_back(entry.path());
    if (!entry.is_directory(none)) continue;
    for (const auto& file : fs::directory_iterator(entry.path(), none))
      if (file.path().filename().string().starts_with("status.json")) gone.push_back(file.path());
  }
  for (const fs::path& file : gone) fs::remove(file, none);
  remove_queues(path_);
  AnswerFolder(path_, "").remove_segments();
  for (const fs::path& file : last) fs::remove(file, none);
  fs::remove(path_, none);  // where it is empty
}

}  // namespace gridqueue
