// What the subcommands print on stdout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/hdf5/h5.hpp"
#include "host/results/results_reader.hpp"
#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::HasSubstr;
using Json = nlohmann::json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

Json json_of(const std::string& arguments) {
  const auto result = gridqueue(arguments);
  EXPECT_EQ(result.code, 0) << result.err;
  return Json::parse(result.out);
}

TEST(Solve, JsonHasEveryKey) {
  const Json j = json_of("solve data/radial.h5 --der bus_1113=800 --json");
  for (const char* key :
       {"converged", "vdiff_pct", "vdiff_bus", "vmax_pu", "vmax_node", "vmin_pu", "vmin_node", "emergency_pct",
        "emergency_element", "normal_hours", "normal_hours_element", "island_ok", "violations", "taps_min", "taps_max"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_TRUE(j["converged"].get<bool>());
  EXPECT_EQ(j["violations"], Json::array({"voltage_vdiff"}));
}

TEST(Solve, StepsMakeUpTheDay) {
  const Json j = json_of("solve data/radial.h5 --der bus_1113=800 --json --steps");
  ASSERT_EQ(j["steps"].size(), 288U);
  EXPECT_EQ(j["regulators"].size(), 3U);
  double vmax = 0, change = 0;
  int taps_max = -99;
  std::string node;
  for (const Json& step : j["steps"]) {
    if (step["vmax_pu"] > vmax) vmax = step["vmax_pu"], node = step["vmax_node"];
    change = std::max(change, step["vdiff_pct"].get<double>());
    ASSERT_EQ(step["taps"].size(), 3U);
    for (const Json& tap : step["taps"]) taps_max = std::max(taps_max, tap.get<int>());
  }
  EXPECT_EQ(vmax, j["vmax_pu"].get<double>());
  EXPECT_EQ(node, j["vmax_node"]);
  EXPECT_EQ(change, j["vdiff_pct"].get<double>());
  EXPECT_EQ(taps_max, j["taps_max"].get<int>());
  EXPECT_EQ(j["steps"][11]["time"], "01:00");
  EXPECT_FALSE(json_of("solve data/radial.h5 --json").contains("steps"));
  EXPECT_EQ(gridqueue("solve data/radial.h5 --steps").code, 3);
}

TEST(Solve, LimitsAreThoseOfTheCommandLine) {
  const Json plain = json_of("solve data/radial.h5 --der bus_26=3000 --json");
  EXPECT_TRUE(plain["lv_vmax_pu"].is_null() && plain["unbalance_pct"].is_null() && plain["reverse_power_kw"].is_null());
  const Json j =
      json_of("solve data/radial.h5 --der bus_26=3000 --limit reverse_power_kw=0 --limit unbalance_pct=0.01 --json");
  EXPECT_GT(j["reverse_power_kw"].get<double>(), 0);
  EXPECT_TRUE(j["reverse_power_at"].get<std::string>().rfind("transformer.", 0) == 0) << j["reverse_power_at"];
  EXPECT_GT(j["unbalance_pct"].get<double>(), 0);
  const auto violations = j["violations"].get<std::vector<std::string>>();
  EXPECT_NE(std::find(violations.begin(), violations.end(), "reverse_power"), violations.end());
  const auto text = gridqueue("solve data/radial.h5 --limit unbalance_pct=3");
  EXPECT_NE(text.out.find("voltage unbalance"), std::string::npos) << text.out;
  EXPECT_EQ(text.out.find("below 1 kV"), std::string::npos) << text.out;
  const auto screened = gridqueue("solve data/radial.h5 --model screened --limit unbalance_pct=3");
  EXPECT_EQ(screened.code, 0);
  EXPECT_NE(screened.err.find("'unbalance' is judged): every state is solved in AC"), std::string::npos)
      << screened.err;
  EXPECT_EQ(json_of("hca data/radial.h5 --buses bus_26 --limit reverse_power_kw=0 --json")[0]["limit"],
            Json::array({"reverse_power"}));
}

TEST(Solve, AnUpgradeTakesVoltageChangeAway) {
  const Json before = json_of("solve data/radial.h5 --der bus_1113=800 --precision double --json");
  const Json after = json_of(
      "solve data/radial.h5 --der bus_1113=800 --upgrade line1113 --upgrade line.line1112 --precision double --json");
  EXPECT_LT(after["vdiff_pct"].get<double>(), before["vdiff_pct"].get<double>());
}

TEST(Solve, SameBusTwiceAddsUp) {
  EXPECT_EQ(json_of("solve data/radial.h5 --der bus_1113=300 --der bus_1113=500 --json"),
            json_of("solve data/radial.h5 --der bus_1113=800 --json"));
}

TEST(Solve, VoltagesFileHasEveryStepAndNode) {
  const test::Folder folder;
  json_of("solve data/radial.h5 --json --voltages " + (folder / "v.h5"));
  const auto file = h5::File::open(folder / "v.h5");
  const auto shape = file.shape("voltage");
  EXPECT_EQ(shape, (h5::Shape{288, 259}));
  EXPECT_EQ(file.shape("tap"), (h5::Shape{288, 3}));
  EXPECT_GT(std::abs(file.read_rows<std::complex<double>>("voltage", 0, 1).at(0)), 1000.0);
}

TEST(Hca, ListOfBusKwLimit) {
  const Json j = json_of("hca data/radial.h5 --buses bus_1113,bus_17 --monitors i2x --json");
  ASSERT_EQ(j.size(), 2u);
  EXPECT_EQ(keys(j[0]), (std::vector<std::string>{"bus", "kw", "limit"}));
  EXPECT_EQ(j[0]["bus"], "bus_1113");
  EXPECT_GT(j[0]["kw"].get<double>(), 100);
}

TEST(Run, JsonHasTheSummary) {
  const test::Folder folder;
  const Json j = json_of("run " + folder.study(test::small_study()) + " --json --out " + (folder / "r.h5"));
  EXPECT_EQ(j["orders"], 50);
  EXPECT_GT(j["evaluations_saved"], 0);
  EXPECT_TRUE(j["seconds"].contains("total") && j["seconds"].contains("evaluate"));
  ASSERT_EQ(j["units"].size(), 2u);
  for (const char* key : {"bus", "kw", "trigger_probability", "reject_probability", "mean_usd", "sd_usd", "median_usd",
                          "p95_usd", "max_usd"})
    EXPECT_TRUE(j["units"][0].contains(key)) << key;
  for (const char* key : {"mean_usd", "sd_usd", "min_usd", "max_usd"}) EXPECT_TRUE(j["total"].contains(key)) << key;
  const double first = j["units"][0]["mean_usd"], second = j["units"][1]["mean_usd"], total = j["total"]["mean_usd"];
  EXPECT_NEAR(first + second, total, 1e-6 * total);
}

TEST(Run, ReadableSummaryInfoAndShow) {
  const test::Folder folder;
  const std::string file = folder / "r.h5";
  const auto run = gridqueue("run " + folder.study(test::small_study()) + " --out " + file);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("50 orders of 2 units"));
  EXPECT_THAT(run.out, HasSubstr("bus_1113"));
  const auto info = gridqueue("info " + file);
  EXPECT_EQ(info.code, 0) << info.err;
  EXPECT_THAT(info.out, HasSubstr("50 of 50 orders"));
  const auto show = gridqueue("show " + file + " --order 49");
  EXPECT_EQ(show.code, 0) << show.err;
  EXPECT_THAT(show.out, HasSubstr("voltage_vdiff"));
  EXPECT_THAT(show.out, HasSubstr("line."));
  EXPECT_EQ(gridqueue("show " + file + " --order 50").code, 3);
}

TEST(Solve, UnitsOnPhases) {
  const auto volts = [](const std::string& der) {
    return json_of("solve data/radial.h5 --json " + der)["vmax_pu"].get<double>();
  };
  const double three = volts("--der bus_1110.1=100 --der bus_1110.2=100 --der bus_1110.3=100");
  EXPECT_NEAR(three, volts("--der bus_1110=300"), 1e-5);
  EXPECT_GT(volts("--der bus_1110.2=300"), three);
}

TEST(Hca, PhasesOfBuses) {
  const Json named = json_of("hca data/radial.h5 --buses bus_701,bus_1110.1,bus_1110.1.2,bus_1110 --json");
  ASSERT_EQ(named.size(), 4u);
  EXPECT_EQ(named[1]["bus"], "bus_1110.1");
  EXPECT_LT(named[1]["kw"].get<double>(), named[2]["kw"].get<double>());
  EXPECT_LT(named[2]["kw"].get<double>(), named[3]["kw"].get<double>());
  const Json all = json_of("hca data/radial.h5 --phases any --tolerance-kw 100 --json"),
             single = json_of("hca data/radial.h5 --phases 1 --tolerance-kw 100 --json"),
             three = json_of("hca data/radial.h5 --tolerance-kw 100 --json");
  EXPECT_EQ(all.size(), single.size() + three.size());
  EXPECT_EQ(single.size(), 31u);
}

TEST(Run, UnitsOnPhasesInEveryTable) {
  const test::Folder folder;
  const std::string file = folder / "r.h5";
  const std::string study = folder.study(
      "[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ { bus = \"bus_1110.1\", kw = 300 }, { bus = "
      "\"bus_1110.2\", kw = 300 }, { bus = \"bus_701\", kw = 90 } ]\n[orders]\nmethod = \"all\"\n[output]\n"
      "hosting_capacity = \"each\"\n[allocation]\nrules = [\"trigger\", \"delta-hosting-capacity\"]\n");
  const Json run = json_of("run " + study + " --json --out " + file);
  EXPECT_EQ(run["units"][0]["bus"], "bus_1110.1");
  EXPECT_EQ(run["units"][1]["bus"], "bus_1110.2");
  EXPECT_EQ(run["units"][2]["bus"], "bus_701");
  for (const char* command : {"show ", "allocate "}) {
    const auto shown = gridqueue(command + file);
    EXPECT_EQ(shown.code, 0) << shown.err;
    EXPECT_THAT(shown.out, testing::AllOf(HasSubstr("bus_1110.1"), HasSubstr("bus_1110.2")));
  }
  auto h5 = h5::File::open(file);
  EXPECT_EQ(h5.read<std::string>("unit/bus"), (std::vector<std::string>{"bus_1110", "bus_1110", "bus_701"}));
  EXPECT_EQ(h5.read<std::uint8_t>("unit/phases"), (std::vector<std::uint8_t>{1, 2, 0}));
  // two phases of one bus are not one place
  const auto before = h5.read<double>("allocation/hosting_before_kw");
  EXPECT_NE(before[0], before[1]);
}

TEST(Run, OptionsOverrideTheStudyAndThreadsChangeNothing) {
  const test::Folder folder;
  const std::string study = folder.study(test::small_study());
  const auto walk = [&](const std::string& options, const std::string& name) {
    const auto result = gridqueue("run " + study + " " + options + " --json --out " + (folder / name));
    EXPECT_EQ(result.code, 0) << result.err;
    return ResultsReader(folder / name).total_usd();
  };
  const auto one = walk("--orders 20 --seed 9 --threads 1", "1.h5");
  EXPECT_EQ(one.size(), 20u);
  EXPECT_EQ(one, walk("--orders 20 --seed 9 --threads 2", "2.h5"));
  const ResultsReader reader(folder / "1.h5");
  EXPECT_EQ(reader.info().provenance.seed, 9u);
  EXPECT_THAT(reader.info().provenance.study, HasSubstr("bus_1112"));
}

//! What run alone says: how it came to it.
Json without_work(Json json) {
  for (const char* key : {"evaluated", "looked_up", "damaged_segments"}) EXPECT_EQ(json.erase(key), 1u) << key;
  return json;
}

TEST(Run, IntervalsInJsonAndFileAndShow) {
  const test::Folder folder;
  const std::string file = folder / "r.h5";
  const Json j =
      json_of("run " + folder.study(test::small_study("count = 200\nantithetic = true\n")) + " --json --out " + file);
  EXPECT_TRUE(j["antithetic"].get<bool>());
  const Json& mean = j["units"][1]["estimates"]["mean_usd"];
  EXPECT_EQ(mean["value"], j["units"][1]["mean_usd"]);
  EXPECT_LE(mean["low"].get<double>(), mean["value"].get<double>());
  EXPECT_TRUE(j["total"]["estimates"].contains("p95_usd"));
  EXPECT_TRUE(j["units"][0]["estimates"].contains("trigger_probability"));
  const auto h5 = h5::File::open(file);
  EXPECT_EQ(h5.read<double>("estimate/mean_usd").at(1), mean["value"].get<double>());
  EXPECT_EQ(h5.read<double>("estimate/mean_interval_usd").at(3), mean["high"].get<double>());
  EXPECT_EQ(json_of("show " + file + " --json"), without_work(j));
}

TEST(Run, StopsWhenTheIntervalIsNarrow) {
  const test::Folder folder;
  const std::string study =
      folder.study(test::small_study("until = { statistic = \"probability\", half_width = 0.03, min_orders = 100 }\n"));
  const Json j = json_of("run " + study + " --json --out " + (folder / "r.h5"));
  EXPECT_LE(j["until"]["half_width"].get<double>(), 0.03);
  EXPECT_GT(j["orders"].get<int>(), 100);
  EXPECT_LT(j["orders"].get<int>(), 5000);
  EXPECT_EQ(json_of("run " + study + " --orders 60 --json --out " + (folder / "60.h5"))["orders"], 60);
}

TEST(Run, AllOrdersSayEverything) {
  const test::Folder folder;
  const std::string file = folder / "r.h5", study = folder.study(test::small_study("method = \"all\"\n"));
  const Json j = json_of("run " + study + " --json --out " + file);
  EXPECT_EQ(json_of("show " + file + " --json"), without_work(j));
  for (const char* key :
       {"total_distribution", "triggers", "final_sets", "rejected", "states", "level_states", "seconds"})
    EXPECT_TRUE(j.contains(key)) << key;
  for (const char* key : {"distribution", "mean_by_position", "trigger_by_position", "mean_after", "mean_usd"})
    EXPECT_TRUE(j["units"][0].contains(key)) << key;
  EXPECT_EQ(j["orders"], 2);
  double mass = 0, mean = 0;
  for (const Json& pair : j["units"][1]["distribution"])
    mass += pair[1].get<double>(), mean += pair[0].get<double>() * pair[1].get<double>();
  EXPECT_NEAR(mass, 1, 1e-12);
  EXPECT_NEAR(mean, j["units"][1]["mean_usd"].get<double>(), 1e-9 * mean);
  EXPECT_TRUE(j["units"][0]["mean_after"][0].is_null());
  EXPECT_NEAR(j["units"][0]["mean_after"][1].get<double>(), j["units"][0]["mean_by_position"][1].get<double>(), 1e-9);
  EXPECT_GT(j["final_sets"][0]["lines"].size(), 0u);
  const auto text = gridqueue("show " + file);
  for (const char* part :
       {"Triggers per order:", "Lines in the end", "by position", "comes before", "states; after 0, 1, 2"})
    EXPECT_THAT(text.out, HasSubstr(part));
  const auto refused = gridqueue("run " + study + " --max-states 3 --out " + (folder / "none.h5"));
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("sample instead"));
}

TEST(Run, GivenOrders) {
  const test::Folder folder;
  const Json j = json_of("run " + folder.study(test::small_study("method = \"given\"\norders = [[0, 1], [1, 0]]\n")) +
                         " --json --out " + (folder / "r.h5"));
  EXPECT_EQ(j["orders"], 2);
  const ResultsReader reader(folder / "r.h5");
  EXPECT_EQ(reader.walk(0).at(0).site, "bus_1113");
  EXPECT_EQ(reader.walk(1).at(0).site, "bus_1112");
}

TEST(Run, ASignalLeavesAReadableFile) {
  const test::Folder folder;
  const std::string file = folder / "r.h5", study = folder.study(test::small_study("count = 500000000\n"));
  // A megabyte is several committed batches; 30 s are enough for them even with sanitizers.
  const auto result = test::shell("$GQ run " + study + " --out " + file +
                                  " & pid=$!\nfor i in $(seq 300); do sleep 0.1; [ \"$(stat -c %s " + file +
                                  ")\" -gt 1000000 ] && break; done\nkill -TERM $pid; wait $pid");
  EXPECT_EQ(result.code, 6) << result.err;
  const ResultsReader reader(file);
  EXPECT_GT(reader.info().committed, 0u);
  EXPECT_EQ(reader.sums().outcome.orders, reader.info().committed);
  EXPECT_EQ(reader.walk(reader.info().committed - 1).size(), 2u);
  EXPECT_EQ(reader.info().committed % 20000, 0u);  // whole batches
  EXPECT_FALSE(reader.info().complete);
}

std::string many_queues(const std::string& queues, const std::string& orders) {
  return "[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nbuses = [\"bus_1110\", \"bus_1112\", \"bus_1113\", "
         "\"bus_26\"]\nkw_min = 100\nkw_max = 600\n"
         "seed = 3\n" +
         queues + "\n[orders]\n" + orders + "\n";
}

//! Queue k of many is what a study of that queue alone gives; the exact mean lies in the interval of the sampled one.
TEST(Run, ManyQueues) {
  const test::Folder folder;
  const std::string exact = folder / "exact.h5", sampled = folder / "sampled.h5";
  const Json all = json_of("run " + folder.study(many_queues("count = 4\nqueues = 6", "method = \"all\"")) +
                           " --json --out " + exact);
  const Json some =
      json_of("run " + folder.study(many_queues("count = 4\nqueues = 6", "count = 200")) + " --json --out " + sampled);
  EXPECT_EQ(all["queues"], 6);
  for (const Json& j : {all, some}) {
    const Json& v = j["variance"]["unit"];
    EXPECT_NEAR(v["order"]["share"].get<double>() + v["place_and_size"]["share"].get<double>() +
                    v["queue"]["share"].get<double>(),
                1, 1e-12);
    EXPECT_GT(v["order"]["share"].get<double>(), 0);
    EXPECT_GT(j["over_queues"]["total_mean_usd"]["mean"].get<double>(), 0);
  }
  const Json one = json_of("run " + folder.study(many_queues("count = 4", "method = \"all\"")) + " --json --out " +
                           (folder / "one.h5"));
  const Json zero = json_of("show " + exact + " --queue 0 --json");
  for (std::size_t u = 0; u < 4; ++u)
    for (const char* key :
         {"bus", "kw", "mean_usd", "sd_usd", "median_usd", "p95_usd", "max_usd", "trigger_probability"})
      EXPECT_EQ(zero["units"][u][key], one["units"][u][key]) << key;
  for (int k = 0; k < 6; ++k) {  // 24 intervals of five standard errors
    const std::string queue = " --queue " + std::to_string(k) + " --json";
    const Json truth = json_of("show " + exact + queue), estimate = json_of("show " + sampled + queue);
    for (std::size_t u = 0; u < 4; ++u)
      EXPECT_NEAR(estimate["units"][u]["mean_usd"].get<double>(), truth["units"][u]["mean_usd"].get<double>(),
                  5 * estimate["units"][u]["mean_se_usd"].get<double>() + 1e-6);
  }
  EXPECT_THAT(gridqueue("show " + exact).out, HasSubstr("order in the queue"));
  EXPECT_THAT(gridqueue("show " + exact + " --queue 2").out, HasSubstr("unit at"));
  EXPECT_THAT(gridqueue("info " + exact).out, HasSubstr("6 of 6 random queues"));
  EXPECT_EQ(gridqueue("show " + exact + " --queue 6").code, 3);
  EXPECT_EQ(gridqueue("show " + exact + " --order 0").code, 3);
  EXPECT_THAT(gridqueue("show " + (folder / "one.h5") + " --queue 0").out, HasSubstr("unit at"));  // one of one
  EXPECT_EQ(gridqueue("show " + (folder / "one.h5") + " --queue 1").code, 3);
}

//! Queues of different lengths; threads change nothing.
TEST(Run, ManyQueuesUntilOneTriggers) {
  const test::Folder folder;
  const std::string study = folder.study(many_queues("until = \"trigger\"\nqueues = 5", "count = 10"));
  const auto show = [&](const std::string& options, const std::string& name) {
    EXPECT_EQ(gridqueue("run " + study + options + " --out " + (folder / name)).code, 0);
    return json_of("show " + (folder / name) + " --queue 4 --json");
  };
  EXPECT_EQ(show(" --threads 1", "1.h5"), show(" --threads 2", "2.h5"));
  EXPECT_EQ(gridqueue("run " + study + " --orders 1").code, 2);
}

}  // namespace
}  // namespace gridqueue
