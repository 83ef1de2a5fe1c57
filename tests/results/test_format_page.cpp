// docs/results-format.md names every dataset of a results file.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "host/hdf5/h5.hpp"
#include "host/results/results_writer.hpp"
#include "tests/results/fake_sharing.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

TEST(FormatPage, NamesEveryDataset) {
  std::ostringstream page;
  page << std::ifstream(GRIDQUEUE_SOURCE_DIR "/docs/results-format.md").rdbuf();
  const test::TemporaryFile file("page.h5");
  Network net = test::hand_feeder();
  net.reclosers.push_back({"r1", BusId(2), true, BusId(1)});
  test::FakeWalk walk(net);
  {
    ResultsWriter writer(file.path(), {}, walk.walker);
    QueueSums sums = test::write_sums(writer, walk.walker, walk_orders(walk.walker, random_orders(3, 1, 0, 20)), true);
    sums.orders.level_states = {1, 3, 3, 1};
    writer.details(sums);
    writer.finish(test::work_of(walk.walker), true);
    write_allocation(file.path(), {test::fake_sharing(walk, outcome_of(sums.outcome, OrderSource::random))});
  }
  const auto h5 = h5::File::open(file.path());
  const auto named = [&](const std::string& name) { return page.str().find(name) != std::string::npos; };
  for (const auto& group : h5.children("/")) {
    EXPECT_TRUE(named("/" + group)) << group;
    for (const auto& dataset : h5.children(group))
      EXPECT_TRUE(named("`" + dataset + "`") || named("`/" + group + "/" + dataset + "`") || named("[" + dataset) ||
                  named(dataset + "]") || named(", " + dataset))
          << group << "/" << dataset;
  }
}

}  // namespace
}  // namespace gridqueue
