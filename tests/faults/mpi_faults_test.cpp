// A rank that dies at any call that changes a file: the others end, and any number of ranks goes on.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/core/host_name.hpp"
#include "tests/cli/studies.hpp"
#include "tests/faults/strike.hpp"
#include "tests/mpi/mpirun.hpp"
#include "tests/results/same_datasets.hpp"

namespace gridqueue {
namespace {

namespace fs = std::filesystem;

//! mpirun returns before those that it ends are gone; what they are writing still is theirs (RunFolder::clear()).
void wait_for_writers(const std::string& folder) {
  const std::string start = "results-";
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (const std::string name = entry.path().filename().string(); name.starts_with(start))
      for (int i = 0; i < 200 && is_alive(process_here(name.substr(start.size())).value()); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

TEST(MpiFaults, ARankIsKilledAtAnyCall) {
  NEEDS_MPI();
  const test::Folder folder;
  const test::Striker striker(folder);
  const std::string whole = folder / "whole.h5", out = folder / "ranks.h5",
                    run = folder.study(test::study_text({"", "count = 8", "count = 400"})) + " --save-seconds 0.002 ";
  const auto alone = test::gridqueue("run --threads 1 --json " + run + "--out " + whole);
  ASSERT_EQ(alone.code, 0) << alone.err;
  const std::int64_t evaluated = nlohmann::json::parse(alone.out).at("evaluated");
  const char* const faults[] = {"FAULT_KIND=write FAULT_KILL=1", "FAULT_KIND=write FAULT_KILL=2",
                                "FAULT_KIND=sync FAULT_KILL=2", "FAULT_KIND=name FAULT_KILL=1",
                                "FAULT_KIND=name FAULT_KILL=3"};
  int struck = 0, ended = 0;
  for (const std::string fault : faults) {
    const std::string rank = std::to_string(struck++ % 3);
    SCOPED_TRACE(fault + " of rank " + rank);
    const auto killed =
        test::shell(striker.before(fault + " FAULT_RANK=" + rank) + test::mpirun(3) + run + "--out " + out);
    ended += killed.code != 0;
    wait_for_writers(out + ".d");
    const auto saved = static_cast<std::int64_t>(test::answers_in(out + ".d"));
    const auto resumed = test::shell(test::mpirun(2) + run + "--resume --json --out " + out);
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_LE(nlohmann::json::parse(resumed.out).value("evaluated", std::int64_t{0}) + saved, evaluated + 16);
    test::expect_same_datasets(whole, out);
    EXPECT_FALSE(fs::exists(out + ".d"));
    fs::remove(out);
  }
  EXPECT_EQ(ended, struck) << "kills happened";
}

}  // namespace
}  // namespace gridqueue
