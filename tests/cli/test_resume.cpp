// Runs that are stopped and resumed: every dataset ends with the bits of an uninterrupted run's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <tuple>

#include "host/hdf5/h5.hpp"
#include "tests/cli/program.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

using test::gridqueue;
using testing::HasSubstr;

// a shell's background process ignores SIGINT
const std::string kTerm = "kill -TERM $pid";
//! Said twice, as by a batch system to all processes and by a launcher that passes it on.
const std::string kUsr1 = "kill -USR1 $pid; sleep 0.002; kill -USR1 $pid 2>/dev/null";

//! Starts or goes on until `enough`, a shell's condition with the size of the file that is being written in $size; then
//! a signal.
test::Outcome stopped(const std::string& study, const std::string& file, const std::string& enough,
                      const std::string& signal = kTerm) {
  const std::string size = "$(stat -c %s " + file + ".d/results-*.tmp.h5 2>/dev/null || echo 0)", err = file + ".err";
  return test::shell("$GQ run " + study + " --resume --save-seconds 0.1 --out " + file + " 2> " + err +
                     " & pid=$!\nfor i in $(seq 3000); do sleep 0.01; size=" + size + "; " + enough +
                     " && break; done\n" + signal + "; wait $pid; code=$?; cat " + err + " >&2; exit $code");
}

//! A share of the whole file, in percent.
std::string grown_to(int percent, const std::string& whole) {
  return "[ $size -gt $(($(stat -c %s " + whole + ") * " + std::to_string(percent) + " / 100)) ]";
}

std::int64_t root(const std::string& file, const std::string& attribute) {
  return h5::File::open(file).read_attribute<std::int64_t>("", attribute);
}

//! Stopped twice, resumed twice; the third run is complete.
TEST(Resume, EndsAsIfNeverStopped) {
  const test::Folder folder;
  const std::string study = folder.study(test::small_study("count = 1000000\nantithetic = true\n")),
                    whole = folder / "whole.h5", parts = folder / "parts.h5";
  ASSERT_EQ(gridqueue("run " + study + " --out " + whole).code, 0);
  for (int stop = 0; stop < 2; ++stop) {
    const auto part = stopped(study, parts, grown_to(20 + 30 * stop, whole), stop == 0 ? kTerm : kUsr1);
    EXPECT_EQ(part.code, 6) << part.err;
    EXPECT_LT(root(parts, "committed"), 1000000);
  }
  const auto last = gridqueue("run " + study + " --resume --json --out " + parts);
  ASSERT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(nlohmann::json::parse(last.out)["orders"], 1000000);
  test::expect_same_datasets(whole, parts);
  const auto again = gridqueue("run " + study + " --resume --out " + parts);
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.err, HasSubstr("is complete already"));
  const auto other = gridqueue("run " + study + " --resume --seed 7 --out " + parts);
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("its seed differs"));
}

//! Too little memory ends a run as a signal does, but for its exit code.
TEST(Resume, GoesOnWhereMemoryWasShort) {
  const test::Folder folder;
  const std::string study = folder.study(test::small_study()), whole = folder / "whole.h5", parts = folder / "parts.h5";
  ASSERT_EQ(gridqueue("run " + study + " --out " + whole).code, 0);
  const auto part = gridqueue("run " + study + " --memory 0.01 --out " + parts);
  EXPECT_EQ(part.code, 4);
  EXPECT_THAT(part.err, HasSubstr("--memory allows 0.01 GB"));
  EXPECT_THAT(part.err, HasSubstr("--resume goes on"));
  EXPECT_FALSE(std::filesystem::exists(parts));
  const auto last = gridqueue("run " + study + " --resume --json --out " + parts);
  ASSERT_EQ(last.code, 0) << last.err;
  EXPECT_GT(nlohmann::json::parse(last.out)["looked_up"], 0);
  test::expect_same_datasets(whole, parts);
}

//! A study in which many states share their lines.
struct Case {
  const char* name;
  const char* queue;
  const char* orders;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"one_queue_sampled", "count = 14\nkw_max = 400", "count = 400000"},
    {"one_queue_all_orders", "count = 14\nkw_max = 400", "method = \"all\""},
    {"many_queues_sampled", "count = 6\nkw_max = 400\nqueues = 1500", "count = 800"},
    {"many_queues_all_orders", "until = \"trigger\"\nkw_max = 700\nqueues = 250", "method = \"all\""}};

std::string modelled_study(const Case& c, const std::string& model) {
  return "[feeder]\nfile = \"data/radial.h5\"\n[queue.random]\nbuses = [\"bus_1110\", \"bus_1112\", \"bus_1113\", "
         "\"bus_26\", \"bus_1102\", \"bus_21\"]\nkw_min = 50\n"
         "seed = 3\n" +
         std::string(c.queue) + "\n[model]\npower_flow = \"" + model + "\"\nverify = 100\n[orders]\n" + c.orders + "\n";
}

class ResumeModel : public testing::TestWithParam<std::tuple<Case, const char*>> {
 protected:
  const test::Folder folder;
  const std::string study = folder.study(modelled_study(std::get<0>(GetParam()), std::get<1>(GetParam()))),
                    whole = folder / "whole.h5", parts = folder / "parts.h5";
};

TEST_P(ResumeModel, EndsAsIfNeverStopped) {
  const auto at_once = gridqueue("run " + study + " --out " + whole);
  ASSERT_EQ(at_once.code, 0) << at_once.err;
  EXPECT_GT(h5::File::open(whole).read_attribute<std::int64_t>("model", "states_linear"), 1000);
  EXPECT_GT(h5::File::open(whole).read_attribute<std::int64_t>("model", "sets_linearized"), 1);
  const auto first = stopped(study, parts, grown_to(30, whole));
  ASSERT_EQ(first.code, 6) << first.err;
  const auto last = gridqueue("run " + study + " --resume --json --out " + parts);
  ASSERT_EQ(last.code, 0) << last.err;
  EXPECT_GT(nlohmann::json::parse(last.out).at("looked_up"), 1000);
  EXPECT_EQ(root(parts, "complete"), 1);
  test::expect_same_datasets(whole, parts);
  for (const char* name : {"verified", "verified_other_limits", "verified_other_decisions"})
    EXPECT_EQ(h5::File::open(parts).read_attribute<std::int64_t>("model", name),
              h5::File::open(whole).read_attribute<std::int64_t>("model", name));
}

//! AC: each queue on its own.
TEST(Resume, ManyQueuesGoOnWhereTheyWere) {
  const test::Folder folder;
  const std::string study = folder.study(
                        modelled_study({"", "count = 6\nkw_max = 400\nqueues = 400", "count = 800"}, "ac")),
                    whole = folder / "whole.h5", parts = folder / "parts.h5";
  ASSERT_EQ(gridqueue("run " + study + " --out " + whole).code, 0);
  const auto part = stopped(study, parts, grown_to(30, whole));
  EXPECT_EQ(part.code, 6) << part.err;
  EXPECT_LT(root(parts, "committed"), 400);
  ASSERT_EQ(gridqueue("run " + study + " --resume --out " + parts).code, 0);
  test::expect_same_datasets(whole, parts);
  for (const char* name : {"evaluations", "evaluations_asked", "complete"})
    EXPECT_EQ(root(parts, name), root(whole, name)) << name;
}

//! `linear` keeps the same books; its answers are not looked at again.
INSTANTIATE_TEST_SUITE_P(All, ResumeModel,
                         testing::Values(std::tuple(kCases[0], "screened"), std::tuple(kCases[1], "screened"),
                                         std::tuple(kCases[2], "screened"), std::tuple(kCases[3], "screened"),
                                         std::tuple(kCases[0], "linear")),
                         [](const auto& c) {
                           return std::string(std::get<0>(c.param).name) + "_" + std::get<1>(c.param);
                         });

}  // namespace
}  // namespace gridqueue
