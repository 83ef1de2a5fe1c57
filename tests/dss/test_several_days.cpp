// Imports of several days: each begins where the snapshot ends, and is OpenDSS's own.
#include <gmock/gmock.h>

#include "gridqueue/contracts.hpp"
#include "host/dss/check_day.hpp"
#include "host/dss/choose_days.hpp"
#include "host/feeder/feeder_file.hpp"
#include "tests/dss/situations.hpp"
#include "tests/dss/support.hpp"

namespace gridqueue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

//! The small feeder, whose load follows a year: day d of it is the day's shape times 0.6 + 0.002 d, and its capacitor a
//! control.
std::string model_of_a_year() {
  const std::vector<double> day{.5,  .46, .44, .43, .45, .53, .66, .74, .79, .8,  .81, .84,
                                .82, .8,  .79, .82, .9,  .99, 1,   .96, .88, .77, .66, .57};
  std::string values;
  for (int hour = 0; hour < 8760; ++hour)
    values += fmt::format(" {:.6g}", day[static_cast<std::size_t>(hour % 24)] * (0.6 + 0.002 * (hour / 24)));
  std::string text = test::changed_model(
      {{"new linecode.trunk", "new loadshape.year npts=8760 interval=1 mult=(" + values + ")\nnew linecode.trunk"},
       {"",
        "new capcontrol.c capacitor=k1 element=line.t3 terminal=2 type=voltage ptratio=60 onsetting=121 "
        "offsetting=126 delay=20\nbatchedit load..* yearly=year"}});
  return text;
}

class SeveralDays : public testing::Test {
 protected:
  void SetUp() override {
    GQ_NEEDS_DSS();
    master_ = folder_.write("model.dss", model_of_a_year());
    options_.day.mode = "yearly";
    options_.day.steps = 96;
    options_.day.step_s = 900;
  }
  std::unique_ptr<Evaluator> evaluator(const Network& net) const { return make_evaluator(net, checking_options(net)); }
  test::TemporaryFolder folder_;
  std::string master_;
  DssImportOptions options_;
};

TEST_F(SeveralDays, AreOpenDsssOwn) {
  options_.day.start_hours = {0, 24 * 200, 24 * 364};
  const Network net = import_dss(master_, options_);
  ASSERT_EQ(net.days.size(), 3u);
  EXPECT_EQ(net.num_steps(), 3 * 96u);
  EXPECT_EQ(net.days[2].first_step, 192);
  EXPECT_EQ(net.days[2].start_hour, 24 * 364);
  const ImportCheck check = check_days(master_, options_, *evaluator(net));
  EXPECT_EQ(check.days, 6);
  EXPECT_EQ(check.steps_left_out, 0);
  EXPECT_EQ(check.wrong_taps, 0);
  EXPECT_GT(check.taps, 0);
  EXPECT_LT(check.voltage_pu, 1e-6) << check.voltage_node;
  EXPECT_LT(check.loading_pct, 0.1);
}

TEST_F(SeveralDays, BaseCaseIsTheWorstOfThemWithoutSeams) {
  std::vector<BaseCase> alone;
  for (double start : {0.0, 24.0 * 364}) {
    options_.day.start_hours = {start};
    alone.push_back(import_dss(master_, options_).base_case);
  }
  options_.day.start_hours = {0, 24 * 364};
  const Network net = import_dss(master_, options_);
  EXPECT_EQ(net.base_case.vmax_pu, std::max(alone[0].vmax_pu, alone[1].vmax_pu));
  EXPECT_EQ(net.base_case.vmin_pu, std::min(alone[0].vmin_pu, alone[1].vmin_pu));
  EXPECT_EQ(net.base_case.vdiff_pct, std::max(alone[0].vdiff_pct, alone[1].vdiff_pct));
  EXPECT_EQ(net.base_case.emergency_pct, std::max(alone[0].emergency_pct, alone[1].emergency_pct));
  const Quantities ours = evaluator(net)->evaluate([] {
    StateBatch none;
    none.finish_state(UpgradeSetId(0));
    return none;
  }())[0];
  EXPECT_NEAR(ours[limit_vdiff].value, net.base_case.vdiff_pct, 1e-3);
}

TEST_F(SeveralDays, KeepTheirTimesInTheFile) {
  options_.day.start_hours = {12, 4800};
  const Network net = import_dss(master_, options_);
  write_feeder(net, folder_.at("x.h5"));
  const Network kept = read_feeder(folder_.at("x.h5"));
  ASSERT_EQ(kept.days.size(), 2u);
  EXPECT_EQ(kept.days[1].first_step, 96);
  EXPECT_EQ(kept.days[1].start_hour, 4800);
}

TEST_F(SeveralDays, AreChosenFromAYear) {
  // The sun shines alike every day, and the load grows: least load and most sun against it on the first day.
  const std::vector<ChosenDay> days = choose_days(master_, options_);
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].start_hour, 0);
  EXPECT_THAT(days[0].why, testing::AllOf(HasSubstr("lowest daytime load"), HasSubstr("largest sun")));
  EXPECT_EQ(days[1].start_hour, 24 * 364);
  EXPECT_EQ(days[1].why, "highest load");
  options_.day.mode = "daily";
  EXPECT_EQ(choose_days(master_, options_).size(), 1u);
}

TEST(ChosenDays, FollowTheirDefinitions) {
  std::vector<double> load(24 * 5, 100), sun(24 * 5, 0);
  load[24 * 1 + 3] = 10;    // least, but at night
  load[24 * 2 + 12] = 50;   // at 13 o'clock
  load[24 * 3 + 19] = 180;  // largest
  sun[24 * 4 + 11] = 3;     // PV of 180 kW against 100
  std::vector<double> hours;
  for (const ChosenDay& day : choose_days(load, sun)) hours.push_back(day.start_hour);
  EXPECT_THAT(hours, ElementsAre(48, 72, 96));
}

TEST(LengthUnit, DecidesWhatALineCosts) {
  GQ_NEEDS_DSS();
  const test::TemporaryFolder folder;
  const std::string master =
      folder.write("model.dss", test::changed_model({{"bus1=m4 bus2=m5 linecode=trunk length=1.7 units=km",
                                                      "bus1=m4 bus2=m5 linecode=trunk length=1.7"}}));
  const auto branch = [](const Network& net) { return net.buses[net.find_bus("m5")->index()].branch; };
  DssImportOptions options;
  const Network unknown = import_dss(master, options);
  EXPECT_TRUE(branch(unknown).upgradable && Network::lacks_cost(branch(unknown)));
  options.length_unit = "km";
  const Network known = import_dss(master, options);
  EXPECT_NEAR(branch(known).length_ft, 1700 / 0.3048, 1e-6);
  EXPECT_NEAR(known.buses[known.find_bus("m6")->index()].branch.length_ft, 1200 / 0.3048, 1e-6);  // its own unit
}

}  // namespace
}  // namespace gridqueue
