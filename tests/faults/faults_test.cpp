// Runs that die or find the disk full at any call that changes a file, then go on: the file ends as if nothing had
// happened, and what was saved is not worked out again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "host/hdf5/h5.hpp"
#include "tests/cli/program.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

constexpr int kKilled = 137;  // 128 + SIGKILL, as a shell says it
constexpr int kStorage = 7, kInterrupted = 6;

std::string study_text(const std::string& orders, const std::string& more = "") {
  return "[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nbuses = [\"bus_1110\", \"bus_1112\", \"bus_1113\", "
         "\"bus_26\", \"bus_1102\", \"bus_21\"]\nkw_min = 50\nkw_max = 400\nseed = 3\ncount = 10\n[orders]\n" +
         orders + "\n" + more;
}

struct Case {
  const char* name;
  const char* orders;
  const char* more;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Faults : public testing::TestWithParam<Case> {
 protected:
  Faults() {
    const auto run = test::gridqueue(command("whole") + " --json");
    EXPECT_EQ(run.code, 0) << run.err;
    evaluated_ = nlohmann::json::parse(run.out).at("evaluated");
  }
  [[nodiscard]] std::string command(const std::string& name) const {
    return "run " + study_ + " --save-seconds 0.01 --out " + file(name);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / (name + ".h5"); }

  //! A command under the shim.
  [[nodiscard]] test::Outcome struck(const std::string& fault, const std::string& arguments) const {
    return test::shell("env LD_PRELOAD=" FAULT_SHIM " FAULT_FOLDER=" + (folder_ / "") +
                       " FAULT_COUNT=" + (folder_ / "count") + " " + fault + " $GQ " + arguments);
  }
  [[nodiscard]] long calls_of(const std::string& name, const std::string& arguments) const {
    EXPECT_EQ(struck("FAULT_NONE=1", arguments).code, 0) << name;
    long calls = 0;
    std::ifstream(folder_ / "count") >> calls;
    return calls;
  }

  //! Goes on until it is done; every end on the way must be one of those that are foreseen.
  void resume(const std::string& name) {
    const auto last = test::gridqueue(command(name) + " --resume --json");
    ASSERT_EQ(last.code, 0) << name << ": " << last.err;
    EXPECT_LE(nlohmann::json::parse(last.out).value("evaluated", std::int64_t{0}), evaluated_) << name;
    test::expect_same_datasets(file("whole"), file(name));
    EXPECT_FALSE(fs::exists(file(name) + ".d")) << name;
  }
  //! Whoever looks meanwhile finds a whole file, or none.
  void expect_whole_or_none(const std::string& name) {
    if (!fs::exists(file(name))) return;
    EXPECT_EQ(test::gridqueue("show " + file(name)).code, 0) << name;
  }

  const test::Folder folder_;
  const std::string study_ = folder_.study(study_text(GetParam().orders, GetParam().more));
  std::int64_t evaluated_ = 0;
};

//! Kills at calls spread evenly over a run.
TEST_P(Faults, KilledBeforeAnyCallNothingIsLost) {
  const long calls = calls_of("count", command("count"));
  constexpr long kKills = 16;
  ASSERT_GT(calls, kKills);
  int killed = 0;
  for (long k = 0; k < kKills; ++k) {
    const std::string name = "kill" + std::to_string(k);
    const auto run = struck("FAULT_KILL=" + std::to_string(1 + k * (calls - 1) / (kKills - 1)), command(name));
    killed += run.code == kKilled;
    expect_whole_or_none(name);
    resume(name);
  }
  EXPECT_GE(killed, kKills * 9 / 10);
}

//! Killed, then killed while it goes on.
TEST_P(Faults, KilledAgainWhileGoingOn) {
  const long calls = calls_of("count", command("count"));
  std::mt19937 random(7);
  constexpr int kTimes = 4;
  int killed = 0;
  for (int k = 0; k < kTimes; ++k) {
    const std::string name = "twice" + std::to_string(k);
    killed += struck("FAULT_KILL=" + std::to_string(1 + random() % calls), command(name)).code == kKilled;
    killed += struck("FAULT_KILL=" + std::to_string(1 + random() % 8), command(name) + " --resume").code == kKilled;
    resume(name);
  }
  EXPECT_GE(killed, 2 * kTimes * 8 / 10);
}

TEST_P(Faults, AFullDiskIsToldAndNothingIsLost) {
  const long calls = calls_of("count", command("count"));
  constexpr long kTimes = 5;
  for (long k = 0; k < kTimes; ++k) {
    const std::string name = "full" + std::to_string(k);
    const auto run = struck("FAULT_FULL=" + std::to_string(1 + k * (calls - 2) / kTimes), command(name));
    EXPECT_EQ(run.code, kStorage) << run.err;
    EXPECT_THAT(run.err, testing::HasSubstr("No space left on device"));
    expect_whole_or_none(name);
    resume(name);
  }
}

TEST_P(Faults, KilledAtAnyMoment) {
  constexpr int kTimes = 6;
  std::mt19937 random(11);
  for (int k = 0; k < kTimes; ++k) {
    const std::string name = "moment" + std::to_string(k),
                      seconds = std::to_string(0.05 + 1e-3 * static_cast<double>(random() % 700));
    (void)test::shell("$GQ " + command(name) + " & p=$!; sleep " + seconds + "; kill -9 $p; wait $p");
    expect_whole_or_none(name);
    resume(name);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Faults,
                         testing::Values(Case{"sampled", "count = 3000", ""},
                                         Case{"all_orders", "method = \"all\"", ""},
                                         Case{"shared", "count = 500", "[allocation]\nrules = [\"pro-rata-kw\"]\n"}),
                         [](const auto& c) { return std::string(c.param.name); });

//! allocate writes beside and renames: a finished run is never lost.
TEST(AllocateFaults, NeverCostsAFinishedRun) {
  const test::Folder folder;
  const std::string study = folder.study(study_text("count = 300")), file = folder / "r.h5", copy = folder / "copy.h5",
                    allocate = "allocate " + file + " --rule pro-rata-kw,trigger";
  ASSERT_EQ(test::gridqueue("run " + study + " --out " + file).code, 0);
  fs::copy_file(file, copy);
  const std::string shim =
      "env LD_PRELOAD=" FAULT_SHIM " FAULT_FOLDER=" + (folder / "") + " FAULT_COUNT=" + (folder / "count") + " ";
  ASSERT_EQ(test::shell(shim + "$GQ " + allocate).code, 0);
  long calls = 0;
  std::ifstream(folder / "count") >> calls;
  ASSERT_GT(calls, 3);
  for (const char* fault : {"FAULT_KILL", "FAULT_FULL"})
    for (long k = 1; k <= calls; k += std::max(1L, calls / 8)) {
      fs::copy_file(copy, file, fs::copy_options::overwrite_existing);
      const auto run = test::shell(shim + fault + "=" + std::to_string(k) + " $GQ " + allocate);
      EXPECT_THAT(run.code, testing::AnyOf(kKilled, kStorage, 0)) << fault << k << ": " << run.err;
      EXPECT_EQ(test::gridqueue("show " + file).code, 0) << fault << k;
      EXPECT_EQ(test::gridqueue(allocate).code, 0) << fault << k;
    }
}

}  // namespace
}  // namespace gridqueue
