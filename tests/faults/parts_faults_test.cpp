// Parts, merges and allocations that die or find the disk full: what was worked out stays, and the file ends as if
// nothing had happened.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/studies.hpp"
#include "tests/faults/strike.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::StudyCase;
using testing::HasSubstr;

constexpr int kStorage = 7;
constexpr int kParts = 3;

//! Command lines of one study, whole and in parts.
class PartFaults : public testing::TestWithParam<StudyCase> {
 protected:
  PartFaults() { EXPECT_EQ(test::gridqueue(run("--out " + whole_)).code, 0); }
  [[nodiscard]] std::string run(const std::string& more) const {
    return "run " + study_ + " --threads 1 --save-seconds 0.002 " + more;
  }
  [[nodiscard]] std::string part(int i, const std::string& out) const {
    return run(fmt::format("--shard {}/{} --out {}", i, kParts, out));
  }
  //! A folder whose parts are all done.
  [[nodiscard]] std::string all_parts() const {
    for (int i = 1; i <= kParts; ++i) EXPECT_EQ(test::gridqueue(part(i, out_)).code, 0);
    return out_ + ".d";
  }
  //! Merges what is left, if anything; works nothing out.
  void expect_merged() const {
    if (!fs::exists(out_ + ".d")) return test::expect_same_datasets(whole_, out_);
    const auto merged = test::gridqueue("merge " + out_ + ".d --threads 1 --json");
    ASSERT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(json::parse(merged.out).at("evaluated"), 0);
    test::expect_same_datasets(whole_, out_);
    EXPECT_FALSE(fs::exists(out_ + ".d"));
  }

  const test::Folder folder_;
  const test::Striker striker_{folder_};
  const std::string study_ = folder_.study(study_text(GetParam())), whole_ = folder_ / "whole.h5",
                    out_ = folder_ / "parts.h5";
};

//! A merge that is struck, again and again from the same parts.
class MergeFaults : public PartFaults {
 protected:
  MergeFaults() { fs::rename(all_parts(), kept_); }
  void restore() const {
    fs::remove_all(out_ + ".d"), fs::remove(out_);
    fs::copy(kept_, out_ + ".d", fs::copy_options::recursive);
  }
  const std::string kept_ = folder_ / "kept", merge_ = "merge " + out_ + ".d --threads 1";
};

TEST_P(MergeFaults, KilledAtAnyCallAMergeIsMadeAgain) {
  restore();
  const auto calls = striker_.calls_of(merge_);
  auto faults = test::kills_over(calls, {4, 1, 1});
  for (const std::string& fault : test::kills_from(out_, 4)) faults.push_back(fault);
  test::Kills kills;
  for (const std::string& fault : faults) {
    SCOPED_TRACE(fault);
    restore();
    kills.note(striker_.strike(fault, merge_).code);
    expect_merged();
  }
}

TEST_P(MergeFaults, AFullDiskLeavesTheParts) {
  restore();
  for (const std::string& fault : test::full_disks_over(striker_.calls_of(merge_), 3)) {
    SCOPED_TRACE(fault);
    restore();
    const auto merged = striker_.strike(fault, merge_);
    EXPECT_EQ(merged.code, kStorage) << merged.err;
    EXPECT_THAT(merged.err, HasSubstr("No space left on device"));
    expect_merged();
  }
}

TEST_P(MergeFaults, KilledAtAnyMoment) {
  test::Kills kills;
  restore();
  const double seconds = striker_.calls_of(merge_).seconds;
  for (const double share : {0.2, 0.4, 0.5, 0.6}) {
    kills.note(test::killed_after(share * seconds, merge_, [&] { restore(); }));
    expect_merged();
  }
}

const StudyCase kStudies[] = {{"sampled", "count = 7", "count = 400"}, {"all_orders", "count = 7", "method = \"all\""}};
INSTANTIATE_TEST_SUITE_P(All, MergeFaults, testing::ValuesIn(kStudies),
                         [](const auto& c) { return std::string(c.param.name); });

//! One of several parts that run side by side is struck: the others end, and it goes on.
class ShardFaults : public PartFaults {
 protected:
  //! Exit codes of all parts, `struck` with a fault or killed after so many seconds.
  [[nodiscard]] std::vector<int> side_by_side(int struck, const std::string& fault, double seconds = 0) const {
    std::string all, codes = folder_ / "codes";
    for (int i = 1; i <= kParts; ++i)
      all += fmt::format("{} $GQ {} & p{}=$!\n", i == struck ? striker_.before(fault) : "", part(i, out_), i);
    if (seconds > 0) all += fmt::format("sleep {:.3f}; kill -9 $p{}\n", seconds, struck);
    all += "rm -f " + codes + "\n";
    for (int i = 1; i <= kParts; ++i) all += fmt::format("wait $p{}; echo $? >> {}\n", i, codes);
    (void)test::shell(all);
    std::vector<int> read(kParts, -1);
    std::ifstream in(codes);
    for (int& code : read) in >> code;
    return read;
  }
  //! The others have ended well; the struck part goes on, and all are merged. Its exit code when it was struck.
  int go_on(int struck, const std::vector<int>& codes) const {
    for (int i = 1; i <= kParts; ++i)
      EXPECT_THAT(codes[static_cast<std::size_t>(i - 1)], testing::AnyOf(0, i == struck ? test::kKilled : 0));
    const auto saved = test::answers_in(out_ + ".d");
    const auto last = test::gridqueue(part(struck, out_));
    EXPECT_EQ(last.code, 0) << last.err;
    EXPECT_GE(test::answers_in(out_ + ".d"), saved);
    expect_merged();
    fs::remove(out_);
    return codes[static_cast<std::size_t>(struck - 1)];
  }
};

TEST_P(ShardFaults, OneOfSeveralIsKilledAtAnyCall) {
  // Whatever others leave it to do: it makes its own folder, and one segment there.
  const char* const faults[] = {"FAULT_KIND=write FAULT_KILL=1", "FAULT_KIND=sync FAULT_KILL=1",
                                "FAULT_KIND=sync FAULT_KILL=2", "FAULT_KIND=name FAULT_KILL=1",
                                "FAULT_KIND=name FAULT_KILL=3"};
  test::Kills kills;
  int struck = 0;
  for (const std::string fault : faults) {
    SCOPED_TRACE(fault);
    struck = struck % kParts + 1;
    int code = go_on(struck, side_by_side(struck, fault));
    // where others have left it less to do, it is killed at the kind's first call
    if (code != test::kKilled) code = go_on(struck, side_by_side(struck, fault.substr(0, fault.size() - 1) + "1"));
    kills.note(code);
  }
}

TEST_P(ShardFaults, OneOfSeveralIsKilledAtAnyMoment) {
  const double seconds = striker_.calls_of(part(1, out_)).seconds;
  fs::remove_all(out_ + ".d");
  test::Kills kills;
  for (const int struck : {2, 3}) kills.note(go_on(struck, side_by_side(struck, "", 0.2 * struck * seconds)));
}

INSTANTIATE_TEST_SUITE_P(All, ShardFaults, testing::ValuesIn(kStudies),
                         [](const auto& c) { return std::string(c.param.name); });

//! allocate writes beside and renames: a finished run is never lost.
class AllocateFaults : public testing::Test {
 protected:
  AllocateFaults() {
    const std::string study = folder_.study(test::study_text({"", "count = 6", "count = 300"}));
    EXPECT_EQ(test::gridqueue("run " + study + " --out " + run_).code, 0);
    restore();
    calls_ = striker_.calls_of(allocate_);
    fs::copy_file(file_, shared_);
  }
  void restore() const { fs::copy_file(run_, file_, fs::copy_options::overwrite_existing); }
  //! It is as it was, or whole; and can be shared out again, which leaves nothing beside it.
  void expect_nothing_lost() const {
    ASSERT_EQ(test::gridqueue("show " + file_).code, 0);
    test::expect_same_datasets(h5::File::open(file_).exists("allocation") ? shared_ : run_, file_);
    const auto again = test::gridqueue(allocate_);
    ASSERT_EQ(again.code, 0) << again.err;
    test::expect_same_datasets(shared_, file_);
    for (const auto& entry : fs::directory_iterator(folder_ / ""))
      EXPECT_THAT(entry.path().string(), testing::Not(testing::EndsWith(".tmp.h5")));
  }

  const test::Folder folder_;
  const test::Striker striker_{folder_};
  const std::string run_ = folder_ / "run.h5", shared_ = folder_ / "shared.h5", file_ = folder_ / "r.h5",
                    allocate_ = "allocate " + file_ + " --rule pro-rata-kw,trigger --threads 1";
  test::Calls calls_;
};

TEST_F(AllocateFaults, KilledAtAnyCall) {
  auto faults = test::kills_over(calls_, {5, 1, 1});
  for (const std::string& fault : test::kills_from(file_, 1)) faults.push_back(fault);
  test::Kills kills;
  for (const std::string& fault : faults) {
    SCOPED_TRACE(fault);
    restore();
    kills.note(striker_.strike(fault, allocate_).code);
    expect_nothing_lost();
  }
}

TEST_F(AllocateFaults, KilledAtAnyMoment) {
  test::Kills kills;
  for (const double share : {0.2, 0.4, 0.6, 0.8}) {
    kills.note(test::killed_after(share * calls_.seconds, allocate_, [&] { restore(); }));
    expect_nothing_lost();
  }
}

TEST_F(AllocateFaults, AFullDisk) {
  for (const std::string& fault : test::full_disks_over(calls_, 4)) {
    SCOPED_TRACE(fault);
    restore();
    const auto run = striker_.strike(fault, allocate_);
    EXPECT_EQ(run.code, kStorage) << run.err;
    EXPECT_THAT(run.err, HasSubstr("No space left on device"));
    test::expect_same_datasets(run_, file_);
    expect_nothing_lost();
  }
}

}  // namespace
}  // namespace gridqueue
