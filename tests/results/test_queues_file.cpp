// The file of many queues: what is written is read again; committed queues only; a run goes on where it ended.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/results/allocation.hpp"
#include "host/results/results_reader.hpp"
#include "host/results/results_writer.hpp"
#include "host/walk/lattice.hpp"
#include "tests/explore/walker_group.hpp"
#include "tests/results/fake_walk.hpp"
#include "tests/results/temporary_file.hpp"

namespace gridqueue {
namespace {

//! Queues of 1, 2 and 3 units.
struct Walks {
  Provenance from;
  test::FakeEvaluator evaluator{test::hand_feeder()};
  std::shared_ptr<const Policy> policy = upgrade_policy(evaluator);
  WalkerGroup group{evaluator,
                    {Queue{{{BusId(3), 200}}}, Queue{{{BusId(3), 250}, {{BusId(2), 3}, 400}}},
                     Queue{{{BusId(3), 200}, {BusId(3), 250}, {BusId(3), 400}}}},
                    policy,
                    HostingCapacityMode::none};

  [[nodiscard]] NewResults about() const { return {from, evaluator.network(), *policy, 3, 3}; }

  std::vector<QueueOutcome> sampled() {
    std::vector<Orders> orders;
    for (std::size_t k = 0; k < 3; ++k)
      orders.push_back(random_orders(k + 1, 1, 0, 20, Sampling::independent, static_cast<std::uint32_t>(k)));
    const auto walks = walk_together(group.walkers(), orders);
    std::vector<QueueOutcome> all;
    for (std::size_t k = 0; k < 3; ++k) {
      SampleStatistics sample(k + 1, Sampling::independent);
      sample.append(group[k], walks[k]);
      all.push_back(sum_up(view_of(group[k]), sample, true).outcome);
    }
    return all;
  }
  std::vector<QueueOutcome> exact() {
    std::vector<QueueOutcome> all;
    for (std::size_t k = 0; k < 3; ++k) all.push_back(sum_up(view_of(group[k]), enumerate_orders(group[k])).outcome);
    return all;
  }
};

void expect_same(const QueueOutcome& a, const QueueOutcome& b) {
  ASSERT_EQ(a.units.size(), b.units.size());
  for (std::size_t u = 0; u < a.units.size(); ++u) {
    const QueueUnit &x = a.units[u], &y = b.units[u];
    EXPECT_TRUE(x.site == y.site && x.kw == y.kw && x.mean_usd == y.mean_usd && x.mean_se_usd == y.mean_se_usd &&
                x.sd_usd == y.sd_usd);
    EXPECT_TRUE(x.min_usd == y.min_usd && x.deviation_usd == y.deviation_usd && x.median_usd == y.median_usd &&
                x.p95_usd == y.p95_usd && x.max_usd == y.max_usd);
    EXPECT_TRUE(x.trigger_probability == y.trigger_probability && x.trigger_se == y.trigger_se &&
                x.reject_probability == y.reject_probability);
  }
  EXPECT_TRUE(a.total.mean_usd == b.total.mean_usd && a.total.mean_se_usd == b.total.mean_se_usd &&
              a.total.sd_usd == b.total.sd_usd);
  EXPECT_TRUE(a.total.min_usd == b.total.min_usd && a.total.max_usd == b.total.max_usd);
  EXPECT_EQ(a.total.order_gap_usd, b.total.order_gap_usd);
  EXPECT_EQ(a.upgrades, b.upgrades);
  EXPECT_EQ(a.upgrades_probability, b.upgrades_probability);
  EXPECT_EQ(a.evaluations_asked, b.evaluations_asked);
  ASSERT_EQ(a.ends.size(), b.ends.size());
  for (std::size_t i = 0; i < a.ends.size(); ++i)
    EXPECT_TRUE(a.ends[i].in == b.ends[i].in && a.ends[i].upgrades == b.ends[i].upgrades &&
                a.ends[i].probability == b.ends[i].probability);
}

TEST(QueuesFile, IsReadAsWritten) {
  const test::TemporaryFile file("queues.h5");
  Walks walks;
  const auto all = walks.sampled();
  {
    ResultsWriter writer(file.path(), walks.about());
    writer.append({all.data(), 2});
    writer.append({all.data() + 2, 1});
    writer.finish({11, 22, {4, 3, 2, 1}}, true);
  }
  const ResultsReader reader(file.path());
  EXPECT_EQ(reader.info().queues, 3u);
  EXPECT_EQ(reader.info().committed, 3u);
  EXPECT_EQ(reader.info().evaluations, 11u);
  EXPECT_EQ(reader.info().evaluations_asked, 22u);
  EXPECT_TRUE(reader.info().complete);
  const auto read = reader.queues(0, 3);
  for (std::size_t k = 0; k < 3; ++k) expect_same(all[k], read[k]);
  EXPECT_GT(read[2].upgrades.size(), 0u);  // somebody pays
  EXPECT_GT(read[2].units[0].mean_se_usd, 0);
  EXPECT_GT(read[2].units[0].deviation_usd, 0);
  EXPECT_GT(read[2].ends.size(), 0u);
  expect_same(all[1], reader.queues(1, 1).front());
  EXPECT_THROW((void)reader.queues(3, 1), Error);
  EXPECT_FALSE(reader.info().one_queue);
  EXPECT_THROW((void)reader.walk(0), Error);
}

//! States verified, two of each queue.
ModelReport verified_of(std::int64_t queues) {
  ModelReport r;
  for (std::int64_t q = 0; q < queues; ++q)
    for (int twice = 0; twice < 2; ++twice) r.states.push_back({q, twice == 1, false, {0.25 * static_cast<double>(q)}});
  r.verified = verification_of(r.states);
  r.counters.linear = 100 * static_cast<std::uint64_t>(queues);
  r.sets = {{{BusId(2)}, 30, 0.5}};
  return r;
}

TEST(QueuesFile, SaysWhatTheModelDid) {
  const test::TemporaryFile file("queues.h5");
  Walks walks;
  const auto all = walks.exact();
  const ModelReport none = verified_of(0);
  NewResults about = walks.about();
  about.model = &none;
  {
    ResultsWriter writer(file.path(), about);
    writer.append(all);
    writer.model(verified_of(3));
    writer.finish({}, true);
  }
  const ModelReport last = *ResultsReader(file.path()).info().model;
  EXPECT_EQ(last.counters.linear, 300u);
  EXPECT_EQ(last.verified.states, 6u);
  EXPECT_EQ(last.verified.other_limits, 3u);
  ASSERT_EQ(last.states.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(last.states[i].queue, static_cast<std::int64_t>(i / 2));
    EXPECT_EQ(last.states[i].other_limits, i % 2 == 1);
    EXPECT_EQ(last.states[i].difference[0], 0.25 * static_cast<double>(i / 2));
  }
}

//! Shares by two rules, as far as they need no feeder.
std::vector<StudySharing> invented_shares(const std::vector<QueueOutcome>& queues) {
  std::vector<StudySharing> all;
  for (const QueueOutcome& q : queues) {
    std::vector<SharingUnit> units;
    for (const QueueUnit& u : q.units) {
      units.emplace_back();
      units.back().kw = u.kw;
      units.back().trigger.mean = u.mean_usd;
    }
    OrderCost total;
    total.mean = q.total.mean_usd;
    all.emplace_back().table = share_costs(std::move(units), total, {SharingRule::shapley, SharingRule::pro_rata_kw});
  }
  return all;
}

TEST(QueuesFile, SharesAreReplaced) {
  const test::TemporaryFile file("queues.h5");
  Walks walks;
  const auto all = walks.exact();
  {
    ResultsWriter writer(file.path(), walks.about());
    writer.append(all);
    writer.finish({}, true);
  }
  for (int twice = 0; twice < 2; ++twice) write_allocation(file.path(), invented_shares(all));
  {
    const auto h5 = h5::File::open(file.path());
    EXPECT_EQ(h5.shape("allocation/share_usd"), (h5::Shape{3, 2, 3}));
    const auto usd = h5.read<double>("allocation/share_usd");
    EXPECT_EQ(usd[0], all[0].units[0].mean_usd);
    EXPECT_TRUE(std::isnan(usd[1]));  // the first queue has one unit
    EXPECT_NEAR(usd[15] + usd[16] + usd[17], all[2].total.mean_usd, 1e-6);
  }
  EXPECT_EQ(ResultsReader(file.path()).queues(), 3u);
}

TEST(QueuesFile, PageNamesEveryDataset) {
  std::ostringstream page;
  page << std::ifstream(GRIDQUEUE_SOURCE_DIR "/docs/results-format.md").rdbuf();
  const std::string text = page.str();
  const test::TemporaryFile file("queues.h5");
  Walks walks;
  ResultsWriter(file.path(), walks.about()).finish({}, false);
  write_allocation(file.path(), invented_shares(walks.exact()));
  const auto h5 = h5::File::open(file.path());
  for (const std::string group : {"queue", "mass", "total", "end", "allocation"})
    for (const auto& dataset : h5.children(group))
      EXPECT_NE(text.find("`" + dataset + "`"), std::string::npos) << group << "/" << dataset;
}

TEST(QueuesFile, XarrayOpensIt) {
  const test::TemporaryFile file("queues.h5"), said("xarray.txt");
  Walks walks;
  const auto all = walks.exact();
  {
    ResultsWriter writer(file.path(), walks.about());
    writer.append(all);
    writer.finish({}, true);
  }
  write_allocation(file.path(), invented_shares(all));
  const char* given = std::getenv("GRIDQUEUE_PYTHON");
  const std::string venv = GRIDQUEUE_SOURCE_DIR "/.venv/bin/python";
  const std::string python = given ? given : std::ifstream(venv) ? venv : "python3";
  const std::string command = python + " " GRIDQUEUE_SOURCE_DIR "/tests/results/open_with_xarray.py " + file.path() +
                              " > " + said.path() + " 2>&1";
  const int code = WEXITSTATUS(std::system(command.c_str()));
  std::ostringstream text;
  text << std::ifstream(said.path()).rdbuf();
  if (code == 77 || code == 127)
    GTEST_SKIP() << "Python with xarray and netCDF4 is not here (pip install xarray netCDF4): " << text.str();
  EXPECT_EQ(code, 0) << text.str();
}

}  // namespace
}  // namespace gridqueue
