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
    for (const char* leak : {"ENUM", "->", "{", "INT:", "UINT", "FLOAT"})
      EXPECT_THAT(result.out, testing::Not(HasSubstr(leak))) << command;
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
    {"unknown_option", "solve data/radial.h5 --dre bus_1=3", 2,
     "gridqueue: unknown option '--dre' (gridqueue solve --help lists what there is); did you mean '--der'?"},
    {"unknown_option_first", "run --ordres=5", 2, "did you mean '--orders'?"},
    {"unknown_command", "shwo r.h5", 2,
     "gridqueue: unknown command 'shwo' (there are run, merge, status, solve, hca, show, info, allocate, report, "
     "import-dss, "
     "export-dss); did you mean 'show'?"},
    {"unlike_any_command", "frobnicate", 2, "unknown command 'frobnicate' (there are run,"},
    {"unknown_global_option", "--versoin", 2, "did you mean '--version'?"},
    {"too_much", "info data/radial.h5 README.md", 2, "'README.md' is one argument too many (gridqueue info --help"},
    {"no_file_named", "run", 2, "study"},
    {"missing_feeder", "solve nowhere.h5", 3, "no such file 'nowhere.h5'"},
    {"no_feeder", "solve README.md", 3, "README.md"},
    {"missing_study", "run nowhere.toml", 3, "no such study 'nowhere.toml'"},
    {"unknown_bus", "solve data/radial.h5 --der bus_99=3", 3, "--der: unknown bus 'bus_99' (feeder radial has"},
    {"der_without_kw", "solve data/radial.h5 --der bus_17", 2, "--der"},
    {"der_text", "solve data/radial.h5 --der bus_17=much", 2, "--der"},
    {"negative_der", "solve data/radial.h5 --der bus_17=-5", 2, "--der"},
    {"unknown_limit", "solve data/radial.h5 --limit vmin_p=0.9", 2, "did you mean 'vmin_pu'?"},
    {"limit_text", "solve data/radial.h5 --limit vmin_pu=low", 2, "a finite number is needed"},
    {"limits_crossed", "hca data/radial.h5 --limit vmin_pu=1.2", 2, "is not below vmax_pu"},
    {"unknown_line", "solve data/radial.h5 --upgrade line1x13", 3, "did you mean"},
    {"not_upgradable", "solve data/radial.h5 --upgrade line12", 3, "line12"},
    {"monitors", "solve data/radial.h5 --monitors i3x", 3, "i3x"},
    {"hca_bus", "hca data/radial.h5 --buses bus_1,bus_99", 3, "unknown bus 'bus_99'"},
    {"hca_phases", "hca data/radial.h5 --phases 2", 2, "--phases: unknown word '2' (known here: 3, 1, any)"},
    {"hca_buses_and_phases", "hca data/radial.h5 --buses bus_1 --phases 1", 2, "leave one of them out"},
    {"hca_site", "hca data/radial.h5 --buses bus_701.1", 3,
     "--buses: bus 'bus_701' has no phase 1 (it has phase 3); did you mean 'bus_701'?"},
    {"der_twice", "solve data/radial.h5 --der bus_17.1.1=5", 3, "did you mean 'bus_17.1'?"},
    {"hca_tolerance", "hca data/radial.h5 --buses bus_1 --tolerance-kw 0", 2, "--tolerance-kw"},
    {"hca_tolerance_nan", "hca data/radial.h5 --buses bus_1 --tolerance-kw nan", 2,
     "--tolerance-kw: 'nan' is not allowed (a number is needed, 0.001 to 10000)"},
    {"unknown_model", "solve data/radial.h5 --model linaer", 2,
     "--model: unknown word 'linaer' (known here: ac, linear, screened); did you mean 'linear'?"},
    {"import_mode", "import-dss m.dss --out f.h5 --mode weekly", 2, "--mode: unknown word 'weekly'"},
    {"import_steps", "import-dss m.dss --out f.h5 --steps 0", 2, "'0' is not allowed"},
    {"import_start", "import-dss m.dss --out f.h5 --start-hour noon", 2, "'noon' is not allowed"},
    {"import_load_shape", "import-dss m.dss --out f.h5 --load-shape x", 2, "unknown option '--load-shape'"},
    {"model_number", "solve data/radial.h5 --model 1", 2, "--model: unknown word '1'"},
    {"model_case", "hca data/radial.h5 --model AC", 2, "--model: unknown word 'AC'"},
    {"precision", "solve data/radial.h5 --precision single", 2, "unknown word 'single' (known here: float, double)"},
    {"backend", "run experiments/radial_queue/study.toml --backend gpu", 2, "(known here: auto, cpu, cuda)"},
    {"search", "hca data/radial.h5 --search bisection", 2, "(known here: bisect, first)"},
    {"negative_orders", "run experiments/radial_queue/study.toml --orders -4", 2,
     "--orders: '-4' is not allowed (a whole number is needed, 1 or more)"},
    {"negative_seed", "run experiments/radial_queue/study.toml --seed -5", 2,
     "--seed: '-5' is not allowed (a whole number is needed, 0 or more)"},
    {"negative_states", "run experiments/radial_queue/study.toml --max-states -1", 2,
     "--max-states: '-1' is not allowed"},
    {"huge_orders", "run experiments/radial_queue/study.toml --orders 99999999999999999999", 2, "--orders: "},
    {"half_an_order", "run experiments/radial_queue/study.toml --orders 1.5", 2, "--orders: '1.5' is not allowed"},
    {"negative_threads", "solve data/radial.h5 --threads -2", 2,
     "--threads: '-2' is not allowed (a whole number is needed, 0 to 4096)"},
    {"negative_device", "solve data/radial.h5 --devices -1", 2, "--devices: '-1' is not allowed"},
    {"negative_order", "show data/radial.h5 --order -1", 2, "--order: '-1' is not allowed"},
    {"negative_queue", "show data/radial.h5 --queue -1", 2, "--queue: '-1' is not allowed"},
    {"factor_without_upgrade", "export-dss data/radial.h5 /tmp/unused --factor 3", 2, "--upgrade"},
    {"negative_factor", "export-dss data/radial.h5 /tmp/unused --factor -2", 2, "--factor: '-2' is not allowed"},
    {"devices_of_cpu", "solve data/radial.h5 --backend cpu --devices 0", 2, "--devices has no effect"},
    {"threads_of_lp", "allocate --lp experiments/constraint_matrix/lp.toml --threads 2", 2, "have no effect with --lp"},
    {"no_orders", "run experiments/radial_queue/study.toml --orders 0 --out /tmp/unused.h5", 2, "--orders"},
    {"unwritable", "run experiments/radial_queue/study.toml --orders 1 --out /nowhere/r.h5", 3,
     "cannot write '/nowhere/r.h5'"},
    {"precious", "run experiments/radial_queue/study.toml --orders 1 --force --out Makefile", 3,
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
