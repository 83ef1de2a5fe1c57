// Imports that leave nothing behind, end when they should, and say what is wrong with a model.
#include <gmock/gmock.h>
#include <malloc.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <map>
#include <sstream>
#include <thread>

#include "gridqueue/contracts.hpp"
#include "tests/dss/situation_checks.hpp"
#include "tests/dss/situations.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using test::refusal;
using testing::AllOf;
using testing::HasSubstr;

//! Contents of all files below a folder, by path; of folders when they were last changed.
std::map<std::string, std::string> tree_of(const std::string& folder) {
  std::map<std::string, std::string> tree;
  const auto changed = [](const fs::path& path) {
    return fmt::format("{}", fs::last_write_time(path).time_since_epoch().count());
  };
  tree[folder] = changed(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::ostringstream text;
    if (entry.is_directory()) text << changed(entry.path());
    else text << std::ifstream(entry.path()).rdbuf();
    tree[entry.path().string()] = text.str();
  }
  return tree;
}

class RobustImport : public testing::Test {
 protected:
  void SetUp() override { GQ_NEEDS_DSS(); }
  std::string model(const std::vector<std::pair<std::string, std::string>>& changes) const {
    return folder_.write("model.dss", test::changed_model(changes));
  }
  test::TemporaryFolder folder_;
};

//! The folder in which a test works, with HOME and TMPDIR below it, until it ends.
class Surroundings {
 public:
  explicit Surroundings(const test::TemporaryFolder& folder) : before_(fs::current_path()) {
    for (const char* name : {"home", "tmp", "here", "model", "model/sub"}) fs::create_directories(folder.at(name));
    set("HOME", folder.at("home")), set("TMPDIR", folder.at("tmp"));
    fs::current_path(folder.at("here"));
  }
  ~Surroundings() {
    fs::current_path(before_);
    for (const auto& [name, value] : kept_)
      value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  void set(const char* name, const std::string& value) {
    const char* old = std::getenv(name);
    kept_[name] = old ? old : "";
    ::setenv(name, value.c_str(), 1);
  }
  fs::path before_;
  std::map<std::string, std::string> kept_;
};

//! OpenDSS opens it for reading and writing.
TEST_F(RobustImport, AnExportThatIsThereAlreadyStaysAsItIs) {
  const std::string there = folder_.write("EXP_PV_PV.csv", "of yesterday\n");
  const std::string master = folder_.write(
      "model.dss", test::changed_model({{"", "new pvsystem.PV phases=3 bus1=m6 kv=12.47 kva=500 pmpp=500 daily=pcloud"},
                                        {"\nsolve", "\nsolve\nExport pvsystem /m"}}));
  EXPECT_EQ(import_dss(master, {}).regulators.size(), 3);
  std::ifstream in(there);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "of yesterday\n");
}

TEST_F(RobustImport, WritesNothingButTheFeeder) {
  const std::string elsewhere = folder_.at("elsewhere");
  for (const std::string& end : {std::string(), std::string("New Line.x linecode=nowhere\n")}) {
    const Surroundings around(folder_);
    fs::create_directories(elsewhere);
    folder_.write("model/sub/shape.csv", "0.5\n1\n");
    const std::string master = folder_.write(
        "model/run.dss",
        "Compile sub/case.dss\nExport Voltages\nExport Voltages mine.csv\nExport Voltages " + elsewhere +
            "/far.csv\nExport Summary\nShow Taps\nShow Voltages LN Nodes\nPlot Profile phases=all\nDump\nSave circuit\n"
            "Save circuit dir=" +
            elsewhere + "/saved\nSet datapath=" + elsewhere + "\nExport Currents\nExport Monitors all\n" + end);
    folder_.write("model/sub/case.dss",
                  test::changed_model({{"new linecode.trunk",
                                        "new loadshape.own npts=2 interval=12 csvfile=shape.csv\nnew linecode.trunk"},
                                       {"", "new monitor.m element=line.t1 terminal=1 mode=1"},
                                       {"kvar=290 model=5 daily=day", "kvar=290 model=5 daily=own"},
                                       {"\nsolve", "\nsolve\nExport Voltages\nShow Taps"}}));
    const auto before = tree_of(folder_.at("."));
    const std::string refused = refusal(master);
    if (end.empty()) {
      EXPECT_EQ(refused, "");
    } else {
      EXPECT_THAT(refused, HasSubstr("nowhere"));
    }
    auto after = tree_of(folder_.at("."));
    after[folder_.at("./tmp")] = before.at(folder_.at("./tmp"));  // where the private folder was
    EXPECT_EQ(after, before);
  }
}

TEST_F(RobustImport, ControlsThatDoNotSettleInTheModelsOwnSolveAreNoError) {
  const std::string master =
      model({{"vreg=122.5 band=2 ptratio=60 delay=30", "vreg=126 band=2 ptratio=60 maxtapchange=1"},
             {"vreg=122.5 band=2 ptratio=60 delay=30", "vreg=125 band=2 ptratio=60 maxtapchange=1"},
             {"\nsolve", "\nset maxcontroliter=4\nsolve\nset maxcontroliter=30\nsolve"}});
  const Network net = import_dss(master, {});
  const ImportCheck check = check_days(master, {}, *make_evaluator(net, checking_options(net)));
  EXPECT_EQ(check.wrong_taps, 0);
  EXPECT_LT(check.voltage_pu, 1e-6);
}

TEST_F(RobustImport, WhatFollowsAnUnsettledSolveIsStillChecked) {
  const std::string bad = model({{"vreg=122.5 band=2 ptratio=60 delay=30", "vreg=126 band=2 ptratio=60 maxtapchange=1"},
                                 {"\nsolve", "\nset maxcontroliter=2\nsolve\nnew line.x linecode=nowhere"}});
  EXPECT_THAT(refusal(bad), HasSubstr("nowhere"));
}

TEST_F(RobustImport, AModelThatIncludesItselfIsRefusedAtOnce) {
  const std::string a = folder_.write("a.dss", "Redirect b.dss\n"),
                    commented = folder_.write("c.dss", "/* old\nRedirect c.dss\n*/\n");
  folder_.write("b.dss", test::changed_model({{"\nsolve", "\nsolve\nRedirect .\\a.dss"}}));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(a), AllOf(HasSubstr("includes itself"), HasSubstr("'a.dss' -> 'b.dss' -> 'a.dss'")));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  std::ofstream(commented, std::ios::app) << test::kSmallModel;
  EXPECT_EQ(refusal(commented), "");
}

TEST_F(RobustImport, FilesThatAreMeantAreNamed) {
  fs::create_directories(folder_.at("Codes"));
  folder_.write("Codes/two words.dss", "! nothing\n");
  folder_.write("Codes/Day.csv", "1\n.5\n");
  const auto with = [&](const std::string& line) { return refusal(model({{"", line}})); };
  EXPECT_EQ(with("redirect \"Codes\\two words.dss\""), "");
  EXPECT_THAT(with("redirect Codes\\two words.dss"),
              AllOf(HasSubstr("'Codes/two words.dss' is there"), HasSubstr("quotes")));
  EXPECT_THAT(with("redirect \"codes\\Two words.dss\""),
              AllOf(HasSubstr("'Codes/two words.dss' is there"), HasSubstr("letter case")));
  EXPECT_THAT(with("new loadshape.own npts=2 interval=12 csvfile=codes/day.csv"),
              HasSubstr("'Codes/Day.csv' is there"));
  EXPECT_THAT(with("new loadshape.own npts=2 interval=12 mult=(file=Codes/day.csv)"),
              HasSubstr("'Codes/Day.csv' is there"));
  EXPECT_THAT(with("redirect Codes/other.dss"), HasSubstr("no such file"));
}

TEST_F(RobustImport, ComplaintsSayWhatHelps) {
  EXPECT_THAT(refusal(model({{"npts=24 interval=1 mult=(.5", "npts=24 mininterval=60 mult=(.5"}})),
              HasSubstr("did you mean 'minterval'"));
  EXPECT_THAT(refusal(model({{"set defaultbasefrequency=60", "new circuit.old basekv=12.47 bus1=x"}})),
              HasSubstr("a second New Circuit"));
  EXPECT_THAT(refusal(model({{"", "new line.t1 bus1=m6 bus2=m7"}})), HasSubstr("defined twice"));
  EXPECT_THAT(refusal(model({{"linecode=trunk length=1.2", "linecode=trunk length=0"}})),
              AllOf(HasSubstr("\"t5\""), HasSubstr("length"), testing::Not(HasSubstr("Intrinsic"))));
}

TEST_F(RobustImport, RelativePathsOfCommandsCountFromTheModel) {
  fs::create_directories(folder_.at("sub"));
  folder_.write("sub/model.dss", test::kSmallModel);
  folder_.write("sub/more.dss", "edit line.t5 length=2\n");
  DssImportOptions options;
  options.commands = {"redirect more.dss"};
  const Network net = import_dss(folder_.at("sub/model.dss"), options);
  EXPECT_NEAR(net.buses[net.find_bus("m6")->index()].branch.length_ft, 2000 / 0.3048, 1e-6);
}

bool alive(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  return std::getline(status, text) && text.find(") Z") == std::string::npos;
}

//! A signal takes the parent away while OpenDSS works: neither the child nor its folder stays.
TEST(Isolated, EndsWithItsParent) {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    int fds[2];
    ASSERT_EQ(::pipe(fds), 0);
    const pid_t parent = ::fork();
    ASSERT_GE(parent, 0);
    if (parent == 0) {
      const PrivateFolder folder;
      run_isolated(folder, [&] {
        std::ofstream(folder.at("some")) << "text";
        const std::string word = fmt::format("{} {}\n", ::getpid(), folder.path());
        if (::write(fds[1], word.data(), word.size()) > 0)
          for (;;) ::pause();
        return std::string();
      });
      ::_exit(0);
    }
    ::close(fds[1]);
    char told[512] = {};
    ASSERT_GT(::read(fds[0], told, sizeof told - 1), 0);
    pid_t child = 0;
    std::string folder;
    std::istringstream(told) >> child >> folder;
    ASSERT_TRUE(alive(child) && fs::exists(folder));
    ::kill(parent, signal);
    ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
    for (int i = 0; i < 500 && (alive(child) || fs::exists(folder)); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(alive(child)) << signal;
    EXPECT_FALSE(fs::exists(folder)) << signal;
    ::close(fds[0]);
  }
}

//! OpenDSS never sets the currents of a load that is open; here the heap holds what would spoil a solution.
TEST_F(RobustImport, DoesNotDependOnWhatLayInMemory) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master = folder.write("model.dss", test::changed_model({{"\nsolve", "\nopen load.d4 1\nsolve"}}));
  ASSERT_EQ(::mallopt(M_PERTURB, 165), 1);
  const ImportCheck check = test::checked(master);
  ::mallopt(M_PERTURB, 0);
  EXPECT_LT(check.voltage_pu, 1e-6);
  EXPECT_EQ(check.wrong_taps, 0);
}

}  // namespace
}  // namespace gridqueue
