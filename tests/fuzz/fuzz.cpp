#include "tests/fuzz/fuzz.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <stdlib.h>  // mkdtemp

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace gridqueue::fuzz {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int kLastCode = 7;  //!< of those that --help lists
constexpr double kAbsurd = 1e30;

//! Key and value of a number that no answer has; "" = none.
std::string nonsense(const Json& json, const std::string& key) {
  if (json.is_number()) {
    const double x = json.get<double>();
    return std::abs(x) < kAbsurd ? "" : fmt::format("{} is {}", key, x);
  }
  if (json.is_null()) {
    static const std::vector<std::string> kNeeded = {"objective", "mean_usd", "cost",   "share_usd",
                                                     "vdiff_pct", "vmax_pu",  "vmin_pu"};
    return std::find(kNeeded.begin(), kNeeded.end(), key) == kNeeded.end() ? "" : key + " is null";
  }
  if (!json.is_structured()) return "";
  for (const auto& [name, value] : json.items())
    if (std::string found = nonsense(value, json.is_array() ? key : name); !found.empty()) return found;
  return "";
}

//! Of an answer as text. A linear program's ranges may have no end.
bool has_no_number(const Command& command, const std::string& text) {
  const bool ranges = command.size() > 1 && command[1] == "--lp";
  for (const char* word : {" nan", "-nan", " inf ", " inf\n", "-inf "})
    if (text.find(word) != std::string::npos && !(ranges && std::string(word).find("inf") != std::string::npos))
      return true;
  return false;
}

std::string judge_answer(const Command& command, const std::string& out) {
  if (std::find(command.begin(), command.end(), "--json") == command.end())
    return has_no_number(command, out) ? "an answer with nan or inf" : "";
  const Json json = Json::parse(out, nullptr, false);
  if (json.is_discarded()) return "an answer that is no JSON";
  return nonsense(json, "");
}

std::string first_line(const std::string& text) { return text.substr(0, std::min<std::size_t>(text.find('\n'), 300)); }

//! A file of its own for each mutation, so that nothing is left of the one before.
class Workplace {
 public:
  Workplace() {
    const fs::path memory = "/dev/shm";  // files come and go by the thousand
    std::string name = ((fs::exists(memory) ? memory : fs::temp_directory_path()) / "gridqueue_fuzz_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    fs::create_directory(folder_ + "/samples"), fs::create_directory(folder_ + "/now");
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() {
    std::error_code none;
    fs::remove_all(folder_, none);
  }
  [[nodiscard]] std::string samples() const { return folder_ + "/samples"; }
  [[nodiscard]] std::string anew() const {
    fs::remove_all(folder_ + "/now");
    fs::create_directory(folder_ + "/now");
    return folder_ + "/now";
  }

 private:
  std::string folder_;
};

void note(const Ending& e, FuzzReport& report) {
  ++report.commands;
  ++(e.code == 0 ? report.answered : report.refused);
  report.longest = std::max(report.longest, e.seconds);
  report.most_megabytes = std::max(report.most_megabytes, e.megabytes);
}

void try_one(const Kind& kind, const Sample& sample, std::size_t mutation, Random random, const Workplace& place,
             FuzzReport& report) {
  const std::string folder = place.anew(), file = folder + "/" + fs::path(sample.file).filename().string();
  fs::copy_file(sample.file, file);
  const std::string mutated = kind.mutate(file, random);
  const std::string kept = folder + "/kept";
  fs::copy_file(file, kept);
  if (const char* keep = std::getenv("GRIDQUEUE_FUZZ_KEEP"); keep && *keep)
    fs::copy_file(file, keep, fs::copy_options::overwrite_existing);
  for (const Command& command : kind.commands(file, sample, random)) {
    fs::copy_file(kept, file, fs::copy_options::overwrite_existing);  // what one command wrote no other one meets
    const Ending e = run_isolated(command, folder, kind.program);
    note(e, report);
    if (const std::string problem = judge(command, e); !problem.empty())
      report.faults.push_back({mutation, fmt::format("{}", fmt::join(command, " ")), mutated, problem});
  }
}

}  // namespace

std::string judge(const Command& command, const Ending& e) {
  if (e.signal == SIGKILL || e.signal == SIGXCPU) return fmt::format("does not end (after {:.0f} s)", e.seconds);
  if (e.stopped && e.signal == SIGTERM) return "";  // told so before or after its walk, with nothing to save
  if (e.signal) return fmt::format("killed by signal {} ({}): {}", e.signal, ::strsignal(e.signal), first_line(e.err));
  if (e.code == 1 || e.code > kLastCode) return fmt::format("exit code {}: {}", e.code, e.err.substr(0, 3000));
  if (e.megabytes > kMemory) return fmt::format("{:.0f} MB of memory", e.megabytes);
  if (e.err.find("not enough memory") != std::string::npos) return "memory without bound: " + first_line(e.err);
  if (e.code != 0) return e.err.find("gridqueue: ") == std::string::npos ? "refused without a reason" : "";
  return judge_answer(command, e.out);
}

FuzzReport fuzz(const Kind& kind, std::uint64_t seed, std::size_t first, std::size_t count) {
  const auto start = std::chrono::steady_clock::now();
  const Workplace place;
  const auto samples = kind.samples(place.samples());
  FuzzReport report;
  for (std::size_t i = first; i < first + count; ++i, ++report.mutations)
    try_one(kind, samples[i % samples.size()], i, Random(seed * 0x100000001B3u + i), place, report);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace gridqueue::fuzz
