// One run by several ranks: the file of a run alone, its work split, and what ends one rank ends all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/cli/program.hpp"
#include "tests/cli/studies.hpp"
#include "tests/mpi/mpirun.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::shell;
using testing::HasSubstr;

//! Beside those of the shards.
const test::StudyCase kMore[] = {
    {"one_queue_until", "count = 12", "until = { statistic = \"mean\", half_width_usd = 20000 }"},
    {"one_queue_trigger", "count = 9", "method = \"all\"", "[output]\nhosting_capacity = \"trigger\"\n"},
    {"one_queue_shared_out", "count = 8", "method = \"all\"",
     "[allocation]\nrules = [\"shapley\", \"delta-hosting-capacity\"]\n"},
    {"many_queues_apart", "count = 4\nqueues = 400", "count = 20"},
    {"screened_sampled", "count = 14", "count = 3000", "", "screened"},
    {"screened_all_orders", "count = 10", "method = \"all\"", "", "screened"},
    {"screened_many_queues", "count = 6\nqueues = 150", "count = 60", "", "screened"}};

using test::mpirun;
constexpr double kVector = 16;  //!< states that are computed at once, at most

class Mpi : public testing::TestWithParam<test::StudyCase> {};

TEST_P(Mpi, EqualFilesAndSplitWork) {
  NEEDS_MPI();
  const test::Folder folder;
  const std::string study = folder.study(test::study_text(GetParam())), whole = folder / "whole.h5";
  const auto alone = test::gridqueue("run " + study + " --threads 1 --json --out " + whole);
  ASSERT_EQ(alone.code, 0) << alone.err;
  const double once = json::parse(alone.out).at("evaluated");
  for (const int ranks : {1, 2, 3, 4, 8}) {
    const std::string out = folder / "ranks.h5";
    const auto run = shell(mpirun(ranks) + study + " --force --json --out " + out);
    ASSERT_EQ(run.code, 0) << run.err;
    test::expect_same_datasets(whole, out);
    EXPECT_FALSE(fs::exists(out + ".d"));
    const json said = json::parse(run.out);                                       // one rank's alone
    EXPECT_LE(said.at("evaluated"), (ranks <= 4 ? 1.02 : 1.05) * once) << ranks;  // more lanes try more ahead
    if (ranks == 1) continue;
    const std::vector<double> by_rank = said.at("evaluated_by_rank");
    ASSERT_EQ(by_rank.size(), static_cast<std::size_t>(ranks));
    const double mean = std::accumulate(by_rank.begin(), by_rank.end(), 0.0) / ranks;
    EXPECT_EQ(said.at("evaluated"), mean * ranks);
    // whole vectors are dealt, of which some of these studies have a few dozen
    EXPECT_LE(*std::max_element(by_rank.begin(), by_rank.end()), 1.15 * mean + kVector) << run.out;
  }
}

std::string name_of(const testing::TestParamInfo<test::StudyCase>& c) { return c.param.name; }
INSTANTIATE_TEST_SUITE_P(Studies, Mpi, testing::ValuesIn(test::plain_studies()), name_of);
INSTANTIATE_TEST_SUITE_P(MoreStudies, Mpi, testing::ValuesIn(kMore), name_of);

//! A queue whose walk takes some seconds on one core.
class MpiEnds : public testing::Test {
 protected:
  explicit MpiEnds(const std::string& text = heavy()) : study_(folder_.study(text)) {}
  static std::string heavy() {
    return test::study_text({"", "count = 10", "count = 500", "[output]\nhosting_capacity = \"each\"\n"});
  }
  //! Starts ranks in the background, waits until all have saved something, acts, waits for the end.
  test::Outcome disturbed(const std::string& action) const {
    return shell("rm -rf " + out_ + "*\n" + mpirun(3) + study_ + " --save-seconds 0.05 --out " + out_ +
                 " & job=$!\n"
                 "for i in $(seq 600); do for r in 0 1 2; do ls " +
                 out_ + ".d/rank-$r/*.seg.h5 " + out_ +
                 ".d/rank-$r/status.json >/dev/null 2>&1 || "
                 "{ sleep 0.05; continue 2; }; done; break; done\n"
                 "pid() { sed -n 's/.*\"pid\": \\([0-9]*\\).*/\\1/p' " +
                 out_ + ".d/rank-$1/status.json; }\n" + action + "\nwait $job");
  }
  //! `--resume` ends with the file of an undisturbed run, and works out less.
  void expect_resumed() const {
    const auto alone = test::gridqueue("run " + study_ + " --json --out " + whole_);
    ASSERT_EQ(alone.code, 0) << alone.err;
    const auto resumed = shell(mpirun(2) + study_ + " --resume --json --out " + out_);
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_LT(json::parse(resumed.out).at("evaluated"), json::parse(alone.out).at("evaluated"));
    EXPECT_GT(json::parse(resumed.out).at("looked_up"), 0);
    test::expect_same_datasets(whole_, out_);
    EXPECT_FALSE(fs::exists(out_ + ".d"));
  }
  const test::Folder folder_;
  const std::string study_, out_ = folder_ / "ranks.h5", whole_ = folder_ / "whole.h5";
};

//! Queues that each rank walks alone.
class MpiEndsApart : public MpiEnds {
 protected:
  MpiEndsApart() : MpiEnds(test::study_text({"", "count = 6\nqueues = 600", "count = 40"})) {}
};

TEST_F(MpiEnds, AKilledRankEndsAll) {
  NEEDS_MPI();
  const auto start = std::chrono::steady_clock::now();
  const auto run = disturbed("kill -9 $(pid 1)");
  EXPECT_NE(run.code, 0) << run.err;
  EXPECT_FALSE(fs::exists(out_));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  expect_resumed();
}

TEST_F(MpiEnds, ASignalToOneRankEndsAllAtOnePoint) {
  NEEDS_MPI();
  for (const char* rank : {"0", "2"}) {
    const auto run = disturbed(std::string("kill -TERM $(pid ") + rank + ")");
    EXPECT_EQ(run.code, 6) << run.err;
    EXPECT_THAT(run.err, HasSubstr("--resume goes on"));
  }
  expect_resumed();
}

TEST_F(MpiEndsApart, ASignalToOneRankEndsAll) {
  NEEDS_MPI();
  const auto start = std::chrono::steady_clock::now();
  const auto run = disturbed("kill -TERM $(pid 1)");
  EXPECT_EQ(run.code, 6) << run.err;
  EXPECT_FALSE(fs::exists(out_));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  expect_resumed();
}

TEST_F(MpiEnds, TimeIsAgreedOn) {
  NEEDS_MPI();
  const auto run = shell(mpirun(2) + study_ + " --max-seconds 2 --out " + out_);
  EXPECT_EQ(run.code, 6) << run.err;
  expect_resumed();
}

//! One rank cannot write: the others end within seconds with its exit code, and it says why.
TEST_F(MpiEnds, AFailingRankEndsAll) {
  NEEDS_MPI();
  fs::create_directories(out_ + ".d");
  std::ofstream(out_ + ".d/rank-1") << "no folder";
  const auto start = std::chrono::steady_clock::now();
  const auto run = shell(mpirun(3) + study_ + " --force --save-seconds 0.05 --out " + out_);
  EXPECT_EQ(run.code, 3) << run.err;  // no folder where its answers go
  EXPECT_THAT(run.err, HasSubstr("rank 1: "));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  fs::remove(out_ + ".d/rank-1");
  expect_resumed();
}

//! What is wrong for all is said once, with the code it has alone.
TEST_F(MpiEnds, AnErrorOfAllIsSaidOnce) {
  NEEDS_MPI();
  std::ofstream(out_) << "mine";
  const auto run = shell(mpirun(3) + study_ + " --out " + out_);
  EXPECT_EQ(run.code, 3) << run.err;
  const std::size_t at = run.err.find("no readable results file");
  ASSERT_NE(at, std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("no readable results file", at + 1), std::string::npos) << run.err;
  const auto shard =
      shell("mpirun --allow-run-as-root --oversubscribe -n 2 $GQ run " + study_ + " --shard 1/2 --out " + whole_);
  EXPECT_EQ(shard.code, 2) << shard.err;
  EXPECT_THAT(shard.err, HasSubstr("--shard"));
}

//! Whoever is started as one of several and cannot be, says so.
TEST(MpiRefusal, NoRankWalksAlone) {
  const test::Folder folder;
  const std::string run = " $GQ run " + folder.study(test::small_study()) + " --out " + (folder / "r.h5");
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    if (GRIDQUEUE_MPI && std::string(variable) != "SLURM_STEP_NUM_TASKS") continue;  // MPI itself believes them
    const auto said = shell("env " + std::string(variable) + "=2" + run);
    EXPECT_EQ(said.code, 4) << said.err;
    EXPECT_THAT(said.err, HasSubstr(variable));
    EXPECT_FALSE(fs::exists(folder / "r.h5"));
  }
  EXPECT_EQ(shell("env SLURM_STEP_NUM_TASKS=2" + run + " --shard 1/2").code, 0);
  EXPECT_EQ(shell("env OMPI_COMM_WORLD_SIZE=1" + run + " --force").code, 0);
}

}  // namespace
}  // namespace gridqueue
