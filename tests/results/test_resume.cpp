// A file that was cut off anywhere goes on from its last commit and ends as if nothing had happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gridqueue/contracts.hpp"
#include "host/results/results_writer.hpp"
#include "host/results/resume.hpp"
#include "tests/results/fake_walk.hpp"
#include "tests/results/same_datasets.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

Network with_areas() {
  Network net = test::hand_feeder();
  net.reclosers.push_back({"r1", BusId(2), true, BusId(1)});
  return net;
}

const Network kNet = with_areas();
const Orders kFirst{3, {0, 1, 2, 2, 1, 0}}, kSecond{3, {1, 0, 2, 0, 2, 1, 1, 2, 0}};

void append(ResultsWriter& writer, Walker& walker, const Orders& orders) {
  writer.append(walker, walk_orders(walker, orders));
  writer.wait();
}

//! Two batches, the second one after a restart in the middle of writing it.
TEST(Resume, EndsWithTheSameDatasets) {
  const test::TemporaryFile whole("whole.h5"), cut("cut.h5");
  test::FakeWalk uninterrupted(kNet);
  {
    ResultsWriter writer(whole.path(), {}, uninterrupted.walker);
    append(writer, uninterrupted.walker, kFirst);
    append(writer, uninterrupted.walker, kSecond);
  }
  layout::RowCounts rows;
  {
    test::FakeWalk before(kNet);
    ResultsWriter writer(cut.path(), {}, before.walker);
    append(writer, before.walker, kFirst);
    rows = committed_rows(h5::File::open(cut.path(), true));
    append(writer, before.walker, kSecond);
  }
  {
    auto file = h5::File::open(cut.path(), true);
    write_committed_rows(file, rows);  // as if the second batch had been written, but not committed
  }
  test::FakeWalk after(kNet);
  WalkRecord record = read_walk(h5::File::open(cut.path()), kNet);
  EXPECT_EQ(record.states.size(), static_cast<std::size_t>(rows.at("state")));
  after.walker.restore(std::move(record));
  {
    ResultsWriter writer(cut.path(), kNet);
    EXPECT_EQ(writer.orders(), 2u);
    EXPECT_EQ(writer.trajectories(0, 2).step, walk_orders(after.walker, kFirst).step);
    append(writer, after.walker, kSecond);
  }
  test::expect_same_datasets(whole.path(), cut.path());
  EXPECT_GT(after.walker.steps().size(), static_cast<std::size_t>(rows.at("step")));
}

//! Steps learned on the way to a batch are committed without its orders; after a restart the batch walks over them.
TEST(Resume, GoesOnInTheMiddleOfABatch) {
  const test::TemporaryFile whole("whole.h5"), cut("cut.h5");
  test::FakeWalk uninterrupted(kNet), before(kNet), after(kNet);
  {
    ResultsWriter writer(whole.path(), {}, uninterrupted.walker);
    append(writer, uninterrupted.walker, kFirst);
    append(writer, uninterrupted.walker, kSecond);
  }
  struct Killed {};
  {
    ResultsWriter writer(cut.path(), {}, before.walker);
    append(writer, before.walker, kFirst);
    const auto requests = before.walker.counters().requests;
    const auto kill = [&](std::size_t level, std::size_t) {
      writer.learned(before.walker, requests, {});
      if (level == 2) throw Killed();
    };
    EXPECT_THROW(walk_orders(before.walker, kSecond, kill), Killed);
  }
  after.walker.restore(read_walk(h5::File::open(cut.path()), kNet));
  EXPECT_EQ(after.walker.steps().size(), before.walker.steps().size());
  const auto evaluations = after.walker.counters().evaluations;
  {
    ResultsWriter writer(cut.path(), kNet);
    EXPECT_EQ(writer.orders(), 2u);
    append(writer, after.walker, kSecond);
  }
  test::expect_same_datasets(whole.path(), cut.path());
  EXPECT_EQ(after.walker.counters().requests, uninterrupted.walker.counters().requests);
  EXPECT_GT(after.walker.counters().evaluations, evaluations);
}

//! What is restored is what was known: no state is evaluated twice.
TEST(Resume, KnowsEveryState) {
  const test::TemporaryFile file("known.h5");
  test::FakeWalk before(kNet), after(kNet);
  {
    ResultsWriter writer(file.path(), {}, before.walker);
    append(writer, before.walker, kSecond);
  }
  after.walker.restore(read_walk(h5::File::open(file.path()), kNet));
  const auto evaluations = after.walker.counters().evaluations;
  walk_orders(after.walker, kSecond);
  EXPECT_EQ(after.walker.counters().evaluations, evaluations);
  ASSERT_EQ(after.walker.states().size(), before.walker.states().size());
  for (std::size_t i = 0; i < before.walker.states().size(); ++i) {
    const Quantities& a = before.walker.evaluations()[before.walker.states()[i].evaluation.index()];
    const Quantities& b = after.walker.evaluations()[after.walker.states()[i].evaluation.index()];
    EXPECT_EQ(a[limit_vdiff].value, b[limit_vdiff].value);
    EXPECT_EQ(a[limit_vmax].place, b[limit_vmax].place);
    EXPECT_EQ(a.areas.at(1).p.max, b.areas.at(1).p.max);
  }
  EXPECT_EQ(after.walker.upgrade_sets(), before.walker.upgrade_sets());
}

TEST(Resume, RefusesAnotherStudy) {
  const test::TemporaryFile file("other.h5");
  test::FakeWalk walk(kNet);
  Provenance p;
  p.seed = 1;
  { const ResultsWriter writer(file.path(), p, walk.walker); }
  const auto h5 = h5::File::open(file.path());
  check_resumable(h5, p, walk.walker.queue(), kNet);
  p.seed = 2;
  try {
    check_resumable(h5, p, walk.walker.queue(), kNet);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("its seed differs"));
  }
  p.seed = 1;
  Queue queue = walk.walker.queue();
  queue.units[1].kw += 1;
  EXPECT_THROW(check_resumable(h5, p, queue, kNet), Error);
  queue = walk.walker.queue();
  queue.units[1].site.phases = 1;
  EXPECT_THROW(check_resumable(h5, p, queue, kNet), Error);
}

}  // namespace
}  // namespace gridqueue
