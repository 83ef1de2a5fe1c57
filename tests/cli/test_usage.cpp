// Help, versions, exit codes and messages of the built program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::HasSubstr;

TEST(Usage, HelpEverywhereNamesTheExitCodes) {
  for (const std::string command :
       {"", "run", "solve", "hca", "info", "show", "report", "allocate", "import-dss", "export-dss"}) {
    const auto result = gridqueue(command + " --help");
    EXPECT_EQ(result.code, 0) << command;
    EXPECT_THAT(result.out, HasSubstr("Exit codes: 0 done")) << command;
    EXPECT_EQ(result.err, "") << command;
  }
}

TEST(Usage, VersionNamesCommitAndBackends) {
  const auto result = gridqueue("--version");
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("commit"));
  EXPECT_THAT(result.out, HasSubstr("backends: cpu"));
}

struct Mistake {
  const char* name;
  const char* arguments;
  int code;
  const char* message;
};
void PrintTo(const Mistake& m, std::ostream* out) { *out << m.name; }

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, ExitCodeAndMessageOnStderrOnly) {
  const auto result = gridqueue(GetParam().arguments);
  EXPECT_EQ(result.code, GetParam().code) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
  EXPECT_EQ(result.out, "");
}

const Mistake kMistakes[] = {
    {"nothing", "", 2, "subcommand is required"},
    {"unknown_option", "solve data/radial.h5 --dre bus_1=3", 2, "--dre"},
    {"no_file_named", "run", 2, "study"},
    {"missing_feeder", "solve nowhere.h5", 3, "no such file 'nowhere.h5'"},
    {"no_feeder", "solve README.md", 3, "README.md"},
    {"missing_study", "run nowhere.toml", 3, "no such study 'nowhere.toml'"},
    {"unknown_bus", "solve data/radial.h5 --der bus_99=3", 3, "unknown bus 'bus_99' in --der (feeder radial has"},
    {"der_without_kw", "solve data/radial.h5 --der bus_17", 2, "--der"},
    {"der_text", "solve data/radial.h5 --der bus_17=much", 2, "--der"},
    {"negative_der", "solve data/radial.h5 --der bus_17=-5", 2, "--der"},
    {"unknown_line", "solve data/radial.h5 --upgrade line1x13", 3, "did you mean"},
    {"not_upgradable", "solve data/radial.h5 --upgrade line12", 3, "line12"},
    {"monitors", "solve data/radial.h5 --monitors i3x", 3, "i3x"},
    {"hca_bus", "hca data/radial.h5 --buses bus_1,bus_99", 3, "unknown bus 'bus_99'"},
    {"hca_tolerance", "hca data/radial.h5 --buses bus_1 --tolerance-kw 0", 2, "--tolerance-kw"},
    {"no_orders", "run experiments/radial_queue/study.toml --orders 0 --out /tmp/unused.h5", 2, "--orders"},
    {"unwritable", "run experiments/radial_queue/study.toml --orders 1 --out /nowhere/r.h5", 3,
     "cannot write '/nowhere/r.h5'"},
    {"precious", "run experiments/radial_queue/study.toml --orders 1 --out Makefile", 3,
     "'Makefile' exists and is no readable results file"},
    {"show_feeder", "show data/radial.h5 --order 0", 3, "is no results file"},
};

INSTANTIATE_TEST_SUITE_P(All, Mistakes, testing::ValuesIn(kMistakes),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

TEST(Usage, ABackendThatCannotRunSaysWhy) {
  const auto result = gridqueue("solve data/radial.h5 --backend cuda --json");
  if (result.code == 0) GTEST_SKIP() << "the CUDA backend runs here";
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, HasSubstr("cuda"));
  EXPECT_EQ(result.out, "");
}

TEST(Usage, DevicesAreCheckedAndAutoTakesTheCpuForSmallWork) {
  EXPECT_EQ(gridqueue("solve data/radial.h5 --devices 0,x").code, 2);
  const auto result = gridqueue("solve data/radial.h5 --devices 0,1 --json");  // one evaluation: no device is asked
  EXPECT_EQ(result.code, 0);
}

TEST(Usage, StudyMistakesNameThePlace) {
  const test::Folder folder;
  const auto result = gridqueue("run " + folder.study(test::small_study("count = 5\nsede = 3\n")));
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("study.toml:7: orders.sede: unknown key 'sede'"));
}

}  // namespace
}  // namespace gridqueue
