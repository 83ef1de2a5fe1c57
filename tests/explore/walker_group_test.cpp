#include "tests/explore/walker_group.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/lattice.hpp"
#include "host/walk/orders.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

//! Queues of 3 to 7 units.
Queue queue_of(std::uint64_t k) {
  Queue q;
  for (std::size_t u = 0; u < 3 + k % 5; ++u)
    q.units.push_back({BusId(static_cast<std::int32_t>(1 + (k * 5 + u * u * 3 + u) % 6)),
                       60.0 + static_cast<double>((k * 97 + u * 71) % 260)});
  return q;
}

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void expect_same_tables(const Walker& a, const Walker& b) {
  ASSERT_EQ(a.states().size(), b.states().size());
  ASSERT_EQ(a.steps().size(), b.steps().size());
  ASSERT_EQ(a.evaluations().size(), b.evaluations().size());
  EXPECT_EQ(a.upgrade_sets(), b.upgrade_sets());
  EXPECT_EQ(a.counters().requests, b.counters().requests);
  for (std::size_t i = 0; i < a.states().size(); ++i) {
    EXPECT_EQ(a.states()[i].considered, b.states()[i].considered);
    EXPECT_EQ(a.states()[i].in, b.states()[i].in);
    EXPECT_EQ(a.states()[i].upgrades, b.states()[i].upgrades);
    EXPECT_EQ(a.states()[i].evaluation, b.states()[i].evaluation);
  }
  for (std::size_t i = 0; i < a.steps().size(); ++i) {
    const Step &s = a.steps()[i], &t = b.steps()[i];
    EXPECT_TRUE(s.from == t.from && s.to == t.to && s.unit == t.unit && s.added == t.added) << i;
    EXPECT_TRUE(s.decision == t.decision && s.limits == t.limits && s.built == t.built) << i;
    EXPECT_EQ(s.cost_usd, t.cost_usd);
    EXPECT_TRUE(same_number(s.hosting_kw, t.hosting_kw)) << s.hosting_kw << " " << t.hosting_kw;
  }
  for (std::size_t i = 0; i < a.evaluations().size(); ++i)
    EXPECT_EQ(a.evaluations()[i][limit_vdiff].value, b.evaluations()[i][limit_vdiff].value);
}

//! Queues of different lengths, walked together in groups of every size from 1 to all, and one by one.
TEST(WalkerGroup, EveryQueueIsAsIfAlone) {
  constexpr std::size_t kQueues = 11;
  for (HostingCapacityMode hosting : {HostingCapacityMode::none, HostingCapacityMode::each}) {
    for (std::size_t size = 1; size <= kQueues; size += 5) {
      std::size_t asked = 0, alone_asked = 0;
      for (std::size_t first = 0; first < kQueues; first += size) {
        FakeEvaluator fake(kTree), single(kTree);
        std::vector<Queue> queues;
        std::vector<Orders> orders;
        for (std::size_t k = first; k < std::min(kQueues, first + size); ++k) {
          queues.push_back(queue_of(k));
          orders.push_back(random_orders(queues.back().units.size(), 4, 0, 10 + k, Sampling::independent,
                                         static_cast<std::uint32_t>(k)));
        }
        WalkerGroup group(fake, queues, upgrade_policy(fake), hosting);
        const auto together = walk_together(group.walkers(), orders);
        for (std::size_t i = 0; i < queues.size(); ++i) {
          Walker alone(single, queues[i], upgrade_policy(single), hosting);
          EXPECT_EQ(walk_orders(alone, orders[i]).step, together[i].step);
          expect_same_tables(alone, group[i]);
        }
        EXPECT_EQ(group.evaluations(), fake.evaluations);
        asked += fake.evaluations;
        alone_asked += single.evaluations;
        EXPECT_EQ(alone_asked - asked, first + queues.size() - (first / size + 1));  // the empty feeder once per group
      }
    }
  }
}

TEST(WalkerGroup, LatticesAreAsIfAlone) {
  FakeEvaluator fake(kTree);
  std::vector<Queue> queues;
  for (std::uint64_t k = 0; k < 6; ++k) queues.push_back(queue_of(k));
  WalkerGroup group(fake, queues, upgrade_policy(fake), HostingCapacityMode::none);
  std::vector<std::unique_ptr<LatticeCourse>> lattices;
  std::vector<Course*> courses;
  for (std::size_t k = 0; k < queues.size(); ++k)
    courses.push_back(
        lattices.emplace_back(std::make_unique<LatticeCourse>(group[k], LatticeOptions{.slice = 7})).get());
  walk_courses(group.walkers(), courses);
  for (std::size_t k = 0; k < queues.size(); ++k) {
    Walker alone(fake, queues[k], upgrade_policy(fake), HostingCapacityMode::none);
    const OrderDistribution exact = enumerate_orders(alone, {.slice = 7}), together = lattices[k]->distribution();
    expect_same_tables(alone, group[k]);
    EXPECT_EQ(exact.total, together.total);
    EXPECT_EQ(exact.triggers, together.triggers);
    for (std::size_t u = 0; u < exact.units.size(); ++u) {
      EXPECT_EQ(exact.units[u].distribution, together.units[u].distribution);
      EXPECT_EQ(exact.units[u].mean_usd, together.units[u].mean_usd);
    }
  }
}

TEST(WalkerGroup, NamesTheQueueWhoseLatticeIsTooLarge) {
  FakeEvaluator fake(kTree);
  Walker walker(fake, queue_of(4), upgrade_policy(fake), HostingCapacityMode::none);
  try {
    enumerate_orders(walker, {100, "queue 41: all orders"});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_NE(std::string(e.what()).find("queue 41"), std::string::npos) << e.what();
  }
}

//! An evaluator that has lanes to spare: upgrade walks are tried ahead. Fewer rounds, every number as before.
TEST(Rounds, TryingAheadChangesNoNumber) {
  std::size_t rounds = 0, rounds_ahead = 0;
  for (std::uint64_t k = 0; k < 11; ++k) {
    FakeEvaluator narrow(kTree), wide(kTree);
    wide.lanes = 1000;
    const Orders orders = random_orders(queue_of(k).units.size(), 4, 0, 30);
    Walker one(narrow, queue_of(k), upgrade_policy(narrow), HostingCapacityMode::none),
        ahead(wide, queue_of(k), upgrade_policy(narrow), HostingCapacityMode::none);
    EXPECT_EQ(walk_orders(one, orders).step, walk_orders(ahead, orders).step);
    expect_same_tables(one, ahead);
    EXPECT_EQ(one.counters().evaluations, ahead.counters().evaluations);
    EXPECT_GE(wide.evaluations, narrow.evaluations);
    rounds += narrow.calls;
    rounds_ahead += wide.calls;
  }
  EXPECT_LT(3 * rounds_ahead, 2 * rounds);
}

//! However many tours are under way, each is as if alone; they end as soon as they can and the next ones start.
TEST(Rounds, ToursAreAsIfAlone) {
  constexpr std::uint64_t kFirst = 3, kLast = 26;
  const auto orders_of = [](std::uint64_t k) {
    return random_orders(queue_of(k).units.size(), 4, 0, 10, Sampling::independent, static_cast<std::uint32_t>(k));
  };
  for (const std::size_t window : {1, 4, 100}) {
    FakeEvaluator fake(kTree), single(kTree);
    std::vector<int> finished(kLast, 0);
    std::uint64_t ended_before = kFirst;
    TourPlan plan;
    plan.first = kFirst, plan.last = kLast, plan.window = window;
    plan.start = [&](std::uint64_t k) {
      Tour t;
      t.walker = std::make_unique<Walker>(fake, queue_of(k), upgrade_policy(fake), HostingCapacityMode::each);
      t.course = std::make_unique<OrderCourse>(*t.walker, orders_of(k));
      return t;
    };
    plan.finish = [&](std::uint64_t k, const Tour& t) {
      Walker alone(single, queue_of(k), upgrade_policy(single), HostingCapacityMode::each);
      EXPECT_EQ(walk_orders(alone, orders_of(k)).step, static_cast<const OrderCourse&>(*t.course).trajectories().step);
      expect_same_tables(alone, *t.walker);
      ++finished[k];
    };
    plan.after_round = [&](std::uint64_t ended) {
      EXPECT_GE(ended, ended_before);
      for (std::uint64_t k = kFirst; k < ended; ++k) EXPECT_EQ(finished[k], 1);
      ended_before = ended;
    };
    walk_tours(fake, plan);
    EXPECT_EQ(ended_before, kLast);
    EXPECT_EQ(std::count(finished.begin(), finished.end(), 1), static_cast<std::ptrdiff_t>(kLast - kFirst));
    if (window == 100) {
      EXPECT_LT(fake.calls, single.calls / 4);
    }
  }
}

//! Queue 0 of a study of many has the orders of a study of one; no two queues share theirs.
TEST(Orders, BelongToTheirQueue) {
  const Orders one = random_orders(8, 3, 0, 50), zero = random_orders(8, 3, 0, 50, Sampling::independent, 0),
               other = random_orders(8, 3, 0, 50, Sampling::independent, 1);
  EXPECT_EQ(one.unit, zero.unit);
  int same = 0;
  for (std::size_t k = 0; k < 50; ++k)
    same += std::equal(one.unit.begin() + static_cast<std::ptrdiff_t>(8 * k),
                       one.unit.begin() + static_cast<std::ptrdiff_t>(8 * k + 8),
                       other.unit.begin() + static_cast<std::ptrdiff_t>(8 * k));
  EXPECT_LT(same, 5);  // by chance 50 / 8!
}

}  // namespace
}  // namespace gridqueue
