// What `gridqueue run` refuses before it does any work: files it would overwrite, options that would change nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "host/results/results_reader.hpp"
#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::AllOf;
using testing::HasSubstr;

TEST(Overwriting, IsRefusedUnlessForced) {
  const test::Folder folder;
  const std::string file = folder / "r.h5", run = "run " + folder.study(test::small_study()) + " --out " + file;
  ASSERT_EQ(gridqueue(run).code, 0);
  const auto refused = gridqueue(run + " --orders 20");
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("'" + file + "' exists"), HasSubstr("--force"), HasSubstr("--resume")));
  EXPECT_EQ(ResultsReader(file).info().committed, 50u);
  EXPECT_EQ(gridqueue(run + " --orders 20 --force").code, 0);
  EXPECT_EQ(ResultsReader(file).info().committed, 20u);
}

TEST(Overwriting, TheStudysOwnFileIsKeptToo) {
  const test::Folder folder;
  const std::string file = folder / "of_study.h5";
  ASSERT_EQ(test::shell("echo precious > " + file).code, 0);
  const auto refused =
      gridqueue("run " + folder.study(test::small_study() + "[output]\nfile = \"" + file + "\"\n") + " --threads 1");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("'" + file + "' exists"));
  EXPECT_EQ(test::shell("cat " + file).out, "precious\n");
}

TEST(Overwriting, ResumeStartsAnewWhereNothingIs) {
  const test::Folder folder;
  const std::string file = folder / "r.h5", run = "run " + folder.study(test::small_study()) + " --out " + file;
  const auto anew = gridqueue(run + " --resume");
  EXPECT_EQ(anew.code, 0) << anew.err;
  EXPECT_EQ(ResultsReader(file).info().committed, 50u);
  EXPECT_EQ(gridqueue(run + " --resume --force").code, 2);
}

//! The lattice is foreseen before the older file goes.
TEST(Overwriting, AForcedRunThatIsRefusedCostsNoOlderFile) {
  const test::Folder folder;
  const std::string file = folder / "r.h5",
                    run = "run " + folder.study(test::small_study("method = \"all\"\n")) + " --out " + file;
  ASSERT_EQ(gridqueue(run).code, 0);
  EXPECT_EQ(gridqueue(run + " --max-states 3 --force").code, 3);
  EXPECT_TRUE(ResultsReader(file).info().complete);
}

struct NoEffect {
  const char* orders;
  const char* option;
  const char* reason;
};

TEST(Options, WithoutEffectAreRefusedBeforeAnythingIsWritten) {
  const test::Folder folder;
  const char *all = "method = \"all\"\n", *given = "method = \"given\"\norders = [[0, 1], [1, 0]]\n";
  for (const NoEffect& e :
       {NoEffect{all, "--orders 5", "every order is walked"}, NoEffect{all, "--seed 5", "no order is drawn"},
        NoEffect{given, "--seed 5", "no order is drawn"}, NoEffect{given, "--orders 3", "the study gives 2"},
        NoEffect{"count = 5\n", "--max-states 5", "only \"all\" counts states"},
        NoEffect{given, "--max-states 5", "only \"all\" counts states"},
        NoEffect{all, "--backend cpu --devices 0", "--backend cpu"}}) {
    const std::string file = folder / "r.h5";
    const auto refused =
        gridqueue("run " + folder.study(test::small_study(e.orders)) + " " + e.option + " --out " + file);
    EXPECT_EQ(refused.code, 2) << e.option;
    EXPECT_THAT(refused.err, AllOf(HasSubstr(std::string(e.option).substr(0, 6)), HasSubstr(e.reason)));
    EXPECT_EQ(refused.out, "");
    EXPECT_FALSE(std::filesystem::exists(file)) << e.option;
  }
  EXPECT_EQ(gridqueue("run " + folder.study(test::small_study(given)) + " --orders 1 --out " + (folder / "r.h5")).code,
            0);
}

TEST(Options, ASeedOfARandomQueueIsNamed) {
  const test::Folder folder;
  const auto refused =
      gridqueue("run " +
                folder.study("[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nkw_min = 50\nkw_max = 400\n"
                             "count = 3\n[orders]\nmethod = \"all\"\n") +
                " --seed 2 --out " + (folder / "r.h5"));
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("queue.random.seed"));
}

TEST(Studies, KeysWithoutEffectAreNamed) {
  const test::Folder folder;
  const auto run = [&](const std::string& more) {
    return gridqueue("run " + folder.study(test::small_study(more)) + " --force --out " + (folder / "r.h5"));
  };
  EXPECT_THAT(run("method = \"all\"\nseed = 3\n").err, HasSubstr("orders.seed: has no effect"));
  EXPECT_THAT(run("count = 5\n[model]\nverify = 3\n").err, HasSubstr("model.verify: has no effect"));
  EXPECT_EQ(run("count = 5\nseed = 3\n").err, "");
}

}  // namespace
}  // namespace gridqueue
