// Runs that die or find the disk full at any call that changes a file, or die at any moment, then go on: the file ends
// as if nothing had happened, and what was saved is not worked out again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "host/hdf5/h5.hpp"
#include "tests/cli/studies.hpp"
#include "tests/faults/strike.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using test::StudyCase;

constexpr int kStorage = 7;

constexpr const char* kQueue =
    "buses = [\"bus_1110\", \"bus_1112\", \"bus_1113\", \"bus_26\", \"bus_1102\", \"bus_21\"]\ncount = 8";
constexpr std::int64_t kTriedAhead = 16;  //!< states more that a walk may have tried at every cut

class RunFaults : public testing::TestWithParam<StudyCase> {
 protected:
  RunFaults() {
    const auto again = test::gridqueue(command("again") + " --json");
    evaluated_ = nlohmann::json::parse(again.out).at("evaluated");
  }
  [[nodiscard]] std::string command(const std::string& name) const {
    return "run " + study_ + " --threads 1 --save-seconds 0.002 --out " + file(name);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / (name + ".h5"); }

  //! Whoever looks after an end finds a whole file, or none; `--resume` ends with the file of an undisturbed run, and
  //! works out nothing that was saved. `cuts`: how often it was ended before.
  void resume(const std::string& name, int cuts = 1) {
    EXPECT_TRUE(!fs::exists(file(name)) || test::gridqueue("show " + file(name)).code == 0) << name;
    const auto saved = static_cast<std::int64_t>(test::answers_in(file(name) + ".d"));
    const auto last = test::gridqueue(command(name) + " --resume --json");
    ASSERT_EQ(last.code, 0) << name << ": " << last.err;
    const auto evaluated = nlohmann::json::parse(last.out).value("evaluated", std::int64_t{0});
    EXPECT_LE(evaluated + saved, evaluated_ + cuts * kTriedAhead) << name;
    test::expect_same_datasets(file("whole"), file(name));
    EXPECT_FALSE(fs::exists(file(name) + ".d")) << name;
  }

  const test::Folder folder_;
  const test::Striker striker_{folder_};
  const std::string study_ = folder_.study(study_text(GetParam()));
  const test::Calls calls_ = striker_.calls_of(command("whole"));
  std::int64_t evaluated_ = 0;
};

TEST_P(RunFaults, KilledAtAnyCallNothingIsLost) {
  auto faults = test::kills_over(calls_, {6, 3, 4});
  for (const std::string& fault : test::kills_from(file("kill"), 3)) faults.push_back(fault);
  test::Kills kills;
  for (const std::string& fault : faults) {
    SCOPED_TRACE(fault);
    kills.note(striker_.strike(fault, command("kill")).code);
    resume("kill");
    fs::remove(file("kill"));
  }
}

TEST_P(RunFaults, KilledAgainWhileGoingOn) {
  std::mt19937 random(7);
  test::Kills kills;
  constexpr struct {
    const char* kind;
    unsigned calls;  //!< that every run makes which goes on
  } kKinds[] = {{"write", 20}, {"sync", 2}, {"name", 2}};
  for (int k = 0; k < 4; ++k) {
    const std::string name = "twice" + std::to_string(k);
    const auto& [kind, calls] = kKinds[k % 3];
    const std::string first = test::kills_over(calls_, {0, 0, 8})[1 + random() % 2],
                      second =
                          "FAULT_KIND=" + std::string(kind) + " FAULT_KILL=" + std::to_string(1 + random() % calls);
    SCOPED_TRACE(first + ", " + second);
    kills.note(striker_.strike(first, command(name)).code);
    kills.note(striker_.strike(second, command(name) + " --resume").code);
    resume(name, 2);
  }
}

TEST_P(RunFaults, AFullDiskIsToldAndNothingIsLost) {
  for (const std::string& fault : test::full_disks_over(calls_, 5)) {
    SCOPED_TRACE(fault);
    const auto run = striker_.strike(fault, command("full"));
    EXPECT_EQ(run.code, kStorage) << run.err;
    EXPECT_THAT(run.err, testing::HasSubstr("No space left on device"));
    resume("full");
    fs::remove(file("full"));
  }
}

TEST_P(RunFaults, KilledAtAnyMoment) {
  std::mt19937 random(11);
  test::Kills kills;
  for (int k = 0; k < 8; ++k) {
    const std::string name = "moment" + std::to_string(k);
    const double seconds = calls_.seconds * (0.1 + 1e-3 * static_cast<double>(random() % 600));
    const auto anew = [&] { fs::remove(file(name)); };
    const bool again = k % 4 == 3;
    if (again) (void)test::killed_after(0.5 * calls_.seconds, command(name), anew);
    kills.note(test::killed_after(seconds, command(name) + (again ? " --resume" : ""), anew));
    resume(name, again ? 2 : 1);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RunFaults,
    testing::Values(StudyCase{"sampled", kQueue, "count = 3000"}, StudyCase{"all_orders", kQueue, "method = \"all\""},
                    StudyCase{"shared", kQueue, "count = 500", "[allocation]\nrules = [\"pro-rata-kw\"]\n"}),
    [](const auto& c) { return std::string(c.param.name); });

}  // namespace
}  // namespace gridqueue
