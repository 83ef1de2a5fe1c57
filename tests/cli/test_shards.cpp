// A study walked in parts, and put together again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/run/part_status.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/studies.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::gridqueue;
using testing::HasSubstr;

//! Evaluations of parts one after another over those of one run, at most: parts of one queue read what those before
//! them have worked out, parts of many queues have other queues.
double most_repeated(const test::StudyCase& c) {
  return std::string(c.queue).find("queues") == std::string::npos ? 1.02 : 1.1;
}

class Shards : public testing::TestWithParam<test::StudyCase> {
 protected:
  Shards() {
    const auto run = gridqueue("run " + study_ + " --json --out " + whole_);
    EXPECT_EQ(run.code, 0) << run.err;
    evaluated_ = json::parse(run.out).at("evaluated");
  }
  //! Evaluations of all parts.
  std::int64_t walk(int parts, const std::string& out) {
    for (int i = 1; i <= parts; ++i) {
      const auto part = gridqueue("run " + study_ + " --json --shard " + std::to_string(i) + "/" +
                                  std::to_string(parts) + " --out " + out);
      EXPECT_EQ(part.code, 0) << part.err;
    }
    return evaluated_by_parts(out, parts);
  }
  static std::int64_t evaluated_by_parts(const std::string& out, int parts) {
    std::int64_t all = 0;
    const auto status = gridqueue("status " + out + ".d --json");
    EXPECT_EQ(status.code, 0) << status.err;
    const json said = json::parse(status.out);
    EXPECT_EQ(said.at("parts").size(), static_cast<std::size_t>(parts));
    for (const json& part : said.at("parts")) {
      EXPECT_EQ(part.at("state"), "done");
      all += part.at("evaluated").get<std::int64_t>();
    }
    return all;
  }
  const test::Folder folder_;
  const std::string study_ = folder_.study(test::study_text(GetParam())), whole_ = folder_ / "whole.h5";
  std::int64_t evaluated_ = 0;
};

TEST_P(Shards, TogetherAreTheRun) {
  for (const int parts : {1, 4, 16}) {
    SCOPED_TRACE(parts);
    const std::string out = folder_ / ("parts" + std::to_string(parts) + ".h5");
    EXPECT_LE(static_cast<double>(walk(parts, out)), most_repeated(GetParam()) * static_cast<double>(evaluated_));
    EXPECT_FALSE(fs::exists(out));
    const auto merged = gridqueue("merge " + out + ".d --json");
    ASSERT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(json::parse(merged.out).at("evaluated"), 0);
    test::expect_same_datasets(whole_, out);
    EXPECT_FALSE(fs::exists(out + ".d"));
  }
}

//! What a lost part has not answered is worked out by merge, and told.
TEST_P(Shards, ALostPartCostsTimeOnly) {
  const std::string out = folder_ / "lost.h5";
  walk(3, out);
  fs::remove_all(out + ".d/1-of-3");
  const auto merged = gridqueue("merge " + out + ".d --json --keep-answers");
  ASSERT_EQ(merged.code, 0) << merged.err;
  EXPECT_THAT(merged.err, HasSubstr("1-of-3 (not started)"));
  EXPECT_GT(json::parse(merged.out).at("evaluated"), 0);
  test::expect_same_datasets(whole_, out);
  const auto again = gridqueue("merge " + out + ".d --json --force");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out).at("evaluated"), 0);
}

//! Side by side, as on a cluster.
TEST_P(Shards, MayRunAtTheSameTime) {
  const std::string out = folder_ / "side.h5";
  std::string all = "for i in 1 2 3; do $GQ run " + study_ + " --threads 1 --shard $i/3 --out " + out +
                    " & pids=\"$pids $!\"; done\n";
  for (const char* part : {"1-of-3", "2-of-3", "3-of-3"})
    PartReporter(out + ".d", part).beat(0, 0);  // all wait for all
  const auto run = test::shell(all + "for p in $pids; do wait $p || exit 9; done");
  ASSERT_EQ(run.code, 0) << run.err;
  const bool one_queue = std::string(GetParam().queue).find("queues") == std::string::npos;
  const bool all_orders = std::string(GetParam().orders).find("all") != std::string::npos;
  if (one_queue && all_orders) {
    EXPECT_LE(static_cast<double>(evaluated_by_parts(out, 3)), 1.1 * static_cast<double>(evaluated_));
  }
  const auto merged = gridqueue("merge " + out + ".d --json");
  ASSERT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(json::parse(merged.out).at("evaluated"), 0);
  test::expect_same_datasets(whole_, out);
}

//! What queues come to is put together; what is damaged of it is walked again.
TEST(PartQueues, AreJoinedOrToldAndWalkedAgain) {
  const test::Folder folder;
  const std::string study = folder.study(test::study_text(test::plain_studies()[2])), whole = folder / "whole.h5",
                    out = folder / "parts.h5";
  ASSERT_EQ(gridqueue("run " + study + " --out " + whole).code, 0);
  for (const char* shard : {"1/2", "2/2"})
    ASSERT_EQ(gridqueue("run " + study + " --shard " + shard + " --out " + out).code, 0);
  const auto merge = [&](const std::string& more) {
    const auto merged = gridqueue("merge " + out + ".d --json --force" + more);
    EXPECT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(json::parse(merged.out).at("evaluated"), 0);
    test::expect_same_datasets(whole, out);
    return std::pair(json::parse(merged.out).at("looked_up").get<int>(), merged.err);
  };
  EXPECT_EQ(merge(" --keep-answers").first, 0);
  const auto spoilt =
      test::shell("f=$(ls " + out + ".d/2-of-2/queues-*.h5) && printf x | dd of=$f bs=1 seek=3000 conv=notrunc");
  ASSERT_EQ(spoilt.code, 0) << spoilt.err;
  const auto [looked_up, said] = merge("");
  EXPECT_GT(looked_up, 1000);
  EXPECT_THAT(said, HasSubstr("not those that were written"));
}

INSTANTIATE_TEST_SUITE_P(All, Shards, testing::ValuesIn(test::plain_studies()),
                         [](const auto& c) { return std::string(c.param.name); });

TEST(ShardOption, SaysWhatItCannotDo) {
  const test::Folder folder;
  const std::string run = "run " + folder.study(test::small_study()) + " --out " + (folder / "r.h5");
  for (const char* word : {"0/4", "5/4", "1/0", "4", "a/b", "-1/4", "1/4/2", "1/99999999999"}) {
    const auto said = gridqueue(run + " --shard " + word);
    EXPECT_EQ(said.code, 2) << word;
    EXPECT_THAT(said.err, HasSubstr(word));
  }
  EXPECT_EQ(gridqueue(run + " --shard slurm").code, 2);
  const std::string task =
      "env SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_COUNT=";
  EXPECT_THAT(test::shell(task + "3 $GQ " + run + " --shard slurm").err, HasSubstr("some are missing"));
  EXPECT_EQ(test::shell(task + "4 $GQ " + run + " --shard slurm").code, 0);
  EXPECT_EQ(test::shell(task + "3 $GQ " + run + " --shard slurm/4").code, 0);
  const auto other = gridqueue(run + " --shard 1/5");
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("its number of shards differs"));
  const auto whole = gridqueue(run);
  EXPECT_EQ(whole.code, 3);
  EXPECT_THAT(whole.err, HasSubstr("--resume goes on with it"));
  EXPECT_THAT(gridqueue("merge " + (folder / "none.d")).err, HasSubstr("is no folder of a run"));
}

//! Ranks that each merge would write the same file.
TEST(ShardOption, NoRankMerges) {
  const test::Folder folder;
  const std::string out = folder / "r.h5", merge = " $GQ merge " + out + ".d";
  ASSERT_EQ(gridqueue("run " + folder.study(test::small_study()) + " --shard 1/1 --out " + out).code, 0);
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"}) {
    const auto said = test::shell("env " + std::string(variable) + "=2" + merge);
    EXPECT_EQ(said.code, 2) << said.err;
    EXPECT_THAT(said.err,
                HasSubstr("merge is one process's work, and 2 were started together (" + std::string(variable) + ")"));
    EXPECT_FALSE(fs::exists(out));
  }
  EXPECT_EQ(test::shell("env OMPI_COMM_WORLD_SIZE=1" + merge).code, 0);
}

TEST(ShardOption, NoStoppingRuleIsSplit) {
  const test::Folder folder;
  const auto said =
      gridqueue("run " + folder.study(test::small_study("until = { statistic = \"mean\", half_width_usd = 1000 }\n")) +
                " --shard 1/2 --out " + (folder / "r.h5"));
  EXPECT_EQ(said.code, 2) << said.err;
}

//! The same queue at other costs and limits solves no power flow again.
TEST(SharedAnswers, ServeStudiesThatDifferInCostsAndLimits) {
  const test::Folder folder;
  const auto text = [](const std::string& more) { return test::study_text(test::plain_studies()[1]) + more; };
  const std::string answers = " --json --answers " + (folder / "answers") + " --out ";
  const auto run = [&](const std::string& more, const std::string& name) {
    const auto said = gridqueue("run " + folder.study(text(more)) + answers + (folder / name));
    EXPECT_EQ(said.code, 0) << said.err;
    return json::parse(said.out);
  };
  EXPECT_GT(run("", "a.h5").at("evaluated"), 100);
  EXPECT_EQ(run("[upgrades]\nusd_per_ft_overhead = 300\n", "b.h5").at("evaluated"), 0);
  const json wider = run("[limits]\nvdiff_pct = 3.5\n", "c.h5");
  EXPECT_LT(wider.at("evaluated"), wider.at("looked_up"));
  EXPECT_EQ(run("[limits]\nvdiff_pct = 3.5\n", "d.h5").at("evaluated"), 0);
}

}  // namespace
}  // namespace gridqueue
