// import-dss as a user types it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/dss/engine.hpp"
#include "host/feeder/feeder_file.hpp"
#include "host/hdf5/h5.hpp"
#include "tests/cli/program.hpp"
#include "tests/dss/situations.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::AllOf;
using testing::HasSubstr;

class ImportDss : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = dss_unavailable_reason(); !reason.empty()) GTEST_SKIP() << reason;
  }
  [[nodiscard]] std::string model(const std::vector<std::pair<std::string, std::string>>& changes = {}) const {
    std::ofstream(folder_ / "model.dss") << test::changed_model(changes);
    return folder_ / "model.dss";
  }
  test::Folder folder_;
};

TEST_F(ImportDss, SeveralDaysAreShown) {
  const std::string feeder = folder_ / "x.h5";
  const auto made =
      gridqueue("import-dss " + model() + " --steps 24 --step-s 3600 --start-hour 24 --start-hour 0 --out " + feeder);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("over 4 days"));
  const auto shown = gridqueue("info " + feeder);
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("from hour 0 (step 0) from hour 24 (step 24)"), HasSubstr("48 steps of 3600 s")));
  EXPECT_THAT(gridqueue("solve " + feeder + " --der m6=9000").out, HasSubstr(" of day "));
  const auto linear = gridqueue("solve " + feeder + " --model linear");
  EXPECT_EQ(linear.code, 0);
  EXPECT_THAT(linear.err, HasSubstr("it has 2 days (one is handled)): every state is solved in AC"));
  EXPECT_THAT(gridqueue("export-dss " + feeder + " " + (folder_ / "out")).err, HasSubstr("2 days"));
}

TEST_F(ImportDss, CandidatesBeginAtTheFeedersHead) {
  const std::string feeder = folder_ / "x.h5", line = "import-dss " + model() + " --no-check --out " + feeder;
  const auto buses = [&](const std::string& more) {
    EXPECT_EQ(gridqueue(line + more).code, 0);
    std::vector<std::string> names;
    for (const auto& bus : nlohmann::json::parse(gridqueue("hca " + feeder + " --tolerance-kw 500 --json").out))
      names.push_back(bus["bus"]);
    return names;
  };
  EXPECT_THAT(buses(""), testing::Contains("m2"));
  EXPECT_THAT(buses(" --feeder-head t3"), AllOf(testing::Not(testing::Contains("m2")), testing::Contains("m6")));
  const auto unknown = gridqueue(line + " --feeder-head t33");
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 't3'"));
}

TEST_F(ImportDss, WritesOverNoInputAndNoFileOfAnotherKind) {
  const std::string master = model(), feeder = folder_ / "x.h5", notes = folder_ / "notes.txt";
  std::ofstream(notes) << "mine";
  for (const std::string& out : {master, notes}) EXPECT_EQ(gridqueue("import-dss " + master + " --out " + out).code, 2);
  EXPECT_EQ(gridqueue("import-dss " + master + " --no-check --out " + feeder).code, 0);
  EXPECT_EQ(gridqueue("solve " + feeder + " --voltages " + feeder).code, 2);
  EXPECT_EQ(gridqueue("info " + feeder).code, 0);
  const auto nowhere = gridqueue("import-dss no-such-model.dss --out /nowhere/x.h5");
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_THAT(nowhere.err, HasSubstr("cannot write '/nowhere/x.h5' (there is no folder '/nowhere')"));
}

TEST_F(ImportDss, AFileThatAnotherProgramReadsIsReplacedAndLeftToItsReader) {
  const std::string feeder = folder_ / "x.h5", import = "import-dss " + model() + " --no-check --out " + feeder;
  EXPECT_EQ(gridqueue(import).code, 0);
  const h5::File reader = h5::File::open(feeder);
  EXPECT_EQ(gridqueue(import + " --steps 24 --step-s 3600").code, 0);
  EXPECT_EQ(reader.read<double>("step/pv_shape").size(), 288u);
  EXPECT_EQ(read_feeder(feeder).num_steps(), 24u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / ""), {}), 2);  // the model and the feeder
}

TEST_F(ImportDss, LengthsComeBackFromAnExport) {
  const std::string feeder = folder_ / "x.h5", exported = folder_ / "out";
  EXPECT_EQ(gridqueue("import-dss " + model() + " --no-check --out " + feeder).code, 0);
  EXPECT_EQ(gridqueue("export-dss " + feeder + " " + exported).code, 0);
  const auto again = gridqueue("import-dss " + exported + "/Master.dss --no-check --out " + feeder);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, testing::Not(HasSubstr("without a unit")));
}

TEST_F(ImportDss, AnExportReplacesItselfAndNothingElse) {
  const std::string feeder = folder_ / "x.h5", exported = folder_ / "out", other = folder_ / "other";
  EXPECT_EQ(gridqueue("import-dss " + model() + " --no-check --out " + feeder).code, 0);
  for (int time = 0; time < 2; ++time) EXPECT_EQ(gridqueue("export-dss " + feeder + " " + exported).code, 0);
  for (const char* name : {"Master.dss", "buscoords.csv", "load_1.csv"}) {
    test::shell("rm -rf " + other + "; mkdir " + other + "; echo mine > " + other + "/" + name);
    const auto refused = gridqueue("export-dss " + feeder + " " + other);
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr(std::string(name) + "' is there"));
    EXPECT_EQ(test::shell("cat " + other + "/*").out, "mine\n");
  }
}

TEST_F(ImportDss, GenerationIsNoLoadAndNoRegulatorIsNotMentioned) {
  const std::string feeder = folder_ / "x.h5";
  const auto made = gridqueue(
      "import-dss " +
      model({{"",
              "new generator.g phases=3 bus1=m6 kv=12.47 kw=400 kvar=100 model=1 daily=day\nnew line.beside bus1=m4 "
              "bus2=m5 linecode=trunk length=2 units=km\nbatchedit regcontrol..* enabled=no"}}) +
      " --no-check --out " + feeder);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(gridqueue("info " + feeder).out, HasSubstr("3650 kW of load on 12 nodes, 400 kW of generation on 3"));
  EXPECT_THAT(gridqueue("hca " + feeder + " --buses ' m5 , m6' --tolerance-kw 500").out,
              AllOf(HasSubstr("m5"), HasSubstr("m6"), testing::Not(HasSubstr("regulator"))));
  for (const char* line : {"t4", "line.beside"})
    EXPECT_THAT(gridqueue("solve " + feeder + " --upgrade " + line).err, HasSubstr("it lies beside 'line."));
}

//! A secondary whose voltage base nobody gave.
TEST_F(ImportDss, BusesWhereNoUnitStandsAreLeftOutByName) {
  const std::string feeder = folder_ / "x.h5";
  const auto made = gridqueue(
      "import-dss " +
      model({{"",
              "new transformer.low phases=3 windings=2 xhl=4 buses=(m6 low) conns=(delta wye) kvs=(12.47 .48) "
              "kvas=(300 300)"}}) +
      " --no-check --out " + feeder);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.err, AllOf(HasSubstr("1 buses are far from their voltage base ('low."), HasSubstr("of 7.2 kV")));
  const auto any = gridqueue("hca " + feeder + " --phases any --tolerance-kw 500");
  EXPECT_EQ(any.code, 0) << any.err;
  EXPECT_THAT(any.err, HasSubstr("no unit can stand at 'low'"));
  EXPECT_THAT(any.out, AllOf(HasSubstr("m6"), HasSubstr("a1"), testing::Not(HasSubstr("low "))));
  EXPECT_EQ(gridqueue("solve " + feeder + " --der low=10").code, 3);
  const auto run = gridqueue(
      "run " +
      folder_.study("[feeder]\nfile = \"" + feeder +
                    "\"\n[queue.random]\ncount = 3\nkw_min = 10\nkw_max = 20\nbuses = \"any\"\n[orders]\ncount = 1\n") +
      " --force --out " + (folder_ / "r.h5"));
  EXPECT_THAT(run.err, HasSubstr("queue.random.buses: left out: 1 of "));
  EXPECT_EQ(run.code, 0) << run.err;
}

TEST_F(ImportDss, NeutralsAreNotJudged) {
  const std::string feeder = folder_ / "x.h5";
  const auto made = gridqueue("import-dss " +
                              model({{"buses=(grid m0)", "buses=(grid m0.1.2.3.4)"},
                                     {"", "new reactor.n phases=1 bus1=m0.4 bus2=m0.0 r=0 x=.8"}}) +
                              " --out " + feeder);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(gridqueue("info " + feeder).out, testing::Not(HasSubstr("m0.4")));
  const auto solved = gridqueue("solve " + feeder);
  EXPECT_EQ(solved.code, 0) << solved.err;
  EXPECT_THAT(solved.out, AllOf(HasSubstr("lowest voltage"), testing::Not(HasSubstr("m0.4"))));
}

TEST_F(ImportDss, StartHoursAreNumbersOrAuto) {
  const std::string line = "import-dss " + model() + " --no-check --out " + (folder_ / "x.h5");
  const auto chosen = gridqueue(line + " --start-hour auto");
  EXPECT_EQ(chosen.code, 0) << chosen.err;
  EXPECT_THAT(chosen.out, HasSubstr("day from hour 0"));
  EXPECT_THAT(gridqueue(line + " --start-hour noon").err, HasSubstr("'auto'"));
  EXPECT_THAT(gridqueue(line + " --start-hour auto --start-hour 3").err, HasSubstr("stands alone"));
  EXPECT_THAT(gridqueue(line + " --start-hour 3 --start-hour 3").err, HasSubstr("twice"));
}

//! A study that would build a line of unknown cost asks for it; one that builds none does not.
TEST_F(ImportDss, LengthsWithoutAUnitAreToldAndAskedFor) {
  const std::string master = model({{"length=2.2 units=km", "length=2.2"},
                                    {"length=2.6 units=km", "length=2.6"},
                                    {"length=3.1 units=km", "length=3.1"},
                                    {"length=1.2 units=km", "length=1.2"}});
  const std::string feeder = folder_ / "x.h5", line = "import-dss " + master + " --no-check --out " + feeder;
  const auto unknown = gridqueue(line);
  EXPECT_EQ(unknown.code, 0);
  EXPECT_THAT(unknown.err,
              AllOf(HasSubstr("4 lines have a length without a unit ('line.t1', ...)"), HasSubstr("--length-unit")));
  const auto study = [&](int kw) {
    return gridqueue("run " +
                     folder_.study("[feeder]\nfile = \"" + feeder + "\"\n[queue]\nunits = [ { bus = \"m6\", kw = " +
                                   std::to_string(kw) + " } ]\n[orders]\ncount = 1\n") +
                     " --force --out " + (folder_ / "r.h5"));
  };
  EXPECT_EQ(study(10).code, 0) << study(10).err;
  int heavy = 1000;
  while (heavy < 64000 && study(heavy).code == 0) heavy *= 2;
  const auto asked = study(heavy);
  EXPECT_EQ(asked.code, 3);
  EXPECT_THAT(asked.err, AllOf(HasSubstr("'line.t"), HasSubstr("--length-unit")));
  const auto known = gridqueue(line + " --length-unit km");
  EXPECT_EQ(known.err.find("without a unit"), std::string::npos);
  EXPECT_EQ(study(heavy).code, 0) << study(heavy).err;
  EXPECT_THAT(gridqueue(line + " --length-unit furlong").err, HasSubstr("furlong"));
}

//! To ground, which the secondary has through 15 ohms alone.
TEST_F(ImportDss, VoltagesOfADayWithoutSolutionEndThere) {
  const std::string master = model(
      {{"",
        "new transformer.lv phases=3 windings=2 buses=(m5 s.1.2.3.4) conns=(delta wye) kvs=(12.47 .22) kvas=(75 75) "
        "xhl=4\nnew reactor.lv phases=1 bus1=s.4 r=15 x=0\n"
        "new load.s phases=1 bus1=s.1.4 kv=.127 kw=4 pf=.9 model=1 vminpu=.5 vmaxpu=1.5 daily=day"},
       {"voltagebases=[69 12.47]", "voltagebases=[69 12.47 .22]"}});
  const std::string feeder = folder_ / "x.h5", voltages = folder_ / "v.h5";
  ASSERT_EQ(gridqueue("import-dss " + master + " --out " + feeder).code, 0);
  EXPECT_EQ(gridqueue("solve " + feeder + " --der s.1.4=3 --voltages " + voltages).code, 0);
  const auto result = gridqueue("solve " + feeder + " --der s.1=3 --voltages " + voltages);
  EXPECT_EQ(result.code, 5);
  EXPECT_THAT(result.err, AllOf(HasSubstr("of 288 steps"), HasSubstr("does not converge")));
  const auto shape = h5::File::open(voltages).shape("voltage");
  EXPECT_LT(shape.at(0), 288u);
  EXPECT_GT(shape.at(0), 0u);
}

}  // namespace
}  // namespace gridqueue
