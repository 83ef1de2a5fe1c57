// The rules on whole studies of the radial feeder: from walked orders to shares.
#include "host/allocate/study_sharing.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "gridqueue/contracts.hpp"
#include "host/policy/upgrade_policy.hpp"
#include "host/walk/lattice.hpp"
#include "tests/truth/shared.hpp"

namespace gridqueue {
namespace {

using testing::HasSubstr;

Queue queue_of(const std::vector<std::pair<std::string, double>>& units) {
  Queue q;
  for (const auto& [name, kw] : units) q.units.push_back({bus(name), kw});
  return q;
}

const RuleShares& rule(const StudySharing& s, SharingRule wanted) {
  for (const RuleShares& r : s.table.rules)
    if (r.rule == wanted) return r;
  throw std::runtime_error("the rule was not asked for");
}

double sum(const RuleShares& r) {
  double x = 0;
  for (const Share& s : r.shares) x += s.usd;
  return x;
}

//! Walks given orders in AC (float) and shares with the sharing evaluator, as the program does.
struct Walked {
  std::unique_ptr<Evaluator> evaluator, exact;
  std::unique_ptr<Walker> walker;

  explicit Walked(const Queue& queue, const std::string& monitors = "i2x")
      : evaluator(radial_evaluator(Precision::single, monitors)), exact(sharing_evaluator(*evaluator)),
        walker(std::make_unique<Walker>(*evaluator, queue, upgrade_policy(*evaluator), HostingCapacityMode::none)) {}

  [[nodiscard]] StudyOrders study(OrderOutcome outcome) const {
    return {walker->queue(), upgrade_policy(*evaluator), std::move(outcome)};
  }
  [[nodiscard]] StudyOrders all_orders() const {
    OrderDistribution d = enumerate_orders(*walker);
    return study(outcome_of(sum_up(view_of(*walker), std::move(d)).outcome, OrderSource::all));
  }
  [[nodiscard]] StudyOrders orders(const Orders& o, OrderSource source) const {
    const Trajectories t = walk_orders(*walker, o);
    SampleStatistics sample(o.num_units, Sampling::independent);
    sample.append(*walker, t);
    return study(outcome_of(sum_up(view_of(*walker), sample, false).outcome, source));
  }
};

TEST(StudySharing, EveryRuleSharesOutTheSameTotal) {
  const Walked w(notebook_queue());
  const StudySharing s = share_study(*w.exact, w.all_orders());
  ASSERT_EQ(s.table.rules.size(), 5u);
  for (const RuleShares& r : s.table.rules) {
    ASSERT_TRUE(r.available()) << r.missing;
    EXPECT_NEAR(sum(r), s.table.total.mean, 1e-9 * s.table.total.mean) << rule_name(r.rule);
  }
  EXPECT_EQ(s.source, OrderSource::all);
  double ends = 0;
  for (const EndProgram& p : s.programs) ends += p.end.probability;
  EXPECT_NEAR(ends, 1, 1e-3);
}

TEST(StudySharing, NotebooksDeltaHostingCapacity) {
  GQ_NEEDS_TRUTH("notebook.json");
  const Walked w(notebook_queue());
  SharingOptions options;
  options.rules = {SharingRule::delta_hosting_capacity};
  const Orders orders{8, {0, 1, 2, 3, 4, 5, 6, 7, 6, 2, 7, 4, 5, 1, 0, 3, 3, 2, 1, 7, 6, 0, 5, 4}};
  const StudySharing s = share_study(*w.exact, w.orders(orders, OrderSource::given), options);
  EXPECT_EQ(s.table.total.mean, 3363360);
  EXPECT_EQ(s.table.total.sd, 0);  // all three sequences end with the same 13 lines
  EXPECT_EQ(s.table.total.min, s.table.total.max);
  EXPECT_EQ(s.hosting_upgrades.size(), 13u);
  EXPECT_EQ(s.hosting_probability, 1);
  const auto fine = truth("notebook.json").at("part3").at("fine").at("units");
  int near_zero = 0;
  for (std::size_t u = 0; u < 8; ++u) {
    const auto& want = fine.at(s.table.units[u].name);
    const double cost = want.at("cost").get<double>();
    const bool small = std::abs(cost) < 1000;
    near_zero += small;
    EXPECT_NEAR(rule(s, options.rules[0]).shares[u].usd, cost, small ? 200 : 0.01 * cost) << s.table.units[u].name;
    EXPECT_NEAR(s.table.units[u].hc0, want.at("hc_pre").get<double>(), 0.5) << s.table.units[u].name;
    EXPECT_NEAR(s.table.units[u].hc1, want.at("hc_post").get<double>(), 0.5) << s.table.units[u].name;
  }
  EXPECT_EQ(near_zero, 4);
}

TEST(StudySharing, ReferenceQueuesOrderZero) {
  GQ_NEEDS_TRUTH("queues.json");
  SharingOptions options;
  options.rules = {SharingRule::delta_hosting_capacity};
  int compared = 0;
  const auto reference = truth("queues.json");
  for (const auto& q : reference.at("queues")) {
    if (!q.contains("sharing_order0")) continue;
    const auto& want = q.at("sharing_order0");
    std::vector<std::pair<std::string, double>> units;
    for (const auto& u : q.at("units")) units.emplace_back(u.at("bus"), u.at("kw").get<double>());
    const Walked w(queue_of(units));
    const Orders order{units.size(), q.at("orders").at(0).at("perm").get<std::vector<std::int32_t>>()};
    const StudySharing s = share_study(*w.exact, w.orders(order, OrderSource::given), options);
    const RuleShares& r = rule(s, options.rules[0]);
    ASSERT_TRUE(r.available()) << r.missing;
    const double total = want.at("total_cost").get<double>();
    EXPECT_EQ(s.table.total.mean, total);
    for (const auto& u : want.at("units")) {
      const auto i = u.at("u").get<std::size_t>();
      EXPECT_NEAR(r.shares[i].usd, u.at("cost").get<double>(), 0.01 * total) << "queue " << q.at("id") << " unit " << i;
      ++compared;
    }
  }
  EXPECT_GT(compared, 40);
}

TEST(StudySharing, ShapleySymmetryAndNullPlayer) {
  // Units 0 and 2 are alike; a kW at the substation's bus never triggers and changes nothing.
  const Walked w(queue_of({{"bus_1113", 300}, {"bus_1110", 250}, {"bus_1113", 300}, {"bus_xf", 1}}));
  const StudySharing s = share_study(*w.exact, w.all_orders());
  for (SharingRule which : {SharingRule::shapley, SharingRule::delta_hosting_capacity, SharingRule::pro_rata_kw,
                            SharingRule::constraint_matrix}) {
    const RuleShares& r = rule(s, which);
    ASSERT_TRUE(r.available()) << r.missing;
    EXPECT_NEAR(r.shares[0].usd, r.shares[2].usd, 1e-5 * s.table.total.mean) << rule_name(which);
  }
  const RuleShares& shapley = rule(s, SharingRule::shapley);
  EXPECT_GT(shapley.shares[0].usd, 0);
  EXPECT_NEAR(shapley.shares[0].usd, shapley.shares[2].usd, 1e-6);
  EXPECT_EQ(shapley.shares[3].usd, 0);
  EXPECT_EQ(shapley.shares[0].low, shapley.shares[0].high);  // exact
}

TEST(StudySharing, SampledShapleyHasAnIntervalAroundTheExactValue) {
  const Walked w(notebook_queue());
  SharingOptions options;
  options.rules = {SharingRule::trigger, SharingRule::shapley};
  const StudySharing exact = share_study(*w.exact, w.all_orders(), options);
  // 8 intervals at 95 % each, one seed: all within twice their width unless something is wrong (1 in 10,000).
  const StudySharing sampled =
      share_study(*w.exact, w.orders(random_orders(8, 4, 0, 4000), OrderSource::random), options);
  for (std::size_t u = 0; u < 8; ++u) {
    const Share& s = rule(sampled, SharingRule::shapley).shares[u];
    EXPECT_GT(s.high, s.low);
    EXPECT_NEAR(s.usd, rule(exact, SharingRule::shapley).shares[u].usd, s.high - s.low) << u;
    EXPECT_LE(rule(exact, SharingRule::trigger).shares[u].low, rule(sampled, SharingRule::trigger).shares[u].low);
  }
  const StudySharing given = share_study(*w.exact, w.orders(random_orders(8, 4, 0, 3), OrderSource::given), options);
  EXPECT_TRUE(std::isnan(rule(given, SharingRule::shapley).shares[0].low));  // chosen orders are no sample
}

TEST(StudySharing, ManyStudiesTogetherAreEachOnItsOwn) {
  const Walked a(queue_of({{"bus_1113", 567}, {"bus_1112", 400}})),
      b(queue_of({{"bus_1113", 700}, {"bus_31", 900}, {"bus_1113", 300}}));
  const auto both = share_studies(*a.exact, {a.all_orders(), b.all_orders()});
  const StudySharing alone[] = {share_study(*a.exact, a.all_orders()), share_study(*a.exact, b.all_orders())};
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t r = 0; r < 5; ++r) {
      ASSERT_TRUE(both[k].table.rules[r].available()) << both[k].table.rules[r].missing;
      for (std::size_t u = 0; u < both[k].table.units.size(); ++u)
        EXPECT_NEAR(both[k].table.rules[r].shares[u].usd, alone[k].table.rules[r].shares[u].usd, 1e-6);
    }
}

TEST(StudySharing, RejectedUnitsShareNothing) {
  // 20 MW behind the first recloser is refused whatever comes before.
  const Walked w(queue_of({{"bus_1113", 700}, {"bus_31", 20000}}));
  const StudySharing s = share_study(*w.exact, w.all_orders());
  ASSERT_EQ(s.table.units[1].accepted, 0);
  for (const RuleShares& r : s.table.rules) {
    ASSERT_TRUE(r.available()) << rule_name(r.rule) << r.missing;
    EXPECT_EQ(r.shares[1].usd, 0) << rule_name(r.rule);
    EXPECT_GT(r.shares[0].usd, 0) << rule_name(r.rule);
  }
}

}  // namespace
}  // namespace gridqueue
