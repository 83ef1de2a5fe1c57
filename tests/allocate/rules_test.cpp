#include "host/allocate/rules.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "gridqueue/contracts.hpp"
#include "host/present/rules_report.hpp"

namespace gridqueue {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;
using testing::Pointwise;

std::vector<double> usd(const RuleShares& r) {
  std::vector<double> x;
  for (const Share& s : r.shares) x.push_back(s.usd);
  return x;
}

OrderCost mean_only(double x) { return {x, 0, x, x, 0}; }

// ---- Shapley ---------------------------------------------------------------------------------------------------

TEST(Shapley, AirportGame) {
  // Runways of length 1, 2, 4 (the longest of a group is built): phi = 1/3, 1/3 + 1/2, 1/3 + 1/2 + 2.
  const double need[] = {1, 2, 4};
  const auto phi = shapley_values(3, [&](std::uint32_t s) {
    double longest = 0;
    for (std::size_t i = 0; i < 3; ++i)
      if (s >> i & 1u) longest = std::max(longest, need[i]);
    return longest;
  });
  EXPECT_THAT(phi, Pointwise(DoubleNear(1e-12), {1.0 / 3, 5.0 / 6, 17.0 / 6}));
}

TEST(Shapley, BalanceSymmetryAndNullPlayer) {
  // Players 0 and 2 are alike, player 3 never adds anything.
  const auto value = [](std::uint32_t s) {
    const double alike = (s & 1u ? 1 : 0) + (s & 4u ? 1 : 0), other = s & 2u ? 1 : 0;
    return 3 * alike * alike + 5 * other * alike + other;
  };
  const auto phi = shapley_values(4, value);
  EXPECT_NEAR(std::accumulate(phi.begin(), phi.end(), 0.0), value(15), 1e-12);
  EXPECT_NEAR(phi[0], phi[2], 1e-12);
  EXPECT_NEAR(phi[3], 0, 1e-12);
}

TEST(Shapley, IsTheMeanOverAllOrders) {
  const auto value = [](std::uint32_t s) { return std::popcount(s) >= 2 ? 10.0 + static_cast<double>(s) : 0.0; };
  std::vector<std::size_t> order{0, 1, 2, 3};
  std::vector<double> costs;
  do {
    std::vector<double> cost(4);
    std::uint32_t in = 0;
    for (std::size_t u : order) {
      cost[u] = value(in | 1u << u) - value(in);
      in |= 1u << u;
    }
    costs.insert(costs.end(), cost.begin(), cost.end());
  } while (std::next_permutation(order.begin(), order.end()));
  const auto phi = shapley_values(4, value);
  const auto mean = order_costs(costs, 4, true);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(phi[i], mean[i].mean, 1e-12);
  EXPECT_NEAR(order_total(costs, 4, true).mean, value(15), 1e-12);
  EXPECT_NEAR(order_total(costs, 4, true).sd, 0, 1e-12);
}

TEST(Shapley, SampledOrdersHaveAnInterval) {
  const std::vector<double> costs{0, 4, 2, 2, 4, 0};  // three orders of two units
  const auto c = order_costs(costs, 2, false);
  EXPECT_DOUBLE_EQ(c[0].mean, 2);
  EXPECT_DOUBLE_EQ(c[0].sd, 2);
  EXPECT_NEAR(c[0].half_width, 1.959963984540054 * 2 / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(c[1].min, 0);
  EXPECT_EQ(c[1].max, 4);
  EXPECT_EQ(order_costs(costs, 2, true)[0].half_width, 0);
}

// ---- rules -----------------------------------------------------------------------------------------------------

//! The notebook's part 3 with hosting capacities to 0.1 kW.
std::vector<SharingUnit> notebook() {
  const char* bus[] = {"bus_17", "bus_26", "bus_21", "bus_1102", "bus_1112", "bus_1110", "bus_xf", "bus_1113"};
  const double kw[] = {71, 771, 320, 632, 216, 212, 208, 567};
  const double hc0[] = {3094.48, 2050.36, 2191.96, 4545.32, 707.79, 1051.06, 34822.6, 608.6};
  const double hc1[] = {3094.37, 2050.3, 2191.9, 6680.08, 1357.46, 1961.35, 34822.38, 1176.82};
  std::vector<SharingUnit> units;
  for (std::size_t i = 0; i < 8; ++i)
    units.push_back({bus[i], kw[i], 1, mean_only(420420), std::nullopt, hc0[i], hc1[i], static_cast<double>(i) * 1e5});
  return units;
}

TEST(Rules, DeltaHostingCapacityIsTheNotebooks) {
  const auto r = share_by(SharingRule::delta_hosting_capacity, notebook(), mean_only(3363360));
  const std::vector<double> expected{-7.026761402137952, -62.81557810751154, -24.38711674797049,  826406.1193241453,
                                     551993.5394181055,  511187.20808110316, -3.6586146990227815, 1473871.0212476023};
  EXPECT_THAT(usd(r), Pointwise(DoubleNear(2), expected));  // hosting capacities are given to 0.01 kW
  EXPECT_TRUE(r.shares[0].negative());
  EXPECT_FALSE(r.shares[3].negative());
}

TEST(Rules, EveryRuleBalances) {
  const std::vector<SharingRule> all(std::begin(kSharingRules), std::end(kSharingRules));
  const SharingTable t = share_costs(notebook(), mean_only(3363360), all);
  ASSERT_EQ(t.rules.size(), 5u);
  for (const RuleShares& r : t.rules) {
    ASSERT_TRUE(r.available()) << r.missing;
    const auto x = usd(r);
    EXPECT_NEAR(std::accumulate(x.begin(), x.end(), 0.0), 3363360, 1e-6) << rule_name(r.rule);
  }
}

TEST(Rules, ProRataCountsOnlyWhatIsLetIn) {
  std::vector<SharingUnit> units{{"a", 100, 1, {}, {}}, {"b", 300, 0.5, {}, {}}, {"c", 500, 0, {}, {}}};
  EXPECT_THAT(usd(share_by(SharingRule::pro_rata_kw, units, mean_only(250))),
              Pointwise(DoubleNear(1e-12), {100.0, 150.0, 0.0}));
}

TEST(Rules, TriggerShowsItsRangeAndShapleyItsInterval) {
  std::vector<SharingUnit> units{{"a", 1, 1, {10, 4, 0, 30, 2}, {}},
                                 {"b", 1, 1, {5, 1, 0, 9, 1}, OrderCost{5, 0, 0, 0, 0.5}}};
  const auto trigger = share_by(SharingRule::trigger, units, mean_only(15));
  EXPECT_EQ(trigger.shares[0].low, 0);
  EXPECT_EQ(trigger.shares[0].high, 30);
  const auto shapley = share_by(SharingRule::shapley, units, mean_only(15));
  EXPECT_EQ(shapley.shares[0].low, 8);
  EXPECT_EQ(shapley.shares[1].high, 5.5);
}

TEST(Rules, NothingToShareIsZeroForAll) {
  std::vector<SharingUnit> units{{"a", 1, 1, {}, {}}, {"b", 2, 1, {}, {}}};
  for (SharingRule rule : kSharingRules) {
    const auto r = share_by(rule, units, mean_only(0));
    EXPECT_TRUE(r.available()) << rule_name(rule);
    for (const Share& s : r.shares) EXPECT_EQ(s.usd, 0);
  }
}

TEST(Rules, RulesWithoutAnAnswerSayWhy) {
  auto units = notebook();
  units[2].hc0 = 0;
  EXPECT_THAT(share_by(SharingRule::delta_hosting_capacity, units, mean_only(1)).missing, HasSubstr("at bus_21 was 0"));
  units[2].hc0 = kNotKnown;
  EXPECT_THAT(share_by(SharingRule::delta_hosting_capacity, units, mean_only(1)).missing, HasSubstr("not searched"));
  for (auto& u : units) u.hc0 = u.hc1 = 5, u.induced_usd = kNotKnown;
  EXPECT_THAT(share_by(SharingRule::delta_hosting_capacity, units, mean_only(1)).missing,
              HasSubstr("nothing to divide"));
  EXPECT_FALSE(share_by(SharingRule::constraint_matrix, units, mean_only(1)).available());
}

TEST(Rules, MeansOfOtherOrdersThanTheTotalsAreADefect) {
  std::vector<SharingUnit> units{{"a", 1, 1, mean_only(3), {}}};
  EXPECT_THROW(share_costs(units, mean_only(4), {SharingRule::trigger}), Error);
}

TEST(Rules, NamesGoBothWays) {
  for (SharingRule rule : kSharingRules) EXPECT_EQ(rule_of_name(rule_name(rule)), rule);
  EXPECT_EQ(rule_of_name("mean-over-orders"), SharingRule::shapley);
  try {
    rule_of_name("shaply");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("did you mean 'shapley'?"));
  }
}

//! The same numbers; what they are called follows from the orders.
TEST(Rules, TheMeanIsCalledShapleyOnlyWhereItIsOne) {
  SharingTable t = share_costs(notebook(), mean_only(3363360), {SharingRule::trigger, SharingRule::shapley});
  const auto printed = [&] {
    std::ostringstream out;
    print_sharing(t, out);
    return out.str();
  };
  const auto usd = [&](const char* name) { return sharing_json(t).at("units").at(1).at("shares").at(name).at("usd"); };
  t.gap = {OrderSource::all, 3363360, 3363360, 3363360, 0};
  EXPECT_THAT(printed(), HasSubstr("means over orders are Shapley values"));
  EXPECT_THAT(printed(), HasSubstr(" shapley "));
  EXPECT_THAT(printed(), HasSubstr("from Shapley"));
  EXPECT_FALSE(sharing_json(t).at("units").at(1).at("shares").contains("mean-over-orders"));
  const auto shapley = usd("shapley");
  EXPECT_TRUE(sharing_json(t).at("order_gap").at("means_are_shapley_values").get<bool>());

  t.gap = {OrderSource::all, 3000000, 3363360, 3500000, 600000};
  EXPECT_THAT(printed(), HasSubstr("Order gap of the total: 500,000 $ (smallest 3,000,000, mean 3,363,360, largest "
                                   "3,500,000 $)"));
  EXPECT_THAT(printed(), HasSubstr("up to 600,000 $ more in one order than in another"));
  EXPECT_THAT(printed(), HasSubstr("mean-over-orders"));
  EXPECT_THAT(printed(), HasSubstr("from the mean"));
  EXPECT_THAT(printed(), testing::Not(HasSubstr("from Shapley")));
  EXPECT_EQ(usd("shapley"), shapley);  // the key stays
  EXPECT_EQ(usd("mean-over-orders"), shapley);
  EXPECT_FALSE(sharing_json(t).at("order_gap").at("means_are_shapley_values").get<bool>());
  EXPECT_EQ(sharing_json(t).at("order_gap").at("largest_of_any_set_usd"), 600000);
}

TEST(Rules, TableAndJson) {
  const std::vector<SharingRule> all(std::begin(kSharingRules), std::end(kSharingRules));
  const SharingTable t = share_costs(notebook(), mean_only(3363360), all);
  std::ostringstream out;
  print_sharing(t, out);
  EXPECT_THAT(out.str(), HasSubstr("total 3,363,360 $"));
  EXPECT_THAT(out.str(), HasSubstr("(-)"));
  const auto j = sharing_json(t);
  EXPECT_EQ(j.at("units").size(), 8u);
  EXPECT_TRUE(j.at("units").at(0).at("shares").at("delta-hosting-capacity").at("negative").get<bool>());
  EXPECT_NEAR(j.at("units").at(1).at("shares").at("pro-rata-kw").at("usd_per_kw").get<double>(), 3363360.0 / 2997,
              1e-6);
}

}  // namespace
}  // namespace gridqueue
