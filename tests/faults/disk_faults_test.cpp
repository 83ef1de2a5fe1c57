// A real disk that is full, and a folder whose segments are joined while the program is killed.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "host/answers/answer_folder.hpp"
#include "tests/cli/studies.hpp"
#include "tests/faults/strike.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

class DiskFaults : public testing::Test {
 protected:
  DiskFaults() { EXPECT_EQ(test::gridqueue(run_ + whole_).code, 0); }
  const test::Folder folder_;
  const test::Striker striker_{folder_};
  const std::string run_ = "run " + folder_.study(test::study_text({"", "count = 8", "count = 300"})) +
                           " --threads 1 --save-seconds 0.002 --out ",
                    whole_ = folder_ / "whole.h5";
};

//! The words before a command that may mount what nobody else sees; "" = it is not allowed here.
std::string mounting(const std::string& at) {
  for (const char* words : {"unshare --mount", "unshare --map-root-user --mount"})
    if (test::shell(fmt::format("{} mount -t tmpfs -o size=64k none {}", words, at)).code == 0) return words;
  return "";
}

//! A small tmpfs of its own, full at a study's first segment, at a later one, in the results file; then it grows.
TEST_F(DiskFaults, ARealDiskIsFull) {
  const std::string disk = folder_ / "disk", said = folder_ / "said", out = disk + "/r.h5";
  fs::create_directory(disk);
  const std::string mount = mounting(disk);
  if (mount.empty()) GTEST_SKIP() << "nobody here may mount a tmpfs (neither root's unshare nor a user's)";
  const std::uintmax_t size = fs::file_size(whole_);
  for (const std::uintmax_t bytes : {std::uintmax_t{12288}, size / 3, size}) {
    SCOPED_TRACE(bytes);
    fs::remove(folder_ / "r.h5");
    const auto run =
        test::shell(fmt::format("{} sh -c 'mount -t tmpfs -o size={} none {} ; $GQ {} 2> {}; [ $? = 7 ] && "
                                "mount -o remount,size=64m {} && $GQ {} --resume && cp {} {}'",
                                "GQ=$GQ " + mount, bytes, disk, run_ + out, said, disk, run_ + out, out, folder_ / ""));
    ASSERT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_THAT(test::shell("cat " + said).out, testing::HasSubstr("No space left on device"));
    test::expect_same_datasets(whole_, folder_ / "r.h5");
  }
}

//! More segments than a part may have, of other terms: each is read and removed, and none of its answers is lost.
TEST_F(DiskFaults, KilledWhileSegmentsAreJoined) {
  const std::string out = folder_ / "joined.h5", segments = out + ".d", kept = folder_ / "kept";
  AnswerFolder folder(kept, "run");
  for (std::uint64_t i = 0; i < 101; ++i) {
    Segment segment{"other terms", {}, {0}, {}};
    for (std::uint64_t k = 0; k < 3; ++k) segment.add({3 * i + k, 1}, std::vector<std::uint8_t>(40, 7));
    folder.add(segment_image(segment));
  }
  const std::size_t others = test::answers_in(kept);
  EXPECT_EQ(others, 303U);
  const auto fill = [&] {
    fs::remove_all(segments), fs::remove(out);
    fs::copy(kept, segments, fs::copy_options::recursive);
  };
  fill();
  const auto calls = striker_.calls_of(run_ + out + " --resume");
  EXPECT_GT(calls.name, 50);  // they were joined
  test::Kills kills;
  for (const std::string& fault : test::kills_over(calls, {1, 1, 3})) {
    SCOPED_TRACE(fault);
    fill();
    kills.note(striker_.strike(fault, run_ + out + " --resume").code);
    EXPECT_TRUE(fs::exists(out) || test::answers_in(segments) >= others);
    EXPECT_EQ(test::gridqueue(run_ + out + " --resume").code, 0);
    test::expect_same_datasets(whole_, out);
  }
}

}  // namespace
}  // namespace gridqueue
