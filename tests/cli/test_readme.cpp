// The README shows what `make run` prints: everything but the times must be what the program prints today.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

std::string readme() {
  std::ostringstream text;
  text << std::ifstream(GRIDQUEUE_SOURCE_DIR "/README.md").rdbuf();
  return text.str();
}

std::string readme_block() {
  const std::string page = readme(), fence = "```text\n";
  const auto start = page.find(fence) + fence.size();
  return page.substr(start, page.find("```", start) - start);
}

//! Up to the line with the times.
std::string without_times(const std::string& text) { return text.substr(0, text.find("Time:")); }

TEST(Readme, ShowsWhatTheProgramPrints) {
  const test::Folder folder;
  const auto run = test::gridqueue("run experiments/radial_queue/study.toml --out " + folder / "r.h5");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(without_times(run.out), without_times(readme_block()));
}

//! The page without its line breaks, so that a sentence can be looked for.
std::string one_line(std::string page) {
  std::replace(page.begin(), page.end(), '\n', ' ');
  return page;
}

TEST(Readme, SharesAreOfTheSameStudy) {
  const test::Folder folder;
  const std::string results = folder / "r.h5";
  ASSERT_EQ(test::gridqueue("run experiments/radial_queue/study.toml --out " + results).code, 0);
  const auto said =
      test::gridqueue("allocate " + results + " --rule trigger,shapley,pro-rata-kw,constraint-matrix --json");
  ASSERT_EQ(said.code, 0) << said.err;
  const auto from_shapley = nlohmann::json::parse(said.out).at("distance_from_shapley");
  const auto percent = [&](const char* rule) { return std::lround(100 * from_shapley.at(rule).get<double>()); };
  const std::string sentence = "comes within " + std::to_string(percent("constraint-matrix")) +
                               " % of the Shapley values; by kW alone " + std::to_string(percent("pro-rata-kw")) +
                               " % of the bill would have to change hands, after one order " +
                               std::to_string(percent("trigger")) + " % on average";
  EXPECT_THAT(one_line(readme()), testing::HasSubstr(sentence));
}

}  // namespace
}  // namespace gridqueue
