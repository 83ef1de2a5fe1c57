#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "gridqueue/contracts.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/orders.hpp"
#include "tests/explore/fake_evaluator.hpp"

namespace gridqueue {
namespace {

const Network kTree = small_tree();

Queue queue_of(std::uint64_t k) {
  Queue q;
  for (std::size_t u = 0; u < 6; ++u)
    q.units.push_back({BusId(static_cast<std::int32_t>(1 + (k * 5 + u * u * 3 + u) % 6)),
                       60.0 + static_cast<double>((k * 97 + u * 71) % 260)});
  return q;
}

//! One order, unit by unit, read straight from docs/evaluation.md; shares nothing with Walker.
class Naive {
 public:
  Naive(Evaluator& e, const Queue& q) : e_(e), q_(q) {}

  std::vector<double> pay(const std::vector<std::int32_t>& order) {
    std::vector<double> cost(order.size(), 0.0);
    for (std::size_t p = 0; p < order.size(); ++p) cost[p] = consider(order[p]);
    return cost;
  }
  std::vector<int> in;
  std::set<BusId> upgraded;

 private:
  Quantities look(const std::set<BusId>& lines) {
    StateBatch s;
    s.upgrade_sets = {{lines.begin(), lines.end()}};
    std::vector<int> sorted = in;
    std::sort(sorted.begin(), sorted.end());
    for (int u : sorted)
      s.add_der(q_.units[static_cast<std::size_t>(u)].site, q_.units[static_cast<std::size_t>(u)].kw);
    s.finish_state(UpgradeSetId(0));
    return e_.evaluate(s).front();
  }
  static bool can(BusId b, const std::set<BusId>& lines) {
    return kTree.buses[b.index()].branch.upgradable && !lines.count(b);
  }

  std::vector<BusId> next_lines(const Quantities& q, const std::set<BusId>& lines) {
    std::vector<BusId> found;
    if (q.violations & limit_island) return found;
    if (q.violations & limit_vdiff) {
      int deepest = -1;
      std::size_t best_rank = 0;
      for (BusId b : q.vdiff_buses) {
        std::vector<BusId> path;
        for (BusId x = b; x.valid(); x = kTree.buses[x.index()].parent)
          if (can(x, lines)) path.push_back(x);
        std::size_t rank = q_.units.size() + b.index();
        for (std::size_t u = q_.units.size(); u-- > 0;)
          if (q_.units[u].site.bus == b && std::count(in.begin(), in.end(), static_cast<int>(u))) rank = u;
        const int depth = kTree.depth(b);
        if (path.empty() || depth < deepest || (depth == deepest && rank > best_rank)) continue;
        deepest = depth;
        best_rank = rank;
        found = path;
      }
      return found;
    }
    for (BusId b : q.overloaded_branches)
      if (can(b, lines)) found.push_back(b);
    std::sort(found.begin(), found.end(), [](BusId a, BusId b) {
      const int da = kTree.depth(a), db = kTree.depth(b);
      return da != db ? da > db : kTree.buses[a.index()].branch.name < kTree.buses[b.index()].branch.name;
    });
    return found;
  }

  double consider(int unit) {
    in.push_back(unit);
    std::set<BusId> lines = upgraded;
    double cost = 0;
    Quantities q = look(lines);
    while (q.violations) {
      const auto todo = next_lines(q, lines);
      if (todo.empty()) {
        in.pop_back();
        return 0;
      }
      for (BusId b : todo) {
        lines.insert(b);
        const Branch& branch = kTree.buses[b.index()].branch;
        cost += branch.length_ft * (branch.underground ? 268 : 196);
        q = look(lines);
        if (!q.violations) break;
      }
    }
    upgraded = lines;
    return cost;
  }

  Evaluator& e_;
  const Queue& q_;
};

TEST(Walker, PaysWhatAnOrderWalkedAlonePays) {
  int upgrades = 0, rejects = 0;
  for (std::uint64_t k = 0; k < 20; ++k) {
    FakeEvaluator fake(kTree), alone(kTree);
    const Queue queue = queue_of(k);
    Walker walker(fake, queue, upgrade_policy(fake), HostingCapacityMode::none);
    const Orders orders = random_orders(6, k, 0, 40);
    const Trajectories t = walk_orders(walker, orders);
    for (std::size_t i = 0; i < 40; ++i) {
      Naive naive(alone, queue);
      const std::vector<std::int32_t> order(orders.unit.begin() + static_cast<std::ptrdiff_t>(6 * i),
                                            orders.unit.begin() + static_cast<std::ptrdiff_t>(6 * i + 6));
      const auto cost = naive.pay(order);
      for (std::size_t p = 0; p < 6; ++p) {
        const Step& step = walker.steps()[t.step[6 * i + p].index()];
        EXPECT_EQ(step.cost_usd, cost[p]) << k << " " << i << " " << p;
        EXPECT_GE(step.cost_usd, 0);
        upgrades += step.decision == Decision::upgrade;
        rejects += step.decision == Decision::reject;
      }
      const State& end = walker.states()[walker.steps()[t.step[6 * i + 5].index()].to.index()];
      EXPECT_EQ(static_cast<std::size_t>(end.in.count()), naive.in.size());
      EXPECT_EQ(walker.upgrade_sets()[end.upgrades.index()], Upgrades(naive.upgraded.begin(), naive.upgraded.end()));
    }
    EXPECT_EQ(fake.evaluations, walker.counters().evaluations);
    EXPECT_LT(walker.counters().evaluations, walker.counters().requests);
    EXPECT_EQ(alone.evaluations, walker.counters().requests);
  }
  EXPECT_GT(upgrades, 100);  // the cases are not all easy
  EXPECT_GT(rejects, 100);
}

TEST(Walker, SplittingOrdersIntoBatchesChangesNothing) {
  FakeEvaluator one(kTree), two(kTree);
  Walker whole(one, queue_of(3), upgrade_policy(one), HostingCapacityMode::none);
  Walker parts(two, queue_of(3), upgrade_policy(two), HostingCapacityMode::none);
  const Trajectories all = walk_orders(whole, random_orders(6, 5, 0, 60));
  for (std::uint64_t first = 0; first < 60; first += 20) {
    const Trajectories some = walk_orders(parts, random_orders(6, 5, first, 20));
    for (std::size_t i = 0; i < some.step.size(); ++i) {
      const Step& a = whole.steps()[all.step[first * 6 + i].index()];
      const Step& b = parts.steps()[some.step[i].index()];
      EXPECT_EQ(a.unit, b.unit);
      EXPECT_EQ(a.cost_usd, b.cost_usd);
      EXPECT_EQ(a.built, b.built);
      EXPECT_EQ(a.limits, b.limits);
    }
  }
}

TEST(Walker, RefusesAnEmptyQueueAndOneTooLong) {
  FakeEvaluator fake(kTree);
  EXPECT_THROW(Walker(fake, Queue(), upgrade_policy(fake), HostingCapacityMode::none), Error);
  Queue longer;
  longer.units.assign(kMaxUnits + 1, {BusId(1), 1});
  EXPECT_THROW(Walker(fake, longer, upgrade_policy(fake), HostingCapacityMode::none), Error);
}

TEST(Walker, SaysHowMuchOfATriggerWouldHaveFitted) {
  FakeEvaluator fake(kTree);
  Walker walker(fake, {{{BusId(4), 350}}}, upgrade_policy(fake), HostingCapacityMode::trigger);
  const std::vector<StateUnit> pair{{walker.root(), UnitId(0)}};
  const Step& step = walker.steps()[walker.consider(pair)[0].index()];
  ASSERT_EQ(step.limits, limit_vdiff);
  // 3.01 % = P (100 + 200 + 300 + 400) / 5e4
  EXPECT_NEAR(step.hosting_kw, 150.5, 0.1);
}

//! Two units of one bus on other phases are at different places: what is left there is searched for each.
TEST(Walker, CapacitiesBelongToPhases) {
  FakeEvaluator fake(kTree);
  Walker walker(fake, {{{BusId(4), 10}, {{BusId(4), 1}, 10}, {{BusId(4), 2}, 10}}}, upgrade_policy(fake),
                HostingCapacityMode::each);
  walk_orders(walker, Orders{3, {0, 1, 2, 1, 0, 2}});
  // 3.01 % of 150.5 kW; what stands there takes its part, a unit on some phases counts twice
  for (const Step& s : walker.steps()) {
    const UnitSet in = walker.states()[s.to.index()].in;
    double taken = 0;
    for (std::size_t u = 0; u < 3; ++u)
      if (in.has(UnitId(u))) taken += u == 0 ? 10 : 20;
    EXPECT_NEAR(s.hosting_kw, (150.5 - taken) / (s.unit == UnitId(std::int32_t{0}) ? 1 : 2), 0.15);
  }
}

TEST(Orders, ArePermutationsWhateverTheBatch) {
  const Orders all = random_orders(9, 42, 0, 100), tail = random_orders(9, 42, 60, 40);
  EXPECT_TRUE(std::equal(tail.unit.begin(), tail.unit.end(), all.unit.begin() + 60 * 9));
  for (std::size_t k = 0; k < 100; ++k) {
    std::vector<std::int32_t> row(all.unit.begin() + static_cast<std::ptrdiff_t>(9 * k),
                                  all.unit.begin() + static_cast<std::ptrdiff_t>(9 * k + 9));
    std::sort(row.begin(), row.end());
    std::vector<std::int32_t> expected(9);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(row, expected);
  }
}

//! Each of 5! = 120 orders has probability 1/120; chi-square with 119 degrees of freedom exceeds 184 with p = 1e-4.
TEST(Orders, AreUniform) {
  const Orders o = random_orders(5, 11, 0, 24000);
  std::map<std::vector<std::int32_t>, int> seen;
  for (std::size_t k = 0; k < o.count(); ++k)
    ++seen[{o.unit.begin() + static_cast<std::ptrdiff_t>(5 * k),
            o.unit.begin() + static_cast<std::ptrdiff_t>(5 * k + 5)}];
  ASSERT_EQ(seen.size(), 120u);
  double chi2 = 0;
  for (const auto& [order, n] : seen) chi2 += (n - 200.0) * (n - 200.0) / 200.0;
  EXPECT_LT(chi2, 184);
}

}  // namespace
}  // namespace gridqueue
