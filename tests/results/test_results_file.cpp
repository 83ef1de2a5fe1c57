// What is written is read again; other files are refused; only committed orders count.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "gridqueue/contracts.hpp"
#include "host/hdf5/h5.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "tests/results/fake_walk.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

const Orders kOrders{3, {0, 1, 2, 2, 1, 0, 1, 0, 2}};

Provenance some_provenance() {
  Provenance p;
  p.program_version = "0.1.0";
  p.commit = "abc";
  p.command_line = "gridqueue run study.toml";
  p.study = "[feeder]\nfile = \"ä.h5\"\n";
  p.feeder = "hand";
  p.feeder_checksum = "0123";
  p.backend = "cpu";
  p.device = "hand";
  p.model = "ac";
  p.precision = "double";
  p.order_method = "given";
  p.seed = 5;
  p.orders = 3;
  return p;
}

std::string message_of(const auto& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

QueueSums write_walk(const std::string& path, test::FakeWalk& walk, const Provenance& from = some_provenance(),
                     bool random = false) {
  ResultsWriter writer(path, from, walk.walker);
  const Trajectories orders = walk_orders(walk.walker, kOrders);
  writer.append(walk.walker, orders);
  QueueSums sums = test::write_sums(writer, walk.walker, orders, random);
  writer.finish(test::work_of(walk.walker), true);
  return sums;
}

TEST(ResultsFile, ProvenanceAndQueue) {
  const test::TemporaryFile file("provenance.h5");
  test::FakeWalk walk;
  write_walk(file.path(), walk);
  const ResultsReader reader(file.path());
  const ResultsInfo& info = reader.info();
  EXPECT_EQ(info.provenance.study, some_provenance().study);
  EXPECT_EQ(info.provenance.seed, 5u);
  EXPECT_EQ(info.committed, 3u);
  EXPECT_EQ(info.states, walk.walker.states().size());
  EXPECT_EQ(info.evaluations, walk.walker.counters().evaluations);
  EXPECT_EQ(info.unit_names(), (std::vector<std::string>{"bus_3 (1)", "bus_3 (2)", "bus_3 (3)"}));
  EXPECT_EQ(info.unit_kw, (std::vector<double>{200, 250, 400}));
}

TEST(ResultsFile, UnitsKeepTheirPhases) {
  const test::TemporaryFile file("phases.h5");
  test::FakeEvaluator evaluator(test::hand_feeder());
  const Queue queue{{{{BusId(3), 2}, 200}, {{BusId(3), 5}, 250}, {BusId(4), 400}}};
  Walker walker(evaluator, queue, upgrade_policy(evaluator), HostingCapacityMode::none);
  {
    ResultsWriter writer(file.path(), some_provenance(), walker);
    const Trajectories orders = walk_orders(walker, kOrders);
    writer.append(walker, orders);
    test::write_sums(writer, walker, orders, false);
    writer.finish(test::work_of(walker), true);
  }
  const ResultsReader reader(file.path());
  EXPECT_EQ(reader.info().unit_names(), (std::vector<std::string>{"bus_3.2", "bus_3.1.3", "tap_1"}));
  EXPECT_EQ(reader.info().unit_site, (std::vector<UnitSite>{queue.units[0].site, queue.units[1].site, BusId(4)}));
  const QueueOutcome outcome = reader.sums().outcome;
  for (std::size_t u = 0; u < 3; ++u) EXPECT_EQ(outcome.units[u].site, queue.units[u].site) << u;
  EXPECT_EQ(reader.walk(0).at(1).site, "bus_3.1.3");
}

TEST(ResultsFile, EveryStepComesBackWithValuePlaceAndTime) {
  const test::TemporaryFile file("steps.h5");
  test::FakeWalk walk;
  write_walk(file.path(), walk);
  const Trajectories taken = walk_orders(walk.walker, kOrders);
  const ResultsReader reader(file.path());
  for (std::size_t r = 0; r < kOrders.count(); ++r) {
    const auto steps = reader.walk(r);
    ASSERT_EQ(steps.size(), 3u);
    for (std::size_t p = 0; p < 3; ++p) {
      const Step& expected = walk.walker.steps()[taken.step[3 * r + p].index()];
      EXPECT_EQ(steps[p].unit, expected.unit);
      EXPECT_EQ(steps[p].decision, expected.decision);
      EXPECT_EQ(steps[p].limits, expected.limits);
      EXPECT_EQ(steps[p].cost_usd, expected.cost_usd);
      EXPECT_EQ(steps[p].lines.size(), expected.built.size());
      EXPECT_EQ(steps[p].added[limit_vdiff].value,
                walk.walker.evaluations()[expected.added.index()][limit_vdiff].value);
      EXPECT_EQ(steps[p].added[limit_vdiff].place, "bus_3");
      EXPECT_EQ(steps[p].added[limit_vmax].place, "tap_1.2");
      EXPECT_EQ(steps[p].added[limit_vmin].place, "source.3");
      EXPECT_TRUE(std::isnan(steps[p].added[limit_lv_vmax].value));
      EXPECT_TRUE(std::isnan(steps[p].added[limit_lv_vmax].excess));
      EXPECT_EQ(steps[p].added[limit_lv_vmax].place, "");
      EXPECT_EQ(steps[p].added[limit_reverse_power].value, -3.5);
      EXPECT_EQ(steps[p].added[limit_reverse_power].place, "source");
      EXPECT_EQ(steps[p].added[limit_reverse_power].excess_place, "source");
      EXPECT_EQ(steps[p].added[limit_emergency].place, "line.to_bus_1");
      EXPECT_EQ(steps[p].added[limit_normal_hours].place, "");
    }
  }
}

TEST(ResultsFile, OneOrderByHand) {
  const test::TemporaryFile file("hand.h5");
  test::FakeWalk walk;
  write_walk(file.path(), walk);
  const auto steps = ResultsReader(file.path()).walk(0);  // 200 fits; 450 needs two lines; 850 cannot be cured
  EXPECT_EQ(steps[0].decision, Decision::accept);
  EXPECT_EQ(steps[1].decision, Decision::upgrade);
  ASSERT_EQ(steps[1].lines.size(), 2u);
  EXPECT_EQ(steps[1].lines[0].name, "line.to_bus_3");
  EXPECT_EQ(steps[1].lines[1].cost_usd, 196000);
  EXPECT_EQ(steps[1].cost_usd, 392000);
  EXPECT_EQ(steps[2].decision, Decision::reject);
  EXPECT_EQ(steps[2].cost_usd, 0);
  EXPECT_THAT(describe_violations(steps[1].added, steps[1].limits),
              testing::ElementsAre("voltage_vdiff: 4.500 % at bus_3, 12:30"));
}

TEST(ResultsFile, AreasComeBack) {
  const test::TemporaryFile file("areas.h5");
  Network net = test::hand_feeder();
  net.reclosers.push_back({"r1", BusId(2), true, BusId(1)});
  test::FakeWalk walk(net);
  write_walk(file.path(), walk);
  const auto step = ResultsReader(file.path()).walk(0).at(0);
  EXPECT_EQ(step.added.area_names, (std::vector<std::string>{"substation", "r1"}));
  ASSERT_EQ(step.added.areas.size(), 2u);
  EXPECT_EQ(step.added.areas[1].p.min, -200);
  EXPECT_EQ(step.added.areas[1].q.max, 2);
}

TEST(ResultsFile, BatchesAddUp) {
  const test::TemporaryFile whole("whole.h5"), parts("parts.h5");
  test::FakeWalk a, b;
  write_walk(whole.path(), a);
  {
    ResultsWriter writer(parts.path(), some_provenance(), b.walker);
    for (std::size_t r = 0; r < 3; ++r) {
      const Orders one{3,
                       {kOrders.unit.begin() + static_cast<std::ptrdiff_t>(3 * r),
                        kOrders.unit.begin() + static_cast<std::ptrdiff_t>(3 * r + 3)}};
      writer.append(b.walker, walk_orders(b.walker, one));
    }
    writer.finish(test::work_of(b.walker), true);
  }
  const ResultsReader first(whole.path()), second(parts.path());
  EXPECT_EQ(first.total_usd(), second.total_usd());
  EXPECT_EQ(first.info().committed, second.info().committed);
  EXPECT_EQ(first.info().steps, second.info().steps);
}

void expect_same(const Estimate& a, const Estimate& b) {
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_TRUE(a.standard_error == b.standard_error || (std::isnan(a.standard_error) && std::isnan(b.standard_error)));
}
void expect_same(const CostEstimates& a, const CostEstimates& b) {
  expect_same(a.mean, b.mean);
  for (std::size_t q = 0; q < kQuantiles.size(); ++q) expect_same(a.quantile[q], b.quantile[q]);
}

TEST(ResultsFile, EstimatesComeBack) {
  const test::TemporaryFile file("estimates.h5");
  test::FakeWalk walk;
  Provenance from = some_provenance();
  from.order_method = "random";
  const QueueSums sums = write_walk(file.path(), walk, from, true);
  const QueueSums read = ResultsReader(file.path()).sums();
  ASSERT_TRUE(read.estimates);
  EXPECT_EQ(read.estimates->orders, 3u);
  ASSERT_EQ(read.estimates->units.size(), 3u);
  for (std::size_t u = 0; u < 3; ++u) {
    expect_same(sums.estimates->units[u].trigger_probability, read.estimates->units[u].trigger_probability);
    expect_same(sums.estimates->units[u].reject_probability, read.estimates->units[u].reject_probability);
    expect_same(sums.estimates->units[u].pays, read.estimates->units[u].pays);
  }
  expect_same(sums.estimates->total, read.estimates->total);
}

TEST(ResultsFile, WithoutAnOrderIsStillReadable) {
  const test::TemporaryFile file("empty.h5");
  test::FakeWalk walk;
  ResultsWriter(file.path(), some_provenance(), walk.walker).finish({}, false);
  const ResultsReader reader(file.path());
  EXPECT_EQ(reader.info().committed, 0u);
  EXPECT_EQ(reader.queues(), 0u);
  EXPECT_THROW((void)reader.sums(), Error);
  EXPECT_THAT(message_of([&] { (void)reader.walk(0); }), HasSubstr("no order 0 (the file has 0 orders"));
}

TEST(ResultsFile, OtherFilesAreRefused) {
  EXPECT_THAT(message_of([] { ResultsReader("/nowhere.h5"); }), HasSubstr("no such file '/nowhere.h5'"));
  const test::TemporaryFile other("other.h5"), text("text.h5"), future("future.h5");
  h5::File::create(other.path()).attribute<std::string>("", "file_type", "gridqueue feeder");
  EXPECT_THAT(message_of([&] { ResultsReader(other.path()); }), HasSubstr("is no results file"));
  std::ofstream(text.path()) << "not HDF5";
  EXPECT_THAT(message_of([&] { ResultsReader(text.path()); }), HasSubstr("not an HDF5 file"));
  test::FakeWalk walk;
  write_walk(future.path(), walk);
  h5::File::open(future.path(), true).attribute<std::int64_t>("", "version", 99);
  EXPECT_THAT(message_of([&] { ResultsReader(future.path()); }),
              HasSubstr("version 99 (this program reads and goes on with version 3)"));
}

}  // namespace
}  // namespace gridqueue
