// Standard streams that are closed, full, or that nobody reads; paths that lead to no file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/results/results_reader.hpp"
#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

//! With stderr closed, the results file must not get descriptor 2.
TEST(Streams, ClosedOnesTakeNoFile) {
  const test::Folder folder;
  const std::string run =
      "$GQ run " + folder.study(test::small_study()) + " --threads 1 --force --out " + (folder / "r.h5");
  for (const char* closed : {" 2>&-", " >&- 2>&-", " <&- >&- 2>&-"}) {
    EXPECT_EQ(test::shell("{ " + run + closed + "; }").code, 0) << closed;
    EXPECT_TRUE(ResultsReader(folder / "r.h5").info().complete) << closed;
  }
}

TEST(Streams, AFullDeviceIsAnError) {
  const auto full = test::shell("$GQ solve data/ieee13.h5 --threads 1 > /dev/full");
  EXPECT_EQ(full.code, 7);
  EXPECT_THAT(full.err, HasSubstr("cannot be written"));
  for (const char* command : {"--help", "--version", "info data/ieee13.h5", "solve data/ieee13.h5 --json"})
    EXPECT_EQ(test::shell(std::string("$GQ ") + command + " > /dev/full").code, 7) << command;
}

TEST(Streams, AFullStderrCostsNoResult) {
  const test::Folder folder;
  EXPECT_EQ(test::shell("$GQ run " + folder.study(test::small_study("method = \"all\"\n")) + " --out " +
                        (folder / "r.h5") + " 2> /dev/full")
                .code,
            0);
  EXPECT_TRUE(ResultsReader(folder / "r.h5").info().complete);
  EXPECT_EQ(test::shell("$GQ show nowhere.h5 2> /dev/full").code, 3);
}

//! `true` has gone before anything is written.
TEST(Streams, AClosedPipeEndsQuietly) {
  const auto piped = test::shell(
      "mkfifo_out=$(mktemp -u) && mkfifo $mkfifo_out && { (exec < $mkfifo_out) & } && "
      "{ sleep 0.3; $GQ info data/ieee13.h5; echo $? > $mkfifo_out.code; } > $mkfifo_out; "
      "cat $mkfifo_out.code >&2; rm -f $mkfifo_out $mkfifo_out.code");
  EXPECT_EQ(piped.err, "7\n");
}

TEST(Paths, ThatLeadToNoFileAreRefused) {
  const test::Folder folder;
  const std::string pipe = folder / "pipe", loop = folder / "loop", study = folder.study(test::small_study()),
                    unreal = folder / std::string(5000, 'n');
  ASSERT_EQ(test::shell("mkfifo " + pipe + " && ln -s loop " + loop).code, 0);
  for (const std::string& path : {pipe, loop, folder / "", std::string("/dev/zero"), unreal})
    for (const std::string& command :
         {"info " + path, "show " + path, "solve " + path, "run " + path, "allocate " + path, "allocate --lp " + path,
          "hca " + path, "export-dss " + path + " " + (folder / "dss"),
          "import-dss " + path + " --out " + (folder / "f.h5"), "report " + path,
          "run " + study + " --force --out " + path, "run " + study + " --resume --out " + path}) {
      const auto refused = test::shell("timeout 10 $GQ " + command);
      EXPECT_EQ(refused.code, 3) << command << refused.err;
      EXPECT_THAT(refused.err, HasSubstr("gridqueue: ")) << command;
    }
}

TEST(Paths, AFeederThatIsNoneInAStudyIsNamed) {
  const test::Folder folder;
  ASSERT_EQ(test::shell("mkfifo " + (folder / "pipe")).code, 0);
  const auto refused = test::gridqueue(
      "run " + folder.study("[feeder]\nfile = \"pipe\"\n[queue]\nunits = [ { bus = \"a\", kw = 1 } ]\n"));
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("feeder.file: no such file 'pipe'"));
}

//! Refused at once, where it stands; nothing is drawn or walked before.
TEST(Studies, OfNoPossibleSizeAreRefused) {
  const test::Folder folder;
  const std::string random = "[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nkw_min = 50\n";
  for (const auto& [text, place] :
       {std::pair{random + "kw_max = 400\ncount = 3\nqueues = 1000000000\n", "queue.random.queues"},
        std::pair{random + "kw_max = 400\ncount = 100\nqueues = 900000\n", "queue.random.queues"},
        std::pair{random + "kw_max = 1e308\ncount = 3\n", "queue.random.kw_max"},
        std::pair{test::small_study("count = 9000000000000000000\n"), "orders.count"},
        std::pair{test::small_study("count = 4\n[upgrades]\nusd_per_ft_overhead = 1e24\n"),
                  "upgrades.usd_per_ft_overhead"},
        std::pair{test::small_study("count = 4\n[limits]\nvdiff_pct = 1e300\n"), "limits.vdiff_pct"},
        std::pair{test::small_study("count = 4\n[output]\nfile = \"a\\u0000b\"\n"), "output.file"}}) {
    const auto refused = test::shell("timeout 10 $GQ run " + folder.study(text) + " --out " + (folder / "r.h5"));
    EXPECT_EQ(refused.code, 3) << place;
    EXPECT_THAT(refused.err, HasSubstr(place));
  }
}

//! The solver itself would end the program.
TEST(LinearPrograms, BeyondTheSolverAreRefused) {
  const test::Folder folder;
  for (const auto& [number, place] :
       {std::pair{"cost = 1e30", "cost of variable 'x'"}, std::pair{"cost = -1e308", "cost of variable 'x'"},
        std::pair{"cost = 1\\nupper = 1e25", "variable 'x' has a bound"}}) {
    const auto refused = test::shell("printf '[[variable]]\\nname = \"x\"\\n" + std::string(number) +
                                     "\\n[[row]]\\nname = \"r\"\\nterms = { x = 1.0 }\\nlower = 1.0\\n' > " +
                                     (folder / "lp.toml") + " && $GQ allocate --lp " + (folder / "lp.toml"));
    EXPECT_EQ(refused.code, 3) << number;
    EXPECT_THAT(refused.err, HasSubstr(place));
  }
}

}  // namespace
}  // namespace gridqueue
