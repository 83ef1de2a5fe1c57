// The README shows what `make run` prints: everything but the times must be what the program prints today.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/cli/program.hpp"

namespace gridqueue {
namespace {

std::string readme_block() {
  std::ostringstream text;
  text << std::ifstream(GRIDQUEUE_SOURCE_DIR "/README.md").rdbuf();
  const std::string page = text.str(), fence = "```text\n";
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

}  // namespace
}  // namespace gridqueue
