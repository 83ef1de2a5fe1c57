// Results files are netCDF-4: xarray and netCDF4 open them without a complaint (skipped where they are missing).
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "tests/results/fake_sharing.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

TEST(NetCdf, XarrayOpensEveryGroup) {
  const test::TemporaryFile file("xarray.h5"), said("xarray.txt");
  Network net = test::hand_feeder();
  net.reclosers.push_back({"r1", BusId(2), true, BusId(1)});
  test::FakeWalk walk(net);
  SampleStatistics sample(3, Sampling::independent);
  QueueSums sums;
  {
    ResultsWriter writer(file.path(), {}, walk.walker);
    for (const Orders& orders : {Orders{3, {0, 1, 2, 2, 1, 0}}, Orders{3, {1, 0, 2}}}) {
      const Trajectories taken = walk_orders(walk.walker, orders);
      writer.append(walk.walker, taken);
      sample.append(walk.walker, taken);
    }
    sums = sum_up(view_of(walk.walker), sample, false);
    writer.append({&sums.outcome, 1});
    writer.details(sums);
    writer.finish(test::work_of(walk.walker), true);
  }
  const StudySharing sharing = test::fake_sharing(walk, outcome_of(sums.outcome, OrderSource::given));
  write_allocation(file.path(), {sharing});
  write_allocation(file.path(), {sharing});  // again: replaced
  const char* given = std::getenv("GRIDQUEUE_PYTHON");
  const std::string venv = GRIDQUEUE_SOURCE_DIR "/.venv/bin/python";
  const std::string python = given ? given : std::ifstream(venv) ? venv : "python3";
  const std::string command = python + " " GRIDQUEUE_SOURCE_DIR "/tests/results/open_with_xarray.py " + file.path() +
                              " > " + said.path() + " 2>&1";
  const int status = std::system(command.c_str());
  std::ostringstream text;
  text << std::ifstream(said.path()).rdbuf();
  const int code = WEXITSTATUS(status);
  if (code == 77 || code == 127)
    GTEST_SKIP() << "Python with xarray and netCDF4 is not here (pip install xarray netCDF4): " << text.str();
  EXPECT_EQ(code, 0) << text.str();
}

}  // namespace
}  // namespace gridqueue
