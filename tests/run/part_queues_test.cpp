// Queues that parts have left: whoever must have the same ones as others has them, or none has.
#include "host/run/part_queues.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/run/small_study.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

class PartQueues : public test::SmallStudy {
 protected:
  void SetUp() override {
    test::SmallStudy::SetUp();
    study_ = parse_study("study.toml", kMany, std::string(GRIDQUEUE_SOURCE_DIR) + "/data/radial.h5");
    study_.output.file = testing::TempDir() + "part_queues-" + std::to_string(getpid()) + ".h5";
    folder_ = study_.output.file + ".d";
    fs::remove_all(folder_);
    for (const std::uint64_t part : {1u, 2u}) {
      options_.shard = Shard{part, 2};
      (void)run_study(study_, options_);
    }
    for (const auto& part : fs::recursive_directory_iterator(folder_))
      if (part.path().filename().string().starts_with("queues-")) file_.push_back(part.path().string());
    std::sort(file_.begin(), file_.end());
    ASSERT_EQ(file_.size(), 2u);
    run_ = ResultsReader(file_.front()).info().provenance;
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::size_t known(const ReadTogether& others) const {
    return queues_left(folder_, run_, &others).size();
  }

  static constexpr const char* kMany = R"(
[feeder]
file = "data/radial.h5"
[queue.random]
count = 3
queues = 4
kw_min = 50
kw_max = 800
seed = 1
[orders]
count = 5
)";
  std::string folder_;
  std::vector<std::string> file_;
  Provenance run_;
};

TEST_F(PartQueues, AloneAllThatAreThere) {
  EXPECT_TRUE(are_all(queues_left(folder_, run_), 4));
  fs::remove(file_.front());
  EXPECT_EQ(queues_left(folder_, run_).size(), 1u);
}

TEST_F(PartQueues, TheFirstSaysWhichAreThere) {
  std::vector<std::string> mine;
  std::vector<std::uint8_t> read;
  ReadTogether others;
  others.read_by_all = [&](std::vector<std::uint8_t>& is_read) { read = is_read; };
  others.same_files = [&](std::vector<std::string> files) { return mine = std::move(files); };
  EXPECT_EQ(known(others), 2u);
  EXPECT_EQ(mine, file_);
  // the first sees one only
  others.same_files = [&](const std::vector<std::string>&) { return std::vector{file_.back()}; };
  EXPECT_EQ(known(others), 1u);
  // it sees one that is not here yet: then others are told so
  others.same_files = [&](const std::vector<std::string>&) {
    return std::vector{file_.front(), folder_ + "/late/queues-0123.h5"};
  };
  EXPECT_EQ(known(others), 1u);
  EXPECT_EQ(read, (std::vector<std::uint8_t>{1, 0}));
}

TEST_F(PartQueues, WhatOneCannotReadNobodyTakes) {
  ReadTogether others;
  others.same_files = [](std::vector<std::string> files) { return files; };
  others.read_by_all = [](std::vector<std::uint8_t>& is_read) { is_read.front() = 0; };
  EXPECT_EQ(known(others), 1u);
}

}  // namespace
}  // namespace gridqueue
