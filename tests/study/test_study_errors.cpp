// Every mistake in a study names its place, its reason and, where there is one, a suggestion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "gridqueue/contracts.hpp"
#include "host/study/references.hpp"
#include "tests/study/hand_feeder.hpp"
#include "tests/study/study_file.hpp"

namespace gridqueue {
namespace {

struct Mistake {
  const char* name;
  const char* text;      //!< the study; FEEDER and QUEUE stand for correct tables
  const char* expected;  //!< end of the message, after the folder's name
};
void PrintTo(const Mistake& m, std::ostream* out) { *out << m.name; }

std::string replaced(std::string text, const std::string& word, const std::string& by) {
  if (const auto at = text.find(word); at != std::string::npos) text.replace(at, word.size(), by);
  return text;
}

std::string complete(const Mistake& m) {
  const std::string feeder = "[feeder]\nfile = \"feeder.h5\"\n";
  const std::string queue = "[queue]\nunits = [ { bus = \"bus_1\", kw = 100 }, { bus = \"bus_2\", kw = 10 } ]\n";
  return replaced(replaced(m.text, "FEEDER\n", feeder), "QUEUE\n", queue);
}

//! Everything that is checked before a walk starts.
void check_all(const std::string& path) {
  const Network net = test::hand_feeder();
  const Study study = load_study(path);
  (void)study_options(study, net);
  const std::size_t units =
      study.queue.random ? study_random_sites(study, net).size() : study_queue(study, net).units.size();
  (void)given_orders(study, units);
}

class StudyMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(StudyMistakes, NamePlaceReasonSuggestion) {
  const test::StudyFolder folder;
  const std::string path = folder.write(complete(GetParam()));
  try {
    check_all(path);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_THAT(std::string(e.what()), testing::HasSubstr(GetParam().expected));
    EXPECT_THAT(std::string(e.what()), testing::StartsWith(path));
  }
}

const Mistake kMistakes[] = {
    {"toml", "[feeder\n", "study.toml:1: not valid TOML ("},
    {"no_feeder", "QUEUE\n", "study.toml: [feeder]: is missing"},
    {"no_queue", "FEEDER\n", "study.toml: [queue]: is missing"},
    {"no_file", "[feeder]\nmonitors = \"all\"\nQUEUE\n", "study.toml:1: feeder.file: is missing"},
    {"missing_file", "[feeder]\nfile = \"x.h5\"\nQUEUE\n",
     "study.toml:2: feeder.file: no such file 'x.h5' (looked beside"},
    {"unknown_table", "FEEDER\nQUEUE\n[modell]\n",
     "study.toml:5: modell: unknown key 'modell' (known here: feeder, queue, orders, limits, upgrades, model, output, "
     "allocation); "
     "did "
     "you mean 'model'?"},
    {"unknown_key", "FEEDER\nQUEUE\n[limits]\nvdif_pct = 3\n",
     "study.toml:6: limits.vdif_pct: unknown key 'vdif_pct' (known"},
    {"unknown_unit_key", "FEEDER\n[queue]\nunits = [ { bus = \"bus_1\", kW = 3 } ]\n",
     "queue.units[0].kW: unknown key 'kW' (known here: bus, kw, name); did you mean 'kw'?"},
    {"unknown_bus", "FEEDER\n[queue]\nunits = [\n { bus = \"bus_1\", kw = 3 },\n { bus = \"bus_99\", kw = 3 } ]\n",
     "study.toml:6: queue.units[1].bus: unknown bus 'bus_99' (feeder hand has 5 buses); did you mean 'bus_1'?"},
    {"one_phase", "FEEDER\n[queue]\nunits = [ { bus = \"tap_1.1\", kw = 3 } ]\n",
     "study.toml:4: queue.units[0].bus: bus 'tap_1' has no phase 1 (it has phase 2); did you mean 'tap_1'?"},
    {"negative_kw", "FEEDER\n[queue]\nunits = [ { bus = \"bus_1\", kw = -3 } ]\n",
     "study.toml:4: queue.units[0].kw: -3 kW cannot be queued"},
    {"infinite_kw", "FEEDER\n[queue]\nunits = [ { bus = \"bus_1\", kw = inf } ]\n",
     "queue.units[0].kw: a finite number is needed here"},
    {"no_kw", "FEEDER\n[queue]\nunits = [ { bus = \"bus_1\" } ]\n", "study.toml:4: queue.units[0].kw: is missing"},
    {"text_kw", "FEEDER\n[queue]\nunits = [ { bus = \"bus_1\", kw = \"3\" } ]\n",
     "study.toml:4: queue.units[0].kw: a number is needed here (this is a text)"},
    {"empty_queue", "FEEDER\n[queue]\nunits = []\n", "study.toml:4: queue.units: the queue is empty"},
    {"units_no_array", "FEEDER\n[queue]\nunits = 3\n",
     "queue.units: an array of tables is needed here (this is an integer)"},
    {"both_queues", "FEEDER\n[queue]\nunits = []\n[queue.random]\nkw_min = 1\n",
     "queue: has more than one of units, random and file"},
    {"kw_range", "FEEDER\n[queue.random]\nkw_min = 9\nkw_max = 3\ncount = 4\n",
     "study.toml:4: queue.random.kw_min: 9 kW is above kw_max (3 kW)"},
    {"no_end", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\n",
     "study.toml:3: queue.random: needs either count = N or until"},
    {"count_and_until", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 4\nuntil = \"trigger\"\n",
     "study.toml:3: queue.random: needs either count = N or until"},
    {"too_many", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 129\n",
     "study.toml:6: queue.random.count: 129 units are too many (at most 128)"},
    {"one_of_many", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 4\nqueues = 1\n",
     "study.toml:7: queue.random.queues: 1 is too small (at least 2)"},
    {"given_for_many",
     "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 2\nqueues = 5\n[orders]\nmethod = \"given\"\norders = "
     "[[0, 1]]\n",
     "study.toml:10: orders.orders: orders of one queue are given, but queue.random draws many"},
    {"until_for_many",
     "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 2\nqueues = 5\n[orders]\nuntil = { statistic = \"mean\", "
     "half_width_usd = 1 }\n",
     "orders.until: stops on one queue's error"},
    {"one_order_of_many",
     "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 2\nqueues = 5\n[orders]\ncount = 1\n",
     "orders.count: 1 orders of each queue do not tell their variance (at least 2)"},
    {"hosting_of_many",
     "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 2\nqueues = 5\n[output]\nhosting_capacity = \"each\"\n",
     "output.hosting_capacity: is not kept for many queues"},
    {"random_bus", "FEEDER\n[queue.random]\nbuses = [\"bus_1\", \"bus_2.3.3\"]\nkw_min = 1\nkw_max = 3\ncount = 9\n",
     "study.toml:4: queue.random.buses[1]: phase 3 of bus 'bus_2' is named twice; did you mean 'bus_2.3'?"},
    {"monitor_list", "[feeder]\nfile = \"feeder.h5\"\nmonitors = \"i2\"\nQUEUE\n",
     "study.toml:3: feeder.monitors: unknown list of monitors 'i2' (feeder hand has all, i2x); did you mean 'i2x'?"},
    {"monitor_bus", "[feeder]\nfile = \"feeder.h5\"\nmonitors = [\"bus_1\", \"bus_x\"]\nQUEUE\n",
     "study.toml:3: feeder.monitors[1]: unknown bus 'bus_x'"},
    {"method", "FEEDER\nQUEUE\n[orders]\nmethod = \"randum\"\n",
     "study.toml:6: orders.method: unknown word 'randum' (known here: random, given, all); did you mean 'random'?"},
    {"no_orders", "FEEDER\nQUEUE\n[orders]\ncount = 0\n", "study.toml:6: orders.count: 0 is too small (at least 1)"},
    {"negative_seed", "FEEDER\nQUEUE\n[orders]\nseed = -5\n",
     "study.toml:6: orders.seed: -5 is too small (at least 0)"},
    {"negative_states", "FEEDER\nQUEUE\n[orders]\nmethod = \"all\"\nmax_states = -1\n",
     "study.toml:7: orders.max_states: -1 is too small (at least 1)"},
    {"negative_queue_seed", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = 4\nseed = -1\n",
     "study.toml:7: queue.random.seed: -1 is too small (at least 0)"},
    {"negative_units", "FEEDER\n[queue.random]\nkw_min = 1\nkw_max = 3\ncount = -4\n",
     "study.toml:6: queue.random.count: the queue is empty"},
    {"negative_verify", "FEEDER\nQUEUE\n[model]\nverify = -1\n", "model.verify: -1 is too small (at least 0)"},
    {"negative_bound",
     "FEEDER\nQUEUE\n[orders]\nuntil = { statistic = \"mean\", half_width_usd = 1, max_orders = -9 }\n",
     "orders.until.max_orders: -9 is too small (at least 2)"},
    {"negative_price", "FEEDER\nQUEUE\n[upgrades]\nusd_per_ft_overhead = -1\n",
     "upgrades.usd_per_ft_overhead: -1 is too small (at least 0)"},
    {"negative_unit", "FEEDER\nQUEUE\n[orders]\nmethod = \"given\"\norders = [[0, -1]]\n",
     "orders.orders[0][1]: no unit -1 (the queue has the units 0 to 1)"},
    {"odd_pairs", "FEEDER\nQUEUE\n[orders]\ncount = 11\nantithetic = true\n",
     "study.toml:6: orders.count: 11 orders are no whole pairs"},
    {"no_flag", "FEEDER\nQUEUE\n[orders]\nantithetic = 1\n", "study.toml:6: orders.antithetic: "},
    {"sampled_only", "FEEDER\nQUEUE\n[orders]\nmethod = \"all\"\nantithetic = true\n",
     "orders.antithetic: only method \"random\" samples"},
    {"until_and_count", "FEEDER\nQUEUE\n[orders]\ncount = 10\nuntil = { statistic = \"mean\", half_width_usd = 1 }\n",
     "study.toml:6: orders.count: until counts"},
    {"until_word", "FEEDER\nQUEUE\n[orders]\nuntil = { statistic = \"meen\", half_width_usd = 1 }\n",
     "orders.until.statistic: unknown word 'meen' (known here: mean, total_mean, probability, p50, p90, total_p90); "
     "did you mean 'mean'?"},
    {"until_width", "FEEDER\nQUEUE\n[orders]\nuntil = { statistic = \"probability\", half_width_usd = 1 }\n",
     "orders.until.half_width_usd: statistic \"probability\" needs half_width instead"},
    {"until_never", "FEEDER\nQUEUE\n[orders]\nuntil = { statistic = \"mean\", half_width_usd = 0 }\n",
     "orders.until.half_width_usd: 0 is never reached"},
    {"until_bounds",
     "FEEDER\nQUEUE\n[orders]\nuntil = { statistic = \"mean\", half_width_usd = 1, min_orders = 9, max_orders = 5 }\n",
     "orders.until.min_orders: 9 is above max_orders (5)"},
    {"given_nothing", "FEEDER\nQUEUE\n[orders]\nmethod = \"given\"\n",
     "orders.orders: method \"given\" needs at least one order"},
    {"orders_but_random", "FEEDER\nQUEUE\n[orders]\norders = [[0, 1]]\n",
     "orders.orders: orders are given, but the method"},
    {"missing_unit", "FEEDER\nQUEUE\n[orders]\nmethod = \"given\"\norders = [[0, 1],\n [1]]\n",
     "study.toml:8: orders.orders[1]: unit 0 is missing in this order (1 of 2 units are there)"},
    {"double_unit", "FEEDER\nQUEUE\n[orders]\nmethod = \"given\"\norders = [[0, 0]]\n",
     "study.toml:7: orders.orders[0][1]: unit 0 stands twice in this order"},
    {"no_such_unit", "FEEDER\nQUEUE\n[orders]\nmethod = \"given\"\norders = [[0, 2]]\n",
     "orders.orders[0][1]: no unit 2 (the queue has the units 0 to 1)"},
    {"limit", "FEEDER\nQUEUE\n[limits]\nvdiff_pct = -1\n",
     "study.toml:6: limits.vdiff_pct: -1 is too small (at least 0)"},
    {"limits_crossed", "FEEDER\nQUEUE\n[limits]\nvmin_pu = 1.2\n",
     "limits.vmin_pu: 1.2 pu is not below vmax_pu (1.05 pu)"},
    {"low_voltage_limits_crossed", "FEEDER\nQUEUE\n[limits]\nlv_vmin_pu = 1.2\n",
     "limits.lv_vmin_pu: 1.2 pu is not below lv_vmax_pu (1.05 pu)"},
    {"limit_without_end", "FEEDER\nQUEUE\n[limits]\nunbalance_pct = inf\n",
     "study.toml:6: limits.unbalance_pct: a finite number is needed here"},
    {"rule", "FEEDER\nQUEUE\n[upgrades]\nrules = [\"vdif\"]\n",
     "upgrades.rules[0]: unknown word 'vdif' (known here: vdiff"},
    {"power_flow", "FEEDER\nQUEUE\n[model]\npower_flow = \"dc\"\n",
     "model.power_flow: unknown word 'dc' (known here: ac, linear, screened)"},
};

INSTANTIATE_TEST_SUITE_P(All, StudyMistakes, testing::ValuesIn(kMistakes),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

TEST(StudyMistakes, MissingStudy) { EXPECT_THROW(load_study("/nowhere/study.toml"), Error); }

TEST(StudyMistakes, TooManyUnits) {
  const test::StudyFolder folder;
  std::string units;
  for (int i = 0; i < 129; ++i) units += "{ bus = \"bus_1\", kw = 1 }, ";
  try {
    load_study(folder.write("[feeder]\nfile = \"feeder.h5\"\n[queue]\nunits = [" + units + "]\n"));
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_THAT(std::string(e.what()), testing::HasSubstr("129 units are too many (at most 128)"));
  }
}

}  // namespace
}  // namespace gridqueue
