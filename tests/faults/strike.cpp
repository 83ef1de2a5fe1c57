#include "tests/faults/strike.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <set>
#include <tuple>

#include "host/answers/answer_folder.hpp"

namespace gridqueue::test {
namespace {

//! Numbers of 1 to `calls`, spread evenly; the last ones of a kind may be missing in a run that saves less often.
std::vector<std::string> spread(const char* fault, const char* kind, long calls, long times) {
  std::vector<std::string> all;
  for (long k = 0; k < times; ++k)
    all.push_back(fmt::format("FAULT_KIND={} {}={}", kind, fault, 1 + k * (calls - 1) / times));
  return all;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> kills_over(const Calls& calls, const Calls& kills) {
  std::vector<std::string> all = spread("FAULT_KILL", "write", calls.write, kills.write);
  append(all, spread("FAULT_KILL", "sync", calls.sync, kills.sync));
  append(all, spread("FAULT_KILL", "name", calls.name, kills.name));
  return all;
}

std::vector<std::string> kills_from(const std::string& path, int kills) {
  std::vector<std::string> all;
  for (int k = 1; k <= kills; ++k) all.push_back(fmt::format("FAULT_FROM={} FAULT_KILL={}", path, k));
  return all;
}

std::vector<std::string> full_disks_over(const Calls& calls, int disks) {
  const int names = disks / 3;
  std::vector<std::string> all = spread("FAULT_FULL", "write", calls.write, disks - names);
  append(all, spread("FAULT_FULL", "name", calls.name, names));
  return all;
}

std::string Striker::before(const std::string& fault) const {
  return fmt::format("env LD_PRELOAD={} FAULT_FOLDER={} FAULT_COUNT={} {} ", FAULT_SHIM, folder_ / "",
                     folder_ / "count", fault);
}

Outcome Striker::strike(const std::string& fault, const std::string& arguments) const {
  return shell(before(fault) + "$GQ " + arguments);
}

Calls Striker::calls_of(const std::string& arguments) const {
  const auto start = std::chrono::steady_clock::now();
  const Outcome run = strike("", arguments);
  EXPECT_EQ(run.code, 0) << run.err;
  Calls calls;
  calls.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ifstream(folder_ / "count") >> calls.write >> calls.sync >> calls.name;
  EXPECT_TRUE(calls.write > 0 && calls.sync > 0 && calls.name > 0);
  return calls;
}

int killed_after(double seconds, const std::string& arguments, const std::function<void()>& anew) {
  int code = 0;
  for (; code != kKilled && seconds > 0.01; seconds /= 2) {
    anew();
    code = shell(fmt::format("$GQ {} & p=$!; sleep {:.3f}; kill -9 $p; wait $p", arguments, seconds)).code;
  }
  return code;
}

Kills::~Kills() { EXPECT_GE(10 * happened_, 9 * planned_) << happened_ << " kills of " << planned_ << " happened"; }

std::size_t answers_in(const std::string& folder) {
  std::set<std::tuple<std::string, std::uint64_t, std::uint64_t>> all;
  for (const std::string& file : AnswerFolder(folder, "").segments()) {
    std::string why;
    const auto segment = read_segment(file, why);
    EXPECT_TRUE(segment) << file << ": " << why;
    if (!segment) continue;
    for (const StateKey& key : segment->key) all.emplace(segment->terms, key.low, key.high);
  }
  return all.size();
}

}  // namespace gridqueue::test
