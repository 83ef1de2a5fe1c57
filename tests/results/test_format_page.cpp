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
  StudySharing sharing;
  {
    ResultsWriter writer(file.path(), {}, walk.walker);
    const ExactDistribution exact = enumerate_orders(walk.walker);
    SampleStatistics sample(3, Sampling::independent);
    sample.append(walk.walker, walk_orders(walk.walker, random_orders(3, 1, 0, 10)));
    const Summary summary = summarize(sample);
    writer.distribution(exact);
    writer.finish(&summary, {}, true);
    sharing =
        test::fake_sharing(walk, outcome_of(exact, final_states(walk.walker, exact), largest_order_gap(walk.walker)));
  }
  write_allocation(file.path(), sharing);
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
