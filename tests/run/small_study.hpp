// Three units on the radial feeder, twenty random orders, two sharing rules.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "host/run/run_study.hpp"

namespace gridqueue::test {

class SmallStudy : public testing::Test {
 protected:
  void SetUp() override {
    const std::string feeder = std::string(GRIDQUEUE_SOURCE_DIR) + "/data/radial.h5";
    study_ = parse_study("study.toml", kText, feeder);
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();  // tests run side by side
    study_.output.file = testing::TempDir() + "run_study_" + test->name() + ".h5";
    std::filesystem::remove(study_.output.file);
    options_.backend = Backend::cpu;
  }
  static constexpr const char* kText = R"(
[feeder]
file = "data/radial.h5"
[queue]
units = [{ bus = "bus_26", kw = 400 }, { bus = "bus_1112", kw = 400 }, { bus = "bus_1113", kw = 400 }]
[orders]
count = 20
[allocation]
rules = ["trigger", "pro-rata-kw"]
)";
  Study study_;
  RunOptions options_;
};

}  // namespace gridqueue::test
