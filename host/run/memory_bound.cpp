#include "host/run/memory_bound.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace gridqueue {
namespace fs = std::filesystem;
namespace {

constexpr double kNearly = 0.95;

double page_size() { return static_cast<double>(sysconf(_SC_PAGE_SIZE)); }

//! Of a file of a control group: a number, or "max". `least` where there is none.
double lesser(double least, const fs::path& file) {
  std::ifstream in(file);
  double bytes = 0;
  return in >> bytes && bytes > 0 ? std::min(least, bytes) : least;
}

//! The limits of a group and of all above it.
double lesser_of_groups(double least, const fs::path& root, const std::string& group, const char* file) {
  for (fs::path at = fs::path(group).relative_path();; at = at.parent_path()) {
    least = lesser(least, root / at / file);
    if (at.empty()) return least;
  }
}

}  // namespace

//! Lines of /proc/self/cgroup: "0::/GROUP" of version 2, "N:CONTROLLERS:/GROUP" of version 1 (man 7 cgroups).
double available_memory(const std::string& system) {
  const fs::path root(system), groups = root / "sys/fs/cgroup";
  double least = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * page_size();
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",",
                      group = line.substr(second + 1);
    if (controllers == ",,") least = lesser_of_groups(least, groups, group, "memory.max");
    if (controllers.find(",memory,") != std::string::npos)
      least = lesser_of_groups(least, groups / "memory", group, "memory.limit_in_bytes");
  }
  return least;
}

double resident_memory() {
  std::ifstream in("/proc/self/statm");
  double all = 0, resident = 0;
  return in >> all >> resident ? resident * page_size() : 0;
}

MemoryBound::MemoryBound(double bytes, int processes)
    : bytes_(bytes > 0 ? bytes : kNearly * available_memory() / std::max(processes, 1)), chosen_(bytes > 0) {}

std::optional<std::string> MemoryBound::exceeded() const {
  const double now = resident_memory();
  if (now <= bytes_) return {};
  return fmt::format(
      "the run takes {:.3g} GB of memory ({} {:.3g} GB); take a machine that has more{}, or sample fewer orders",
      now / 1e9, chosen_ ? "--memory allows" : "of this machine it may have", bytes_ / 1e9,
      chosen_ ? ", or a higher --memory" : "");
}

}  // namespace gridqueue
