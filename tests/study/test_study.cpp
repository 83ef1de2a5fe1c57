// What a study file says arrives; everything left out has its default.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/study/limit_keys.hpp"
#include "host/study/references.hpp"
#include "tests/study/hand_feeder.hpp"
#include "tests/study/study_file.hpp"

namespace gridqueue {
namespace {

const char* kSmall = R"(
[feeder]
file = "feeder.h5"
[queue]
units = [ { bus = "bus_1", kw = 100 }, { bus = "BUS_3", kw = 20.5 } ]
)";

TEST(Study, DefaultsAreThoseOfTheHeaders) {
  const test::StudyFolder folder;
  const Study s = load_study(folder.write(kSmall));
  EXPECT_EQ(s.feeder.monitors.value, "all");
  EXPECT_EQ(order_count(s), 10000u);
  EXPECT_EQ(s.orders.seed, 1u);
  EXPECT_EQ(s.limits.vdiff_pct, Limits{}.vdiff_pct);
  EXPECT_EQ(s.upgrades.overhead_usd_per_ft, 196);
  EXPECT_EQ(s.precision, Precision::single);
  EXPECT_EQ(s.output.hosting_capacity, HostingCapacityMode::none);
  EXPECT_EQ(s.text, kSmall);
}

TEST(Study, StoppingRules) {
  const test::StudyFolder folder;
  const auto rule = [&](const std::string& until) {
    return load_study(folder.write(std::string(kSmall) + "[orders]\nantithetic = true\nuntil = " + until + "\n"))
        .orders;
  };
  const OrdersEntry mean = rule(R"({ statistic = "mean", half_width_usd = 500, max_orders = 2001, min_orders = 100 })");
  EXPECT_EQ(mean.sampling, Sampling::antithetic);
  EXPECT_EQ(mean.until->statistic, StopStatistic::mean);
  EXPECT_EQ(mean.until->half_width, 500);
  EXPECT_EQ(mean.until->min_orders, 100u);
  EXPECT_EQ(mean.until->max_orders, 2001u);
  EXPECT_EQ(rule(R"({ statistic = "total_p90", half_width_usd = 1 })").until->text(), "total_p90 within 1 USD");
  EXPECT_EQ(rule(R"({ statistic = "p97.5", half_width_usd = 1 })").until->probability, 0.975);
  EXPECT_EQ(rule(R"({ statistic = "probability", half_width = 0.01 })").until->text(), "probability within 0.01");
  EXPECT_EQ(rule(R"({ statistic = "mean", half_width_usd = 500, max_orders = 10 })").until->min_orders, 10u);
}

TEST(Study, EveryKeyArrives) {
  const test::StudyFolder folder;
  const Study s = load_study(folder.write(std::string(kSmall) + R"(
[orders]
method = "given"
orders = [[1, 0], [0, 1]]
[limits]
vdiff_pct = 2
vmax_pu = 1.06
lv_vmax_pu = 1.04
lv_vmin_pu = 0.917
reverse_power_kw = 0
island_q_fraction = 0.1
[upgrades]
usd_per_ft_overhead = 100
usd_per_ft_underground = 150
factor = 4
rules = ["thermal"]
[model]
power_flow = "ac"
precision = "double"
[output]
file = "out.h5"
hosting_capacity = "each"
)"));
  EXPECT_EQ(order_count(s), 2u);
  EXPECT_EQ(given_orders(s, 2).unit, (std::vector<std::int32_t>{1, 0, 0, 1}));
  EXPECT_EQ(s.limits.vdiff_pct, 2);
  EXPECT_EQ(s.limits.vmax_pu, 1.06);
  EXPECT_EQ(s.limits.lv_vmax_pu, 1.04);
  EXPECT_EQ(s.limits.lv_vmin_pu, 0.917);
  EXPECT_TRUE(judged(s.limits, limit_reverse_power));
  EXPECT_FALSE(judged(s.limits, limit_unbalance));
  EXPECT_EQ(s.limits.island_q_fraction, 0.1);
  EXPECT_EQ(s.upgrades.overhead_usd_per_ft, 100);
  EXPECT_EQ(s.upgrades.underground_usd_per_ft, 150);
  EXPECT_EQ(s.upgrades.factor, 4);
  EXPECT_TRUE(s.upgrades.cure_thermal);
  EXPECT_FALSE(s.upgrades.cure_vdiff);
  EXPECT_FALSE(s.upgrades.cure_voltage);
  EXPECT_EQ(s.precision, Precision::dual);
  EXPECT_EQ(s.output.file, "out.h5");
  EXPECT_EQ(s.output.hosting_capacity, HostingCapacityMode::each);
}

TEST(Study, NamesBecomeBuses) {
  const test::StudyFolder folder;
  const Network net = test::hand_feeder();
  const Study s = load_study(folder.write(kSmall));
  const Queue queue = study_queue(s, net);
  ASSERT_EQ(queue.units.size(), 2u);
  EXPECT_EQ(queue.units[1].site, UnitSite(BusId(3)));
  EXPECT_EQ(queue.units[1].kw, 20.5);
  EXPECT_EQ(study_options(s, net).monitors.buses.size(), net.buses.size());
}

TEST(Study, RandomQueue) {
  const test::StudyFolder folder;
  const Study s = load_study(folder.write(R"(
[feeder]
file = "feeder.h5"
monitors = ["bus_2", "bus_1"]
[queue.random]
buses = "three-phase"
kw_min = 50
kw_max = 1000
seed = 7
until = "trigger"
)"));
  ASSERT_TRUE(s.queue.random.has_value());
  EXPECT_EQ(s.queue.random->seed, 7u);
  EXPECT_FALSE(s.queue.random->count.has_value());
  EXPECT_FALSE(s.many_queues());
  const Network net = test::hand_feeder();
  EXPECT_EQ(study_random_sites(s, net), sites_of_kind(net, SiteKind::three_phase));
  EXPECT_EQ(study_monitors(s, net).buses, (std::vector<BusId>{BusId(2), BusId(1)}));
}

TEST(Study, UnitsOnPhases) {
  const test::StudyFolder folder;
  const Network net = test::hand_feeder();
  const Study s =
      load_study(folder.write("[feeder]\nfile = \"feeder.h5\"\n[queue]\nunits = [ { bus = \"bus_2.3.1\", kw = 5 }, "
                              "{ bus = \"tap_1.2\", kw = 4 }, { bus = \"bus_2\", kw = 3 } ]\n"));
  const Queue queue = study_queue(s, net);
  ASSERT_EQ(queue.units.size(), 3u);
  EXPECT_EQ(queue.units[0].site, UnitSite(BusId(2), 5));
  EXPECT_EQ(queue.units[1].site, UnitSite(BusId(4)));
  EXPECT_EQ(queue.units[2].site, UnitSite(BusId(2)));
  EXPECT_EQ(study_options(s, net).sites, (std::vector<UnitSite>{queue.units[0].site, BusId(4), BusId(2)}));
}

TEST(Study, RandomQueuesOfOtherPlaces) {
  const test::StudyFolder folder;
  Network net = test::hand_feeder();
  const auto sites = [&](const std::string& buses) {
    const Study s =
        load_study(folder.write("[feeder]\nfile = \"feeder.h5\"\n[queue.random]\nkw_min = 1\nkw_max = 9\n"
                                "count = 3\nbuses = " +
                                buses + "\n"));
    EXPECT_EQ(study_options(s, net).sites, study_random_sites(s, net));
    return study_random_sites(s, net);
  };
  EXPECT_EQ(sites("\"single-phase\""), (std::vector<UnitSite>{BusId(4)}));
  EXPECT_EQ(sites("[\"bus_1.1\", \"bus_1\", \"bus_1.3\"]"),
            (std::vector<UnitSite>{{BusId(1), 1}, BusId(1), {BusId(1), 4}}));
  EXPECT_THROW(sites("\"secondary\""), Error);
  net.buses[4].kv_base = 0.12;
  net.buses[4].v_base.fill(120);
  EXPECT_EQ(sites("\"secondary\""), (std::vector<UnitSite>{BusId(4)}));
  EXPECT_EQ(sites("\"any\""), sites_of_kind(net, SiteKind::any));
  EXPECT_EQ(sites("\"any\"").back(), UnitSite(BusId(4)));
  net.buses[4].kv_base = 0.4;  // far from its voltage: none stands there
  EXPECT_THROW(sites("\"secondary\""), Error);
  EXPECT_NE(sites("\"any\"").back(), UnitSite(BusId(4)));
}

//! The experiment's comments are the list of keys for a user: uncommented, they must be read and be the defaults.
TEST(Study, TheExperimentNamesEveryKeyWithItsDefault) {
  std::ifstream in(GRIDQUEUE_SOURCE_DIR "/experiments/radial_queue/study.toml");
  std::string text, section;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("[", 0) == 0) section = line;
    const bool hidden_key = line.rfind("# ", 0) == 0 && line.find(" = ") != std::string::npos &&
                            (section == "[limits]" || section == "[upgrades]");
    text += (hidden_key ? line.substr(2) : line) + "\n";
  }
  text.replace(text.find("data/radial.h5"), 14, "feeder.h5");
  const test::StudyFolder folder;
  const Study s = load_study(folder.write(text)), plain = load_study(folder.write(kSmall));
  EXPECT_EQ(std::memcmp(&s.limits, &plain.limits, sizeof(Limits)), 0);
  EXPECT_EQ(s.upgrades.overhead_usd_per_ft, plain.upgrades.overhead_usd_per_ft);
  EXPECT_EQ(s.upgrades.underground_usd_per_ft, plain.upgrades.underground_usd_per_ft);
  EXPECT_EQ(s.upgrades.factor, plain.upgrades.factor);
  EXPECT_TRUE(s.upgrades.cure_vdiff && s.upgrades.cure_thermal && s.upgrades.cure_voltage);
  EXPECT_EQ(s.queue.units.size(), 8u);
  EXPECT_EQ(kLimitKeys.size(), sizeof(Limits) / sizeof(double));
  const std::string limits = text.substr(text.find("[limits]"), text.find("[upgrades]") - text.find("[limits]"));
  for (const LimitKey& k : kLimitKeys)
    EXPECT_TRUE(std::regex_search(limits, std::regex("\\b" + std::string(k.name) + "\\b"))) << k.name;
}

}  // namespace
}  // namespace gridqueue
