#include "host/run/part_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gridqueue/log.hpp"
#include "host/core/host_name.hpp"
#include "host/run/run_files_json.hpp"

namespace gridqueue {
namespace {

using namespace std::chrono_literals;
constexpr auto kEvery = 2s;         //!< between two writes
constexpr double kSilentFor = 120;  //!< [s] after which a process elsewhere counts as gone: clocks differ, disks stall

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

bool PartStatus::alive() const {
  if (done) return false;
  if (host == host_name()) return is_alive(static_cast<pid_t>(pid));
  return now() - updated < kSilentFor;
}

std::vector<PartStatus> read_statuses(const std::string& folder) {
  std::vector<PartStatus> all;
  std::error_code none;
  for (const auto& part : std::filesystem::directory_iterator(folder, none)) {
    std::ifstream in(part.path() / "status.json");
    std::ostringstream text;
    if (in && text << in.rdbuf())
      if (auto status = parse_status(text.str())) all.push_back(*status);
  }
  std::sort(all.begin(), all.end(), [](const PartStatus& a, const PartStatus& b) {
    return a.part.size() != b.part.size() ? a.part.size() < b.part.size() : a.part < b.part;
  });
  return all;
}

PartReporter::PartReporter(std::string folder, const std::string& part) : folder_(std::move(folder)) {
  status_.part = part, status_.host = host_name(), status_.pid = getpid(), status_.started = now();
  for (const PartStatus& other : read_statuses(folder_))
    if (other.part == part && other.pid != status_.pid && other.alive())
      log_warn(
          "process {} on {} seems to be at part '{}' of '{}' already (if it is gone, nothing is wrong); both will "
          "write "
          "the same answers",
          other.pid, other.host, part, folder_);
}

void PartReporter::beat(std::uint64_t evaluated, std::uint64_t found) {
  status_.evaluated = evaluated, status_.found = found;
  if (std::chrono::steady_clock::now() < due_) return;
  due_ = std::chrono::steady_clock::now() + kEvery;
  write();
}

void PartReporter::at_slice(std::uint64_t slice, std::uint64_t segments) {
  status_.slice = slice, status_.segments = segments;
  write();
}

void PartReporter::end(bool done, std::uint64_t evaluated, std::uint64_t found) {
  status_.evaluated = evaluated, status_.found = found;
  status_.done = done;
  if (done) status_.fraction = 1;
  write();
}

//! Not synced: what it says is of a moment.
void PartReporter::write() {
  status_.updated = now();
  std::error_code none;
  for (const std::string& folder : {folder_, folder_ + "/" + status_.part})
    std::filesystem::create_directory(folder, none);
  const std::string text = status_text(status_), temporary = path() + "." + status_.host + "-tmp";
  if (!(std::ofstream(temporary) << text << std::flush)) {
    std::filesystem::remove(temporary, none);
    return;
  }
  std::filesystem::rename(temporary, path(), none);
}

}  // namespace gridqueue
