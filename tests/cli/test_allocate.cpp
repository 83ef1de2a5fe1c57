// gridqueue allocate RESULTS.h5 and [allocation], as a user types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/hdf5/h5.hpp"
#include "host/results/row_counts.hpp"
#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::vector<std::string> kRules{"trigger", "shapley", "pro-rata-kw", "delta-hosting-capacity",
                                      "constraint-matrix"};

void expect_balance(const Json& j, const std::vector<std::string>& rules) {
  const double total = j.at("total").at("mean").get<double>();
  EXPECT_GT(total, 0);
  for (const std::string& rule : rules) {
    double sum = 0;
    for (const auto& u : j.at("units")) sum += u.at("shares").at(rule).at("usd").get<double>();
    EXPECT_NEAR(sum, total, 1e-9 * total) << rule;
  }
  EXPECT_TRUE(j.at("no_answer").empty()) << j.at("no_answer");
}

struct Method {
  const char* orders;
  const char* source;
};

class AllocateResults : public testing::TestWithParam<Method> {
 protected:
  test::Folder folder;
  const std::string results = folder / "r.h5";
  void run(const std::string& more = "") {
    const auto ran =
        gridqueue("run " + folder.study(test::small_study(GetParam().orders) + more) + " --out " + results);
    ASSERT_EQ(ran.code, 0) << ran.err;
  }
};

TEST_P(AllocateResults, FiveRulesShareOutTheSameTotal) {
  run();
  const auto said = gridqueue("allocate " + results + " --json");
  ASSERT_EQ(said.code, 0) << said.err;
  const Json j = Json::parse(said.out);
  EXPECT_EQ(j.at("orders"), GetParam().source);
  expect_balance(j, kRules);
  const auto file = h5::File::open(results);
  std::vector<std::string> names = kRules;
  if (GetParam().source == std::string("given")) names[1] = "mean-over-orders";
  EXPECT_EQ(file.read<std::string>("/allocation/rule_name"), names);
  const auto usd = file.read<double>("/allocation/share_usd");
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t u = 0; u < 2; ++u)
      EXPECT_EQ(usd[2 * r + u], j.at("units")[u].at("shares").at(kRules[r]).at("usd").get<double>());
  const auto show = gridqueue("show " + results);
  EXPECT_THAT(show.out,
              HasSubstr("Shares by trigger, " + names[1] + ", pro-rata-kw, delta-hosting-capacity, constraint-matrix"));
}

INSTANTIATE_TEST_SUITE_P(Methods, AllocateResults,
                         testing::Values(Method{"count = 50\n", "random"}, Method{"method = \"all\"\n", "all"},
                                         Method{"method = \"given\"\norders = [[0, 1]]\n", "given"}),
                         [](const auto& p) { return std::string(p.param.source); });

TEST(Allocate, ChosenRulesReplaceOlderOnes) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  ASSERT_EQ(gridqueue("run " + folder.study(test::small_study("method = \"all\"\n")) + " --out " + results).code, 0);
  ASSERT_EQ(gridqueue("allocate " + results).code, 0);
  const auto said = gridqueue("allocate " + results + " --rule shapley,pro-rata-kw");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("all orders, exactly"));
  EXPECT_THAT(said.out, testing::Not(HasSubstr("constraint-matrix")));
  EXPECT_EQ(h5::File::open(results).read<std::string>("/allocation/rule_name"),
            (std::vector<std::string>{"shapley", "pro-rata-kw"}));
  EXPECT_THAT(gridqueue("info " + results).out, HasSubstr("shares by shapley, pro-rata-kw"));
}

TEST(Allocate, TheStudyAsksForRules) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  const std::string study = folder.study(test::small_study("method = \"all\"\n") +
                                         "[allocation]\nrules = [\"pro-rata-kw\", \"delta-hosting-capacity\"]\n");
  const auto ran = gridqueue("run " + study + " --json --out " + results);
  ASSERT_EQ(ran.code, 0) << ran.err;
  expect_balance(Json::parse(ran.out).at("allocation"), {"pro-rata-kw", "delta-hosting-capacity"});
  EXPECT_TRUE(h5::File::open(results).exists("/allocation/share_usd"));
  const auto printed = gridqueue("run " + study + " --force --out " + results);
  EXPECT_THAT(printed.out, HasSubstr("Who should pay, from all orders, exactly"));
  const auto again = gridqueue("allocate " + results + " --json");  // without --rule: those of the study
  expect_balance(Json::parse(again.out), {"pro-rata-kw", "delta-hosting-capacity"});
}

TEST(Allocate, ALinkStaysOne) {
  const test::Folder folder;
  const std::string file = folder / "r.h5", link = folder / "link.h5";
  ASSERT_EQ(gridqueue("run " + folder.study(test::small_study()) + " --out " + file).code, 0);
  std::filesystem::create_symlink(file, link);
  ASSERT_EQ(gridqueue("allocate " + link + " --rule pro-rata-kw").code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(h5::File::open(file).exists("allocation"));
}

TEST(Allocate, WrongRulesOfAStudyNameThePlace) {
  const test::Folder folder;
  const auto wrong = [&](const std::string& rules) {
    return gridqueue("run " + folder.study(test::small_study() + "[allocation]\nrules = " + rules + "\n"));
  };
  const auto unknown = wrong("[\"shaply\"]");
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'shapley'?"));
  EXPECT_THAT(unknown.err, HasSubstr("allocation.rules[0]"));
  EXPECT_THAT(wrong("[]").err, HasSubstr("no rule is named"));
  EXPECT_THAT(wrong("[\"shapley\", \"shapley\"]").err, HasSubstr("stands here twice"));
}

TEST(Allocate, AFeederThatMovedIsNamed) {
  const test::Folder folder;
  const std::string results = folder / "r.h5", moved = folder / "moved.h5", copy = folder / "radial.h5";
  ASSERT_EQ(test::shell("cp data/radial.h5 " + copy).code, 0);
  ASSERT_EQ(gridqueue("run " +
                      folder.study("[feeder]\nfile = \"radial.h5\"\n[queue]\nunits = [ { bus = \"bus_1113\", kw = 900 "
                                   "} ]\n[orders]\nmethod = \"all\"\n") +
                      " --out " + results)
                .code,
            0);
  ASSERT_EQ(test::shell("mv " + copy + " " + moved).code, 0);
  const auto lost = gridqueue("allocate " + results + " --rule shapley");
  EXPECT_EQ(lost.code, 3);
  EXPECT_THAT(lost.err, HasSubstr("name it with --feeder FILE"));
  EXPECT_EQ(gridqueue("allocate " + results + " --rule shapley --feeder " + moved).code, 0);
  const auto wrong = gridqueue("allocate " + results + " --rule shapley --feeder data/ieee13.h5");
  EXPECT_EQ(wrong.code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("another feeder"));
}

TEST(Allocate, UnitsHaveTheirNames) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  ASSERT_EQ(
      gridqueue("run " +
                folder.study("[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ { name = \"Old Mill\", bus = "
                             "\"bus_1113\", kw = 900 }, { bus = \"bus_1113\", kw = 300 } ]\n[orders]\nmethod = "
                             "\"all\"\n") +
                " --out " + results)
          .code,
      0);
  EXPECT_THAT(gridqueue("allocate " + results + " --rule pro-rata-kw").out,
              testing::AllOf(HasSubstr("Old Mill"), HasSubstr("\nbus_1113 ")));
}

TEST(Allocate, AnUnfinishedLatticeSaysSo) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  ASSERT_EQ(gridqueue("run " + folder.study(test::small_study("method = \"all\"\n")) + " --out " + results).code, 0);
  h5::File::open(results, true).attribute<std::int64_t>("", "complete", 0);
  const auto said = gridqueue("allocate " + results);
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("go on with gridqueue run --resume"));
}

TEST(Allocate, AFileWithoutOrdersSaysSo) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  ASSERT_EQ(gridqueue("run " + folder.study(test::small_study()) + " --out " + results).code, 0);
  {  // as a run that was interrupted before its first batch
    auto file = h5::File::open(results, true);
    auto rows = read_row_counts(file);
    rows.at("queue") = 0;
    write_row_counts(file, rows);
  }
  const auto said = gridqueue("allocate " + results);
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("no order to share the costs of"));
}

TEST(Allocate, SeveralLinearPrograms) {
  const auto one = gridqueue("allocate --lp experiments/constraint_matrix/lp.toml --json");
  const auto two = gridqueue(
      "allocate --lp experiments/constraint_matrix/lp.toml --lp experiments/constraint_matrix/lp.toml --json");
  ASSERT_EQ(two.code, 0) << two.err;
  const Json single = Json::parse(one.out), both = Json::parse(two.out);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0], single);
  EXPECT_EQ(both[1], single);
}

std::string many_queues(const std::string& more) {
  return "[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nseed = 2\ncount = 3\nkw_min = 700\nkw_max = "
         "1500\nqueues = 4\n[orders]\n" +
         more;
}

class AllocateQueues : public testing::TestWithParam<const char*> {};

TEST_P(AllocateQueues, EveryRuleSharesOutEveryQueuesTotal) {
  const test::Folder folder;
  const std::string results = folder / "q.h5";
  const auto ran = gridqueue("run " + folder.study(many_queues(GetParam())) + " --out " + results);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto said = gridqueue("allocate " + results + " --json");
  ASSERT_EQ(said.code, 0) << said.err;
  const Json j = Json::parse(said.out);
  EXPECT_EQ(j.at("queues"), 4);
  const auto read = [&](const char* name) { return h5::File::open(results).read<double>(name); };
  const auto total = read("/queue/total_mean_usd"), usd = read("/allocation/share_usd"),
             distance = read("/allocation/distance_from_shapley");
  const auto missing = h5::File::open(results).read<std::string>("/allocation/missing");
  std::vector<std::size_t> answers(5, 0);
  for (std::size_t k = 0; k < 20; ++k) {  // queue by rule
    const std::size_t r = k % 5;
    const bool paid = total[k / 5] > 0, answered = missing[k].empty();
    EXPECT_EQ(std::isnan(distance[k]), !paid || !answered) << k;
    if (!answered) continue;
    EXPECT_NEAR(usd[3 * k] + usd[3 * k + 1] + usd[3 * k + 2], total[k / 5], 1e-9 * total[k / 5] + 1e-9)
        << "queue " << k / 5 << ", " << kRules[r];
    if (!paid) continue;
    EXPECT_EQ(distance[k] == 0, r == 1) << kRules[r];
    ++answers[r];
  }
  EXPECT_GT(answers[0], 1u);
  EXPECT_GT(answers[4], 0u);
  for (std::size_t r = 0; r < 5; ++r) EXPECT_EQ(j.at("rules").at(kRules[r]).at("queues"), answers[r]) << kRules[r];
  const auto chosen = gridqueue("allocate " + results + " --rule shapley,pro-rata-kw");
  EXPECT_THAT(chosen.out, HasSubstr("how far each rule is from the mean over orders"));  // one queue has a gap
  EXPECT_EQ(h5::File::open(results).read<std::string>("/allocation/rule_name")[0], "mean-over-orders");
  EXPECT_EQ(j.at("order_gap").at("queues_with_shapley_values"), 3);
  EXPECT_EQ(j.at("rules").at("mean-over-orders"), j.at("rules").at("shapley"));
  EXPECT_THAT(chosen.out, testing::Not(HasSubstr("constraint-matrix")));
}

INSTANTIATE_TEST_SUITE_P(Methods, AllocateQueues, testing::Values("method = \"all\"\n", "count = 40\n"),
                         [](const auto& p) { return p.index ? "random" : "all"; });

TEST(Allocate, AQueueAmongManyIsSharedAsOnItsOwn) {
  const test::Folder folder;
  const std::string many = folder / "q.h5", one = folder / "one.h5";
  ASSERT_EQ(gridqueue("run " +
                      folder.study(many_queues("method = \"all\"\n[allocation]\nrules = [\"shapley\", "
                                               "\"delta-hosting-capacity\", \"constraint-matrix\"]\n")) +
                      " --out " + many)
                .code,
            0);
  const auto file = h5::File::open(many);
  const auto total = file.read<double>("/queue/total_mean_usd"), kw = file.read<double>("/queue/kw"),
             usd = file.read<double>("/allocation/share_usd");
  const auto bus = file.read<std::int32_t>("/queue/bus");
  const auto names = file.read<std::string>("/bus/name");
  const std::size_t q = static_cast<std::size_t>(std::max_element(total.begin(), total.end()) - total.begin());
  std::string units;
  for (std::size_t u = 3 * q; u < 3 * q + 3; ++u)
    units += "{ bus = \"" + names[static_cast<std::size_t>(bus[u])] + "\", kw = " + std::to_string(kw[u]) + " }, ";
  ASSERT_EQ(gridqueue("run " +
                      folder.study("[feeder]\nfile = \"data/radial.h5\"\n[queue]\nunits = [ " + units +
                                   "]\n[orders]\nmethod = \"all\"\n") +
                      " --out " + one)
                .code,
            0);
  const Json alone = Json::parse(gridqueue("allocate " + one + " --json").out);
  const std::vector<std::string> rules{"shapley", "delta-hosting-capacity", "constraint-matrix"};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t u = 0; u < 3; ++u)
      EXPECT_NEAR(usd[(q * 3 + r) * 3 + u], alone.at("units")[u].at("shares").at(rules[r]).at("usd").get<double>(),
                  1e-3)
          << rules[r] << u;
}

struct Mistake {
  const char* arguments;
  int code;
  const char* message;
};

TEST(Allocate, Mistakes) {
  for (const Mistake& m :
       {Mistake{"allocate", 2, "either a results file or --lp FILE"},
        Mistake{"allocate data/radial.h5", 3, "is no results file"}, Mistake{"allocate README.md", 3, "README.md"},
        Mistake{"allocate nowhere.h5", 3, "no such file 'nowhere.h5'"},
        Mistake{"allocate --lp experiments/constraint_matrix/lp.toml --rule shapley", 2, "--rule and --feeder"}}) {
    const auto said = gridqueue(m.arguments);
    EXPECT_EQ(said.code, m.code) << m.arguments;
    EXPECT_THAT(said.err, HasSubstr(m.message));
    EXPECT_EQ(said.out, "");
  }
}

TEST(Allocate, UnknownRuleGetsASuggestion) {
  const test::Folder folder;
  ASSERT_EQ(
      gridqueue("run " + folder.study(test::small_study("method = \"all\"\n")) + " --out " + (folder / "r.h5")).code,
      0);
  const auto said = gridqueue("allocate " + (folder / "r.h5") + " --rule shaply");
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.err, HasSubstr("did you mean 'shapley'?"));
}

}  // namespace
}  // namespace gridqueue
